import { expect, test } from 'vitest';
import { SourceError } from '../../../src/model/errors.ts';
import { leaseNames } from '../../../src/run/lease-names.ts';
import { goodAnswers, Toys } from '../toy-source.ts';
import { expectSound, lifeOf, ofKind, startToyDaemon, statementsOf, turnsOf } from './toy-daemon.ts';

const hour = 3_600_000;
const minute = 60_000;

test('a first start takes the first turn of every schedule, whole, and records its life', async () => {
  const toys = new Toys();
  const { daemon, idle } = await startToyDaemon(toys);
  await idle();
  await daemon.stop('the test ends');
  await daemon.ended;
  const statements = await statementsOf(toys);
  expect(lifeOf(statements)).toEqual(['started', 'stopped']);
  const turns = turnsOf(statements);
  expect(turns.map((turn) => turn.split('@')[0])).toEqual(['toys/standard']);
  expect(ofKind(statements, 'collection').every(({ trigger }) => trigger.authentication === 'schedule')).toBe(true);
  const [started] = ofKind(statements, 'lifecycle');
  expect(started?.process).toMatchObject({ role: 'serve', pid: process.pid, version: '0.0.0' });
  expect(ofKind(statements, 'lifecycle').at(-1)?.detail).toBe('the test ends');
  await expectSound(toys);
});

test('a turn that is taken is not due again, whoever starts next', async () => {
  const toys = new Toys();
  for (let n = 0; n < 3; n += 1) {
    const { daemon, idle } = await startToyDaemon(toys);
    await idle();
    await daemon.look();
    await idle();
    await daemon.stop('again');
  }
  expect(turnsOf(await statementsOf(toys))).toHaveLength(1);
  await expectSound(toys);
});

test('what was due while nothing ran is missed once, and the last of it is taken late', async () => {
  const toys = new Toys();
  const first = await startToyDaemon(toys);
  await first.idle();
  await first.daemon.stop('away');
  toys.time += 3 * 24 * hour;
  for (let n = 0; n < 2; n += 1) {
    const next = await startToyDaemon(toys);
    await next.idle();
    await next.daemon.look();
    await next.idle();
    await next.daemon.stop('again');
  }
  const statements = await statementsOf(toys);
  const misses = ofKind(statements, 'schedule-miss');
  expect(misses).toHaveLength(1);
  expect(misses[0]).toMatchObject({ schedule: 'toys/standard', source: 'toys', count: 3, reason: 'not-running', late: true });
  expect(turnsOf(statements)).toHaveLength(2);
  expect(turnsOf(statements)[1]).toBe(`toys/standard@${misses[0]?.to}`);
  await expectSound(toys);
});

test('a source that cannot be entered is tried again and is then a gap of its turn, once', async () => {
  const toys = new Toys();
  const first = await startToyDaemon(toys);
  await first.idle();
  toys.closed = new SourceError('access-denied', 'toy:Members');
  toys.time += 25 * hour;
  await first.daemon.look();
  await first.idle();
  await first.daemon.look();
  await first.idle();
  await first.daemon.stop('done');
  const statements = await statementsOf(toys);
  const failed = ofKind(statements, 'gap').filter(({ of }) => of?.kind === 'turn');
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({
    of: { kind: 'turn', name: 'toys/standard' },
    attempts: 3,
    reason: 'source "toys" cannot be entered: access-denied at toy:Members',
  });
  expect(failed[0]?.turn?.schedule).toBe('toys/standard');
  const next = await startToyDaemon(toys);
  await next.idle();
  await next.daemon.stop('again');
  expect(ofKind(await statementsOf(toys), 'gap').filter(({ of }) => of?.kind === 'turn')).toHaveLength(1);
  await expectSound(toys);
});

test('what has grown stale by the time a turn finally fails is no evidence from then on', async () => {
  const toys = new Toys();
  const first = await startToyDaemon(toys);
  await first.idle();
  toys.closed = new SourceError('source-unavailable', 'toy:Members');
  toys.time += 80 * hour;
  await first.daemon.look();
  await first.idle();
  await first.daemon.stop('done');
  const evaluations = ofKind(await statementsOf(toys), 'evaluation');
  expect(evaluations).toHaveLength(2);
  expect(evaluations[0]?.results.counts).toMatchObject({ 'no-evidence': 0, pass: 3 });
  // Nobody can take it for the turn that failed.
  expect(evaluations[1]?.turn).toBeUndefined();
  expect(evaluations[1]?.results.counts).toMatchObject({ pass: 0, fail: 0 });
  expect(evaluations[1]?.results.counts['no-evidence']).toBeGreaterThan(0);
});

test('a collection that is denied is evidence and no failure of its turn', async () => {
  const toys = new Toys();
  const { 'toy:Doors': _, ...answers } = goodAnswers;
  toys.answers = answers;
  const { daemon, idle, events } = await startToyDaemon(toys);
  await idle();
  await daemon.stop('done');
  expect(events.filter((event) => event.kind === 'turn-ended').map(({ outcome }) => outcome)).toEqual(['done']);
  expect(turnsOf(await statementsOf(toys))).toHaveLength(1);
});

test('a daemon that ended without a word is told of by the next one', async () => {
  const toys = new Toys();
  const { daemon, idle } = await startToyDaemon(toys);
  await idle();
  const log = await statementsOf(toys);
  // As kill -9 leaves it: nothing recorded, the lease held by nobody who lives.
  const state = toys.composition().openState();
  const heartbeat = state.values.get('heartbeat serve') ?? '';
  await daemon.stop('unseen');
  state.values.set('heartbeat serve', heartbeat);
  state.close();
  toys.time += 10 * minute;
  const next = await startToyDaemon(toys);
  await next.daemon.stop('done');
  const told = ofKind((await statementsOf(toys)).slice(log.length), 'lifecycle');
  expect(told.map(({ event }) => event)).toEqual(['stopped', 'started', 'ended-unseen', 'stopped']);
  expect(told[2]?.detail).toMatch(
    /^the daemon before this one \(process \d+ on .+, run id-\d+\) ended without a word; it lived until 20\d\d-/,
  );
});

test('a second daemon says who has the log', async () => {
  const toys = new Toys();
  const { daemon } = await startToyDaemon(toys);
  await expect(startToyDaemon(toys)).rejects.toMatchObject({
    code: 'store-busy',
    message: expect.stringMatching(/another daemon works on the log at .+: process \d+ on /),
  });
  await daemon.stop('done');
  const again = await startToyDaemon(toys);
  await again.daemon.stop('done');
  expect(lifeOf(await statementsOf(toys))).toEqual(['started', 'stopped', 'started', 'stopped']);
});

test('a daemon whose log was taken by another one while its machine slept stops', async () => {
  const toys = new Toys();
  const { daemon, idle } = await startToyDaemon(toys);
  await idle();
  toys.time += hour;
  const state = toys.composition().openState();
  expect(state.leases.acquire(leaseNames.daemon, 'another', 60_000, 0)).toHaveProperty('token');
  await daemon.look();
  await daemon.ended;
  state.close();
  expect(ofKind(await statementsOf(toys), 'lifecycle').at(-1)).toMatchObject({
    event: 'stopped',
    detail: expect.stringContaining('another daemon has taken this log'),
  });
});

test.each([
  ['forward', 26 * hour, '+93600 s'],
  ['back', -26 * hour, '-93600 s'],
] as const)('a clock that is put %s is recorded, and nothing is judged twice', async (_, jump, said) => {
  const toys = new Toys();
  const base = toys.composition();
  let skew = 0;
  const now = () => new Date(Date.parse(base.now()) + skew).toISOString();
  const { daemon, idle, events } = await startToyDaemon(toys, { app: { now } });
  await idle();
  skew = jump;
  await daemon.look();
  await idle();
  await daemon.look();
  await idle();
  await daemon.stop('done');
  expect(events).toContainEqual({ kind: 'clock-moved', byMs: jump });
  const statements = await statementsOf(toys);
  expect(ofKind(statements, 'lifecycle').find(({ event }) => event === 'clock-moved')?.detail).toContain(`moved by ${said} between`);
  const turns = turnsOf(statements);
  expect(new Set(turns).size).toBe(turns.length);
  if (jump > 0) expect(ofKind(statements, 'schedule-miss')).toMatchObject([{ reason: 'clock-moved', late: true }]);
  else expect(ofKind(statements, 'schedule-miss')).toEqual([]);
});

test('a daemon that was halted says so, and that what was due meanwhile had nobody to take it', async () => {
  const toys = new Toys();
  const base = toys.composition();
  let halted = 0;
  const now = () => new Date(Date.parse(base.now()) + halted).toISOString();
  const { daemon, idle, events } = await startToyDaemon(toys, {
    app: { now, monotonic: () => base.monotonic() + halted },
    // Its timers never fire: only the halt is what it hears of.
    pace: { beatMs: hour, lookMs: 0 },
  });
  await idle();
  halted = 26 * hour;
  await daemon.look();
  await idle();
  await daemon.stop('done');
  expect(events.some(({ kind }) => kind === 'clock-moved')).toBe(false);
  expect(events).toContainEqual({
    kind: 'trouble',
    during: 'keeping time',
    message: expect.stringMatching(/^this process did not run for 936\d\d s, from .+ to .+: it was halted, or its machine was$/),
  });
  expect(ofKind(await statementsOf(toys), 'schedule-miss')).toMatchObject([{ reason: 'not-running', late: true }]);
});
