import { expect, it } from 'vitest';
import { splitThreads } from '../../../src/run/notify/split-threads.ts';
import { at, notice } from '../../notify/fixture.ts';

it('what nobody can put right is in no ticket and no thread', () => {
  const lost = notice({ kind: 'record-lost', check: null });
  const message = {
    id: 'M-1',
    kind: 'notices' as const,
    channel: 'tickets',
    route: null,
    at: at(0),
    entity: 'Toy',
    demonstration: false,
    because: null,
    notices: [notice(), lost, notice({ check: null, kind: 'anchor-failed', condition: 'C-anchor' })],
  };
  for (const threads of ['check-owner', 'episode'] as const) {
    const split = splitThreads(message, { name: 'tickets', threads }, () => []);
    expect(split.flatMap((part) => (part.thread === null ? part.message.notices : []))).toEqual([lost]);
    expect(split.flatMap((part) => part.message.notices)).toHaveLength(3);
    expect(new Set(split.map((part) => part.message.id)).size).toBe(split.length);
  }
});
