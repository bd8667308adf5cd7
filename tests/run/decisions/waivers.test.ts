import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Composition } from '../../../src/run/composition.ts';
import { readDecisions } from '../../../src/run/decisions/read-decisions.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import { requestOnboardingWaiver, requestWaiver, type WaiverRequest } from '../../../src/run/decisions/request-waiver.ts';
import { waiverCovers, waiversInForce, waiversOf } from '../../../src/run/decisions/waivers-of.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { refusalOf } from '../../config/temporary.ts';
import type { Toys } from '../toy-source.ts';
import { alice, anna, bob, by, decidingToys } from './people.ts';

let toys: Toys;
let app: Composition;
let store: EmbeddedStore;
beforeEach(async () => {
  ({ toys, app, store } = await decidingToys());
  await store.close();
  await runCollection(app, {
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  store = await app.openStore();
});
afterEach(() => store.close());
const problemsOf = async (work: () => unknown) => (await refusalOf(work)).problems.map(({ message }) => message);
const plus = (days: number) => new Date(toys.time + days * 86_400_000).toISOString().slice(0, 10);
const ask = (patch: Partial<WaiverRequest> = {}) =>
  requestWaiver(app, store, {
    ...by(alice),
    check: 'toy/door-is-locked',
    source: 'toy:1',
    expires: plus(30),
    reason: 'the locksmith comes on Friday',
    ...patch,
  });
const answer = (of: number, type: 'approve' | 'refuse' = 'approve', who = bob) =>
  recordDecision(app, store, { ...by(who), payload: { type, of }, reason: 'seen' });

describe('asking for a waiver', () => {
  it('puts it over nothing before another person approved it', async () => {
    const asked = await ask();
    expect(waiversOf(readDecisions(store))[0]).toMatchObject({ approved: false, inForce: null, requestedBy: { person: 'alice' } });
    expect((await problemsOf(() => answer(asked.index, 'approve', alice))).join()).toMatch(/one person on both sides/);
    expect((await problemsOf(() => answer(asked.index, 'approve', anna))).join()).toMatch(/auditor alone/);
    const approval = await answer(asked.index);
    const [waiver] = waiversOf(readDecisions(store));
    expect(waiver).toMatchObject({ approved: true, authenticated: true, approvedBy: { person: 'bob' } });
    expect(waiver?.inForce).toEqual({ from: approval.at, to: `${plus(31)}T00:00:00.000Z` });
  });
  it('expires by itself', async () => {
    await answer((await ask()).index);
    const decisions = readDecisions(store);
    expect(waiversInForce(decisions, `${plus(30)}T23:59:59.999Z`)).toHaveLength(1);
    expect(waiversInForce(decisions, `${plus(31)}T00:00:00.000Z`)).toHaveLength(0);
  });
  it('begins on its day when that lies after the approval', async () => {
    await answer((await ask({ from: plus(10) })).index);
    expect(waiversOf(readDecisions(store))[0]?.inForce?.from).toBe(`${plus(10)}T00:00:00.000Z`);
  });
  it('ends when somebody ends it, and a refused one never begins', async () => {
    const asked = await ask();
    await answer(asked.index);
    const id = waiversOf(readDecisions(store))[0]!.waiver.id;
    const ending = await recordDecision(app, store, { ...by(alice), payload: { type: 'end-waiver', waiver: id }, reason: 'locked' });
    expect(waiversOf(readDecisions(store))[0]).toMatchObject({ ended: ending.index, inForce: { to: ending.at } });
    const other = await ask();
    await answer(other.index, 'refuse');
    expect(waiversOf(readDecisions(store))[1]).toMatchObject({ approved: false, inForce: null });
    expect((await problemsOf(() => answer(other.index))).join()).toMatch(/was refused/);
  });
  it('says everything that is wrong at once', async () => {
    const wrong = ask({ check: 'toy/door-is-locke', source: 'toy:2', control: 'XX-1', from: plus(3), expires: plus(2) });
    expect(await problemsOf(() => wrong)).toEqual([
      'there is no check "toy/door-is-locke" (did you mean "toy/door-is-locked"?)',
      'there is no control "XX-1"',
      expect.stringContaining('there is no source "toy:2"'),
      expect.stringMatching(/it expires .* before it begins/),
    ]);
  });
  it.each([
    ['an expiry in the past', { expires: '2020-01-01' }, /lies in the past/],
    ['one beyond a year', () => ({ expires: plus(400) }), /beyond a year/],
    ['no date', { expires: 'soon' }, /--expires soon is no date/],
    ['everything of a source', { check: undefined }, /names what it is about/],
  ])('refuses %s', async (_, patch, expected) => {
    expect((await problemsOf(() => ask(typeof patch === 'function' ? patch() : patch))).join()).toMatch(expected);
  });
  it('without keys works by names, and says that two people were not authenticated', async () => {
    const asked = await ask({ signer: undefined, actor: { name: 'Alice' } });
    await recordDecision(app, store, { actor: { name: 'Bob' }, payload: { type: 'approve', of: asked.index }, reason: 'seen' });
    expect(waiversOf(readDecisions(store))[0]).toMatchObject({ approved: true, authenticated: false });
  });
});

describe('known at onboarding', () => {
  it('is one decision over everything that fails now, for at most 90 days', async () => {
    const { decision, results } = await requestOnboardingWaiver(app, store, { ...by(alice), expires: plus(80), reason: 'the first week' });
    expect(results).toBe(1);
    expect(decision.payload).toMatchObject({
      waiver: {
        kind: 'known-at-onboarding',
        scope: [{ check: 'toy/door-is-locked', source: 'toy:1', subjects: ['toy:1/door/back'] }],
      },
    });
    expect(decision.needsApproval).toBe(true);
    const { waiver } = waiversOf(readDecisions(store))[0]!;
    expect(waiverCovers(waiver, { check: 'toy/door-is-locked', source: 'toy:1', subject: 'toy:1/door/back' })).toBe(true);
    expect(waiverCovers(waiver, { check: 'toy/door-is-locked', source: 'toy:1', subject: 'toy:1/door/front' })).toBe(false);
    expect(waiverCovers(waiver, { check: 'toy/lamp-is-lit', source: 'toy:1', subject: 'toy:1/door/back' })).toBe(false);
  });
  it('refuses a longer time, an unknown source, and nothing that fails', async () => {
    const request = (patch: object) => requestOnboardingWaiver(app, store, { ...by(alice), expires: plus(20), reason: 'x', ...patch });
    expect((await problemsOf(() => request({ expires: plus(92) }))).join()).toMatch(/beyond 90 days/);
    expect((await problemsOf(() => request({ source: 'toy:9' }))).join()).toMatch(/no source "toy:9"/);
  });
});
