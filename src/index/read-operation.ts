import type { Index } from './open-index.ts';
import type { IndexSchema } from './schema.ts';

/** The life of one process, as far as the log shows. */
export interface ProcessRun {
  readonly run: string;
  readonly role: 'serve' | 'worker';
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly node: string;
  /** Digest of the configuration as it was last loaded. */
  readonly configuration: string;
  readonly by: string;
  readonly startedAt: string | null;
  /** Null: nothing says that it stopped. `unseen`: another process found that it was gone, at that time. */
  readonly stopped: { readonly at: string; readonly detail: string; readonly unseen: boolean } | null;
  readonly reloads: number;
  /** The latest thing it recorded of itself. */
  readonly last: { readonly at: string; readonly index: number };
}
export interface ChannelSummary {
  readonly channel: string;
  readonly kind: string;
  readonly attempts: { readonly delivered: number; readonly failed: number; readonly 'given-up': number };
  readonly last: { readonly at: string; readonly outcome: 'delivered' | 'failed' | 'given-up'; readonly reason: string | null };
  readonly deliveredAt: string | null;
  /** The first attempt that failed since it last delivered; null: the latest did not fail. */
  readonly failingSince: string | null;
}

/** The runs of a role, the latest first, at most `most`. */
export async function readRuns({ query }: Index, role: 'serve' | 'worker', most: number): Promise<readonly ProcessRun[]> {
  const rows = await query.selectFrom('process_run').selectAll().where('role', '=', role).orderBy('last_idx', 'desc').limit(most).execute();
  return rows.map(runOf);
}

/** What every channel was given to say, in counts, sorted by name. */
export async function readChannels({ query }: Index): Promise<readonly ChannelSummary[]> {
  const rows = await query.selectFrom('channel').selectAll().orderBy('channel').execute();
  return rows.map((row) => ({
    channel: row.channel,
    kind: row.kind,
    attempts: { delivered: row.delivered, failed: row.failed, 'given-up': row.given_up },
    last: { at: row.last_at, outcome: row.last_outcome, reason: row.last_reason },
    deliveredAt: row.delivered_at,
    failingSince: row.failing_since,
  }));
}

function runOf(row: IndexSchema['process_run']): ProcessRun {
  return {
    run: row.run,
    role: row.role,
    host: row.host,
    pid: row.pid,
    version: row.version,
    node: row.node,
    configuration: row.configuration,
    by: row.by,
    startedAt: row.started_at,
    stopped: row.stopped_at === null ? null : { at: row.stopped_at, detail: row.stopped_detail ?? '', unseen: row.unseen === 1 },
    reloads: row.reloads,
    last: { at: row.last_at, index: row.last_idx },
  };
}
