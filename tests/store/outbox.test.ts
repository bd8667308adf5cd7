import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message, Notice, Tracked } from '../../src/model/notification.ts';
import { type Outbox, openOutbox } from '../../src/store/outbox.ts';
import { clockFrom, type Place, place } from './fixtures.ts';

let at: Place;
let opened: Outbox[];
let clock: ReturnType<typeof clockFrom>;
beforeEach(() => {
  at = place();
  opened = [];
  clock = clockFrom();
});
afterEach(() => {
  for (const outbox of opened) outbox.close();
  at.remove();
});

const open = (holder: string | null = 'one', readOnly = false): Outbox => {
  const outbox = openOutbox(at.dataDir, { now: clock.now, readOnly });
  opened.push(outbox);
  if (holder !== null) outbox.claim(holder);
  return outbox;
};

const time = '2026-01-15T12:00:00.000Z';
const later = '2026-01-15T13:00:00.000Z';
const notice = (subject: string, index = 7): Notice => ({
  id: `N-${subject}`,
  kind: 'check-failing',
  cause: 'reading',
  at: time,
  since: time,
  condition: `C-${subject}`,
  severity: 'high',
  source: { id: 'toy:1', name: 'toys' },
  check: {
    id: 'toy/door-is-locked',
    parametersDigest: `sha256:${'0'.repeat(64)}`,
    claim: 'The door is locked',
    remediation: { console: 'a', cli: 'b', terraform: 'c' },
  },
  subject: { id: subject, display: subject },
  message: 'open',
  controls: [{ id: 'AC-01', statement: 'Doors are locked' }],
  criteria: ['CC6.1'],
  objectives: [],
  owner: { name: null, by: 'none' },
  due: later,
  evidence: { index, id: `entry-${index}` },
});
const condition = (subject: string, changes: Partial<Tracked> = {}): Tracked => ({
  key: `C-${subject}`,
  kind: 'failing',
  since: time,
  notice: notice(subject),
  waiver: null,
  ends: [],
  told: [],
  ended: null,
  unseen: null,
  moved: time,
  ...changes,
});
const message = (id: string, subjects: readonly string[], channel = 'ops'): Message => ({
  id,
  kind: 'notices',
  channel,
  route: 'default',
  at: time,
  entity: 'Toys',
  demonstration: false,
  because: null,
  notices: subjects.map((subject) => notice(subject)),
});
const dispatch = (id: string, subjects: readonly string[], thread: string | null = null, channel = 'ops') => ({
  message: message(id, subjects, channel),
  thread,
  next: time,
  made: time,
  after: [],
});

describe('what it keeps', () => {
  it('is as it was written, and there again after it was closed', () => {
    open().transaction((writer) => {
      writer.setCursor({ next: 8, last: 'entry-7' });
      writer.putCondition(condition('front', { told: ['sla-near'] }));
      writer.putCondition(condition('back', { ended: later, ends: [later] }));
      expect(writer.addNotice(notice('front'))).toBe(true);
      expect(writer.addNotice(notice('front'))).toBe(false);
      const placement = { route: 'default', channels: ['ops'], state: 'waiting' as const, messages: [], reason: null };
      writer.place('N-front', placement, time);
      writer.addDispatch(dispatch('M-1', ['front']));
      writer.joinThread('ops', 'T', 'C-front', time);
      writer.joinThread('ops', 'T', 'C-back', time);
      writer.joinThread('ops', 'U', 'C-front', '2025-01-01T00:00:00.000Z');
      writer.putThread({ channel: 'ops', key: 'T', reference: '12', open: true });
    });
    const again = open('two');
    expect(again.cursor()).toEqual({ next: 8, last: 'entry-7' });
    expect(again.tracked()).toHaveLength(2);
    expect(again.condition('C-front')).toEqual(condition('front', { told: ['sla-near'] }));
    expect(again.countConditions()).toEqual([{ kind: 'failing', severity: 'high', count: 1, waived: 0 }]);
    expect(again.placements('waiting')).toMatchObject([{ notice: notice('front'), route: 'default', channels: ['ops'], foundAt: time }]);
    expect(again.dispatch('M-1')?.message).toEqual(message('M-1', ['front']));
    expect(again.conditionsIn('ops', 'T').map(({ key }) => key)).toEqual(['C-front']);
    // Untrue before, mended since, untrue again: another episode.
    expect(again.conditionsIn('ops', 'U')).toEqual([]);
    expect(again.threadsOf('C-front', time)).toEqual([{ channel: 'ops', key: 'T' }]);
    expect(again.thread('ops', 'T')).toEqual({ channel: 'ops', key: 'T', reference: '12', open: true, looked: null });
  });
  it('is nobody else’s to read', () => {
    open();
    if (process.platform !== 'win32') expect(statSync(join(at.dataDir, 'outbox.db')).mode & 0o777).toBe(0o600);
  });
  it('is written whole or not at all', () => {
    const outbox = open();
    expect(() =>
      outbox.transaction((writer) => {
        writer.putCondition(condition('front'));
        throw new RangeError('stop');
      }),
    ).toThrow(RangeError);
    expect(outbox.tracked()).toEqual([]);
  });
  it('is written by whoever claimed it last', () => {
    const first = open('one');
    const second = open('two');
    expect(() => first.transaction(() => {})).toThrow(/another process notifies/);
    second.transaction((writer) => writer.setValue('a', '1'));
    expect(first.value('a')).toBe('1');
  });
});

describe('attempts', () => {
  it('are taken in the order of a thread, and past it', () => {
    const outbox = open();
    outbox.transaction((writer) => {
      writer.addDispatch(dispatch('M-1', ['front'], 'T'));
      writer.addDispatch(dispatch('M-2', ['front'], 'T'));
      writer.addDispatch(dispatch('M-3', ['back'], 'U'));
      writer.addDispatch(dispatch('M-4', ['back'], null, 'mail'));
      writer.beginAttempt('M-1');
    });
    expect(outbox.nextDue('ops', later)?.message.id).toBe('M-3');
    outbox.transaction((writer) => writer.endAttempt('M-1', { state: 'waiting', next: later, reason: '500', uncertain: false }));
    expect(outbox.nextDue('ops', time)?.message.id).toBe('M-3');
    expect(outbox.nextDue('ops', later)).toMatchObject({ message: { id: 'M-1' }, attempts: 1, reason: '500' });
    outbox.transaction((writer) => writer.endAttempt('M-1', { state: 'delivered', at: later }));
    expect(outbox.nextDue('ops', time)?.message.id).toBe('M-2');
    expect(outbox.lines()).toEqual([
      { channel: 'mail', next: time },
      { channel: 'ops', next: time },
    ]);
    expect(outbox.waiting()).toEqual({ dispatches: 3, oldest: time });
  });
  it('that a crash cut short are in line again, as uncertain', () => {
    open().transaction((writer) => {
      writer.addDispatch(dispatch('M-1', ['front']));
      writer.beginAttempt('M-1');
    });
    const again = open('two');
    expect(again.nextDue('ops', later)).toBeUndefined();
    expect(again.transaction((writer) => writer.recoverAttempts(time))).toBe(1);
    expect(again.nextDue('ops', later)).toMatchObject({ state: 'waiting', attempts: 1, uncertain: true });
  });
  it('of one message are one message, planned twice or not', () => {
    const outbox = open();
    outbox.transaction((writer) => {
      expect(writer.addDispatch(dispatch('M-1', ['front']))).toBe(true);
      expect(writer.addDispatch(dispatch('M-1', ['front']))).toBe(false);
    });
    expect(outbox.openDispatches()).toHaveLength(1);
  });
});

describe('a file that cannot be used', () => {
  const file = () => join(at.dataDir, 'outbox.db');
  it('is set aside and begun anew without a cursor', () => {
    mkdirSync(at.dataDir, { recursive: true });
    writeFileSync(file(), 'no database at all');
    const outbox = open();
    expect(outbox.cursor()).toBeUndefined();
    expect(outbox.setAside).toBe(true);
    expect(outbox.warnings.join()).toContain('begun anew');
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe('no database at all');
  });
  it('is left where it is by a reader', () => {
    mkdirSync(at.dataDir, { recursive: true });
    writeFileSync(file(), 'no database at all');
    const outbox = open(null, true);
    expect(outbox.warnings.join()).toContain('damaged');
    expect(outbox.openDispatches()).toEqual([]);
    expect(existsSync(`${file()}.damaged`)).toBe(false);
    expect(() => outbox.transaction(() => {})).toThrow(/opened for reading/);
  });
  it('is not begun by a reader', () => {
    expect(open(null, true).cursor()).toBeUndefined();
    expect(existsSync(file())).toBe(false);
  });
});

describe('what ended', () => {
  it('is forgotten after a while; what is open is not', () => {
    const outbox = open();
    outbox.transaction((writer) => {
      for (const subject of ['front', 'back', 'side']) {
        writer.addNotice(notice(subject));
        const state = subject === 'side' ? 'waiting' : 'told';
        writer.place(`N-${subject}`, { route: 'default', channels: ['ops'], state, messages: [], reason: null }, time);
      }
      writer.addDispatch(dispatch('M-1', ['front'], 'T'));
      writer.addDispatch(dispatch('M-2', ['back'], 'U'));
      writer.beginAttempt('M-1');
      writer.endAttempt('M-1', { state: 'delivered', at: time });
      writer.putCondition(condition('front', { ended: time }));
      writer.putCondition(condition('back'));
      writer.putThread({ channel: 'ops', key: 'T', reference: '1', open: false });
      writer.putThread({ channel: 'ops', key: 'U', reference: '2', open: true });
    });
    outbox.transaction((writer) => writer.prune('2027-01-01T00:00:00.000Z'));
    expect(outbox.dispatch('M-1')).toBeUndefined();
    expect(outbox.dispatch('M-2')?.message.notices).toEqual([notice('back')]);
    expect(outbox.tracked().map(({ key }) => key)).toEqual(['C-back']);
    expect(outbox.threads().map(({ key }) => key)).toEqual(['U']);
    expect(outbox.placements('waiting').map(({ notice: { id } }) => id)).toEqual(['N-side']);
    expect(outbox.placements('told')).toEqual([]);
  });
});
