import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Statement, StatementOf } from '../../../src/model/statement.ts';
import type { Composition } from '../../../src/run/composition.ts';
import type { Daemon, DaemonEvent } from '../../../src/run/daemon/daemon-contract.ts';
import { startDaemon } from '../../../src/run/daemon/start-daemon.ts';
import { verifyStore } from '../../../src/run/verify-data.ts';
import type { JobQueue } from '../../../src/schedule/contract.ts';
import type { Toys } from '../toy-source.ts';

export interface ToyDaemon {
  readonly daemon: Daemon;
  readonly events: readonly DaemonEvent[];
  readonly queue: () => JobQueue;
  /** Until nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

/** A daemon over toys that looks at what is due only when it is told to, and whose clock only tests put. */
export async function startToyDaemon(
  toys: Toys,
  more: {
    readonly app?: Partial<Composition>;
    readonly reload?: () => Promise<Composition>;
    readonly pace?: { readonly beatMs: number; readonly lookMs: number };
  } = {},
): Promise<ToyDaemon> {
  const events: DaemonEvent[] = [];
  const base = toys.composition();
  let queue: JobQueue | undefined;
  const composed = (from: Composition): Composition => ({
    ...from,
    ...more.app,
    openQueue: async () => {
      queue = await (more.app?.openQueue ?? from.openQueue)();
      return queue;
    },
  });
  const daemon = await startDaemon(composed(base), {
    reload: more.reload ?? (async () => composed(toys.composition())),
    onEvent: (event) => void events.push(event),
    pace: more.pace ?? { beatMs: 0, lookMs: 0 },
  });
  return {
    daemon,
    events,
    queue: () => queue as JobQueue,
    async idle() {
      for (;;) {
        const { waiting, active, delayed } = await (queue as JobQueue).counts();
        if (waiting + active + delayed === 0) break;
        await sleep(5);
      }
      // What listens to the queue has its turn after it.
      await sleep(20);
    },
  };
}

export async function statementsOf(toys: Toys): Promise<readonly Statement[]> {
  const store = await toys.composition().openStore({ readOnly: true });
  try {
    return [...store.entries()].map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as Statement);
  } finally {
    await store.close();
  }
}
export function ofKind<K extends Statement['kind']>(statements: readonly Statement[], kind: K): readonly StatementOf<K>[] {
  return statements.filter((statement): statement is StatementOf<K> => statement.kind === kind);
}
export const lifeOf = (statements: readonly Statement[]): readonly string[] => ofKind(statements, 'lifecycle').map(({ event }) => event);
export const turnsOf = (statements: readonly Statement[]): readonly string[] =>
  ofKind(statements, 'evaluation').flatMap(({ turn }) => (turn === undefined ? [] : [`${turn.schedule}@${turn.due}`]));

/** Nothing in the log contradicts anything else in it. */
export async function expectSound(toys: Toys): Promise<void> {
  const { claims } = await verifyStore(toys.composition(), {});
  expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  const found = claims.find(({ claim }) => claim === 'schedule')?.findings.map(({ message }) => message) ?? [];
  expect(found.filter((message) => /taken twice|said to be missed|before it was due|starts twice|after it stopped/.test(message))).toEqual(
    [],
  );
}
