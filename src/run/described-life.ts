import type { Composition } from './composition.ts';
import type { OpenedLog } from './opened-log.ts';

/** What an act of a described life works with. */
export interface Living {
  readonly app: Composition;
  readonly log: OpenedLog;
  /** Where bundles go. */
  readonly out: string;
  /** Tells whoever watches. */
  readonly say: (what: string) => void;
}

/** What is to be done at an instant (ISO-8601 UTC) of a described life. */
export type DescribedStep = { readonly at: string } & (
  | {
      readonly kind: 'collect';
      /** Ids of collectors; absent: all. */
      readonly collectors?: readonly string[];
    }
  | { readonly kind: 'act'; act(living: Living): Promise<void> }
);

/** A stretch of time that is described, and lived through by putting the clock from step to step. */
export interface DescribedLife {
  /** By time, no two at one instant. */
  readonly steps: readonly DescribedStep[];
  /** Of the last step that was done; undefined: none was. */
  livedThrough(): string | undefined;
  /** The described clock shows `instant` from now on. */
  setClock(instant: string): void;
  /** Remembers, for this process and every later one, that a step was done. */
  markLived(at: string): void;
}
