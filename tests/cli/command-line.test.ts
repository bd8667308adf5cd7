import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { emptyDirectory, proofline } from './spawned.ts';

const init = ['init', '--entity', 'Northwind Payroll Ltd', '--report', 'both'];

describe('arguments', () => {
  it.each([
    ['no verb', [], 0, /Usage: proofline/],
    ['--help', ['--help'], 0, /Exit codes: 0 done, 1 error, 2 usage/],
    ['--version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    ['an unknown verb', ['colect'], 2, /unknown command 'colect'[\s\S]*Did you mean collect/],
    ['an unknown option', ['collect', '--sorce', 'x'], 2, /unknown option '--sorce'/],
    ['an option without its value', ['backup', '--out'], 2, /argument missing/],
    ['a missing required option', ['backup'], 2, /--out <file>/],
    ['a bad choice', ['collect', '--fail-on', 'bad'], 2, /critical, high, medium, low/],
    ['no day', ['collect', '--demonstration', '--backfill', 'yesterday'], 2, /takes a day as 2026-01-31/],
    ['no day of the calendar', ['collect', '--demonstration', '--backfill', '2026-02-31'], 2, /takes a day as 2026-01-31/],
    ['a bad number', ['evidence', 'show', 'x'], 2, /whole number/],
    ['a source that is none', ['permissions', 'azure'], 2, /there is no source "azure"/],
    ['a format of another source', ['permissions', 'github', '--format', 'policy'], 2, /not for github/],
    ['no configuration', ['doctor'], 2, /proofline\.yaml: there is no such file/],
    ['a check that is none', ['test', 'aws/root-user-has-mfaa'], 2, /did you mean "aws\/root-user-has-mfa"/],
  ])('%s ends as it should', async (_, args, code, expected) => {
    const ended = await proofline(args, { cwd: emptyDirectory() });
    expect(ended.out + ended.err).toMatch(expected);
    expect(ended.code).toBe(code);
    expect(ended.err).not.toMatch(/\bat .*\(.*:\d+:\d+\)/);
    if (code !== 0) expect(ended.out).toBe('');
  });
  it('uses no colours without a terminal', async () => {
    const ended = await proofline(['catalog', 'checks'], { cwd: emptyDirectory() });
    expect(ended.code).toBe(0);
    expect(ended.out).not.toContain('\u001b[');
  });
  it('takes --config and --data in every verb that opens a log', async () => {
    const cwd = emptyDirectory();
    for (const verb of [
      'collect',
      'doctor',
      'verify',
      'backup',
      'restore',
      'init',
      'test',
      'evidence list',
      'controls adopt',
      'scope preview',
      'new check',
      'anchor now',
      'catalog checks',
    ]) {
      const { out } = await proofline([...verb.split(' '), '--help'], { cwd });
      expect(out, verb).toMatch(/--config <file>[\s\S]*--data <dir>/);
    }
  }, 240_000);
});

describe('init', () => {
  it('writes a configuration, files and keys that the other verbs take', async () => {
    const cwd = emptyDirectory();
    const made = await proofline(
      [
        ...init,
        '--aws-profile',
        'audit',
        '--github-organisation',
        'northwind',
        '--trust-service',
        'availability',
        '--timestamp-url',
        'https://tsa.example/tsr',
      ],
      { cwd },
    );
    expect(made.err).toBe('');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/Keep safe[\s\S]*Next[\s\S]*permissions aws --format policy[\s\S]* collect/);
    const configuration = loadConfiguration(join(cwd, 'proofline.yaml'), {});
    expect(configuration).toMatchObject({
      entity: { name: 'Northwind Payroll Ltd', tenant: 'northwind-payroll-ltd' },
      reports: ['soc2', 'soc1'],
      trustServices: ['security', 'availability'],
      sources: { aws: [{ profile: 'audit' }], github: [{ organisations: ['northwind'], token: { env: 'GITHUB_TOKEN' } }] },
      anchors: [{ kind: 'rfc3161' }],
    });
    expect(statSync(join(cwd, '.proofline/keys/sign.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cwd, '.proofline/.gitignore'), 'utf8')).toContain('*');
    const doctor = await proofline(['doctor', '--offline', '--json'], { cwd });
    expect(doctor.code).toBe(0);
    expect(JSON.parse(doctor.out).findings).toContainEqual(expect.objectContaining({ area: 'keys', level: 'ok' }));
  });
  it('overwrites nothing', async () => {
    const cwd = emptyDirectory({ 'proofline.yaml': 'mine' });
    const ended = await proofline(init, { cwd });
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('is there already');
    expect(readFileSync(join(cwd, 'proofline.yaml'), 'utf8')).toBe('mine');
    expect(readdirSync(cwd)).toEqual(['proofline.yaml']);
  });
  it('names every flag it needs, and every answer that is wrong, and leaves nothing behind', async () => {
    const cwd = emptyDirectory();
    const missing = await proofline(['init'], { cwd });
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(/--entity[\s\S]*--report/);
    const wrong = await proofline(
      [...init, '--aws-discover', '--aws-external-id', 'x', '--github-organisation', '-bad-', '--timestamp-url', 'ftp://x'],
      { cwd },
    );
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/name it under `role`[\s\S]*login of a GitHub organisation[\s\S]*http or https address/);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('a configuration with mistakes', () => {
  it('is told all of them, once, by every verb, with exit code 2', async () => {
    const text =
      'version: 1\nentity: { name: X, tenant: "" }\nreports: []\nsorces: {}\ncollect: { concurrency: 0 }\nlog: { level: loud }\n';
    const cwd = emptyDirectory({ 'proofline.yaml': text });
    for (const verb of [['collect'], ['doctor', '--offline'], ['verify'], ['controls', 'list']]) {
      const ended = await proofline(verb, { cwd });
      expect(ended.code).toBe(2);
      expect(ended.out).toBe('');
      expect(ended.err.trim().split('\n')).toEqual([
        'proofline: proofline.yaml: 5 problems',
        '  proofline.yaml:2: entity.tenant: expected 2 to 63 small letters, digits and hyphens',
        '  proofline.yaml:3: reports: expected at least one of soc1, soc2',
        '  proofline.yaml:4: sorces: unknown key "sorces" (did you mean "sources"?)',
        expect.stringMatching(/^ {2}proofline\.yaml:5: collect\.concurrency: /),
        '  proofline.yaml:6: log.level: expected one of trace, debug, info, warn, error, silent, found "loud"',
      ]);
    }
  }, 240_000);
  it('collects nothing from no source', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    const ended = await proofline(['collect'], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('no source is configured');
    expect(existsSync(join(cwd, '.proofline/data'))).toBe(false);
  });
  it('says so where there is no log yet', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    const ended = await proofline(['evidence', 'list'], { cwd });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('no log');
  });
});

describe('controls', () => {
  it('are adopted in a dated entry, named in the configuration, comments kept', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    writeFileSync(join(cwd, 'controls.yaml'), '# ours\nversion: 1\ncontrols: []\n');
    const adopted = await proofline(
      ['controls', 'adopt', 'AC-02', 'CM-01', '--because', 'board of 5 May', '--owner', 'platform', '--from', '2026-01-01'],
      { cwd },
    );
    expect(adopted.err).toBe('');
    expect(adopted.code).toBe(0);
    expect(readFileSync(join(cwd, 'controls.yaml'), 'utf8')).toMatch(
      /^# ours[\s\S]*id: AC-02\n {4}status: adopted\n {4}from: 2026-01-01\n {4}because: board of 5 May\n {4}owner: platform/,
    );
    const { out } = await proofline(['controls', 'list', '--status', 'adopted', '--json'], { cwd });
    const listed = JSON.parse(out) as { controls: { id: string; owner: string; origin: string; versions: unknown[] }[] };
    expect(listed.controls.map(({ id, owner, origin, versions }) => [id, owner, origin, versions.length])).toEqual([
      ['AC-02', 'platform', 'changed', 2],
      ['CM-01', 'platform', 'changed', 2],
    ]);
    const again = await proofline(['controls', 'adopt', 'AC-02', '--because', 'x'], { cwd });
    expect(again).toMatchObject({ code: 2 });
    expect(again.err).toContain('AC-02 is adopted already');
  });
  it('that are none are refused with the nearest one, and nothing changes', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    const before = readFileSync(join(cwd, 'controls.yaml'), 'utf8');
    const ended = await proofline(['controls', 'adopt', 'AC-2', 'XX-99', '--because', 'x'], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/no control "AC-2" \(did you mean "AC-02"\?\)[\s\S]*no control "XX-99"/);
    expect(readFileSync(join(cwd, 'controls.yaml'), 'utf8')).toBe(before);
  });
  it('are imported with a printed mapping, or not at all', async () => {
    const cwd = emptyDirectory({
      'good.csv': 'Ref,Control,TSC,Risk\nA-1,Someone approves each change,CC8.1,Error\n',
      'bad.csv': 'Ref,Control,TSC\nA-1,Someone approves,CC88.1\n,Nothing,\n',
    });
    await proofline(init, { cwd });
    const configured = readFileSync(join(cwd, 'proofline.yaml'), 'utf8');
    const bad = await proofline(['controls', 'import', 'bad.csv'], { cwd });
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(
      /nothing was written[\s\S]*row 2: TSC: there is no SOC 2 criterion "CC88\.1"[\s\S]*row 3: Ref: has no control id/,
    );
    expect(readFileSync(join(cwd, 'proofline.yaml'), 'utf8')).toBe(configured);
    expect(existsSync(join(cwd, 'controls-bad.yaml'))).toBe(false);

    const dry = await proofline(['controls', 'import', 'good.csv', '--dry-run'], { cwd });
    expect(dry.out).toMatch(/id +Ref[\s\S]*statement +Control[\s\S]*soc2 +TSC[\s\S]*not taken in +Risk/);
    expect(existsSync(join(cwd, 'controls-good.yaml'))).toBe(false);

    const good = await proofline(['controls', 'import', 'good.csv', '--because', 'agreed with the auditor'], { cwd });
    expect(good.err).toBe('');
    expect(good.code).toBe(0);
    expect(loadConfiguration(join(cwd, 'proofline.yaml'), {}).controls.map((file) => file.replace(`${cwd}/`, ''))).toEqual([
      'controls.yaml',
      'controls-good.yaml',
    ]);
    const { out } = await proofline(['controls', 'list', '--status', 'adopted', '--json'], { cwd });
    expect(JSON.parse(out).controls).toMatchObject([{ id: 'A-1', origin: 'own', soc2: ['CC8.1'] }]);
  });
});

describe('a source that cannot be reached', () => {
  it('is recorded as such, ends with 3, and everything about it is no evidence', async () => {
    const cwd = emptyDirectory();
    const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    await proofline([...init, '--aws-endpoint-url', 'http://127.0.0.1:1'], { cwd });
    const collected = await proofline(['collect', '--json'], { cwd, env });
    expect(collected.code).toBe(3);
    expect(JSON.parse(collected.out)).toMatchObject({ complete: false, unreachable: [{ source: 'aws', reason: 'source-unavailable' }] });
    // pino: one JSON object per line on standard error, and nothing else there.
    expect(
      collected.err
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toContain('source could not be read');

    const adopted = await proofline(['controls', 'adopt', 'DP-01', '--because', 'board of 5 May'], { cwd });
    expect(adopted.out).toContain('Recorded in the log as a decision');
    const status = await proofline(['status', '--json'], { cwd });
    const { controls, warnings } = JSON.parse(status.out) as {
      controls: { id: string; status: string; state: string }[];
      warnings: string[];
    };
    expect(controls.find(({ id }) => id === 'DP-01')).toMatchObject({ status: 'adopted', state: 'no-evidence' });
    expect(controls.filter(({ state }) => state !== 'no-evidence')).toEqual([]);
    expect(warnings.join()).toContain('has never been entered');
    expect((await proofline(['verify'], { cwd })).code).toBe(0);
  }, 90_000);
});

describe('one’s own units', () => {
  it('begin with examples that run', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    const check = await proofline(['new', 'check', 'aws/bucket-is-named-well', '--dataset', 'aws/s3-buckets'], { cwd });
    expect(check).toMatchObject({ code: 0, err: '' });
    for (const name of ['aws/maintenance-windows', 'github/outsiders']) {
      expect(await proofline(['new', 'collector', name], { cwd })).toMatchObject({ code: 0, err: '' });
    }
    const tested = await proofline(['test', '--json'], { cwd });
    expect(JSON.parse(tested.out).units).toEqual([
      { id: 'own/aws/bucket-is-named-well', kind: 'check', examples: 2, problems: [] },
      { id: 'own/aws/maintenance-windows', kind: 'collector', examples: 1, problems: [] },
      { id: 'own/github/outsiders', kind: 'collector', examples: 1, problems: [] },
    ]);
    expect(tested.code).toBe(0);
    expect((await proofline(['new', 'check', 'aws/bucket-is-named-well', '--dataset', 'aws/s3-buckets'], { cwd })).code).toBe(2);
  });
  it('that do not do what their examples say end with 1', async () => {
    const cwd = emptyDirectory();
    await proofline(init, { cwd });
    await proofline(['new', 'check', 'aws/bucket-is-named-well', '--dataset', 'aws/s3-buckets'], { cwd });
    const file = join(cwd, 'extensions/checks/aws/bucket-is-named-well.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("display: 'test-data'", "display: 'ledger'"));
    const wrong = await proofline(['test'], { cwd });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('example "a test" is to be fail and is pass');
    writeFileSync(file, readFileSync(file, 'utf8').replace('const found =', 'Date.now();\n    const found ='));
    expect((await proofline(['test'], { cwd })).out).toContain('a check may not ask for the time');
  });
});

describe('permissions', () => {
  it('of AWS fit one policy and only read', async () => {
    const { out, code } = await proofline(['permissions', 'aws'], { cwd: emptyDirectory() });
    expect(code).toBe(0);
    const policy = JSON.parse(out) as { Statement: { Action: string[] }[] };
    const actions = policy.Statement.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(50);
    expect(
      actions.filter((action) => !/^[a-z0-9-]+:(Get|List|Lookup|Describe|Generate|BatchGet|Select)[A-Za-z0-9]*$/.test(action)),
    ).toEqual([]);
    expect(JSON.stringify(policy).length).toBeLessThan(6144);
  });
  it('are also given as CloudFormation, as Terraform and as a GitHub App', async () => {
    const cwd = emptyDirectory();
    expect((await proofline(['permissions', 'aws', '--format', 'cloudformation'], { cwd })).out).toMatch(
      /AWS::IAM::Role[\s\S]*- iam:GetAccountSummary/,
    );
    expect((await proofline(['permissions', 'aws', '--format', 'terraform'], { cwd })).out).toMatch(/"aws_iam_role"/);
    const app = JSON.parse((await proofline(['permissions', 'github'], { cwd })).out) as { default_permissions: Record<string, string> };
    expect(app.default_permissions).toMatchObject({ members: 'read', metadata: 'read' });
    expect(new Set(Object.values(app.default_permissions))).toEqual(new Set(['read']));
  });
  it('of tables are told one by one, of the entity as a whole there are none', async () => {
    const cwd = emptyDirectory();
    expect((await proofline(['permissions', 'tabular'], { cwd })).out).toContain('can only SELECT');
    expect((await proofline(['permissions', 'entity'], { cwd })).out).toContain('no request leaves this machine');
    const table = (more: string) => `{ name: people, as: hr.person, ${more}, key: [id], columns: { id: {} }, map: { personId: id } }`;
    const configuration = `version: 1
entity: { name: Acme, tenant: acme }
reports: [soc2]
sources:
  tabular:
    - { name: hr, kind: csv, bucket: acme-hr, tables: [${table('path: people.csv')}] }
    - { name: pg, kind: postgresql, url: 'postgresql://db.example/hr', user: reader, credentials: { env: HR_PASSWORD }, tables: [${table('query: SELECT id FROM people')}] }
`;
    writeFileSync(join(cwd, 'proofline.yaml'), configuration);
    const { out, code } = await proofline(['permissions', 'tabular'], { cwd, env: { HR_PASSWORD: 'hunter2-planted' } });
    expect(code).toBe(0);
    expect(out).toMatch(/^hr\.people {2}s3:GetObject on arn:aws:s3:::acme-hr\/people\.csv;/m);
    expect(out).toMatch(/^pg\.people {2}reader may SELECT from what is named in SELECT id FROM people, and may do nothing else$/m);
    expect(out).not.toContain('hunter2');
  });
});
