import type { DatabaseSync } from 'node:sqlite';
import type { StatementOf } from '../model/statement.ts';

/** Writes what the log says of its own making: turns of schedules, misses, deliveries, the lives of processes. */
export function operationRows(database: DatabaseSync) {
  const done = database.prepare(
    `INSERT INTO turn (schedule, due, sealed, done_at, done_idx) VALUES (?, ?, 1, ?, ?)
     ON CONFLICT (schedule, due) DO UPDATE SET sealed = sealed + 1, done_at = excluded.done_at, done_idx = excluded.done_idx`,
  );
  const failed = database.prepare(
    `INSERT INTO turn (schedule, due, failed_at, failed_idx, attempts, reason) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (schedule, due) DO UPDATE SET failed_at = excluded.failed_at, failed_idx = excluded.failed_idx,
       attempts = excluded.attempts, reason = excluded.reason`,
  );
  const missed = database.prepare(
    'INSERT INTO miss (idx, at, schedule, source, from_at, to_at, count, reason, late) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const told = database.prepare(
    `INSERT INTO channel (channel, kind, delivered, failed, given_up, last_at, last_outcome, last_reason, delivered_at, failing_since)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?3, ?6, NULL), iif(?3, NULL, ?6))
     ON CONFLICT (channel) DO UPDATE SET kind = ?2, delivered = delivered + ?3, failed = failed + ?4, given_up = given_up + ?5, last_at = ?6,
       last_outcome = ?7, last_reason = ?8, delivered_at = iif(?3, ?6, delivered_at), failing_since = iif(?3, NULL, coalesce(failing_since, ?6))`,
  );
  const began = database.prepare(
    `INSERT INTO process_run (run, role, host, pid, version, node, configuration, by, reloads, last_at, last_idx)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
     ON CONFLICT (run) DO UPDATE SET configuration = excluded.configuration, last_at = excluded.last_at, last_idx = excluded.last_idx`,
  );
  const started = database.prepare('UPDATE process_run SET started_at = ?, started_idx = ? WHERE run = ? AND started_idx IS NULL');
  const reloaded = database.prepare('UPDATE process_run SET reloads = reloads + 1 WHERE run = ?');
  const stopped = database.prepare('UPDATE process_run SET stopped_at = ?, stopped_idx = ?, stopped_detail = ?, unseen = ? WHERE run = ?');
  return {
    done(index: number, { at, turn }: Pick<StatementOf<'evaluation' | 'anchor'>, 'at' | 'turn'>): void {
      if (turn !== undefined) done.run(turn.schedule, turn.due, at, index);
    },
    failed(index: number, { at, turn, attempts, reason }: StatementOf<'gap'>): void {
      if (turn !== undefined) failed.run(turn.schedule, turn.due, at, index, attempts ?? 1, reason);
    },
    missed(index: number, of: StatementOf<'schedule-miss'>): void {
      missed.run(index, of.at, of.schedule, of.source, of.from, of.to, of.count, of.reason, Number(of.late));
    },
    told({ at, channel, channelKind, outcome, reason }: StatementOf<'delivery'>): void {
      const counts = (['delivered', 'failed', 'given-up'] as const).map((one) => Number(one === outcome));
      told.run(channel, channelKind, ...counts, at, outcome, reason);
    },
    lived(index: number, { at, event, detail, process }: StatementOf<'lifecycle'>): void {
      if (process === undefined) return;
      const { run, role, host, pid, version, node, configuration, by } = process;
      // That it is gone is said by another, and is nothing it did itself.
      if (event === 'ended-unseen') {
        stopped.run(at, index, detail, 1, run);
        return;
      }
      began.run(run, role, host, pid, version, node, configuration, by, at, index);
      if (event === 'started') started.run(at, index, run);
      if (event === 'reloaded') reloaded.run(run);
      if (event === 'stopped') stopped.run(at, index, detail, 0, run);
    },
  };
}
