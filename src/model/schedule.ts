import type { Actor, Turn } from './statement.ts';

/** What is to be done again and again, resolved from the configuration: every time it is due is a turn. */
export interface Schedule {
  /** `production/critical`: source and name; `anchors`. The log and the queue know it by this. */
  readonly id: string;
  readonly kind: 'collect' | 'anchor';
  /** Name of the configured source; null for what concerns the log itself. */
  readonly source: string | null;
  /** Ids of the collectors, sorted; empty for `anchor`. */
  readonly collectors: readonly string[];
  /** Five or six fields, as node-cron and cron-parser read them. */
  readonly cron: string;
  /** IANA time zone in which the fields are read. */
  readonly zone: string;
  /** A turn begins at most so long after it is due, by a part that follows from schedule and due time: every process works out the same. */
  readonly jitterMs: number;
  /** Where it comes from: the defaults of the house or an entry of the configuration. */
  readonly from: 'default' | 'configuration';
}

/** A turn that is put in line, or a run that somebody asked for now. */
export interface TurnJob {
  /** `production/critical@2026-03-01T02:00:00.000Z`, or `now-` and a random part. Put in line twice, it is one. */
  readonly id: string;
  readonly kind: Schedule['kind'];
  /** Null: somebody asked for it. */
  readonly turn: Turn | null;
  readonly source: string | null;
  /** Ids of collectors; null: all of the source's. */
  readonly collectors: readonly string[] | null;
  readonly trigger: Actor;
  readonly priority: 'now' | 'scheduled';
}
