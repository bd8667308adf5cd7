import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRuler } from '../../../src/config/engagements.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { amendPeriod } from '../../../src/run/decisions/amend-period.ts';
import { closePeriod } from '../../../src/run/decisions/close-period.ts';
import { openPeriod } from '../../../src/run/decisions/open-period.ts';
import { dayAfter, isDay, isZone, periodBounds } from '../../../src/run/decisions/period-bounds.ts';
import { readPeriods } from '../../../src/run/decisions/read-periods.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { refusalOf } from '../../config/temporary.ts';
import type { Toys } from '../toy-source.ts';
import { alice, bob, by, decidingToys } from './people.ts';

let toys: Toys;
let app: Composition;
let store: EmbeddedStore;
beforeEach(async () => {
  ({ toys, app, store } = await decidingToys());
});
afterEach(() => store.close());
const problemsOf = async (work: () => unknown) => (await refusalOf(work)).problems.map(({ message }) => message);
const year = { engagement: 'soc2', start: '2025-04-01', end: '2026-03-31', zone: 'Europe/Berlin', reason: 'as agreed' };
const hours = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 3_600_000;

describe('days as instants', () => {
  it.each([
    ['a day', '2026-01-15', '2026-01-15', 'Europe/Berlin', '2026-01-14T23:00:00.000Z', 24],
    ['the day clocks go forward', '2026-03-29', '2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 23],
    ['the day clocks go back', '2026-10-25', '2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', 25],
    ['the day before clocks go forward', '2026-03-28', '2026-03-28', 'Europe/Berlin', '2026-03-27T23:00:00.000Z', 24],
    ['the day clocks go forward in New York', '2026-03-08', '2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', 23],
    ['the day clocks go back in New York', '2026-11-01', '2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 25],
    ['a day whose midnight clocks skip', '2018-11-04', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
    ['a day by the half hour', '2026-01-15', '2026-01-15', 'Asia/Kolkata', '2026-01-14T18:30:00.000Z', 24],
    ['a year over both changes', '2025-04-01', '2026-03-31', 'Europe/Berlin', '2025-03-31T22:00:00.000Z', 365 * 24],
    ['half a year over one', '2025-10-01', '2026-03-28', 'Europe/Berlin', '2025-09-30T22:00:00.000Z', 179 * 24 + 1],
  ])('%s', (_, start, end, zone, from, length) => {
    const bounds = periodBounds({ start, end, zone });
    expect(bounds.from).toBe(from);
    expect(hours(bounds)).toBe(length);
  });
  it('leave nothing out between one period and the next, in any zone', () => {
    const day = fc
      .date({ min: new Date('2015-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Asia/Kolkata',
      'Pacific/Apia',
      'UTC',
      'Africa/Cairo',
    );
    fc.assert(
      fc.property(day, day, zone, (a, b, inZone) => {
        const [start, end] = a <= b ? [a, b] : [b, a];
        const first = periodBounds({ start, end, zone: inZone });
        const next = periodBounds({ start: dayAfter(end), end: dayAfter(end), zone: inZone });
        expect(first.to).toBe(next.from);
        expect(first.from < first.to).toBe(true);
      }),
    );
  });
  it('are days that there are, in zones of the IANA data base', () => {
    expect(['2026-02-28', '2024-02-29'].every(isDay)).toBe(true);
    expect(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', 'today'].some(isDay)).toBe(false);
    expect(['UTC', 'Europe/Berlin'].every(isZone)).toBe(true);
    expect(['+01:00', 'Europe/Berln', '', '02'].some(isZone)).toBe(false);
  });
});

describe('opening a period', () => {
  it('freezes engagement, ruler and plan', async () => {
    const { record, warnings } = await openPeriod(app, store, { ...year, ...by(alice) });
    expect(record.period).toMatchObject({
      id: 'soc2-2026-03-31',
      from: '2025-03-31T22:00:00.000Z',
      to: '2026-03-31T22:00:00.000Z',
      ruler: defaultRuler,
      plan: record.decision - 1,
    });
    expect(record).toMatchObject({ state: 'open', closed: null, amendments: [], openedBy: { person: 'alice' } });
    expect(warnings).toHaveLength(1);
    toys.engagements = [];
    expect(readPeriods(store)[0]?.period.engagement.id).toBe('soc2');
  });
  it('takes what an engagement sets in place of the defaults', async () => {
    toys.engagements = [{ ...toys.engagements[0]!, ruler: { flappingWithin: 'PT1H' } }];
    const { record } = await openPeriod(app, store, { ...year, ...by(alice) });
    expect(record.period.ruler).toEqual({ ...defaultRuler, flappingWithin: 'PT1H' });
  });
  it('says everything that is wrong at once, and writes nothing', async () => {
    const size = store.size();
    const wrong = {
      ...year,
      ...by(alice),
      engagement: 'soc3',
      start: '2026-04-01',
      end: '2025-03-31',
      zone: 'Europe/Berln',
      cutOff: 'soon',
    };
    expect(await problemsOf(() => openPeriod(app, store, wrong))).toEqual([
      'there is no engagement "soc3" (did you mean "soc2"?): the engagements file has soc2, soc1, soc2-type1',
      'it ends (2025-03-31) before it begins (2026-04-01)',
      'there is no time zone "Europe/Berln" (did you mean "Europe/Berlin"?)',
      'the cut-off "soon" is no date',
    ]);
    expect(store.size()).toBe(size);
  });
  it.each([
    ['no days', { start: undefined, end: undefined }, /first day[\s\S]*last day/],
    ['a day that there is not', { start: '2026-02-30' }, /--start 2026-02-30 is no date/],
    ['a cut-off before its end', { cutOff: '2026-03-30' }, /lies before the end/],
    ['a day of Type 1 for Type 2', { asOf: '2026-03-31' }, /not --as-of/],
    ['a period for Type 1', { engagement: 'soc2-type1' }, /give --as-of[\s\S]*needs its day/],
  ])('refuses %s', async (_, patch, expected) => {
    expect((await problemsOf(() => openPeriod(app, store, { ...year, ...by(alice), ...patch }))).join('\n')).toMatch(expected);
  });
  it('refuses one that overlaps another of the same engagement by a day, not one that follows, nor another engagement', async () => {
    await openPeriod(app, store, { ...year, ...by(alice) });
    const overlapping = { ...year, ...by(alice), start: '2026-03-31', end: '2027-03-30' };
    expect((await problemsOf(() => openPeriod(app, store, overlapping))).join()).toMatch(/overlaps "soc2-2026-03-31"/);
    expect((await problemsOf(() => openPeriod(app, store, { ...year, ...by(alice), id: 'x-y' }))).join()).toMatch(/overlaps/);
    expect(
      (
        await problemsOf(() =>
          openPeriod(app, store, { ...year, ...by(alice), start: '2027-04-01', end: '2028-03-31', id: 'soc2-2026-03-31' }),
        )
      ).join(),
    ).toMatch(/is taken/);
    await openPeriod(app, store, { ...year, ...by(alice), start: '2026-04-01', end: '2027-03-31' });
    await openPeriod(app, store, { ...year, ...by(alice), engagement: 'soc1' });
    expect(readPeriods(store)).toHaveLength(3);
  });
  it('takes one that lies ahead, and the day of a Type 1 report', async () => {
    const { warnings } = await openPeriod(app, store, { ...year, ...by(alice), start: '2030-01-01', end: '2030-12-31' });
    expect(warnings).toEqual([]);
    const { record } = await openPeriod(app, store, {
      engagement: 'soc2-type1',
      asOf: '2026-10-25',
      zone: 'Europe/Berlin',
      reason: 'x',
      ...by(alice),
    });
    expect(hours(record.period)).toBe(25);
  });
  it.each([
    ['soc2', '2030-01-01', '2030-03-30', 1],
    ['soc2', '2030-01-01', '2030-03-31', 0],
    ['soc1', '2030-01-01', '2030-06-29', 1],
    ['soc1', '2030-01-01', '2030-06-30', 0],
    ['soc1', '2030-01-01', '2030-02-28', 2],
  ])('%s from %s to %s has %d unusual things', async (engagement, start, end, count) => {
    expect((await openPeriod(app, store, { ...year, ...by(alice), engagement, start, end })).warnings).toHaveLength(count);
  });
});

describe('amending a period', () => {
  beforeEach(() => openPeriod(app, store, { ...year, ...by(alice) }));
  const amend = (set: Record<string, string>, who = alice) =>
    amendPeriod(app, store, { period: 'soc2-2026-03-31', set, reason: 'x', ...by(who) });
  it('takes effect at once when it tightens', async () => {
    const decision = await amend({ 'thresholds.critical.gapAfter': 'PT48H' });
    expect(decision.needsApproval).toBe(false);
    const [period] = readPeriods(store);
    expect(period?.ruler.thresholds.critical.gapAfter).toBe('PT48H');
    expect(period?.period.ruler).toEqual(defaultRuler);
    expect(period?.amendments[0]).toMatchObject({ inForceFrom: decision.at, approvedBy: null, loosens: [] });
  });
  it('has no effect when it loosens, before another person approved it', async () => {
    const decision = await amend({ 'sla.high': '{"hours":100}', flappingWithin: 'PT1H' });
    expect(readPeriods(store)[0]).toMatchObject({ ruler: defaultRuler, amendments: [{ inForceFrom: null }] });
    const approve = (who: typeof alice) =>
      recordDecision(app, store, { ...by(who), payload: { type: 'approve', of: decision.index }, reason: 'seen' });
    expect((await problemsOf(() => approve(alice))).join()).toMatch(/one person on both sides/);
    const approval = await approve(bob);
    expect(readPeriods(store)[0]).toMatchObject({
      ruler: { sla: { high: { hours: 100 } }, flappingWithin: 'PT1H' },
      amendments: [{ inForceFrom: approval.at, approvedBy: { person: 'bob' } }],
    });
  });
  it('follows the engagement’s file when asked to', async () => {
    toys.engagements = [{ ...toys.engagements[0]!, ruler: { flappingWithin: 'PT1H' } }];
    const decision = await amendPeriod(app, store, { period: 'soc2-2026-03-31', fromEngagement: true, reason: 'x', ...by(alice) });
    expect(decision.payload).toMatchObject({ loosens: [], tightens: ['flappingWithin: PT24H becomes PT1H'] });
  });
  it.each([
    ['nothing', {}, /nothing would change/],
    ['the same', { flappingWithin: 'P1D' }, /nothing would change/],
    ['what is not there', { 'thresholds.critcal.gapAfter': 'P1D' }, /no such member \(did you mean "critical"/],
    ['what is no duration', { flappingWithin: 'a while' }, /flappingWithin: expected a duration/],
  ])('refuses to set %s', async (_, set, expected) => {
    expect((await problemsOf(() => amend(set))).join()).toMatch(expected);
  });
  it('knows its periods', async () => {
    expect(await problemsOf(() => amendPeriod(app, store, { period: 'soc2-2026-03-30', reason: 'x', ...by(alice) }))).toEqual([
      'there is no period "soc2-2026-03-30" (did you mean "soc2-2026-03-31"?)',
    ]);
  });
});

describe('closing a period', () => {
  const close = (patch: object = {}) => closePeriod(app, store, { period: 'soc2-2026-03-31', reason: 'x', ...by(alice), ...patch });
  beforeEach(async () => {
    toys.time = Date.parse('2026-03-31T21:59:00.000Z');
    await openPeriod(app, store, { ...year, ...by(alice), cutOff: '2026-04-14' });
  });
  it('waits for its end, to the hour that its zone gives', async () => {
    expect((await problemsOf(() => close())).join()).toMatch(/ends with 2026-03-31 \(Europe\/Berlin\)/);
    toys.time = Date.parse('2026-03-31T22:00:00.000Z');
    expect((await close({ cutOff: '2026-03-31' })).record.closed?.cutOff).toBe('2026-03-31T22:00:00.000Z');
  });
  it('waits for its cut-off, unless an earlier one is given', async () => {
    toys.time = Date.parse('2026-04-05T00:00:00.000Z');
    expect((await problemsOf(() => close())).join()).toMatch(/taken in until 2026-04-14/);
    expect((await problemsOf(() => close({ cutOff: '2026-03-30', reportDate: '2026-03-31' }))).join('\n')).toMatch(
      /cut-off 2026-03-30 lies before the end[\s\S]*report date 2026-03-31 lies before/,
    );
    toys.time = Date.parse('2026-04-15T00:00:00.000Z');
    const { record, warnings } = await close({ reportDate: '2026-05-01' });
    expect(record).toMatchObject({ state: 'closed', closed: { cutOff: '2026-04-14T22:00:00.000Z', reportDate: '2026-05-01' } });
    expect(warnings.join()).toMatch(/no population is frozen/);
    expect((await problemsOf(() => close())).join()).toMatch(/is closed/);
    expect(
      (
        await problemsOf(() =>
          amendPeriod(app, store, { period: record.period.id, set: { flappingWithin: 'PT1H' }, reason: 'x', ...by(alice) }),
        )
      ).join(),
    ).toMatch(/is closed/);
  });
  it('says what waits for a second person', async () => {
    await amendPeriod(app, store, { period: 'soc2-2026-03-31', set: { flappingWithin: 'P2D' }, reason: 'x', ...by(alice) });
    toys.time = Date.parse('2026-04-15T00:00:00.000Z');
    expect((await close()).warnings.join()).toMatch(/waits for a second person: it is not in force/);
  });
});
