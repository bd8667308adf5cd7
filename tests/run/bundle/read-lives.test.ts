import { describe, expect, test } from 'vitest';
import { defineCollector, defineResource, unread, z } from '../../../src/authoring.ts';
import type { LogReader } from '../../../src/model/log-reader.ts';
import { latestLives, livesBefore, mergeLives, readLives } from '../../../src/run/bundle/entity/read-lives.ts';
import type { SurveyedDataset } from '../../../src/run/bundle/survey-log.ts';

const Thing = defineResource({ type: 'entity.thing', title: 'Thing', shape: { state: z.string(), seen: z.string() } });
const Sum = defineResource({ type: 'entity.sum', title: 'Sum', aggregate: true, shape: { of: z.int() } });
const collector = defineCollector<never>({
  id: 'entity/things',
  title: 'Things',
  kind: 'roster',
  scope: 'organisation',
  yields: [Thing, Sum],
  permissions: ['log:read'],
  items: { things: { keep: ['*'], volatile: ['seen'], split: () => [] } },
  async *collect() {},
  normalise: (view) =>
    view.each(
      'things',
      z.looseObject({ state: z.string().optional(), seen: z.string().optional(), of: z.int().optional() }),
      (fields, { subject }) =>
        fields.of === undefined
          ? Thing.draft(
              { id: `entity:toys/thing/${subject}`, display: String(subject) },
              { state: fields.state === '?' ? unread('stale') : (fields.state ?? ''), seen: fields.seen ?? 'none' },
            )
          : Sum.draft({ id: 'entity:toys/sum', display: 'sum' }, { of: fields.of }),
    ),
});
const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T06:00:00.000Z`;

const placeOf = (subject: string): string => Buffer.from(subject.padEnd(32)).toString('base64');

/** A log of day after day: what items and the fields beside them became. */
class Days {
  readonly blobs = new Map<string, unknown>();
  readonly changes: { index: number; at: string; delta: string }[] = [];
  readonly volatileChanges: { index: number; at: string; delta: string }[] = [];
  #made = 0;
  #items = new Map<string, string>();
  #beside = new Map<string, string>();

  day(day: number, things: Record<string, { state?: string; seen?: string; of?: number }>, gap = false): this {
    const items = Object.entries(things).map(([subject, { seen: _, ...body }]): [string, unknown] => [
      placeOf(subject),
      { id: subject, operation: 'things', subject, region: null, body },
    ]);
    if (gap) items.push([placeOf('gap'), { id: 'gap', operation: 'things', subject: null, region: null, gap: 'access-denied' }]);
    const beside = Object.entries(things).flatMap(([subject, { seen }]): [string, unknown][] =>
      seen === undefined ? [] : [[placeOf(subject), { id: subject, fields: { seen } }]],
    );
    this.#delta(day, new Map(items), this.#items, this.changes);
    this.#delta(day, new Map(beside), this.#beside, this.volatileChanges);
    return this;
  }
  #delta(day: number, now: Map<string, unknown>, held: Map<string, string>, into: typeof this.changes): void {
    const put = (content: unknown): string => {
      this.#made += 1;
      const name = Buffer.alloc(32, this.#made).toString('base64');
      this.blobs.set(name, content);
      return name;
    };
    const delta = { added: [] as [string, string][], changed: [] as [string, string][], removed: [] as string[] };
    for (const [place, content] of now) {
      const known = held.get(place);
      if (known !== undefined && JSON.stringify(this.blobs.get(known)) === JSON.stringify(content)) continue;
      const name = put(content);
      delta[known === undefined ? 'added' : 'changed'].push([place, name]);
      held.set(place, name);
    }
    for (const place of [...held.keys()]) {
      if (now.has(place)) continue;
      delta.removed.push(place);
      held.delete(place);
    }
    if (delta.added.length + delta.changed.length + delta.removed.length > 0)
      into.push({ index: day * 10, at: at(day), delta: put(delta) });
  }
  read(from: number, until: number) {
    const reader = {
      blob: (name: string) =>
        this.blobs.has(name)
          ? { kind: 'open', salt: new Uint8Array(), bytes: Buffer.from(JSON.stringify(this.blobs.get(name))) }
          : { kind: 'erased', index: 1 },
    } as unknown as LogReader;
    const dataset = { collector: 'entity/things', scope: 'entity:toys', changes: this.changes, volatileChanges: this.volatileChanges };
    const told = { id: 'entity:toys', tenant: 'toys', settings: {} };
    return readLives(reader, { dataset: dataset as unknown as SurveyedDataset, collector, told, from: at(from), until: at(until) });
  }
}
const short = ({ lives }: ReturnType<Days['read']>) =>
  lives.map(({ display, fields, unread: missing, shown }) => [
    display,
    fields['state'] ?? fields['of'] ?? missing,
    fields['seen'] ?? null,
    shown.from.slice(8, 10),
    shown.to?.slice(8, 10) ?? null,
  ]);

describe('the lives of a resource', () => {
  test('go from reading to reading, with what lay beside it at the last of them', () => {
    const days = new Days()
      .day(1, { a: { state: 'on', seen: '1' }, b: { state: 'on', seen: '1' } })
      .day(2, { a: { state: 'on', seen: '2' }, b: { state: '?', seen: '2' } })
      .day(3, { a: { state: 'off', seen: '3' } })
      .day(4, { a: { state: 'off', seen: '4' }, b: { state: 'on', seen: '4' } });
    expect(short(days.read(1, 9))).toEqual([
      ['a', 'on', '2', '01', '03'],
      ['a', 'off', '4', '03', null],
      ['b', 'on', '1', '01', '02'],
      ['b', { state: 'stale' }, '2', '02', '03'],
      ['b', 'on', '4', '04', null],
    ]);
  });
  test('leave out what ended before and what began after; what goes on is open', () => {
    const days = new Days()
      .day(1, { a: { state: 'x' } })
      .day(2, { a: { state: 'y' } })
      .day(5, { a: { state: 'z' } })
      .day(7, {});
    expect(short(days.read(2, 7))).toEqual([
      ['a', 'y', 'none', '02', '05'],
      ['a', 'z', 'none', '05', null],
    ]);
    const { lives } = days.read(1, 9);
    expect(livesBefore(lives, at(5)).map(({ fields, shown }) => [fields['state'], shown.to, shown.toLog])).toEqual([
      ['x', at(2), 20],
      ['y', null, null],
    ]);
  });
  test('sum nothing over a population of which the last reading had a gap', () => {
    const days = new Days()
      .day(1, { sum: { of: 3 } })
      .day(2, { sum: { of: 3 } }, true)
      .day(3, { sum: { of: 4 } });
    expect(short(days.read(1, 9))).toEqual([
      ['sum', { of: 'access-denied' }, null, '01', '03'],
      ['sum', 4, null, '03', null],
    ]);
  });
  test('count what is erased, and say nothing of it', () => {
    const days = new Days().day(1, { a: { state: 'x' } }).day(2, { a: { state: 'y' } });
    for (const [name, content] of days.blobs) if (JSON.stringify(content).includes('"x"')) days.blobs.delete(name);
    const read = days.read(1, 9);
    expect(read.unreadable).toBe(1);
    expect(short(read)).toEqual([['a', 'y', 'none', '02', null]]);
  });
  test('are one where they say the same, and apart where something lay between', () => {
    const days = new Days()
      .day(1, { a: { state: 'on 1' } })
      .day(2, { a: { state: 'on 2' } })
      .day(3, {})
      .day(4, { a: { state: 'on 3' } })
      .day(5, { a: { state: 'off' } });
    const merged = mergeLives(days.read(1, 9).lives, ({ fields }) => String(fields['state']).slice(0, 2));
    expect(merged.map(({ fields, shown }) => [fields['state'], shown.fromLog, shown.toLog])).toEqual([
      ['on 2', 10, 30],
      ['on 3', 40, 50],
      ['off', 50, null],
    ]);
    expect(latestLives(merged).map(({ fields }) => fields['state'])).toEqual(['off']);
  });
});
