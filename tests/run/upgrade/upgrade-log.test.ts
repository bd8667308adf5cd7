import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Composition } from '../../../src/run/composition.ts';
import { leaseNames } from '../../../src/run/lease-names.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { upgradeLog } from '../../../src/run/upgrade/upgrade-log.ts';
import { verifyLog } from '../../../src/verify/verify-log.ts';
import { doorIsLocked, Toys } from '../toy-source.ts';
import { laterRelease, neverGood } from './later-release.ts';

const actor = { name: 'ada', authentication: 'none' } as const;
let toys: Toys;
beforeEach(async () => {
  toys = new Toys();
  await collect(toys.composition());
});
afterEach(() => rmSync(toys.directory, { recursive: true, force: true }));
const collect = async (app: Composition) =>
  await runCollection(app, { trigger: actor, onProgress: () => {}, signal: new AbortController().signal });
async function kinds(app: Composition): Promise<string[]> {
  const store = await app.openStore({ readOnly: true });
  try {
    expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    return [...store.entries()].map(({ bytes }) => (JSON.parse(new TextDecoder().decode(bytes)) as { kind: string }).kind);
  } finally {
    await store.close();
  }
}

it('records the upgrade, then its plan, and signs them; what comes after finds nothing left to do', async () => {
  const next = await laterRelease(toys.composition(), { [doorIsLocked.id]: neverGood });
  const before = (await kinds(next)).length;
  const done = await upgradeLog(next, actor);
  expect(done).toMatchObject({
    recorded: true,
    plan: before + 1,
    preview: { from: '0.0.0', to: '0.1.0', counts: { high: { beginsToFail: 1 } } },
  });
  expect((await kinds(next)).slice(before)).toEqual(['lifecycle', 'plan']);
  expect(await upgradeLog(next, actor)).toMatchObject({ recorded: false, plan: before + 1 });
  await collect(next);
  expect((await kinds(next)).filter((kind) => kind === 'lifecycle' || kind === 'plan')).toEqual(['plan', 'lifecycle', 'plan']);
});

it('going back to the release before is recorded as that', async () => {
  await upgradeLog(await laterRelease(toys.composition(), {}), actor);
  const back = toys.composition();
  await upgradeLog(back, actor);
  const store = await back.openStore({ readOnly: true });
  expect(store.latest('lifecycle')?.statement).toMatchObject({ event: 'downgraded', upgrade: { from: '0.1.0', to: '0.0.0' } });
  await store.close();
});

it('a plan that says more than is known here is of a newer version all the same, and what rests on it cannot be judged again', async () => {
  const app = toys.composition();
  const store = await app.openStore();
  const plan = store.latest('plan');
  const blob = store.blob(plan?.statement.detail ?? '');
  const detail = JSON.parse(new TextDecoder().decode(blob?.kind === 'open' ? blob.bytes : undefined)) as object;
  const newer = await store.putBlob('plan', { ...detail, version: '0.2.0', moreThanIsKnown: true });
  const { v: _, id: _id, at: _at, ...draft } = plan!.statement;
  await store.append<'plan'>({ ...draft, detail: newer });
  await store.close();
  expect(await upgradeLog(app, actor)).toMatchObject({ recorded: true, preview: { from: '0.2.0', to: '0.0.0' } });
  const after = await app.openStore({ readOnly: true });
  expect(after.latest('lifecycle')?.statement).toMatchObject({ event: 'downgraded', upgrade: { from: '0.2.0' } });
  await after.close();
});

it('is refused while a daemon runs, before anything is touched', async () => {
  const next = await laterRelease(toys.composition(), { [doorIsLocked.id]: neverGood });
  const before = await kinds(next);
  const state = next.openState();
  state.leases.acquire(leaseNames.daemon, 'daemon', 60_000, 0);
  await expect(upgradeLog(next, actor)).rejects.toMatchObject({
    code: 'store-busy',
    message: expect.stringContaining('stop it and every worker'),
  });
  expect(await kinds(next)).toEqual(before);
  state.leases.release(leaseNames.daemon, 'daemon');
  state.close();
  expect(await upgradeLog(next, actor)).toMatchObject({ recorded: true });
});
