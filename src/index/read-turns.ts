import type { TurnRecord } from '../model/turn-record.ts';
import type { Index } from './open-index.ts';

/** What the log says of a schedule as a whole. */
export interface TurnSummary extends TurnRecord {
  /**
   * Turns that were taken; that finally failed, and nothing was sealed for them after that; that nobody took in time, and how many of these
   * were taken or failed late, and are counted there too.
   */
  readonly counts: { readonly done: number; readonly failed: number; readonly missed: number; readonly late: number };
}

/**
 * Every schedule the log has a turn or a miss of, sorted by its id: the last turns, and how many. It is as far as the index is; a process that
 * writes asks its store (`lastTurns`, `turn`), which is never behind.
 */
export async function readTurns({ query }: Index): Promise<readonly TurnSummary[]> {
  const turns = await query
    .selectFrom('turn')
    .select(({ fn, eb }) => [
      'schedule',
      fn.max(eb.case().when('done_idx', 'is not', null).then(eb.ref('due')).end()).as('done'),
      fn.max(eb.case().when('failed_idx', 'is not', null).then(eb.ref('due')).end()).as('failed'),
      fn.countAll<number>().as('count'),
      fn
        .sum<number>(
          eb
            .case()
            .when(eb.fn.coalesce('failed_idx', eb.lit(-1)), '>', eb.fn.coalesce('done_idx', eb.lit(-1)))
            .then(1)
            .else(0)
            .end(),
        )
        .as('countFailed'),
    ])
    .groupBy('schedule')
    .execute();
  const misses = await query
    .selectFrom('miss')
    .select(({ fn }) => ['schedule', fn.max('idx').as('last'), fn.sum<number>('count').as('count')])
    .groupBy('schedule')
    .execute();
  const late = await query
    .selectFrom('miss')
    .innerJoin('turn', (join) => join.onRef('turn.schedule', '=', 'miss.schedule').onRef('turn.due', '=', 'miss.to_at'))
    .select(({ fn }) => ['miss.schedule', fn.countAll<number>().as('count')])
    .where('miss.late', '=', 1)
    .groupBy('miss.schedule')
    .execute();
  const schedules = [...new Set([...turns, ...misses].map(({ schedule }) => schedule))].sort();
  return await Promise.all(
    schedules.map(async (schedule): Promise<TurnSummary> => {
      const of = turns.find((row) => row.schedule === schedule);
      const miss = misses.find((row) => row.schedule === schedule);
      return {
        schedule,
        done: doneOf(of?.done ? await turnOf(query, schedule, of.done) : undefined),
        failed: failedOf(of?.failed ? await turnOf(query, schedule, of.failed) : undefined),
        missed: miss === undefined ? null : missedOf(await missAt(query, miss.last)),
        counts: {
          done: (of?.count ?? 0) - (of?.countFailed ?? 0),
          failed: of?.countFailed ?? 0,
          missed: miss?.count ?? 0,
          late: late.find((row) => row.schedule === schedule)?.count ?? 0,
        },
      };
    }),
  );
}

type Row<Read extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<Read>>;

async function turnOf(query: Index['query'], schedule: string, due: string) {
  return await query.selectFrom('turn').selectAll().where('schedule', '=', schedule).where('due', '=', due).executeTakeFirst();
}
async function missAt(query: Index['query'], idx: number) {
  return await query.selectFrom('miss').selectAll().where('idx', '=', idx).executeTakeFirst();
}

function doneOf(row: Row<typeof turnOf>): TurnRecord['done'] {
  return row?.done_at == null || row.done_idx === null ? null : { due: row.due, at: row.done_at, index: row.done_idx };
}
function failedOf(row: Row<typeof turnOf>): TurnRecord['failed'] {
  if (row?.failed_at == null || row.failed_idx === null) return null;
  return { due: row.due, at: row.failed_at, index: row.failed_idx, attempts: row.attempts ?? 1, reason: row.reason ?? '' };
}
function missedOf(row: Row<typeof missAt>): TurnRecord['missed'] {
  if (row === undefined) return null;
  const { from_at, to_at, count, reason, late, at, idx } = row;
  return { from: from_at, to: to_at, count, reason, late: late === 1, at, index: idx };
}
