import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SourceError } from '../../src/model/errors.ts';
import { openChannels } from '../../src/notify/open-channels.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { runDoctor } from '../../src/run/run-doctor.ts';
import { Toys } from './toy-source.ts';

const options = { onProgress: () => {}, signal: new AbortController().signal };
const collect = (toys: Toys) => runCollection(toys.composition(), { ...options, trigger: { name: 'test', authentication: 'none' } });

test('a source that answers everything is fine, and nobody else seeing the log is a warning', async () => {
  const toys = new Toys();
  await collect(toys);
  const findings = await runDoctor(toys.composition(), options);
  expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
  expect(findings).toContainEqual(
    expect.objectContaining({ area: 'anchors', level: 'warning', message: expect.stringContaining('nobody else') }),
  );
  expect(findings).toContainEqual(expect.objectContaining({ area: 'source', message: expect.stringContaining('reads as child') }));
});

test('a permission that is missing is named with the collectors that need it', async () => {
  const toys = new Toys();
  await collect(toys);
  delete toys.answers['toy:Doors'];
  const findings = await runDoctor(toys.composition(), options);
  expect(findings).toContainEqual(expect.objectContaining({ level: 'problem', message: 'lacks toy:Doors, which toy/doors needs' }));
});

test('the doctor seals nothing', async () => {
  const toys = new Toys();
  await collect(toys);
  const size = async () => {
    const store = await toys.composition().openStore({ readOnly: true });
    const entries = store.size();
    await store.close();
    return entries;
  };
  const before = await size();
  await runDoctor(toys.composition(), options);
  expect(await size()).toBe(before);
});

test('a source that cannot be entered is a problem with advice', async () => {
  const toys = new Toys();
  await collect(toys);
  toys.closed = new SourceError('access-denied', 'toy:Members', { sourceCode: 'ExpiredToken' });
  const findings = await runDoctor(toys.composition(), options);
  expect(findings).toContainEqual(
    expect.objectContaining({
      area: 'source',
      level: 'problem',
      message: expect.stringContaining('cannot be entered'),
      advice: expect.any(String),
    }),
  );
});

test('before the first collection there is no log, which is no problem', async () => {
  const findings = await runDoctor(new Toys().composition(), { ...options, offline: true });
  expect(findings.find(({ area }) => area === 'store')).toMatchObject({ level: expect.stringMatching(/note|problem/) });
});

test('a rate budget is told where the source tells it, and a scarce one is a warning', async () => {
  const toys = new Toys();
  await collect(toys);
  toys.headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '12', 'x-ratelimit-resource': 'core' };
  const findings = await runDoctor(toys.composition(), options);
  expect(findings).toContainEqual(expect.objectContaining({ level: 'warning', message: '12 of 5000 core requests are left' }));
});

test('an entry that was changed behind the log is a problem of the store', async () => {
  const toys = new Toys();
  await collect(toys);
  const before = await runDoctor(toys.composition(), { ...options, offline: true });
  expect(before.filter(({ area, level }) => area === 'store' && level === 'problem')).toEqual([]);
  const database = new DatabaseSync(join(toys.directory, 'data', 'store.db'));
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
    database.exec(`DROP TRIGGER "${String(name)}"`);
  }
  database.exec('UPDATE log_entry SET body = (SELECT body FROM log_entry WHERE idx = 2) WHERE idx = 1');
  database.close();
  const findings = await runDoctor(toys.composition(), { ...options, offline: true });
  expect(findings).toContainEqual(expect.objectContaining({ area: 'store', level: 'problem' }));
});

test('a channel whose secret is missing is a problem, and nobody told at all is a note', async () => {
  const toys = new Toys();
  await collect(toys);
  const about = async () => (await runDoctor(toys.composition(), { ...options, offline: true })).filter(({ area }) => area === 'notify');
  expect(await about()).toEqual([expect.objectContaining({ level: 'note', message: 'nobody is told when a check fails' })]);
  toys.channels = [
    ...(await openChannels(
      [
        { name: 'there', kind: 'slack', webhook: { env: 'THERE' }, privateNetwork: false },
        { name: 'not-there', kind: 'slack', webhook: { env: 'NOT_THERE' }, privateNetwork: false },
      ],
      { env: { THERE: 'planted' }, version: '0.0.0', now: () => '2026-01-01T00:00:00.000Z' },
    )),
  ];
  expect(await about()).toEqual([
    expect.objectContaining({ about: 'there', level: 'ok' }),
    expect.objectContaining({ about: 'not-there', level: 'problem', message: expect.stringContaining('NOT_THERE is not set') }),
  ]);
});
