import { expect, test } from 'vitest';
import { ScheduleSettings } from '../../../src/config/schedule-settings.ts';
import { EntityToys, toyEntity } from '../entity/entity-kit.ts';
import { toyParts, toySeeds } from '../entity/toy-dataset.ts';
import { ofKind, startToyDaemon, statementsOf } from './toy-daemon.ts';

test('the entity is read after every source whose turn is due by then, at a start and night after night', async () => {
  const toys = new EntityToys({ ...toyParts, seeds: toySeeds(), events: ['github.change'] });
  toys.settings = {
    ...toys.settings,
    schedules: ScheduleSettings.parse({ defaults: false, jitter: 'PT0M', entries: [{ name: 'night', cron: '0 3 * * *' }] }),
  };
  const { daemon, idle, events } = await startToyDaemon(toys);
  await idle();
  toys.time += 24 * 3_600_000;
  await daemon.look();
  await idle();
  await daemon.stop('the test ends');
  const judged = ofKind(await statementsOf(toys), 'evaluation').flatMap(({ source, turn }) =>
    turn === undefined ? [] : [{ source, due: turn.due }],
  );
  const nights = [...Map.groupBy(judged, ({ due }) => due).values()].map((turns) => turns.map(({ source }) => source));
  expect(nights.length).toBe(2);
  for (const sources of nights) {
    expect(sources).toHaveLength(4);
    expect(sources.at(-1)).toBe(toyEntity);
  }
  const deferred = events.flatMap((event) => (event.kind === 'turn-deferred' ? [event] : []));
  expect(deferred).toHaveLength(2);
  expect(deferred[0]?.after.every((schedule) => !schedule.startsWith('entity/'))).toBe(true);
});
