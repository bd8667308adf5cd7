import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { type EvidenceOptions, writeEvidence } from '../../src/bundle/write-evidence.ts';
import { defaultRuler } from '../../src/config/engagements.ts';
import { rankOf } from '../../src/history/draw-sample.ts';
import { compareRulers } from '../../src/model/compare-rulers.ts';
import type { DecisionPayload, DocumentRecord, Mitigation, PopulationRecord, Waiver } from '../../src/model/decision.ts';
import type { Period, Ruler } from '../../src/model/engagement.ts';
import { readDecisions, readRegister } from '../../src/run/decisions/read-decisions.ts';
import type { Claim } from '../../src/verify/report.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import vectors from '../golden/vectors/ssh-signatures.json' with { type: 'json' };
import { type Deceit, Decider, decide } from './deciding.ts';
import { LogBuilder, uploadOf } from './log-builder.ts';
import { type PythonClaim, PythonVerifier } from './python-verifier.ts';
import { has } from './time-authority.ts';

const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'proofline-decisions-'));
let exports = 0;
afterAll(() => {
  python?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const alice = new Decider('alice', 11);
const bob = new Decider('bob', 12);
const anna = new Decider('anna', 13, ['auditor']);
const mallory = new Decider('mallory', 14);

/** What both verifiers say of the decisions of a log; they must agree. */
async function decisionsOf(log: LogBuilder, part: Partial<EvidenceOptions> = {}): Promise<Claim> {
  log.checkpoint();
  const directory = join(scratch, `export-${exports++}`);
  writeEvidence(log, directory, { generatedAt: '2026-02-01T00:00:00.000Z', signNote: (text) => log.signNote(text), ...part });
  const files = openDirectory(directory);
  const { claims } = await verifyExport(files, { vkey: log.keys[0]!.vkey });
  files.close();
  if (python !== undefined) {
    const theirs = await python.ask<PythonClaim[]>({ directory, vkey: log.keys[0]!.vkey });
    const results = (all: readonly { claim: string; result: string }[]) => all.map(({ claim, result }) => `${claim} ${result}`);
    expect(results(theirs), JSON.stringify([claims, theirs], null, 1)).toEqual(results(claims));
  }
  expect(claims.filter(({ claim, result }) => result === 'FAIL' && claim !== 'decisions')).toEqual([]);
  return claims.find(({ claim }) => claim === 'decisions')!;
}

const register = (who: Decider): DecisionPayload => ({ type: 'register-person', person: who.person });
const revoke = (who: Decider, from: string, key: string | null = null): DecisionPayload => ({
  type: 'revoke-person',
  person: who.person.id,
  key,
  from,
});
const waive = (id = 'W-00000001', patch: Partial<Waiver> = {}): DecisionPayload => ({
  type: 'waive',
  waiver: {
    id,
    kind: 'waiver',
    control: 'AC-03',
    scope: [{ check: 'aws/root-user-has-mfa' }],
    reason: 'the token is on its way',
    from: '2026-01-01T00:00:00.000Z',
    expires: '2026-03-01T00:00:00.000Z',
    compensatingControl: null,
    ...patch,
  },
});
const mitigate = (patch: Partial<Mitigation> = {}): DecisionPayload => ({
  type: 'mitigate',
  mitigation: {
    id: 'M-00000001',
    rule: 'SOD-01',
    persons: null,
    control: 'CM-02',
    check: { id: 'github/change-approved-by-another', source: null, subject: null },
    owner: 'bob',
    reason: 'three people',
    from: '2026-01-01T00:00:00.000Z',
    expires: '2026-03-01T00:00:00.000Z',
    ...patch,
  },
});
const startReview: DecisionPayload = {
  type: 'start-review',
  review: {
    id: 'q/2026-q1',
    definition: 'q',
    occasion: '2026-q1',
    systems: [{ system: 'github:9919', collections: [1], accounts: 1, lines: 1, complete: true, reconciliation: [], since: null }],
    count: 1,
    digest: `sha256:${'0'.repeat(64)}`,
    opened: '2026-01-01T00:00:00.000Z',
    due: '2026-01-15T00:00:00.000Z',
  },
};
const decideReview = (...lines: string[]): DecisionPayload => ({
  type: 'decide-review',
  review: 'q/2026-q1',
  lines: lines.map((line) => ({ line, decision: 'keep', reason: '', expires: null })),
  file: null,
  secondsPerLine: 1.5,
});
const addDocument = (upload: number, patch: Partial<DocumentRecord> = {}): DecisionPayload => ({
  type: 'add-document',
  document: {
    id: 'D-00000001',
    type: 'policy',
    title: 'Access policy',
    upload,
    controls: ['GV-01'],
    effective: '2026-01-01',
    covers: { from: '2026-01-01', to: '2026-12-31' },
    providedBy: 'Board',
    obtained: 'by mail',
    supersedes: null,
    facts: { version: '3' },
    ...patch,
  },
});
const approve = (of: number): DecisionPayload => ({ type: 'approve', of });
const adopt: DecisionPayload = { type: 'adopt-control', controls: ['AC-03'] };
const period: Period = {
  v: 1,
  id: 'soc2-2025',
  engagement: {
    id: 'soc2',
    report: 'soc2',
    type: 2,
    trustServices: ['security'],
    objectives: [],
    systems: [],
    commitments: [],
    subserviceOrganisations: [],
    cuecs: [],
    recipients: [],
    redaction: { withholdItemsOf: [], maskNames: false },
    ruler: {},
  },
  start: '2025-10-01',
  end: '2025-12-31',
  zone: 'Europe/Berlin',
  from: '2025-09-30T22:00:00.000Z',
  to: '2025-12-31T23:00:00.000Z',
  cutOff: null,
  ruler: defaultRuler,
  plan: 0,
};
const tighter = { ...defaultRuler, sla: { ...defaultRuler.sla, high: { hours: 48 } } };
const looser = { ...defaultRuler, flappingWithin: 'P2D', sla: { ...defaultRuler.sla, low: { hours: 48 } } };
const loosens = ['flappingWithin: PT24H becomes P2D', 'sla.low: 30 business days become 48 hours (not comparable: taken for loosening)'];
const amend = (ruler: Ruler = looser, said = loosens): DecisionPayload => ({
  type: 'amend-period',
  period: period.id,
  ruler,
  loosens: said,
  tightens: ruler === tighter ? ['sla.high: 72 hours become 48 hours'] : [],
});

const noRows = `sha256:${'0'.repeat(64)}`;
const freeze = (change: Partial<PopulationRecord> = {}): DecisionPayload => ({
  type: 'freeze-population',
  population: {
    id: 'p',
    period: period.id,
    title: 'Changes',
    collector: 'toy/changes',
    collections: [],
    scopes: [],
    from: period.from,
    to: period.to,
    final: true,
    complete: true,
    count: 3,
    digest: noRows,
    reconciliation: [],
    ...change,
  },
});
const drawn = (...ids: string[]) =>
  ids.map((id) => ({ id, rank: rankOf('7', id) })).sort((left, right) => (left.rank < right.rank ? -1 : 1));
const draw = (change: Partial<Extract<DecisionPayload, { type: 'draw-sample' }>> = {}): DecisionPayload => {
  const selection = change.selection ?? drawn('a', 'b');
  return { type: 'draw-sample', population: 'p', digest: noRows, seed: '7', size: selection.length, selection, ...change };
};

/** Everybody is registered. */
function people(): LogBuilder {
  const log = new LogBuilder();
  decide(log, 'root', register(alice));
  log.wait(60);
  decide(log, alice, register(bob));
  decide(log, alice, register(anna));
  return log.wait(60);
}

describe('decisions that count', () => {
  it('are signed by who is registered, two people where two are needed', async () => {
    const log = people();
    const asked = decide(log, alice, waive());
    decide(log, bob, approve(asked));
    decide(log, alice, { type: 'open-period', period });
    decide(log, bob, amend(tighter, []));
    decide(log, alice, { type: 'end-waiver', waiver: 'W-00000001' });
    decide(log, alice, freeze());
    decide(log, bob, freeze({ id: 'p.2', supersedes: 'p', digest: `sha256:${'1'.repeat(64)}` }));
    decide(log, anna, draw());
    decide(log, anna, draw({ selection: drawn('a', 'b', 'c').toReversed(), strata: 'month' }));
    decide(log, alice, { type: 'close-period', period: period.id, cutOff: '2026-01-01T00:00:00.000Z', reportDate: null });
    const claim = await decisionsOf(log);
    // The first person had nobody to vouch for him.
    expect(claim).toMatchObject({
      result: 'WARN',
      findings: [{ entry: 1, message: 'register-person by "root": identity not authenticated' }],
    });
    const decisions = readDecisions(log);
    expect(decisions).toHaveLength(13);
    expect(decisions.find(({ index }) => index === asked)?.approval?.actor).toEqual({
      name: 'Bob',
      authentication: 'personal-key',
      person: 'bob',
    });
  });
  it.each(vectors.signatures)('may be signed with a key of type $type: both verifiers check the key of its line', async ({ publicKey }) => {
    const log = new LogBuilder();
    decide(log, 'root', { type: 'register-person', person: { ...alice.person, keys: [publicKey, ...alice.person.keys] } });
    decide(log, alice, adopt);
    expect((await decisionsOf(log)).result).toBe('WARN');
  });
  it('are of a log without any', async () => {
    const claim = await decisionsOf(new LogBuilder());
    expect(claim.result).toBe('PASS');
  });
  it('may be unsigned, and are then called so', async () => {
    const log = new LogBuilder();
    const asked = decide(log, 'Alice', waive());
    decide(log, 'Bob', approve(asked));
    const claim = await decisionsOf(log);
    expect(claim.result).toBe('WARN');
    expect(claim.findings.map(({ message }) => message)).toEqual([
      'waive by "Alice": identity not authenticated',
      'approve by "Bob": identity not authenticated',
      'requester and approver were told apart by their names alone: identity not authenticated',
    ]);
  });
  it('are those of releases before, of which only names are known', async () => {
    const log = new LogBuilder();
    log.append({
      kind: 'decision',
      actor: { name: 'root', authentication: 'none' },
      decision: 'adopt-control',
      subjects: ['AC-03'],
      reason: 'r',
      detail: null,
    });
    expect((await decisionsOf(log)).result).toBe('WARN');
    expect(readDecisions(log)[0]?.payload).toEqual(adopt);
  });
  it('come along with every part, whatever time they were made at', async () => {
    const log = people();
    const asked = decide(log, alice, waive());
    const from = log.size();
    log.collection({ items: {} });
    const to = log.size();
    decide(log, bob, approve(asked));
    const claim = await decisionsOf(log, { from, to });
    expect(claim.result).toBe('WARN');
    expect(claim.findings).toHaveLength(1);
  });
});

type Case = readonly [name: string, write: (log: LogBuilder) => unknown, expected: RegExp];
const deceived =
  (deceit: Deceit, payload = adopt) =>
  (log: LogBuilder) =>
    decide(log, alice, payload, deceit);
const cases: readonly Case[] = [
  ['a person nobody registered', (log) => decide(log, mallory, adopt), /"mallory" is not a registered person/],
  ["another's key", deceived({ key: bob.key }), /is not registered to "alice": it is a key of "bob"/],
  ['an unknown key', deceived({ key: mallory.key }), /is not registered to "alice"/],
  [
    "another's name",
    deceived({ statement: { actor: { name: 'Bob', authentication: 'personal-key' } } }),
    /names "Bob".*registered as "Alice"/,
  ],
  ['another log', deceived({ said: { origin: 'evidence.example/other' } }), /signed for another log/],
  ['the demonstration', deceived({ said: { origin: 'proofline.log/demonstration/acme' } }), /signed for another log/],
  ['another head', deceived({ said: { head: { size: 1, root: `${'A'.repeat(43)}=` } } }), /not a head of this log/],
  [
    'a head that was no checkpoint',
    (log) => decide(log, alice, adopt, { said: { head: { size: 2, root: log.checkpoint().root } } }),
    /not a head/,
  ],
  [
    'a head of the future',
    (log) => decide(log, alice, adopt, { said: { head: { size: 99, root: log.checkpoint().root } } }),
    /signed over 99 entries/,
  ],
  ['another namespace', deceived({ namespace: 'file' }), /for the namespace "file"/],
  ['another reason than signed', deceived({ statement: { reason: 'something else' } }), /another decision than the one recorded/],
  ['other subjects than signed', deceived({ statement: { subjects: ['AC-99'] } }), /another decision than the one recorded/],
  [
    'another payload than signed',
    deceived({ detail: { payload: { type: 'adopt-control', controls: ['AC-99'] } } }),
    /another decision than the one recorded/,
  ],
  ['another kind than signed', deceived({ statement: { decision: 'retire-control' } }), /of a decision of kind "adopt-control"/],
  ['another key than named', deceived({ signature: { key: bob.fingerprint } }), /names the key/],
  ['a text that was changed', deceived({ signature: { signedText: '{}' } }), /over something else/],
  ['no signature at all', deceived({ signature: { sshsig: 'x' } }), /not an SSH signature/],
  ['a signature that is left out', deceived({ detail: { signature: null } }), /carries no signature/],
  [
    'a signature that is not owned to',
    deceived({ statement: { actor: { name: 'Alice', authentication: 'none' } } }),
    /says that nobody was authenticated/,
  ],
  [
    'a schedule',
    (log) => decide(log, 'cron', adopt, { statement: { actor: { name: 'cron', authentication: 'schedule' } } }),
    /a schedule decides nothing/,
  ],
  ['the future', deceived({ said: { signedAt: '2026-12-31T00:00:00.000Z' } }), /signed after it was recorded/],
  [
    'a nonce twice',
    (log) => {
      decide(log, alice, adopt, { said: { nonce: 'once' } });
      decide(log, alice, adopt, { said: { nonce: 'once' } });
    },
    /nonce was used before/,
  ],
  ['his own approval', (log) => decide(log, alice, approve(decide(log, alice, waive()))), /one person on both sides/],
  [
    'his own approval under a name',
    (log) => decide(log, 'ALICE ', approve(decide(log, 'alice', waive()))),
    /one person on both sides.*name alone/,
  ],
  ['his own approval without his key', (log) => decide(log, 'Alice', approve(decide(log, alice, waive()))), /one person on both sides/],
  ["the auditor's approval", (log) => decide(log, anna, approve(decide(log, alice, waive()))), /auditor alone/],
  ['an adoption by the auditor', (log) => decide(log, anna, adopt), /auditor alone/],
  ['a sample drawn by management', (log) => decide(log, alice, draw()), /not registered as auditor/],
  ['a sample drawn by nobody', (log) => decide(log, 'anna', draw()), /drawn by the auditor/],
  ['a sample of what was never frozen', (log) => decide(log, anna, draw()), /was not frozen before/],
  [
    'a sample of another digest',
    (log) => [decide(log, alice, freeze({ digest: `sha256:${'1'.repeat(64)}` })), decide(log, anna, draw())],
    /with another digest/,
  ],
  [
    'a sample that is not what the seed gives',
    (log) => [decide(log, alice, freeze()), decide(log, anna, draw({ seed: '8' }))],
    /is not what the seed gives/,
  ],
  [
    'a sample out of order',
    (log) => [decide(log, alice, freeze()), decide(log, anna, draw({ selection: drawn('a', 'b').toReversed() }))],
    /not in the order of their ranks/,
  ],
  [
    'a row drawn twice',
    (log) => [decide(log, alice, freeze()), decide(log, anna, draw({ selection: drawn('a', 'a') }))],
    /names a row twice/,
  ],
  ['a sample of more than there is', (log) => [decide(log, alice, freeze({ count: 1 })), decide(log, anna, draw())], /a sample of 2 of 1/],
  ['a population that is frozen twice', (log) => [decide(log, alice, freeze()), decide(log, bob, freeze())], /is frozen already/],
  ['a version of nothing', (log) => decide(log, alice, freeze({ supersedes: 'q' })), /which was not frozen/],
  [
    'a version of another period’s',
    (log) => [decide(log, alice, freeze()), decide(log, bob, freeze({ id: 'p.2', supersedes: 'p', period: 'other' }))],
    /of a population of the period/,
  ],
  ['an approval of what takes one', (log) => decide(log, bob, approve(decide(log, alice, adopt))), /without a second person/],
  ['an approval of nothing', (log) => decide(log, bob, approve(0)), /not an earlier decision/],
  [
    'a second approval',
    (log) => {
      const asked = decide(log, alice, waive());
      decide(log, bob, approve(asked));
      decide(log, bob, approve(asked));
    },
    /was approved by entry/,
  ],
  [
    'an approval of what was refused',
    (log) => {
      const asked = decide(log, alice, waive());
      decide(log, bob, { type: 'refuse', of: asked });
      decide(log, bob, approve(asked));
    },
    /was refused or withdrawn/,
  ],
  ["a withdrawal of another's", (log) => decide(log, bob, { type: 'withdraw', of: decide(log, alice, waive()) }), /only he can/],
  ['a key registered twice', (log) => decide(log, alice, register(new Decider('carol', 12))), /is registered to "bob"/],
  [
    'a registration without a key',
    (log) => decide(log, alice, { type: 'register-person', person: { ...mallory.person, keys: ['x'] } }),
    /OpenSSH public key/,
  ],
  ['new keys for another that nobody signed', (log) => decide(log, 'root', register(bob)), /registered already: his keys and roles change/],
  [
    'a revocation that reaches back and is not signed',
    (log) => decide(log, 'root', revoke(bob, '2025-01-01T00:00:00.000Z')),
    /only a decision that is signed reaches back|does not reach back/,
  ],
  [
    'a registration by somebody who is not management',
    (log) => {
      decide(log, alice, register(new Decider('carol', 15, ['control-owner'])));
      decide(log, new Decider('carol', 15), register(mallory));
    },
    /not registered as management/,
  ],
  [
    'a role that somebody gives himself',
    (log) => {
      decide(log, alice, register(new Decider('carol', 15, ['control-owner'])));
      decide(log, new Decider('carol', 15), register(new Decider('carol', 15, ['control-owner', 'management'])));
    },
    /not registered as management/,
  ],
  ['a revocation of nobody', (log) => decide(log, alice, revoke(mallory, '2026-01-01T00:00:00.000Z')), /not a registered person/],
  [
    "a revocation of another's key",
    (log) => decide(log, alice, revoke(bob, '2026-01-01T00:00:00.000Z', alice.fingerprint)),
    /is not registered to "bob"/,
  ],
  ['a waiver twice', (log) => decide(log, alice, waive(`W-0000000${decide(log, alice, waive()) && 1}`)), /is there already/],
  [
    'a waiver that ends first',
    (log) => decide(log, alice, waive('W-00000002', { expires: '2025-01-01T00:00:00.000Z' })),
    /expires before it begins/,
  ],
  [
    'a mitigation twice',
    (log) => {
      decide(log, alice, mitigate());
      decide(log, bob, mitigate());
    },
    /is there already/,
  ],
  [
    'a mitigation that ends first',
    (log) => decide(log, alice, mitigate({ expires: '2025-01-01T00:00:00.000Z' })),
    /expires before it begins/,
  ],
  ['an approval of his own mitigation', (log) => decide(log, alice, approve(decide(log, alice, mitigate()))), /one person on both sides/],
  ['an end of no mitigation', (log) => decide(log, alice, { type: 'end-mitigation', mitigation: 'M-9' }), /no mitigation "M-9"/],
  [
    'a review started twice',
    (log) => {
      decide(log, alice, startReview);
      decide(log, alice, startReview);
    },
    /was started already/,
  ],
  ['lines of no review', (log) => decide(log, alice, decideReview('L1')), /was not started/],
  [
    'a line named twice',
    (log) => {
      decide(log, alice, startReview);
      decide(log, bob, decideReview('L1', 'L1'));
    },
    /names a line twice/,
  ],
  [
    'lines of a review that is closed',
    (log) => {
      decide(log, alice, startReview);
      decide(log, alice, { type: 'close-review', review: 'q/2026-q1' });
      decide(log, bob, { type: 'assign-review', review: 'q/2026-q1', assignments: [{ reviewer: 'bob', lines: ['L1'] }] });
    },
    /is closed/,
  ],
  ['a document that was not uploaded', (log) => decide(log, alice, addDocument(1)), /is not an earlier upload/],
  [
    'a document that is uploaded later',
    (log) => {
      log.append(uploadOf(log, 'x'));
      decide(log, alice, addDocument(log.size() + 5));
    },
    /is not an earlier upload/,
  ],
  [
    'a document in place of none',
    (log) => {
      log.append(uploadOf(log, 'x'));
      decide(log, alice, addDocument(log.size() - 1, { supersedes: 'D-9' }));
    },
    /takes the place of "D-9"/,
  ],
  [
    'an approval of his own document',
    (log) => {
      log.append(uploadOf(log, 'x'));
      decide(log, alice, approve(decide(log, alice, addDocument(log.size() - 1))));
    },
    /one person on both sides/,
  ],
  ['an end of no waiver', (log) => decide(log, alice, { type: 'end-waiver', waiver: 'W-9' }), /no waiver "W-9"/],
  [
    'a loosening that is not owned to',
    (log) => {
      decide(log, alice, { type: 'open-period', period });
      decide(log, alice, amend(looser, []));
    },
    /not what the ruler before and the ruler after give/,
  ],
  [
    'a period twice',
    (log) => {
      decide(log, alice, { type: 'open-period', period });
      decide(log, alice, { type: 'open-period', period });
    },
    /is open already/,
  ],
  [
    'a period closed before its end',
    (log) => {
      decide(log, alice, { type: 'open-period', period: { ...period, to: '2026-12-31T00:00:00.000Z' } });
      decide(log, alice, { type: 'close-period', period: period.id, cutOff: '2026-12-31T00:00:00.000Z', reportDate: null });
    },
    /had not ended yet/,
  ],
  [
    'an amendment of a closed period',
    (log) => {
      decide(log, alice, { type: 'open-period', period });
      decide(log, alice, { type: 'close-period', period: period.id, cutOff: '2026-01-01T00:00:00.000Z', reportDate: null });
      decide(log, alice, amend());
    },
    /is closed/,
  ],
  [
    'an approval of a loosening after the period was closed',
    (log) => {
      decide(log, alice, { type: 'open-period', period });
      const of = decide(log, alice, amend());
      decide(log, alice, { type: 'close-period', period: period.id, cutOff: '2026-01-01T00:00:00.000Z', reportDate: null });
      decide(log, bob, { type: 'approve', of });
    },
    /is closed/,
  ],
  [
    'an approval of a loosening that would by now undo what was tightened since',
    (log) => {
      decide(log, alice, { type: 'open-period', period });
      const of = decide(log, alice, amend());
      decide(log, alice, amend(tighter, []));
      decide(log, bob, { type: 'approve', of });
    },
    /not what the ruler before and the ruler after give/,
  ],
  ['an amendment of no period', (log) => decide(log, alice, amend()), /there is no period/],
  [
    'something that is nowhere written',
    (log) => decide(log, 'root', adopt, { statement: { decision: 'scope', detail: null } }),
    /has no detail/,
  ],
];

describe('decisions on people, duties, reviews, records and documents', () => {
  it('are understood alike by both verifiers', async () => {
    const log = people();
    const upload = log.size();
    log.append(uploadOf(log, 'policy'));
    decide(log, alice, { type: 'link-account', link: { account: 'github:9919/member/U_1', to: { kind: 'person', person: 'hr:E-1' } } });
    decide(log, alice, {
      type: 'link-account',
      link: { account: 'github:9919/member/U_2', to: { kind: 'service-account', serviceAccount: 'ci' } },
    });
    decide(log, alice, { type: 'link-account', link: { account: 'github:9919/member/U_3', to: { kind: 'nobody' } } });
    const serviceAccount = { id: 'ci', accounts: ['github:9919/member/U_2'], owner: 'hr:E-1', purpose: 'builds', expires: '2026-12-31' };
    decide(log, alice, { type: 'register-service-account', serviceAccount });
    decide(log, bob, approve(decide(log, alice, mitigate())));
    decide(log, alice, { type: 'end-mitigation', mitigation: 'M-00000001' });
    decide(log, alice, startReview);
    decide(log, alice, { type: 'assign-review', review: 'q/2026-q1', assignments: [{ reviewer: 'bob', lines: ['L1'] }] });
    decide(log, bob, decideReview('L1'));
    decide(log, alice, { type: 'close-review', review: 'q/2026-q1' });
    const explained: DecisionPayload = {
      type: 'explain-record',
      examination: 'PAY-1',
      record: 'P-1',
      explanation: 'a typo',
      expires: null,
    };
    decide(log, bob, approve(decide(log, alice, explained)));
    decide(log, bob, approve(decide(log, alice, addDocument(upload))));
    const { result, detail } = await decisionsOf(log);
    expect(detail).toContain('identity not authenticated');
    expect(result).toBe('WARN');
    expect(readRegister(log).refused).toEqual([]);
  });
});

describe('a decision is caught by both verifiers and not taken', () => {
  it.each(cases)('that rests on %s', async (_, write, expected) => {
    const log = people();
    write(log);
    const { result, detail, findings } = await decisionsOf(log);
    expect(detail).toMatch(expected);
    expect(result).toBe('FAIL');
    expect(findings.map(({ entry }) => entry)).toEqual([log.size() - 1]);
    const { refused, decisions } = readRegister(log);
    expect(refused.map(({ index }) => index)).toEqual([log.size() - 1]);
    expect(decisions.some(({ index }) => index === log.size() - 1)).toBe(false);
  });
});

describe('revocations, in the order of time', () => {
  it('leave what was signed before, and stop what is signed after', async () => {
    const log = people();
    const before = decide(log, bob, adopt);
    log.wait(60);
    decide(log, alice, revoke(bob, log.now()));
    log.wait(60);
    const after = decide(log, bob, adopt);
    const { findings, detail } = await decisionsOf(log);
    expect(findings.map(({ entry }) => entry)).toEqual([after]);
    expect(detail).toMatch(/is revoked from .* on \(entry/);
    expect(readDecisions(log).some(({ index }) => index === before)).toBe(true);
  });
  it('may reach back: what was signed since does not count either, nor what rested on it', async () => {
    const log = people();
    const asked = decide(log, alice, waive());
    log.wait(60);
    const stolen = log.now();
    log.wait(60);
    const approved = decide(log, bob, approve(asked));
    log.wait(60);
    expect(readDecisions(log).find(({ index }) => index === asked)?.approval?.index).toBe(approved);
    decide(log, alice, revoke(bob, stolen));
    expect((await decisionsOf(log)).findings.map(({ entry }) => entry)).toEqual([approved]);
    expect(readDecisions(log).find(({ index }) => index === asked)?.approval).toBe(null);
  });
  it('count when the key itself gives itself up', async () => {
    const log = people();
    decide(log, bob, revoke(bob, '2025-01-01T00:00:00.000Z', bob.fingerprint));
    expect((await decisionsOf(log)).result).toBe('WARN');
    expect(readRegister(log).persons.find(({ person }) => person.id === 'bob')?.keys[0]?.revokedFrom).toBe('2025-01-01T00:00:00.000Z');
  });
  it('that a revoked key made of others are void, and what they stopped counts again', async () => {
    const log = people();
    decide(log, alice, register(mallory));
    log.wait(60);
    const stolen = log.now();
    const theft = decide(log, bob, revoke(alice, stolen));
    log.wait(60);
    const adopted = decide(log, alice, adopt);
    decide(log, mallory, revoke(bob, stolen));
    const { findings } = await decisionsOf(log);
    expect(findings.map(({ entry }) => entry)).toEqual([theft]);
    expect(readDecisions(log).some(({ index }) => index === adopted)).toBe(true);
  });
  it('may lie ahead', async () => {
    const log = people();
    decide(log, alice, revoke(bob, '2027-01-01T00:00:00.000Z'));
    decide(log, bob, adopt);
    expect((await decisionsOf(log)).result).toBe('WARN');
  });
  it('are for ever: a revoked key is not registered again, another is', async () => {
    const log = people();
    decide(log, alice, revoke(bob, log.now()));
    log.wait(60);
    const again = decide(log, alice, register(bob));
    const { findings } = await decisionsOf(log);
    expect(findings.map(({ entry }) => entry)).toEqual([again]);
    const renewed = { ...bob.person, keys: [...new Decider('bob', 22).person.keys] };
    decide(log, alice, { type: 'register-person', person: renewed });
    const byNew = decide(log, bob, adopt, { key: new Decider('bob', 22).key });
    expect(readDecisions(log).some(({ index }) => index === byNew)).toBe(true);
  });
});

it('an erased decision is a warning: what it was cannot be known', async () => {
  const log = people();
  decide(log, 'root', adopt);
  const detail = log.putBlob('decision', { v: 1, payload: { type: 'retire-control', controls: ['GV-01'] }, signature: null });
  const index = log.append({
    kind: 'decision',
    actor: { name: 'root', authentication: 'none' },
    decision: 'retire-control',
    subjects: [],
    reason: 'r',
    detail,
  });
  log.erase([detail]);
  const claim = await decisionsOf(log);
  expect(claim.result).toBe('WARN');
  expect(claim.findings.find(({ entry }) => entry === index)?.message).toMatch(/its detail is erased/);
});

const script = `
import json, sys
sys.path.insert(0, 'src/verify'); sys.dont_write_bytecode = True
from verify_export import Wrong, compare_rulers, fingerprint, ssh_line, ssh_signed
asked = json.load(sys.stdin)
def key(message, signature):
    try: return fingerprint(ssh_signed(message.encode(), signature))
    except Wrong as error: return str(error)
print(json.dumps({'keys': [key(*one) for one in asked['signatures']], 'lines': [fingerprint(ssh_line(one)) for one in asked['lines']],
                  'rulers': [compare_rulers(*one) for one in asked['rulers']]}))
`;
const askPython = (question: unknown): { keys: string[]; lines: string[]; rulers: [string[], string[]][] } =>
  JSON.parse(spawnSync('python3', ['-c', script], { input: JSON.stringify(question), encoding: 'utf8' }).stdout);

describe.runIf(python !== undefined)('the independent verifier', () => {
  it('checks signatures of every kind of key by itself', () => {
    const { signatures, untouched } = vectors;
    const answer = askPython({
      signatures: [
        ...signatures.map(({ message, signature }) => [message, signature]),
        ...signatures.map(({ message, signature }) => [`${message} `, signature]),
        [untouched.message, untouched.signature],
      ],
      lines: signatures.map(({ publicKey }) => publicKey),
      rulers: [],
    });
    const fingerprints = signatures.map(({ fingerprint }) => fingerprint);
    expect(answer.lines).toEqual(fingerprints);
    expect(answer.keys.slice(0, signatures.length)).toEqual(fingerprints);
    expect(answer.keys.slice(signatures.length, -1)).toEqual(
      signatures.map(() => 'the signature is over something else, or was not made by its key'),
    );
    expect(answer.keys.at(-1)).toBe('the security key was not touched');
  });
  it('says of any two rulers what this one says', () => {
    const duration = fc.constantFrom('PT24H', 'P1D', 'PT36H', 'P1W', 'P2DT3H4M', 'PT90M');
    const threshold = fc.record({ lateAfter: duration, gapAfter: duration, materialAfter: duration });
    const days = fc.integer({ min: 1, max: 40 });
    const sla = fc.oneof(
      days.map((hours) => ({ hours })),
      days.map((businessDays) => ({ businessDays })),
    );
    const row = fc.record({
      frequency: fc.constantFrom('daily', 'weekly', 'ad hoc'),
      upTo: fc.option(fc.constantFrom(10, 50, 250)),
      size: fc.oneof(days, fc.constant('all' as const)),
    });
    const ruler = fc.record({
      thresholds: fc.record({ critical: threshold, standard: threshold, roster: threshold, events: threshold }),
      flappingWithin: duration,
      graceForNew: fc.option(duration),
      sla: fc.record({ critical: sla, high: sla, medium: sla, low: sla }),
      calendar: fc.record({
        workingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        holidays: fc.uniqueArray(fc.constantFrom('2026-01-01', '2026-05-01', '2026-12-25')),
      }),
      sampleSizes: fc.array(row, { maxLength: 6 }),
    });
    const pairs = fc.sample(fc.tuple(ruler, ruler), 200);
    const ours = pairs.map(([before, after]) => compareRulers(before, after)).map(({ loosens, tightens }) => [loosens, tightens]);
    expect(askPython({ signatures: [], lines: [], rulers: pairs }).rulers).toEqual(ours);
  });
});
