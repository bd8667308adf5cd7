import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { isOpenToOthers, resolveSecret } from '../../src/config/secret.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const least = `version: 1
entity: { name: Northwind, tenant: northwind }
reports: [soc2]
`;
const load = (text: string, env: Record<string, string> = {}, options: { dataDir?: string } = {}) =>
  loadConfiguration(join(directoryWith({ 'proofline.yaml': text }), 'proofline.yaml'), env, options);
const refuse = async (text: string) => problemLines(await refusalOf(() => load(text)));

describe('a good configuration', () => {
  it('needs little and fills in the rest', () => {
    const configuration = load(least);
    expect(configuration.trustServices).toEqual(['security']);
    expect(configuration.sources).toEqual({ aws: [], github: [] });
    expect(configuration.collect).toEqual({ concurrency: 8, staleAfterHours: 72 });
    expect(configuration.store.data).toBe(join(configuration.directory, '.proofline/data'));
    expect(configuration.store.keys).toBe(join(configuration.directory, '.proofline/keys'));
  });
  it('makes paths absolute and keeps secrets as references', () => {
    const configuration = load(`${least}sources:
  github:
    - { name: code, organisations: [acme], app: { appId: 7, installationId: 9, privateKey: { file: keys/app.pem } } }
controls: [controls.yaml]
anchors: [{ name: tsa, kind: rfc3161, url: 'https://tsa.example', caFile: ca.pem }]
`);
    const { directory } = configuration;
    expect(configuration.sources.github[0]?.app?.privateKey).toEqual({ file: join(directory, 'keys/app.pem') });
    expect(configuration.controls).toEqual([join(directory, 'controls.yaml')]);
    expect(configuration.anchors[0]).toMatchObject({ caFile: join(directory, 'ca.pem') });
    expect(configuration.declared.controls).toEqual(['controls.yaml']);
  });
  it('lets --data take the place of store.data', () => {
    expect(load(least, {}, { dataDir: '/srv/evidence' }).store.data).toBe('/srv/evidence');
  });
  it('says that an ambient endpoint is ignored', () => {
    expect(load(least, { AWS_ENDPOINT_URL: 'http://127.0.0.1:5555', AWS_ENDPOINT_URL_S3: 'x', AWS_REGION: 'x' }).notices).toEqual([
      expect.stringMatching(/^AWS_ENDPOINT_URL is set .* ignored/),
      expect.stringMatching(/^AWS_ENDPOINT_URL_S3 is set .* ignored/),
    ]);
  });
  it('is what the shipped example is', () => {
    const configuration = loadConfiguration(join(libraryDirectory(), 'proofline.example.yaml'), {});
    expect(configuration.sources.aws).toHaveLength(1);
    expect(configuration.anchors.map(({ kind }) => kind)).toEqual(['rfc3161', 'file']);
  });
});

describe('a configuration with mistakes', () => {
  it('tells all thirteen of them at once, each with its line and what was expected', async () => {
    const problems = await refuse(`version: 2
entity:
  nmae: Northwind
  tenant: Northwind Payroll
reports: [soc1, sox2]
trustServices: [availability]
sources:
  aws:
    - name: main
      accounts: [111122223333]
      regions: everywhere
      endpointUrl: http://example.com
  github:
    - name: code
      organisations: []
      token: { env: GITHUB_TOKEN }
collect:
  concurrency: many
log: { level: verbose }
`);
    expect(problems).toEqual([
      '1 version: expected 1, found 2',
      '2 entity.name: is missing: expected text',
      '3 entity.nmae: unknown key "nmae" (did you mean "name"?)',
      '4 entity.tenant: expected 2 to 63 small letters, digits and hyphens',
      '5 reports[1]: expected one of soc1, soc2, found "sox2" (did you mean "soc2"?)',
      '6 trustServices: security is part of every SOC 2 report: add it',
      '10 sources.aws[0].accounts[0]: expected text or a group of keys, found a number; put it in quotes',
      '10 sources.aws[0].accounts: other accounts are entered through a role: name it under `role`, or give each account its `roleArn`',
      '11 sources.aws[0].regions: expected all or a list, found text',
      '12 sources.aws[0].endpointUrl: expected an https address (http is taken for this machine alone)',
      '15 sources.github[0].organisations: expected at least one organisation',
      '18 collect.concurrency: expected a number, found text',
      '19 log.level: expected one of trace, debug, info, warn, error, silent, found "verbose"',
    ]);
  });
  it('never repeats a secret that stands in it', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const text = `${least}sources:
  github:
    - { name: a, organisations: [acme], token: ${token} }
    - { name: b, organisations: [acme], token: plainword }
    - { name: c, organisations: [acme], token: { env: T }, baseUrl: 'https://me:hunter2@github.example.com' }
  aws:
    - { name: d, profile: AKIAIOSFODNN7EXAMPLE }
`;
    const error = await refusalOf(() => load(text));
    expect(problemLines(error)).toEqual([
      expect.stringMatching(/^6 sources\.github\[0\]\.token: holds a GitHub token as text: a secret is given as \{ env: NAME \}/),
      expect.stringMatching(/^7 sources\.github\[1\]\.token: holds a secret as text/),
      expect.stringMatching(/^8 sources\.github\[2\]\.baseUrl: holds an address with credentials/),
      expect.stringMatching(/^10 sources\.aws\[0\]\.profile: holds an AWS access key/),
    ]);
    for (const secret of [token, 'plainword', 'hunter2', 'AKIAIOSFODNN7EXAMPLE']) {
      expect(JSON.stringify([error.message, error.problems])).not.toContain(secret);
    }
  });
  it.each([
    ['a GitHub source without a way in', 'github: [{ name: a, organisations: [acme] }]', 'needs a `token` or an `app`'],
    [
      'a GitHub source with two',
      'github: [{ name: a, organisations: [acme], token: { env: T }, app: { appId: 1, installationId: 2, privateKey: { env: K } } }]',
      'a `token` or an `app`, not both',
    ],
    ['accounts both listed and discovered', "aws: [{ name: a, role: R, accounts: ['111122223333'], discover: organizations }]", 'not both'],
    ['discovery without a role', 'aws: [{ name: a, discover: organizations }]', 'name it under `role`'],
    ['a role for nothing', 'aws: [{ name: a, role: R }]', 'give its `roleArn`'],
    ['one name twice', 'aws: [{ name: a }, { name: a }]', 'the name "a" is taken'],
    ['a key next to a secret reference', 'github: [{ name: a, organisations: [acme], token: { evn: T } }]', 'did you mean "env"?'],
  ])('refuses %s', async (_, source, expected) => {
    expect((await refuse(`${least}sources:\n  ${source}\n`)).join('\n')).toContain(expected);
  });
  it('refuses keys inside the data directory', async () => {
    expect(await refuse(`${least}store:\n  data: evidence\n  keys: evidence/keys\n`)).toEqual([
      expect.stringMatching(/^6 store\.keys: the keys lie inside the data directory/),
    ]);
  });
  it('refuses a witness inside the data directory', async () => {
    expect(await refuse(`${least}store:\n  data: evidence\n  keys: keys\n  witness: evidence/witness\n`)).toEqual([
      expect.stringMatching(/^7 store\.witness: it lies inside the data directory/),
    ]);
  });
  it('names the line of a syntax error and of a key given twice', async () => {
    expect(await refuse(`${least}reports: [soc1]\n`)).toEqual(['4 -: this key is given twice']);
    expect((await refuse('version: 1\nentity: [\n')).join()).toMatch(/^\d /);
  });
  it('says what to do when there is no file', async () => {
    const refusal = await refusalOf(() => loadConfiguration('/nowhere/proofline.yaml', {}));
    expect(refusal.code).toBe('configuration');
    expect(refusal.message).toContain('/nowhere/proofline.yaml: there is no such file; `proofline init` writes it');
  });
  it('takes an empty file for a missing configuration, not for a bug', async () => {
    expect((await refuse('')).length).toBeGreaterThan(0);
  });
});

describe('resolving a secret', () => {
  it('reads the environment or a private file', () => {
    const directory = directoryWith({ token: 's3cret\n' });
    chmodSync(join(directory, 'token'), 0o600);
    expect(resolveSecret({ env: 'T' }, { T: 'x' })).toBe('x');
    expect(resolveSecret({ file: join(directory, 'token') }, {})).toBe('s3cret');
  });
  it('takes from root what the group of a service may read, and from nobody else', () => {
    const mode = (bits: number, uid: number) => ({ mode: 0o100_000 | bits, uid });
    expect(isOpenToOthers(mode(0o440, 0), 1000)).toBe(false);
    expect(isOpenToOthers(mode(0o400, 0), 1000)).toBe(false);
    expect(isOpenToOthers(mode(0o460, 0), 1000)).toBe(true);
    expect(isOpenToOthers(mode(0o444, 0), 1000)).toBe(true);
    expect(isOpenToOthers(mode(0o640, 1000), 1000)).toBe(true);
    expect(isOpenToOthers(mode(0o440, 0), 0)).toBe(true);
    expect(isOpenToOthers(mode(0o440, 0), undefined)).toBe(true);
  });
  it('refuses one that is not there, empty, or open to others', async () => {
    const directory = directoryWith({ open: 's3cret', empty: '\n' });
    chmodSync(join(directory, 'open'), 0o644);
    chmodSync(join(directory, 'empty'), 0o600);
    expect((await refusalOf(() => resolveSecret({ env: 'T' }, {}))).message).toBe('the environment variable T is not set');
    expect((await refusalOf(() => resolveSecret({ env: 'T' }, { T: ' ' }))).message).toContain('empty');
    expect((await refusalOf(() => resolveSecret({ file: join(directory, 'open') }, {}))).message).toContain('chmod 600');
    expect((await refusalOf(() => resolveSecret({ file: join(directory, 'empty') }, {}))).message).toContain('is empty');
    expect((await refusalOf(() => resolveSecret({ file: join(directory, 'none') }, {}))).message).toContain('no such file');
  });
});

describe('schedules and queues', () => {
  const sources = `sources:
  github: [{ name: code, organisations: [acme], token: { env: T } }]
`;
  it('are taken as they are written, defaults filled in', () => {
    const { schedules, queue, serve, directory } = load(`${least}${sources}schedules:
  zone: Europe/Berlin
  entries: [{ name: nightly, sources: [code], cron: '0 2 * * *' }]
queue: { redis: { url: { file: redis-url } }, atOnce: 2 }
serve: {}
`);
    expect(schedules).toMatchObject({ zone: 'Europe/Berlin', jitter: 'PT5M', defaults: true, anchors: { cron: '17 * * * *' } });
    expect(queue).toEqual({
      redis: { url: { file: join(directory, 'redis-url') }, prefix: 'proofline' },
      atOnce: 2,
      attempts: 4,
      backoff: 'PT1M',
    });
    expect(serve).toEqual({ listen: '127.0.0.1:9464', stopWithin: 'PT1M' });
  });
  it('are refused with every expression, zone, source and name that is wrong', async () => {
    expect(
      await refuse(`${least}${sources}schedules:
  zone: Europe/Berln
  entries:
    - { name: nightly, sources: [cod], cron: 0 2 * * }
    - name: nightly
      cron: 0 25 * * *
      zone: +01:00
  anchors: { cron: '@hourly' }
queue:
  redis: { url: 'redis://:planted@redis.internal:6379' }
`),
    ).toEqual([
      expect.stringMatching(/^7 schedules\.zone: "Europe\/Berln" is no time zone of the IANA database \(did you mean "Europe\/Berlin"\?\)/),
      expect.stringMatching(/^9 schedules\.entries\[0\]\.cron: expected five fields .*found 4/),
      '9 schedules.entries[0].sources[0]: there is no source "cod" (did you mean "code"?)',
      '10 schedules.entries[1].name: the name "nightly" is taken: every entry has its own',
      expect.stringMatching(/^11 schedules\.entries\[1\]\.cron: cannot be read as a cron expression/),
      expect.stringMatching(/^12 schedules\.entries\[1\]\.zone: "\+01:00" is no time zone/),
      expect.stringMatching(/^13 schedules\.anchors\.cron: expected five fields/),
      expect.stringMatching(/^15 queue\.redis\.url: holds an address with credentials in it as text/),
    ]);
  });
});
