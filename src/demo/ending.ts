import type { DescribedStep } from '../run/described-life.ts';

/** What ends the year: the period is closed, populations are frozen, a sample is drawn, and two bundles are written. */
export const endingSteps: readonly DescribedStep[] = [];
