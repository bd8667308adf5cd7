import type { Composition } from '../composition.ts';
import type { Daemon, DaemonOptions } from './daemon-contract.ts';

/**
 * Collects by schedule until it is told to stop; one per data directory. Records its own life, what was missed, and turns that failed.
 * @throws ProoflineError `store-busy` with who has it, when another daemon works on this log; `configuration`, `store-*`, `key-*`
 */
export async function startDaemon(_app: Composition, _options: DaemonOptions): Promise<Daemon> {
  throw new Error('not built yet');
}
