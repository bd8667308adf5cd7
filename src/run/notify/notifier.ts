import type { Composition } from '../composition.ts';
import type { OpenedLog } from '../opened-log.ts';
import type { Notifier } from './notifier-contract.ts';

/** The notifier of a process that has this log open; undefined: the configuration names no channel, and nobody is told. */
export function notifier(app: Composition, _log: Pick<OpenedLog, 'store' | 'state'>): Notifier | undefined {
  if ((app.configuration.notify?.channels ?? []).length === 0) return undefined;
  throw new Error('not built yet');
}
