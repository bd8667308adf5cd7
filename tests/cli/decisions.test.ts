import { spawnSync } from 'node:child_process';
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
const run = (...args: string[]) => prooflineHere([...args, '--config', join(cwd, 'proofline.yaml')], { HOME: cwd });
const json = async (verb: keyof typeof shapes, ...args: string[]) => {
  const ended = await run(...verb.split(' '), ...args, '--json');
  expect(ended.err).toBe('');
  return shapes[verb].parse(JSON.parse(ended.out)) as never;
};
const file = (name: string) => join(cwd, name);
const as = (person: string) => ['--as', person, '--key', file(`${person}.pem`)];
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

beforeAll(async () => {
  for (const person of ['alice', 'bob', 'anna']) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    writeFileSync(join(cwd, `${person}.pem`), pem, { mode: 0o600 });
    writeFileSync(join(cwd, `${person}.pub`), `${sshKeyLine(sshSignerOf(pem).publicKey)} ${person}@example\n`);
  }
  await run('init', '--entity', 'Northwind Payroll Ltd', '--report', 'soc2');
  expect((await run('scope', 'adopt', '--because', 'x', ...as('alice'))).err).toContain('the first person is registered without --key');
  await run('person', 'register', 'alice', '--name', 'Alice Martin', '--role', 'management', '--personal-key', file('alice.pub'));
  for (const [person, name, role] of [
    ['bob', 'Bob Okafor', 'management'],
    ['anna', 'Anna Lowe', 'auditor'],
  ] as const) {
    const ended = await run(
      'person',
      'register',
      person,
      '--name',
      name,
      '--role',
      role,
      '--personal-key',
      file(`${person}.pub`),
      ...as('alice'),
    );
    expect(ended).toMatchObject({ code: 0, err: '' });
  }
  const days = ['--start', '2025-04-01', '--end', '2026-03-31', '--zone', 'Europe/Berlin'];
  expect((await run('period', 'create', '--engagement', 'soc2', ...days, ...as('alice'))).code).toBe(0);
}, 120_000);

describe('on the command line', () => {
  it('persons are listed with who registered them and whether that is known', async () => {
    const { out } = await run('person', 'list');
    expect(out).toMatch(
      /alice {2}Alice Martin {2}management\n {2}SHA256:[\s\S]*by \w+ \(identity not authenticated\)[\s\S]*bob[\s\S]*by Alice Martin \(alice\)/,
    );
    expect(await json('person list')).toMatchObject({ persons: [{ id: 'alice' }, { id: 'bob' }, { id: 'anna', roles: ['auditor'] }] });
  });
  it('a period is shown as it is amended, refused before its end, and what is missing is named', async () => {
    const id = 'soc2-2026-03-31';
    const amended = await run('period', 'amend', id, '--set', 'thresholds.critical.gapAfter=P5D', '--because', 'agreed', ...as('alice'));
    expect(amended.out).toMatch(
      /loosens {3}thresholds.critical.gapAfter: PT72H becomes P5D[\s\S]*Not in force before another person approves it/,
    );
    const entry = /decisions approve (\d+)/.exec(amended.out)![1]!;
    expect((await run('period', 'list')).out).toMatch(/loosened on .* \(not in force: no second person\)/);
    const own = await run('decisions', 'approve', entry, '--because', 'x', ...as('alice'));
    expect(own).toMatchObject({ code: 2, out: '' });
    expect(own.err).toContain('one person on both sides');
    expect((await run('decisions', 'approve', entry, '--because', 'x', ...as('bob'))).code).toBe(0);
    const { periods } = (await json('period show', id)) as { periods: unknown[] };
    expect(periods).toMatchObject([
      { ruler: { thresholds: { critical: { gapAfter: 'P5D' } } }, amendments: [{ approvedBy: 'Bob Okafor (bob)' }], state: 'open' },
    ]);
    expect((await run('period', 'show', id)).out).toMatch(
      /approved by Bob Okafor \(bob\)[\s\S]*Still missing[\s\S]*no population is frozen/,
    );
    expect((await run('period', 'show', 'soc2-2026')).err).toContain('there is no period "soc2-2026"');
  }, 60_000);
  it('a deviation that there is none of is answered by nobody', async () => {
    const id = 'D-AC-03-0123abcd';
    expect((await run('deviation', 'respond', id, '--retest-evidence', '3', ...as('alice'))).err).toMatch(
      /say something[\s\S]*what --retest says/,
    );
    expect((await run('deviation', 'respond', 'AC-03', '--response', 'x')).err).toMatch(/expected the id of a deviation/);
    for (const args of [
      ['respond', id, '--response', 'the token was lost'],
      ['dispose', id, '--disposition', 'false-positive', '--because', 'a test account'],
    ]) {
      const refused = await run('deviation', ...args, ...as('alice'));
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err).toContain(`there is no deviation "${id}"`);
    }
    expect((await run('deviation', 'show', id)).err).toContain(`there is no deviation "${id}": proofline deviations list`);
  });
  it('controls and scope are adopted with a signature, and a wrong key changes no file', async () => {
    const before = readFileSync(join(cwd, 'controls.yaml'), 'utf8');
    const wrong = await run('controls', 'adopt', 'AC-03', '--because', 'x', '--as', 'alice', '--key', file('bob.pem'));
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/it is a key of "bob"/);
    expect(readFileSync(join(cwd, 'controls.yaml'), 'utf8')).toBe(before);
    expect((await run('controls', 'adopt', 'AC-03', '--because', 'board', ...as('alice'))).out).toContain('by Alice Martin (alice)');
    expect((await run('scope', 'adopt', '--because', 'board', ...as('alice'))).out).toContain('by Alice Martin (alice)');
    expect((await run('controls', 'adopt', 'AC-06', '--because', 'board', '--key', file('bob.pem'))).err).toContain('say who with --as');
  }, 60_000);
  it('everything is listed, shown, and the signature leaves the house for ssh-keygen', async () => {
    const unsigned = await run('scope', 'adopt', '--because', 'x', '--as', 'Carol');
    expect(unsigned.out).toContain('by Carol (identity not authenticated)');
    const { decisions, refused } = (await json('decisions list')) as {
      decisions: { index: number; decision: string; person: string | null }[];
      refused: unknown[];
    };
    expect(refused).toEqual([]);
    expect((await run('decisions', 'list')).out).toMatch(/by Carol \(identity not authenticated\)/);
    const signed = decisions.find(({ decision, person }) => decision === 'open-period' && person === 'alice')!;
    expect(await json('decisions show', String(signed.index))).toMatchObject({
      payload: { type: 'open-period' },
      signature: { key: expect.stringMatching(/^SHA256:/) },
    });
    const out = await run('decisions', 'export-signature', String(signed.index), '--out', file('signature'));
    expect(out.code).toBe(0);
    if (hasKeygen) {
      const verified = spawnSync('sh', ['-c', /ssh-keygen.*/.exec(out.out)![0]], { cwd: join(cwd, 'signature'), encoding: 'utf8' });
      expect(verified.stdout).toMatch(/Good "proofline-decision" signature for alice/);
    }
    const last = decisions.at(-1)!.index;
    expect((await run('decisions', 'export-signature', String(last), '--out', file('x'))).err).toContain('identity is not authenticated');
    expect((await run('decisions', 'show', '0')).err).toContain('entry 0 is no decision');
    const verified = (await json('verify')) as { ok: boolean; claims: { claim: string; result: string }[] };
    expect(verified.ok).toBe(true);
    expect(verified.claims.find(({ claim }) => claim === 'decisions')?.result).toBe('WARN');
  }, 60_000);
  it('a key that is revoked decides nothing more', async () => {
    expect((await run('person', 'revoke', 'bob', '--because', 'left', ...as('alice'))).code).toBe(0);
    const ended = await run('scope', 'adopt', '--because', 'x', ...as('bob'));
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/is revoked from/);
    expect((await run('person', 'list')).out).toMatch(/revoked from \d{4}/);
  }, 60_000);
  it('a waiver names what there is, and is listed with its state', async () => {
    const wrong = await run(
      'waiver',
      'request',
      '--check',
      'aws/root-user-has-mfaa',
      '--expires',
      '2020-01-01',
      '--because',
      'x',
      ...as('alice'),
    );
    expect(wrong.err).toMatch(/did you mean "aws\/root-user-has-mfa"[\s\S]*lies in the past/);
    const expires = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const asked = await run(
      'waiver',
      'request',
      '--check',
      'aws/root-user-has-mfa',
      '--expires',
      expires,
      '--because',
      'the token comes',
      ...as('alice'),
    );
    const id = /Waiver (W-[0-9a-f]{8})/.exec(asked.out)![1]!;
    expect((await run('waiver', 'approve', id, '--because', 'x', ...as('anna'))).err).toContain('auditor alone');
    expect((await run('waiver', 'approve', id, '--because', 'x', '--as', 'Alice Martin')).err).toContain('one person on both sides');
    expect((await run('waiver', 'approve', id, '--because', 'x', '--as', 'Carol')).code).toBe(0);
    expect((await run('waiver', 'list')).out).toMatch(/in force[\s\S]*that requester and approver are two people was not authenticated/);
    expect((await run('waiver', 'end', id, '--because', 'it came', ...as('alice'))).code).toBe(0);
    const again = await run('waiver', 'end', id, '--because', 'it came', ...as('alice'));
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toMatch(/the waiver "W-[0-9a-f]{8}" was ended or refused by entry \d+/);
    expect(await json('waiver list')).toMatchObject({ waivers: [{ id, state: 'ended', authenticated: false }] });
  }, 60_000);
});
