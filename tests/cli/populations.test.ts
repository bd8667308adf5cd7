import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonShapes as shapes } from '../../src/cli/shapes.ts';
import { sshKeyLine, sshSignerOf } from '../../src/seal/ssh-signature.ts';
import { prooflineHere } from './in-process.ts';
import { keptDirectory } from './spawned.ts';

const { directory: cwd, remove } = keptDirectory();
afterAll(remove);
const file = (name: string) => join(cwd, name);
const run = (...args: string[]) => prooflineHere([...args, '--demonstration', '--data', file('data')], { HOME: cwd });
const json = async <V extends keyof typeof shapes>(verb: V, ...args: string[]) => {
  const ended = await run(...verb.split(' '), ...args, '--json');
  expect(ended.err).toBe('');
  return shapes[verb].parse(JSON.parse(ended.out)) as ReturnType<(typeof shapes)[V]['parse']>;
};
const population = 'half.production-changes';
const auditor = ['--as', 'audrey', '--key', file('audrey.pem')];

beforeAll(async () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  writeFileSync(file('audrey.pem'), pem, { mode: 0o600 });
  writeFileSync(file('audrey.pub'), `${sshKeyLine(sshSignerOf(pem).publicKey)} audrey\n`);
  expect((await run('collect', '--collector', 'github/members')).code).toBe(0);
  expect(
    (await run('person', 'register', 'audrey', '--name', 'Audrey Stone', '--role', 'auditor', '--personal-key', file('audrey.pub'))).code,
  ).toBe(0);
  const days = ['--start', '2025-06-01', '--end', '2025-12-31', '--zone', 'UTC'];
  expect((await run('period', 'create', '--engagement', 'soc2-2026', '--id', 'half', ...days)).code).toBe(0);
}, 120_000);

describe('on the command line', () => {
  it('a population is frozen, listed and shown in every form', async () => {
    const needed = await json('population list', '--period', 'half');
    expect(needed.needed.map(({ id }) => id)).toContain('production-changes');
    const frozen = await run('population', 'freeze', 'production-changes', '--period', 'half');
    expect(frozen).toMatchObject({ code: 0, err: '' });
    expect(frozen.out).toMatch(/half\.production-changes {2}Changes that reached production: \d+ rows, final/);
    expect(frozen.out).toMatch(/identity not authenticated/);
    const listed = await json('population list', '--period', 'half');
    expect(listed.frozen).toMatchObject([{ id: population, final: true, complete: true, readable: true, supersededBy: null }]);
    const shown = await json('population show', population);
    expect(shown.rows).toHaveLength(listed.frozen[0]!.count);
    const lines = (await run('population', 'show', population, '--lines')).out;
    writeFileSync(file('rows.jsonl'), lines);
    expect(lines.trimEnd().split('\n')).toHaveLength(shown.rows.length);
    const csv = (await run('population', 'show', population, '--csv')).out.split('\r\n');
    expect(csv[0]).toMatch(/^\uFEFFid,name,at,repository,branch,.*,not_read,github_change_approved_by_another,/);
    expect(csv).toHaveLength(shown.rows.length + 1);
    expect((await run('population', 'list', '--period', 'half')).out).toMatch(
      /github\/change-approved-by-another over github:\d+: \d+ failed/,
    );
    expect((await run('population', 'show', population)).out).toMatch(/and \d+ more/);
    expect(await run('population', 'show', 'half.production-change')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/did you mean/i) as unknown,
    });
    expect(await run('population', 'freeze', '--period', 'other')).toMatchObject({ code: 1 });
  }, 120_000);

  it('a sample is drawn by the auditor alone, exported and drawn again', async () => {
    const sizes = await json('sample size', '--control', 'CM-02', '--period', 'half');
    expect(sizes.sizes).toMatchObject([{ population, size: 40, row: 'many per day: 40' }]);
    const refused = await run('sample', 'draw', '--population', population, '--seed', '4711', '--out', cwd);
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/drawn by the auditor/) as unknown });
    const rehearsed = await run('sample', 'draw', '--population', population, '--seed', '4711', '--size', '3', '--self-test', '--out', cwd);
    expect(rehearsed.out).toMatch(/A self-test of management’s: recorded nowhere/);
    const drawn = await run('sample', 'draw', '--population', population, '--seed', '4711', '--size', '3', '--out', cwd, ...auditor);
    expect(drawn).toMatchObject({ code: 0, err: '' });
    const { samples } = await json('sample list');
    const [sample] = samples;
    expect(sample).toMatchObject({ population, seed: '4711', size: 3, drawnBy: 'Audrey Stone (audrey)' });
    const selection = file(`${sample!.id}-selection.json`);
    const results = async (...more: string[]) => (await json('sample verify', selection, ...more)).claims.map(({ result }) => result);
    expect(await results('--population', file('rows.jsonl'))).toEqual(['PASS', 'PASS', 'PASS']);
    expect(await results('--offline')).toEqual(['PASS', 'WARN']);
    expect((await run('sample', 'export', sample!.id, '--out', file('again'))).code).toBe(0);
    const again = file(`again/${sample!.id}-selection.json`);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(selection, 'utf8'));
    writeFileSync(selection, readFileSync(selection, 'utf8').replace('"seed": "4711"', '"seed": "4712"'));
    expect(await run('sample', 'verify', selection)).toMatchObject({
      code: 4,
      out: expect.stringMatching(/^FAIL {2}the selection is what the seed draws/) as unknown,
    });
    expect((await run('sample', 'list')).out).toMatch(/S-\d+ {2}3 of half\.production-changes, seed "4711"/);
    writeFileSync(file('other.json'), '{}');
    expect(await run('sample', 'verify', file('other.json'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not a file of the kind/) as unknown,
    });
    expect(await run('sample', 'verify', file('nowhere.json'))).toMatchObject({ code: 1 });
  }, 120_000);

  it('a walkthrough says whether the screen agrees', async () => {
    writeFileSync(file('screen.png'), 'pixels');
    const observed = await run(
      'observe',
      '--nonce',
      'blue heron',
      '--collector',
      'github/members',
      '--count',
      'github/members=1',
      '--attach',
      file('screen.png'),
      ...auditor,
    );
    expect(observed).toMatchObject({ code: 0, err: '' });
    expect(observed.out).toMatch(/github\/members of github:\d+: \d+ collected, 1 on the screen: a difference of -\d+/);
    expect(observed.out).toMatch(/screen\.png: SHA-256 [0-9a-f]{64}, kept as /);
    expect(observed.out).toMatch(/by Audrey Stone \(audrey\)/);
    expect(await run('observe', '--nonce', 'x', '--count', 'members')).toMatchObject({ code: 2 });
  }, 120_000);
});
