import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { Turn } from '../model/statement.ts';
import type { TurnRecord } from '../model/turn-record.ts';
import type { Sealed } from './contract.ts';
import { doneTurns, entryAt, failedTurns, indexesOf, latestIn, parseStatement, turnPrefix } from './log.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

type OfTurn = Sealed<'evaluation' | 'anchor' | 'gap'>;

const lastStream = query((a: { kind: string; from: string; to: string }) =>
  store
    .selectFrom('stream')
    .select('name')
    .where('kind', '=', a.kind)
    .where('name', '>=', a.from)
    .where('name', '<', a.to)
    .orderBy('name', 'desc')
    .limit(1),
);

/** What is sealed for a turn, in the order of the log. */
export function readTurn(database: DatabaseSync, file: string, { schedule, due }: Turn): readonly OfTurn[] {
  const name = `${turnPrefix(schedule)}${due}"]`;
  return [doneTurns, failedTurns]
    .flatMap((kind) => indexesOf(database, kind, name, 0, Number.MAX_SAFE_INTEGER))
    .sort((left, right) => left - right)
    .map((index) => ofTurnAt(database, file, index));
}

export function lastTurnsOf(database: DatabaseSync, file: string, schedule: string): TurnRecord {
  const done = lastOf(database, file, doneTurns, schedule);
  const failed = lastOf(database, file, failedTurns, schedule);
  const missed = latestIn(database, file, 'schedule-miss', schedule);
  return {
    schedule,
    done: done === undefined ? null : { due: dueOf(done), at: done.statement.at, index: done.index },
    failed:
      failed?.statement.kind !== 'gap'
        ? null
        : {
            due: dueOf(failed),
            at: failed.statement.at,
            index: failed.index,
            attempts: failed.statement.attempts ?? 1,
            reason: failed.statement.reason,
          },
    missed:
      missed === undefined
        ? null
        : {
            from: missed.statement.from,
            to: missed.statement.to,
            count: missed.statement.count,
            reason: missed.statement.reason,
            late: missed.statement.late,
            at: missed.statement.at,
            index: missed.index,
          },
  };
}

/** The last thing sealed for the turn that was due last. */
function lastOf(database: DatabaseSync, file: string, kind: string, schedule: string): OfTurn | undefined {
  const from = turnPrefix(schedule);
  const name = lastStream.get(database, { kind, from, to: `${from}\u{10ffff}` })?.name;
  const index = name === undefined ? undefined : indexesOf(database, kind, name, 0, Number.MAX_SAFE_INTEGER).at(-1);
  return index === undefined ? undefined : ofTurnAt(database, file, index);
}

function ofTurnAt(database: DatabaseSync, file: string, index: number): OfTurn {
  const entry = entryAt(database, index);
  const statement = entry === undefined ? undefined : parseStatement(entry);
  if (statement?.kind === 'evaluation' || statement?.kind === 'anchor' || statement?.kind === 'gap') return { index, statement };
  throw new ProoflineError('store-corrupt', `${file}: entry ${index} ends no turn of a schedule; run proofline verify`);
}

function dueOf({ index, statement }: OfTurn): string {
  if (statement.turn === undefined) throw new Error(`entry ${index} stands among the turns and names none`);
  return statement.turn.due;
}
