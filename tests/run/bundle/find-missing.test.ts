import { expect, test } from 'vitest';
import { findMissing } from '../../../src/run/bundle/find-missing.ts';
import { fixtureContent } from '../../bundle/fixture-content.ts';

const parts = { survey: { erasures: [] }, populations: [] } as unknown as Parameters<typeof findMissing>[0];
const content = fixtureContent();
const datasets = content.history.controls.flatMap(({ series }) =>
  series.map(({ key, subjectType }) => ({ ...content.datasets[0]!, source: key.source, yields: [subjectType] })),
);
const whole = { history: content.history, datasets, papers: content.papers };
const named = (found: ReturnType<typeof findMissing>) => found.map(({ path, message }) => `${path}: ${message}`);

test('nothing is missing of a bundle in which everything that passes was read', () => {
  expect(named(findMissing(parts, whole))).toEqual([]);
});

test('a pass that nothing was read of, or that nothing was collected for, is named; so is every other one', () => {
  const [control] = content.history.controls.filter(({ series }) => series.some(({ metrics }) => metrics.byOutcome.pass > 0));
  const [series] = control!.series.filter(({ metrics }) => metrics.byOutcome.pass > 0);
  const lying = {
    ...content.history,
    controls: content.history.controls.map((one) =>
      one === control ? { ...one, series: one.series.map((of) => (of === series ? { ...of, readings: 0 } : of)) } : one,
    ),
  };
  const place = `${control!.control.id} ${series!.key.check}`;
  expect(named(findMissing(parts, { ...whole, history: lying })).filter((line) => line.startsWith(place))).toEqual([
    `${place}: passes over ${series!.key.source}, and no evaluation in the period says so`,
  ]);
  const none = named(findMissing(parts, { ...whole, datasets: [], papers: [] }));
  expect(none).toContain(`${place}: passes over ${series!.key.source}, and no collection in the period looked for ${series!.subjectType}`);
  expect(none.filter((line) => line.endsWith('has no workpaper'))).toHaveLength(content.history.controls.length);
});

test('a period in which nobody looked can be handed out: it calls nothing a pass', () => {
  const unread = content.history.controls.map((one) => ({
    ...one,
    state: 'no-evidence' as const,
    series: one.series.map((of) => ({
      ...of,
      readings: 0,
      timelines: [],
      quiet: { subjects: 7 },
      metrics: { ...of.metrics, byOutcome: { ...of.metrics.byOutcome, pass: 0 } },
    })),
  }));
  expect(named(findMissing(parts, { ...whole, history: { ...content.history, controls: unread }, datasets: [] }))).toEqual([]);
});

test('a population whose rows cannot be made again is named, unless they were erased', () => {
  const population = { record: { id: 'fy.changes' }, rows: null, definition: { id: 'changes' } };
  const logWith = (erasures: readonly unknown[]) => ({ survey: { erasures }, populations: [population] }) as unknown as typeof parts;
  expect(named(findMissing(logWith([]), whole))).toEqual(['population fy.changes: its rows cannot be made again from what is sealed']);
  expect(named(findMissing(logWith([{}]), whole))).toEqual([]);
});
