import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionPayload } from '../../../src/model/decision.ts';
import { ProoflineError } from '../../../src/model/errors.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { openSigner } from '../../../src/run/decisions/open-signer.ts';
import { readDecisions, readRegister } from '../../../src/run/decisions/read-decisions.ts';
import { readPublicKeys } from '../../../src/run/decisions/read-public-keys.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import { registerFindings } from '../../../src/run/decisions/register-findings.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { verifyLog } from '../../../src/verify/verify-log.ts';
import { refusalOf } from '../../config/temporary.ts';
import { alice, anna, bob, by, decidingToys, fileWith, signerOf } from './people.ts';

let app: Composition;
let store: EmbeddedStore;
beforeEach(async () => {
  ({ app, store } = await decidingToys());
});
afterEach(() => store.close());

const adopt: DecisionPayload = { type: 'adopt-control', controls: ['AC-03'] };
const problemsOf = async (work: () => unknown) => (await refusalOf(work)).problems.map(({ message }) => message);
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

describe('a decision', () => {
  it('that is signed says who, over which head, and counts', async () => {
    const recorded = await recordDecision(app, store, { ...by(alice), payload: adopt, reason: 'ours' });
    expect(recorded).toMatchObject({
      actor: { name: 'Alice', authentication: 'personal-key', person: 'alice' },
      subjects: ['AC-03'],
      reason: 'ours',
      payload: adopt,
      needsApproval: false,
      ended: null,
    });
    const said = JSON.parse(recorded.signature!.signedText);
    expect(said).toMatchObject({ origin: store.origin, person: 'alice', head: { size: recorded.index }, payload: adopt });
    expect(store.checkpoints().find(({ size }) => size === said.head.size)?.root).toBe(said.head.root);
    await store.checkpoint();
    const claims = (await verifyLog(store)).claims;
    expect(claims.find(({ claim }) => claim === 'decisions')?.findings).toHaveLength(1);
  });
  it('that is not signed is under a name, and authenticated by nothing', async () => {
    const recorded = await recordDecision(app, store, { actor: { name: 'alice' }, payload: adopt, reason: 'ours' });
    expect(recorded.actor).toEqual({ name: 'alice', authentication: 'none', person: null });
    expect(recorded.signature).toBe(null);
  });
  it('is refused with everything that is wrong, and then nothing is written', async () => {
    const size = store.size();
    expect(await problemsOf(() => recordDecision(app, store, { payload: adopt, reason: ' ' }))).toEqual([
      'say why: a decision has a reason',
      'either a name or a key decides',
    ]);
    expect(
      await problemsOf(() =>
        recordDecision(app, store, {
          actor: { name: 'x' },
          payload: { type: 'adopt-control', controls: Array.from({ length: 501 }, String) },
          reason: 'x'.repeat(2001),
        }),
      ),
    ).toHaveLength(2);
    expect(
      await problemsOf(() =>
        recordDecision(app, store, {
          actor: { name: 'x' },
          payload: { type: 'register-person', person: { id: 'UPPER', name: '', roles: [], keys: [] } },
          reason: 'x',
        }),
      ),
    ).toHaveLength(4);
    expect(store.size()).toBe(size);
  });
  it.each([
    ['an unregistered person', () => ({ signer: signerOf(alice, 'mallory') }), /"mallory" is not a registered person/],
    ["another's key", () => ({ signer: signerOf(bob, 'alice') }), /is not registered to "alice": it is a key of "bob"/],
    ['the auditor', () => by(anna), /auditor alone/],
    [
      'a key that signs something else',
      () => ({ signer: { ...signerOf(alice), sign: (text: string) => signerOf(alice).sign(`${text} `) } }),
      /over something else/,
    ],
    [
      'a signature of before',
      () => {
        const old = readDecisions(store).find(({ signature }) => signature !== null)!.signature!;
        return { signer: { ...signerOf(alice), sign: async () => old.sshsig } };
      },
      /over something else/,
    ],
  ])('by %s is refused and not written', async (_, who, expected) => {
    const size = store.size();
    const problems = await problemsOf(() => recordDecision(app, store, { ...who(), payload: adopt, reason: 'x' }));
    expect(problems.join('\n')).toMatch(expected);
    expect(store.size()).toBe(size);
  });
  it('of a revoked person is refused from then on, and his former ones stand', async () => {
    const before = await recordDecision(app, store, { ...by(bob), payload: adopt, reason: 'x' });
    await recordDecision(app, store, {
      ...by(alice),
      payload: { type: 'revoke-person', person: 'bob', key: null, from: app.now() },
      reason: 'left',
    });
    expect((await problemsOf(() => recordDecision(app, store, { ...by(bob), payload: adopt, reason: 'x' }))).join()).toMatch(
      /is revoked from/,
    );
    expect(readDecisions(store).some(({ index }) => index === before.index)).toBe(true);
    expect(readRegister(store).refused).toEqual([]);
  });
  it('that two people make at once is made once', async () => {
    const asked = await recordDecision(app, store, {
      ...by(alice),
      payload: { type: 'dispose', deviation: 'D-AC-03-00000000', disposition: 'false-positive', cause: null },
      reason: 'the source was wrong',
    });
    expect(asked.needsApproval).toBe(true);
    const approval = () => recordDecision(app, store, { ...by(bob), payload: { type: 'approve', of: asked.index }, reason: 'seen' });
    const both = await Promise.allSettled([approval(), approval()]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readDecisions(store).find(({ index }) => index === asked.index)?.approval?.actor.person).toBe('bob');
    expect(readRegister(store).refused).toEqual([]);
  });
});

it('what waits, ends soon or does not count is for the doctor to say', async () => {
  const before = registerFindings(store, app.now());
  expect(before).toEqual([]);
  const asked = await recordDecision(app, store, {
    ...by(alice),
    payload: {
      type: 'waive',
      waiver: {
        id: 'W-00000001',
        kind: 'waiver',
        control: null,
        scope: [{ check: 'toy/door-is-locked' }],
        reason: 'x',
        from: app.now(),
        expires: new Date(Date.parse(app.now()) + 20 * 86_400_000).toISOString(),
        compensatingControl: null,
      },
    },
    reason: 'x',
  });
  expect(registerFindings(store, app.now()).map(({ level, message }) => `${level} ${message}`)).toEqual([
    `note entry ${asked.index}, waive by Alice, waits for a second person and is not in force`,
  ]);
  await recordDecision(app, store, { ...by(bob), payload: { type: 'approve', of: asked.index }, reason: 'x' });
  expect(registerFindings(store, app.now())).toEqual([]);
  const later = new Date(Date.parse(app.now()) + 10 * 86_400_000).toISOString();
  expect(registerFindings(store, later)[0]).toMatchObject({ level: 'warning', message: expect.stringContaining('W-00000001 ends at') });
  const detail = await store.putBlob('decision', { v: 1, payload: adopt, signature: null });
  const actor = { name: 'Alice', authentication: 'personal-key' as const };
  await store.append<'decision'>({ kind: 'decision', actor, decision: 'adopt-control', subjects: [], reason: 'x', detail });
  expect(registerFindings(store, app.now())).toEqual([
    expect.objectContaining({ level: 'problem', message: expect.stringContaining('carries no signature') }),
  ]);
});

describe('a key file', () => {
  const register = async (line: string) =>
    recordDecision(app, store, {
      ...by(alice),
      payload: { type: 'register-person', person: { id: 'carol', name: 'Carol', roles: ['reviewer'], keys: [line] } },
      reason: 'x',
    });
  it('in PEM signs in this process', async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const signer = openSigner('carol', fileWith(pem));
    expect((await problemsOf(() => recordDecision(app, store, { signer, payload: adopt, reason: 'x' }))).join()).toContain(
      '"carol" is not',
    );
  });
  it.runIf(hasKeygen)('of OpenSSH signs through ssh-keygen', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'proofline-people-'));
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'carol')]);
    const [key] = readPublicKeys([{ file: 'carol.pub', text: readFileSync(join(directory, 'carol.pub'), 'utf8') }]);
    await register(key!.line);
    const recorded = await recordDecision(app, store, {
      signer: openSigner('carol', join(directory, 'carol')),
      payload: adopt,
      reason: 'x',
    });
    expect(recorded.actor.person).toBe('carol');
    expect(recorded.signature?.key).toBe(key!.fingerprint);
  });
  it('that is none, or is not there, is refused by name', async () => {
    const code = async (work: () => unknown) => (await refusalOf(work)).code;
    expect(await code(() => openSigner('carol', fileWith('hello')))).toBe('key-refused');
    expect(await code(() => openSigner('carol', '/nowhere/key'))).toBe('key-missing');
    expect(await code(() => openSigner('carol', fileWith('-----BEGIN OPENSSH PRIVATE KEY-----\nx\n')))).toBe('key-missing');
    const both = await refusalOf(() =>
      readPublicKeys([
        { file: 'a.pub', text: 'x' },
        { file: 'b.pub', text: 'y' },
      ]),
    );
    expect(both.problems.map(({ file }) => file)).toEqual(['a.pub', 'b.pub']);
  });
});

it('a bug in a signer stays a bug', async () => {
  const signer = { ...signerOf(alice), sign: () => Promise.reject(new TypeError('a bug')) };
  await expect(recordDecision(app, store, { signer, payload: adopt, reason: 'x' })).rejects.not.toBeInstanceOf(ProoflineError);
});
