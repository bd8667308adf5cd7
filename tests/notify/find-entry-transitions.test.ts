import { describe, expect, it } from 'vitest';
import { Statement } from '../../src/model/statement.ts';
import { findEntryTransitions, withdrawConditions } from '../../src/notify/find-entry-transitions.ts';
import { at, check, damping, Remembered, reading } from './fixture.ts';

class Log extends Remembered {
  #index = 0;
  entry(hours: number, draft: Record<string, unknown>): string[] {
    this.#index += 1;
    const statement = Statement.parse({ v: 1, id: `S-${this.#index}`, at: at(hours), ...draft });
    const ownerOf = () => ({ name: null, by: 'none' as const });
    return this.take(findEntryTransitions(statement, { known: this.known, damping, ownerOf, index: this.#index }));
  }
}
const hash = Buffer.alloc(32).toString('base64');
const gap = (kind: string, name: string) => ({
  kind: 'gap',
  subject: `${kind} ${name}`,
  reason: 'it did not answer',
  from: null,
  to: null,
  of: { kind, name },
});
const failedTurn = (hours: number) => ({
  ...gap('turn', 'production/critical'),
  turn: { schedule: 'production/critical', due: at(hours) },
  attempts: 3,
});
const miss = (hours: number) => ({
  kind: 'schedule-miss',
  schedule: 'production/critical',
  source: 'production',
  from: at(hours - 8),
  to: at(hours - 4),
  count: 2,
  reason: 'not-running',
  late: true,
});
const delivery = (outcome: string) => ({
  kind: 'delivery',
  message: 'M-1',
  channel: 'team',
  channelKind: 'slack',
  route: 'default',
  notices: { 'check-failing': 1 },
  about: null,
  attempt: 1,
  outcome,
  reason: outcome === 'delivered' ? null : 'HTTP 500',
  fallback: null,
});
const anchored = {
  kind: 'anchor',
  anchor: 'tsa',
  method: 'file',
  checkpoint: { size: 1, root: hash },
  receiptTime: null,
  receipt: '',
  receiptHash: hash,
  note: '',
};

describe('an entry that is no evaluation', () => {
  it('of a source that could not be entered is told once, until it is read again', () => {
    const log = new Log();
    expect(log.entry(1, gap('source', 'production'))).toEqual(['source-failed']);
    expect(log.entry(2, gap('source', 'production'))).toEqual([]);
    expect(log.read(reading(3, [check([])]))).toEqual(['source-back']);
  });

  it('of turns that were missed or failed is told until a turn is taken', () => {
    const log = new Log();
    expect(log.entry(8, miss(8))).toEqual(['turns-missed']);
    expect(log.last()).toMatchObject({ source: { name: 'production' }, message: expect.stringContaining('2 turns') });
    expect(log.entry(9, miss(9))).toEqual([]);
    expect(log.entry(10, failedTurn(8))).toEqual(['turn-failed']);
    expect(log.last().message).toContain('after 3 attempts');
    expect(log.entry(11, failedTurn(11))).toEqual([]);
    expect(log.read(reading(12, [check([])], { schedule: 'production/standard' }))).toEqual([]);
    expect(log.read(reading(13, [check([])], { schedule: 'production/critical' }))).toEqual(['turn-back']);
  });

  it('of an anchor and of a channel is told until they work again', () => {
    const log = new Log();
    expect(log.entry(1, gap('anchor', 'tsa'))).toEqual(['anchor-failed']);
    expect(log.entry(2, { ...anchored, anchor: 'other' })).toEqual([]);
    expect(log.entry(3, anchored)).toEqual(['anchor-back']);
    expect(log.entry(4, delivery('failed'))).toEqual([]);
    expect(log.entry(5, delivery('given-up'))).toEqual(['channel-failed']);
    expect(log.entry(6, gap('channel', 'team'))).toEqual([]);
    expect(log.entry(7, delivery('delivered'))).toEqual(['channel-back']);
  });

  it('has no end by leaving the configuration: nothing is claimed of it', () => {
    const log = new Log();
    log.entry(1, gap('source', 'production'));
    log.entry(2, gap('anchor', 'tsa'));
    log.entry(3, gap('channel', 'team'));
    log.entry(4, failedTurn(4));
    const nothing = new Set<string>();
    const configured = { sources: new Set(['production']), schedules: nothing, anchors: nothing, channels: nothing };
    expect(log.take(withdrawConditions(log.known, configured, { at: at(5), evidence: { index: 9, id: 'P' } }))).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
    expect(log.open).toMatchObject([{ kind: 'source' }]);
  });
});

it('what a source has forgotten is told once, and is nothing that goes on', () => {
  const log = new Log();
  const lost = { ...gap('record', 'aws/cloudtrail-events aws:1/eu'), from: at(-100), to: at(-50), reason: 'not-collected: it is gone' };
  expect(log.entry(1, lost)).toEqual(['record-lost']);
  expect(log.last()).toMatchObject({ severity: 'high', subject: { id: 'aws/cloudtrail-events aws:1/eu' }, due: null });
  expect(log.last().message).toBe(`what it recorded from ${at(-100)} to ${at(-50)} was not read in time: not-collected: it is gone`);
  expect(log.open).toEqual([]);
  expect(log.entry(2, { ...lost, from: at(-20), to: at(-10) })).toEqual(['record-lost']);
});
