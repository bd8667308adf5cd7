import { expect, it } from 'vitest';
import { plain } from '../../src/cli/cli.ts';
import { renderSchedules } from '../../src/cli/render-schedules.ts';

it('tells turns of one minute apart by their seconds', () => {
  const at = '2026-03-02T08:19:30.000Z';
  const text = renderSchedules(
    {
      v: 1,
      at,
      schedules: [
        {
          id: 'toys/quick',
          kind: 'collect',
          source: 'toys',
          collectors: ['toy/doors'],
          cron: '*/20 * * * * *',
          zone: 'UTC',
          jitterMs: 0,
          from: 'configuration',
          next: { due: '2026-03-02T08:19:40.000Z', begins: '2026-03-02T08:19:40.000Z' },
          due: null,
          done: { due: '2026-03-02T08:19:00.000Z', at, entry: 9 },
          failed: null,
          missed: {
            from: '2026-03-02T08:18:00.000Z',
            to: '2026-03-02T08:18:40.000Z',
            count: 3,
            reason: 'not-running',
            late: false,
            at,
            entry: 8,
          },
          unrecorded: null,
        },
      ],
    },
    { colours: plain, columns: 160 },
  );
  expect(text).toContain('2026-03-02 08:19Z done');
  expect(text).toContain('2026-03-02 08:19:40Z');
  expect(text).toContain('3 turns of 2026-03-02 08:18Z to 2026-03-02 08:18:40Z: no daemon was running (entry 8)');
});
