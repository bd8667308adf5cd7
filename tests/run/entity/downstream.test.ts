import { expect, test } from 'vitest';
import { defaultRuler } from '../../../src/config/engagements.ts';
import { openCurrentIndex } from '../../../src/index/project.ts';
import { Control } from '../../../src/model/control.ts';
import { Engagement, type Period } from '../../../src/model/engagement.ts';
import { fingerprintOf } from '../../../src/run/daemon/configuration-files.ts';
import { describeStatus } from '../../../src/run/describe-status.ts';
import { periodDependencies } from '../../../src/run/period-dependencies.ts';
import { preparePlan } from '../../../src/run/prepare-plan.ts';
import { previewScope } from '../../../src/run/preview-scope.ts';
import { readPeriodOf } from '../../../src/run/read-period.ts';
import { describeReadiness } from '../../../src/run/readiness.ts';
import { runDoctor } from '../../../src/run/run-doctor.ts';
import { previewUpgrade } from '../../../src/run/upgrade/preview-upgrade.ts';
import { verifyStore } from '../../../src/run/verify-data.ts';
import { EntityToys, toyEntity, toyResults } from './entity-kit.ts';
import { toyParts, toySeeds } from './toy-dataset.ts';

/** A control that rests on persons, and two days of it: on the second somebody has no login. */
const control = Control.parse({
  id: 'T-1',
  statement: 'Everybody has one login.',
  status: 'adopted',
  frequency: 'continuous',
  satisfies: { soc2: ['CC6.1'] },
  covers: ['entity.toy-person', 'okta.user'],
  checks: ['entity/toy-person-has-login', 'entity/toy-someone-is-there'],
});
async function lived(): Promise<EntityToys> {
  const toys = new EntityToys({ ...toyParts, seeds: toySeeds(), events: ['github.change'] });
  toys.controls = [control];
  toys.criteria = [{ id: 'CC6.1', area: 'Access', text: 'Who gets in.', trustService: 'security' }];
  const both = [
    { id: 'okta:acme/user/u1', name: 'Ada' },
    { id: 'okta:acme/user/u2', name: 'Bob' },
  ];
  toys.seeds['okta:acme'] = { 'okta.user': both };
  await toys.run();
  toys.time += 24 * 3_600_000;
  toys.seeds['okta:acme'] = { 'okta.user': both.slice(0, 1) };
  await toys.run();
  return toys;
}
const bob = `${toyEntity}/person/tabular:hr.people/row/E-2`;

test('only what was worked out is sealed: no copy of what it was made of, no host of a network, no clock of anybody', async () => {
  const toys = await lived();
  const store = await toys.composition().openStore({ readOnly: true });
  try {
    const [persons] = store.latestCollections(toyEntity).filter(({ statement }) => statement.collector === 'entity/toy-persons');
    expect(persons?.statement).toMatchObject({
      source: toyEntity,
      scope: toyEntity,
      principal: 'proofline',
      hosts: [{ host: 'log', official: true }],
      clock: { offsetMs: null, suspect: false },
      items: { size: 2 },
      requests: { count: 1, failed: 0 },
      completeness: { kind: 'complete' },
    });
    const kept = store.blob(persons?.statement.requests.kept ?? '');
    const text = kept?.kind === 'open' ? Buffer.from(kept.bytes).toString('utf8') : '';
    expect(JSON.parse(text)).toMatchObject([
      { input: { types: ['hr.person', 'okta.user'] }, requestId: expect.stringMatching(/^log\/\d+\//) },
    ]);
    expect(store.items('entity/toy-persons', toyEntity).map(({ subject }) => subject)).toEqual([
      'tabular:hr.people/row/E-1',
      'tabular:hr.people/row/E-2',
    ]);
  } finally {
    await store.close();
  }
  const { claims } = await verifyStore(toys.composition(), {});
  expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
});

test('the plan names its one member with the settings it was read with, and the status rolls it up', async () => {
  const toys = await lived();
  const status = await describeStatus(toys.composition());
  expect(status.controls).toMatchObject([{ control: { id: 'T-1' }, state: 'failures-observed' }]);
  expect(status.unseen.unentered).toEqual([]);
  const plan = status.summary.plan?.detail;
  expect(plan?.sources.at(-1)).toMatchObject({
    kind: 'entity',
    name: 'entity',
    members: [toyEntity],
    settings: { [toyEntity]: { tenant: 'toys', display: 'Toys', settings: { people: null, environments: [] } } },
  });
  expect(plan?.collectors.map(({ id }) => id)).toContain('entity/toy-persons');
});

test('the entity is of every period, also of one that names other systems, and its episodes are deviations', async () => {
  const toys = await lived();
  const app = toys.composition();
  const store = await app.openStore({ readOnly: true });
  const index = await openCurrentIndex(store, app.configuration.store.data);
  try {
    const system = { name: 'Identity', description: 'Who signs in', sources: ['okta'] };
    const period: Period = {
      v: 1,
      id: 'two-days',
      engagement: Engagement.parse({ id: 'soc2', report: 'soc2', type: 2, systems: [system] }),
      start: '2026-01-01',
      end: '2026-02-28',
      zone: 'UTC',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-03-01T00:00:00.000Z',
      cutOff: null,
      ruler: defaultRuler,
      plan: 1,
    };
    const dependencies = periodDependencies(store, index, await app.registries(), period);
    const history = readPeriodOf(store, index, period, dependencies, { now: app.now() });
    expect(history.deviations.map(({ kind, subject }) => [kind, subject])).toContainEqual(['episode', bob]);
  } finally {
    await index.close();
    await store.close();
  }
});

test('a scope rule takes its subjects out like any other, and the preview says so', async () => {
  const toys = await lived();
  toys.scope = {
    environments: [],
    rules: [{ id: 'nobody', decision: 'out', types: ['entity.toy-person'], because: 'b', by: 'ada', from: '2020-01-01' }],
    absent: [],
  } as typeof toys.scope;
  await toys.run();
  expect((await toyResults(toys))[`entity/toy-person-has-login ${bob}`]).toMatch(/^not-applicable: out of scope by rule "nobody"/);
  const preview = await previewScope(toys.composition());
  expect(preview.rules[0]?.resources.map(({ id }) => id)).toContain(bob);
});

test('what another source refused is no permission of the log, and nobody grants one', async () => {
  const toys = await lived();
  toys.seeds['okta:acme'] = { 'okta.user': 'access-denied' };
  await toys.run();
  const { unreadable } = await describeReadiness(toys.composition(), { report: 'soc2' });
  const about = (collector: string) => unreadable.find((one) => one.about.startsWith(collector));
  expect(about('okta/seeded-okta-user')?.permissions).toEqual(['okta.user']);
  expect(about('entity/toy-persons')).toMatchObject({ reason: 'access-denied', permissions: [] });
  expect(await toyResults(toys)).toMatchObject({ ['entity/toy-person-has-login *']: expect.stringContaining('no-evidence') });
});

test('the same release would say the same of it, and the doctor finds what is configured', async () => {
  const toys = await lived();
  const app = toys.composition();
  const store = await app.openStore({ readOnly: true });
  try {
    const preview = await previewUpgrade(app, store, await preparePlan(app));
    expect(preview).toMatchObject({ plan: { changes: false }, changes: [] });
    expect(preview.sources.map(({ source, notes }) => [source, notes])).toContainEqual([toyEntity, []]);
  } finally {
    await store.close();
  }
  const findings = await runDoctor(app, { onProgress: () => {}, signal: new AbortController().signal, offline: true });
  expect(findings.find(({ about }) => about === 'the entity as a whole')?.level).toBe('ok');
});

test('a daemon notices that a file of the entity was changed', () => {
  const toys = new EntityToys({ ...toyParts, seeds: toySeeds() });
  const { configuration } = toys.composition();
  expect(fingerprintOf({ ...configuration, reviews: 'reviews.yaml', records: ['a.yaml'] })).toContain('reviews.yaml');
});
