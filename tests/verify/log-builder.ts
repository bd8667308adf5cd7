import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { CheckResultsBlob } from '../../src/model/blobs.ts';
import type { Item } from '../../src/model/collector.ts';
import { completenessOf, type Gap } from '../../src/model/completeness.ts';
import type { CheckpointRecord, LogEntry, LogReader, OpenedBlob } from '../../src/model/log-reader.ts';
import type { ManifestChange, OutcomeCounts, RequestRecord, StatementOf } from '../../src/model/statement.ts';
import { canonicalBytes } from '../../src/seal/canonical-json.ts';
import { createCommitter } from '../../src/seal/commit.ts';
import { digestOf, sha256, toBase64 } from '../../src/seal/digest.ts';
import { diffManifest, isEmptyDelta, manifestRoot, sortPairs } from '../../src/seal/manifest.ts';
import { CompactRange, emptyRoot, leafHash, rootOf } from '../../src/seal/merkle.ts';
import { checkpointText, keyRotationMessage, signKeyId, signNote, vkeyOf } from '../../src/seal/signed-note.ts';

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signing key from one byte, so that a log built twice is the same. */
export class TestKey {
  readonly publicKey: Uint8Array;
  readonly #privateKey: KeyObject;
  readonly vkey: string;
  readonly origin: string;
  constructor(origin: string, seed: number) {
    this.origin = origin;
    this.#privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.#privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
    this.vkey = vkeyOf(origin, this.publicKey);
  }
  get id(): string {
    return signKeyId(this.publicKey);
  }
  sign(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.#privateKey);
  }
  note(text: string): string {
    return signNote(text, this.origin, this.publicKey, (bytes) => this.sign(bytes));
  }
}

/** What a dishonest writer puts in place of the right members. */
export type Patch<K extends 'collection' | 'evaluation'> = (right: StatementOf<K>) => Record<string, unknown>;

export interface TestItem {
  readonly operation?: string;
  readonly body?: unknown;
  readonly gap?: Item['gap'];
  readonly volatile?: Record<string, unknown>;
}
export interface CollectionInput {
  readonly collector?: string;
  readonly source?: string;
  readonly scope?: string;
  readonly items: Readonly<Record<string, TestItem>>;
  readonly requests?: number;
  readonly keptAll?: boolean;
  readonly gaps?: readonly Gap[];
  readonly withheld?: Readonly<Record<string, readonly string[]>>;
  readonly host?: { readonly host: string; readonly official: boolean };
  readonly clockSuspect?: boolean;
  readonly keyframe?: boolean;
  readonly patch?: Patch<'collection'>;
}
export interface CheckInput {
  readonly check: string;
  readonly parameters?: Record<string, string | number>;
  readonly pass?: number;
  readonly until?: string | null;
  readonly excluded?: readonly string[];
  readonly notPass?: CheckResultsBlob['notPass'];
}

/** Writes small logs of format/1 in memory, right ones and, through `append`, `putBlob` and `patch`, wrong ones. */
export class LogBuilder implements LogReader {
  readonly origin: string;
  readonly entriesWritten: Uint8Array[] = [];
  readonly blobs = new Map<string, OpenedBlob>();
  readonly signed: CheckpointRecord[] = [];
  readonly keys: TestKey[];
  readonly #range = new CompactRange();
  readonly #committer = createCommitter(Buffer.alloc(32, 7));
  readonly #streams = new Map<string, { pairs: Map<string, string>; root: string }>();
  readonly #demonstration: boolean;
  #after: string | null = null;
  #plan: number | null = null;
  #time: number;
  #sequence = 0;

  constructor(options: { origin?: string; demonstration?: boolean; start?: string; genesis?: boolean } = {}) {
    this.origin = options.origin ?? 'evidence.example/acme';
    this.keys = [new TestKey(this.origin, 1)];
    this.#demonstration = options.demonstration ?? false;
    this.#time = Date.parse(options.start ?? '2026-01-01T00:00:00.000Z');
    if (options.genesis !== false) this.genesis();
  }

  // What is read.
  vkeys(): readonly string[] {
    return this.keys.map(({ vkey }) => vkey);
  }
  size(): number {
    return this.entriesWritten.length;
  }
  *entries(from = 0, to = this.entriesWritten.length): Iterable<LogEntry> {
    for (let index = from; index < Math.min(to, this.entriesWritten.length); index++) yield { index, bytes: this.entriesWritten[index]! };
  }
  checkpoints(): readonly CheckpointRecord[] {
    return this.signed;
  }
  blob(commitment: string): OpenedBlob | undefined {
    return this.blobs.get(commitment);
  }

  // What is written.
  now(): string {
    return new Date(this.#time).toISOString();
  }
  wait(seconds: number): this {
    this.#time += seconds * 1000;
    return this;
  }
  setTime(time: string): this {
    this.#time = Date.parse(time);
    return this;
  }

  append(statement: Record<string, unknown>): number {
    return this.appendBytes(canonicalBytes({ ...this.#head(), ...statement }));
  }
  #head(): { v: 1; id: string; at: string } {
    this.#time += 1000;
    return { v: 1, id: `s-${this.#sequence++}`, at: this.now() };
  }
  appendBytes(bytes: Uint8Array): number {
    this.entriesWritten.push(bytes);
    this.#range.append(leafHash(bytes));
    return this.entriesWritten.length - 1;
  }

  commitTo(scope: string, value: unknown): string {
    return toBase64(this.#committer.scoped(scope).commit(canonicalBytes(value)).commitment);
  }
  putBlob(scope: string, value: unknown): string {
    return this.putBytes(scope, canonicalBytes(value));
  }
  putBytes(scope: string, bytes: Uint8Array): string {
    const { commitment, salt } = this.#committer.scoped(scope).commit(bytes);
    this.blobs.set(toBase64(commitment), { kind: 'open', salt, bytes });
    return toBase64(commitment);
  }

  genesis(patch: Record<string, unknown> = {}): number {
    const keys = { sign: this.keys[0]!.id, wrap: 'wrap-1', commit: 'commit-1' };
    return this.append({
      kind: 'genesis',
      vkey: this.keys[0]!.vkey,
      origin: this.origin,
      tenant: 'acme',
      demonstration: this.#demonstration,
      keys,
      ...patch,
    });
  }

  plan(): number {
    const digest = digestOf('a configuration');
    const detail = this.putBlob('plan', { sources: ['aws:111122223333'] });
    const checks = { count: 1, digest };
    this.#plan = this.append({
      kind: 'plan',
      configuration: digest,
      collectors: [{ id: 'aws/things', logic: digest }],
      checks,
      controls: checks,
      detail,
    });
    return this.#plan;
  }

  #change(key: string, after: Map<string, string>, scope: string, keyframe: boolean): ManifestChange {
    const before = this.#streams.get(key);
    const delta = diffManifest(before?.pairs ?? new Map(), after);
    const root = toBase64(after.size === 0 ? emptyRoot : manifestRoot(after));
    this.#streams.set(key, { pairs: after, root });
    return {
      size: after.size,
      root,
      previous: before?.root ?? null,
      delta: isEmptyDelta(delta) ? null : this.putBlob(scope, delta),
      keyframe: keyframe ? this.putBlob(scope, { pairs: sortPairs(after) }) : null,
    };
  }

  request(number: number, patch: Partial<RequestRecord> = {}): RequestRecord {
    return {
      operation: 'iam:ListUsers',
      input: { MaxItems: 1000 },
      page: number,
      host: 'iam.amazonaws.com',
      status: 200,
      startedAt: this.now(),
      durationMs: 12.5,
      serverDate: this.now(),
      offsetMs: -310,
      requestId: `request-${this.#sequence}-${number}`,
      body: toBase64(sha256(Buffer.from(`${number}`))),
      bytes: 100,
      notModified: false,
      gap: null,
      code: null,
      ...patch,
    };
  }

  collection(input: CollectionInput): number {
    const { collector = 'aws/things', source = 'aws:111122223333', scope = source } = input;
    const items = new Map<string, string>();
    const volatile = new Map<string, string>();
    for (const [subject, item] of Object.entries(input.items)) {
      const operation = item.operation ?? 'iam:ListUsers';
      const id = `${operation}||${subject}`;
      const place = this.commitTo(scope, id);
      const content = item.gap === undefined ? { body: item.body ?? null } : { gap: item.gap };
      items.set(place, this.putBlob(scope, { id, operation, subject, region: null, ...content }));
      if (item.volatile !== undefined) volatile.set(place, this.putBlob(scope, { id, fields: item.volatile }));
    }
    const records = Array.from({ length: input.requests ?? 1 }, (_, number) => this.request(number));
    const gaps = input.gaps ?? [];
    const withheld = Object.entries(input.withheld ?? {}).map(([id, paths]) => ({ id, withheld: paths }));
    const keptAll = input.keptAll ?? true;
    const kept = keptAll ? records : records.slice(0, 16);
    const statement: StatementOf<'collection'> = {
      ...this.#head(),
      kind: 'collection',
      plan: this.#plan,
      after: this.#after,
      collector,
      logic: digestOf('logic'),
      kindOf: 'state',
      source,
      scope,
      principal: 'arn:aws:iam::111122223333:role/reader',
      session: 'proofline-1',
      trigger: { name: 'schedule', authentication: 'schedule' },
      startedAt: this.now(),
      finishedAt: this.now(),
      durationMs: 12.25,
      sourceAsOf: null,
      clock: { offsetMs: { min: -310, max: 120 }, suspect: input.clockSuspect ?? false },
      hosts: [input.host ?? { host: 'iam.amazonaws.com', official: true }],
      requests: {
        count: records.length,
        failed: 0,
        pages: records.length,
        root: toBase64(rootOf(records.map((record) => leafHash(canonicalBytes(record))))),
        kept: kept.length === 0 ? null : this.putBlob(scope, kept),
        keptAll,
      },
      items: this.#change(`items ${collector} ${scope}`, items, scope, input.keyframe ?? false),
      volatile: this.#change(`volatile ${collector} ${scope}`, volatile, scope, false),
      completeness: completenessOf(gaps),
      gaps: [...gaps],
      gapCount: gaps.length,
      reconciliation: [],
      redactions: withheld.length === 0 ? null : this.putBlob(scope, { items: withheld }),
      withheld: withheld.reduce((sum, item) => sum + item.withheld.length, 0),
      grade: 'source-direct',
    };
    return this.append({ ...statement, ...input.patch?.(statement) });
  }

  evaluation(input: {
    source?: string;
    reads: readonly { collector: string; scope: string; index: number }[];
    population: readonly string[];
    checks: readonly CheckInput[];
    patch?: Patch<'evaluation'>;
  }): number {
    const { source = 'aws:111122223333' } = input;
    const population = new Map(
      input.population.map((id) => [this.commitTo(source, id), this.putBlob(source, { type: 'aws.iam.user', id, display: `user ${id}` })]),
    );
    const total: OutcomeCounts = { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };
    const list = input.checks.map(({ check, parameters = {}, pass = 0, until = null, excluded = [], notPass = [] }) => {
      const counts: OutcomeCounts = { pass, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };
      for (const { outcome } of notPass) counts[outcome] += 1;
      for (const [outcome, count] of Object.entries(counts)) total[outcome as keyof OutcomeCounts] += count;
      const head = { check, parameters, logic: digestOf('logic'), counts, until };
      return { ...head, results: this.putBlob(source, { ...head, subjectType: 'aws.iam.user', excluded, exceptions: [], notPass }) };
    });
    const until = list.flatMap((check) => (check.until === null ? [] : [check.until])).sort()[0] ?? null;
    const statement: StatementOf<'evaluation'> = {
      ...this.#head(),
      kind: 'evaluation',
      after: this.#after,
      plan: this.#plan,
      source,
      asOf: this.now(),
      reads: { count: input.reads.length, list: this.putBlob(source, input.reads) },
      population: this.#change(`population ${source}`, population, source, false),
      results: { checks: list.length, list: this.putBlob(source, list), counts: total, until },
      malformed: 0,
    };
    return this.append({ ...statement, ...input.patch?.(statement) });
  }

  checkpoint(): CheckpointRecord {
    const root = toBase64(this.#range.root());
    const note = this.keys.at(-1)!.note(checkpointText({ origin: this.origin, size: this.#range.size, root }));
    const checkpoint = { size: this.#range.size, root, note };
    if (this.signed.at(-1)?.size !== checkpoint.size) this.signed.push(checkpoint);
    return checkpoint;
  }

  anchorFile(): number {
    const { size, root, note } = this.checkpoint();
    const receiptHash = toBase64(sha256(Buffer.from(note)));
    this.#after = receiptHash;
    return this.append({
      kind: 'anchor',
      anchor: 'folder',
      method: 'file',
      checkpoint: { size, root },
      receiptTime: null,
      receipt: `${size}.note`,
      receiptHash,
      note,
    });
  }

  /** `stamp`: gives the token over the note and the time in it. */
  anchorStamp(stamp: (note: Uint8Array) => { token: Uint8Array; time: string }, patch: Record<string, unknown> = {}): number {
    const { size, root, note } = this.checkpoint();
    const { token, time } = stamp(Buffer.from(note));
    this.#time = Math.max(this.#time, Date.parse(time));
    const receiptHash = toBase64(sha256(token));
    this.#after = receiptHash;
    const receipt = toBase64(token);
    return this.append({
      kind: 'anchor',
      anchor: 'tsa',
      method: 'rfc3161',
      checkpoint: { size, root },
      receiptTime: time,
      receipt,
      receiptHash,
      note,
      ...patch,
    });
  }

  rotate(seed: number, patch: Record<string, unknown> = {}): number {
    const old = this.keys.at(-1)!;
    const next = new TestKey(this.origin, seed);
    const { at } = this.#head();
    const change = { at, retired: old.id, introduced: next.id, vkey: next.vkey };
    const message = keyRotationMessage(change);
    const signatures = [toBase64(old.sign(message)), toBase64(next.sign(message))];
    const index = this.append({ kind: 'key', purpose: 'sign', ...change, signatures, ...patch });
    this.keys.push(next);
    return index;
  }

  erase(commitments: readonly string[]): number {
    const index = this.append({
      kind: 'erasure',
      commitments,
      authority: 'data protection officer',
      reason: 'a request',
      actor: { name: 'ada', authentication: 'none' },
    });
    for (const commitment of commitments) this.blobs.set(commitment, { kind: 'erased', index });
    return index;
  }

  signNote(text: string): string {
    return this.keys.at(-1)!.note(text);
  }
}

/** When turns of `production/critical` are due; two are missed, the second of them is taken late, and the third fails. */
export const due = (hour: number): string => new Date(Date.UTC(2025, 11, 31, hour)).toISOString();
export const turn = (hour: number) => ({ schedule: 'production/critical', due: due(hour) });
export const miss = {
  kind: 'schedule-miss',
  schedule: 'production/critical',
  source: 'production',
  from: due(0),
  to: due(4),
  count: 2,
  reason: 'not-running',
  late: true,
} as const;
export const failedTurn = (hour: number) => ({
  kind: 'gap' as const,
  subject: 'turn production/critical',
  reason: 'the role cannot be assumed',
  from: due(hour),
  to: null,
  of: { kind: 'turn', name: 'production/critical' },
  turn: turn(hour),
  attempts: 3,
});
export const life = (run: string, event: string, more: Record<string, unknown> = {}) => ({
  kind: 'lifecycle' as const,
  event,
  detail: '',
  process: {
    role: 'serve',
    run,
    host: 'node-1',
    pid: 17,
    version: '0.2.0',
    node: '24.1.0',
    configuration: digestOf('a configuration'),
    by: 'proofline',
    ...more,
  },
});
/** Commitments of what was handed in, a byte a piece. */
export function pieces(log: LogBuilder, text: string): string[] {
  return [...text].map((letter) => log.putBlob('upload', { base64: Buffer.from(letter).toString('base64') }));
}
export function uploadOf(log: LogBuilder, text: string, patch: object = {}, said: object = {}) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const detail = { v: 1, name: 'policy.txt', mediaType: 'text/plain', bytes: Buffer.byteLength(text), sha256, ...said };
  return {
    kind: 'upload',
    actor: { name: 'root', authentication: 'none' },
    bytes: Buffer.byteLength(text),
    detail: log.putBlob('upload', detail),
    pieces: pieces(log, text),
    ...patch,
  };
}
export const delivery = {
  kind: 'delivery',
  message: 'M-1',
  channel: 'oncall',
  channelKind: 'slack',
  route: null,
  notices: { 'check-failing': 1 },
  about: { first: 1, last: 1 },
  attempt: 1,
  outcome: 'failed',
  reason: 'HTTP 503',
  fallback: 'mail',
} as const;
/** A daemon that was killed starts again, finds what was missed, takes the last of it and tells somebody. */
export function operate(log: LogBuilder, read: number): void {
  log.append(life('r-1', 'started'));
  log.append(life('r-2', 'started', { pid: 18 }));
  log.append(miss);
  log.evaluation({
    reads: [{ collector: 'aws/things', scope: 'aws:111122223333', index: read }],
    population: ['u1'],
    checks: [{ check: 'aws/user-has-mfa', pass: 1 }],
    patch: () => ({ turn: turn(4) }),
  });
  log.append(failedTurn(8));
  log.append(delivery);
  log.append(uploadOf(log, 'minutes of the board'));
  log.append(life('r-2', 'stopped', { pid: 18 }));
}

/** A log with everything format/1 has a word for; the same every time (but for what a time-stamping authority adds). */
export function fullLog(stamp?: (note: Uint8Array) => { token: Uint8Array; time: string }, start?: string): LogBuilder {
  const log = new LogBuilder(start === undefined ? {} : { start });
  log.plan();
  log.checkpoint();
  const ada = {
    body: { UserId: 'AIDA1', UserName: 'ada', Tags: ['\u20ac', 'ö', '"quoted"'] },
    volatile: { PasswordLastUsed: '2026-01-01T00:00:00.000Z' },
  };
  const bob = { body: { UserId: 'AIDA2', UserName: 'bob', Depth: 1e21, Rate: 0.1 } };
  const first = log.collection({ items: { AIDA1: ada, AIDA2: bob }, requests: 3, withheld: { 'iam:ListUsers||AIDA1': ['Path', 'Arn'] } });
  const reads = (index: number) => [{ collector: 'aws/things', scope: 'aws:111122223333', index }];
  const mfa = { check: 'aws/user-has-mfa', until: '2026-02-01T00:00:00.000Z' };
  const failing = { subject: 'u1', display: 'ada', outcome: 'fail' as const, message: 'no second factor' };
  log.evaluation({ reads: reads(first), population: ['u1', 'u2'], checks: [{ ...mfa, pass: 1, notPass: [failing] }] });
  if (stamp === undefined) log.anchorFile();
  else log.anchorStamp(stamp);
  log.collection({ items: { AIDA1: ada, AIDA2: bob }, requests: 20, keptAll: false });
  log.checkpoint();
  log.rotate(2);
  const gap = { reason: 'access-denied' as const, operation: 'iam:GetUser', subject: 'AIDA3', code: 'AccessDenied' };
  const third = log.collection({ items: { AIDA1: ada, AIDA3: { gap: 'access-denied' } }, gaps: [gap], keyframe: true });
  log.collection({ collector: 'aws/nothing', items: {}, requests: 0 });
  log.evaluation({
    reads: reads(third),
    population: ['u1'],
    checks: [
      { check: 'aws/user-has-mfa', pass: 1 },
      {
        check: 'aws/user-is-known',
        excluded: ['u1'],
        notPass: [{ ...failing, subject: '*', outcome: 'no-evidence', reason: 'access-denied' }],
      },
    ],
  });
  log.append({ kind: 'gap', subject: 'anchor tsa', reason: 'not reachable', from: null, to: null });
  log.append({
    kind: 'decision',
    actor: { name: 'ada', authentication: 'none' },
    decision: 'adopt-control',
    subjects: ['AC-03'],
    reason: 'ours',
    detail: log.putBlob('decision', { v: 1, payload: { type: 'adopt-control', controls: ['AC-03'] }, signature: null }),
  });
  log.append({ kind: 'config-change', from: null, to: digestOf('a configuration'), actor: { name: 'ada', authentication: 'none' } });
  log.append({ kind: 'lifecycle', event: 'started', detail: 'version 0.1.0' });
  operate(log, third);
  const content = log.commitTo('aws:111122223333', {
    id: 'iam:ListUsers||AIDA2',
    operation: 'iam:ListUsers',
    subject: 'AIDA2',
    region: null,
    ...bob,
  });
  log.erase([content]);
  log.checkpoint();
  return log;
}
