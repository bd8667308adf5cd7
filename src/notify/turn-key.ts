import { conditionKey } from './identity.ts';

/** Turns of one schedule that failed or were missed: until one is taken. */
export const turnKey = (schedule: string): string => conditionKey('turn', { schedule });
