/**
 * How large a year of one hourly account is: 1,000 users, 500 buckets and 300 repositories, of which 36 change a day (2 %), through the
 * store's own interface. Run: node tests/bench/year-size.ts [days [measured|whole]]; a year is extrapolated from the days after the first.
 * - `measured` is what the recommended scheme was measured with (design of the evidence store, section 4): items, their versions, one
 *   statement for each collection, hourly signed heads: 14.0 MB, of which 1.5 times is the limit.
 * - `whole` is what is kept today: also request records, here 15 an hour, and an evaluation of each source with what it read.
 * Exit code 1 when either is over its limit.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createKeys } from '../../src/keys/key-files.ts';
import type { CollectedItem, Evidence, PendingRequest } from '../../src/model/evidence.ts';
import type { Json } from '../../src/model/json.ts';
import type { CheckResults } from '../../src/model/result.ts';
import type { Store } from '../../src/store/contract.ts';
import { createStore, storeFile } from '../../src/store/embedded.ts';

const days = Number(process.argv[2] ?? 20);
const modes = ['measured', 'whole'] as const;
const only = modes.filter((mode) => process.argv[3] === undefined || mode === process.argv[3]);
type Mode = (typeof modes)[number];
const limitMB = { measured: 21, whole: 40 } as const;
const owner = { tenant: 'bench', demonstration: false };
const root = mkdtempSync(join(tmpdir(), 'bench-year-'));
const start = Date.parse('2026-01-01T00:00:00.000Z');
let clock = start;

/** A fixed sequence that looks random: the same year every time. */
let state = 0x2545f491;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
const upper = (length: number) => Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(random() * 32)]).join('');
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const day = (ago: number) => new Date(start - Math.floor(ago * 86_400_000)).toISOString();
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

interface Subject {
  readonly id: string;
  readonly display: string;
  body: Record<string, Json>;
  volatile: Record<string, Json>;
  failing: boolean;
}
const account = '111122223333';
const names = ['amara', 'bente', 'chidi', 'divya', 'emeka', 'farah', 'goran', 'hana', 'imani', 'jonas', 'kaito', 'leila', 'mateo', 'noor'];
const name = (n: number) => `${pick(names)}.${pick(names)}-${n}`;

/** A row of the credential report with the user's groups and policies: about 850 bytes. */
function user(n: number): Subject {
  const display = name(n);
  return {
    id: `AIDA${upper(17)}`,
    display,
    failing: random() < 0.02,
    volatile: { password_last_used: day(random() * 90), access_key_1_last_used_date: day(random() * 90) },
    body: {
      user: display,
      arn: `arn:aws:iam::${account}:user/${display}`,
      user_creation_time: day(random() * 2000),
      password_enabled: 'true',
      password_last_changed: day(random() * 400),
      password_next_rotation: 'not_supported',
      mfa_active: 'true',
      access_key_1_active: String(random() < 0.5),
      access_key_1_last_rotated: day(random() * 300),
      access_key_2_active: 'false',
      access_key_2_last_rotated: 'N/A',
      cert_1_active: 'false',
      cert_1_last_rotated: 'N/A',
      cert_2_active: 'false',
      cert_2_last_rotated: 'N/A',
      groups: [pick(names), pick(names)],
      attached: [`arn:aws:iam::aws:policy/job-function/${pick(['ViewOnlyAccess', 'SupportUser', 'Billing'])}`],
      tags: [
        { Key: 'team', Value: pick(names) },
        { Key: 'cost-centre', Value: String(1000 + Math.floor(random() * 900)) },
      ],
    },
  };
}
/** A bucket with its policy, encryption, public access block, logging, versioning and tags: about 1,500 bytes. */
function bucket(n: number): Subject {
  const display = `northwind-${pick(names)}-${pick(['ledger', 'exports', 'logs', 'backups', 'reports'])}-${n}`;
  const key = `arn:aws:kms:eu-central-1:${account}:key/${uuid()}`;
  return {
    id: `${account}/${display}`,
    display,
    failing: random() < 0.02,
    volatile: {},
    body: {
      Name: display,
      CreationDate: day(random() * 2000),
      BucketRegion: 'eu-central-1',
      Encryption: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }, BucketKeyEnabled: true }],
      },
      PublicAccessBlock: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
      Versioning: { Status: 'Enabled', MFADelete: 'Disabled' },
      Logging: { TargetBucket: 'northwind-access-logs', TargetPrefix: `${display}/` },
      Ownership: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      Lifecycle: { Rules: [{ ID: `expire-${pick(names)}`, Status: 'Enabled', Expiration: { Days: Math.floor(random() * 900) } }] },
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [`arn:aws:s3:::${display}`, `arn:aws:s3:::${display}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'Readers',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:role/${pick(names)}` },
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: `arn:aws:s3:::${display}/*`,
          },
        ],
      }),
      TagSet: [
        { Key: 'team', Value: pick(names) },
        { Key: 'classification', Value: pick(['internal', 'confidential', 'public']) },
      ],
    },
  };
}
/** A repository with its settings, branch rules and collaborators: about 5,000 bytes. */
function repository(n: number): Subject {
  const display = `${pick(names)}-${pick(['service', 'web', 'jobs', 'library', 'infra'])}-${n}`;
  const rule = (type: string) => ({
    type,
    ruleset_source_type: 'Organization',
    ruleset_source: 'northwind',
    ruleset_id: Math.floor(random() * 90_000),
    parameters: {
      required_approving_review_count: 1,
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: random() < 0.5,
      require_last_push_approval: true,
      required_review_thread_resolution: false,
    },
  });
  return {
    id: `R_${upper(12)}`,
    display,
    failing: random() < 0.02,
    volatile: { pushedAt: day(random() * 30), diskUsage: Math.floor(random() * 100_000) },
    body: {
      id: display,
      name: display,
      nameWithOwner: `northwind/${display}`,
      visibility: pick(['PRIVATE', 'INTERNAL']),
      isArchived: false,
      isFork: false,
      createdAt: day(random() * 2000),
      defaultBranchRef: { name: 'main', target: { oid: hex(40) } },
      deleteBranchOnMerge: true,
      mergeCommitAllowed: false,
      rebaseMergeAllowed: false,
      squashMergeAllowed: true,
      rules: ['pull_request', 'required_status_checks', 'deletion', 'non_fast_forward', 'required_signatures'].map(rule),
      requiredStatusChecks: ['build', 'test', 'lint', 'codeql'].map((context) => ({ context, integration_id: 15_368 })),
      collaborators: Array.from({ length: 18 }, () => ({
        login: name(Math.floor(random() * 1000)),
        databaseId: Math.floor(random() * 90_000_000),
        permission: pick(['READ', 'WRITE', 'MAINTAIN', 'ADMIN']),
        source: pick(['organization', 'team', 'repository']),
      })),
      environments: ['staging', 'production'].map((environment) => ({
        name: environment,
        protection: { reviewers: [pick(names), pick(names)], waitTimer: 0, preventSelfReview: true },
      })),
      topics: [pick(names), pick(names)],
    },
  };
}
function change(subject: Subject): void {
  if ('mfa_active' in subject.body)
    subject.body = { ...subject.body, access_key_1_last_rotated: new Date(clock).toISOString(), groups: [pick(names), pick(names)] };
  else if ('TagSet' in subject.body)
    subject.body = {
      ...subject.body,
      TagSet: [
        { Key: 'team', Value: pick(names) },
        { Key: 'ticket', Value: upper(6) },
      ],
    };
  else subject.body = { ...subject.body, defaultBranchRef: { name: 'main', target: { oid: hex(40) } }, topics: [pick(names), upper(5)] };
  if (random() < 0.1) subject.failing = !subject.failing;
}

interface Dataset {
  readonly collector: string;
  readonly source: string;
  readonly type: string;
  readonly operation: string;
  readonly host: string;
  /** Requests of one collection: pages that hold many subjects each. */
  readonly calls: number;
  readonly subjects: Subject[];
  readonly checks: number;
}
const aws = `aws:${account}`;
const github = 'github:9919';
const datasets: readonly Dataset[] = [
  {
    collector: 'aws/iam-authorization-details',
    source: aws,
    type: 'aws.iam.user',
    operation: 'iam:GetAccountAuthorizationDetails',
    host: 'iam.amazonaws.com',
    calls: 10,
    subjects: Array.from({ length: 1000 }, (_, n) => user(n)),
    checks: 20,
  },
  {
    collector: 'aws/s3-buckets',
    source: aws,
    type: 'aws.s3.bucket',
    operation: 's3:ListBuckets',
    host: 's3.eu-central-1.amazonaws.com',
    calls: 2,
    subjects: Array.from({ length: 500 }, (_, n) => bucket(n)),
    checks: 15,
  },
  {
    collector: 'github/repositories',
    source: github,
    type: 'github.repository',
    operation: 'graphql:repositories',
    host: 'api.github.com',
    calls: 3,
    subjects: Array.from({ length: 300 }, (_, n) => repository(n)),
    checks: 15,
  },
];
const everyone = datasets.flatMap(({ subjects }) => subjects);
const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function evidenceOf({ collector, source, operation, host, calls, subjects }: Dataset, mode: Mode): Evidence {
  const session = `pl-${hex(12)}`;
  const at = (ms: number) => new Date(clock + ms).toISOString();
  let elapsed = 0;
  const requests = Array.from({ length: mode === 'measured' ? 0 : calls }, (_, page): PendingRequest => {
    const startedAt = at(elapsed);
    const durationMs = 80 + Math.floor(random() * 120);
    elapsed += durationMs;
    const offsetMs = -Math.floor(random() * 900);
    const isAws = source === aws;
    return {
      operation,
      input: isAws
        ? { MaxItems: 100, ...(page === 0 ? {} : { Marker: '$token' }) }
        : { query: 'repositories', first: 100, ...(page === 0 ? {} : { after: '$token' }) },
      page,
      host,
      status: 200,
      startedAt,
      durationMs,
      serverDate: new Date(Math.floor((clock + elapsed) / 1000) * 1000).toISOString(),
      offsetMs,
      requestId: isAws ? uuid() : `${upper(4)}:${hex(5)}:${hex(7)}:${hex(7)}:${hex(8)}`.toUpperCase(),
      // Replies of AWS carry their own request id, those of GitHub are the same bytes while nothing changes.
      bodyBytes: Buffer.from(isAws ? uuid() : JSON.stringify(subjects.slice(page * 100, (page + 1) * 100).map(({ body }) => body))),
      bytes: 61_234 + page * 7 + Math.floor(random() * 10),
      notModified: false,
      gap: null,
      code: null,
    };
  });
  return {
    collector,
    kind: 'state',
    logic: digest(collector),
    source,
    scope: source,
    session,
    principal: source === aws ? `arn:aws:sts::${account}:assumed-role/ProoflineReadOnly/${session}` : 'proofline-evidence',
    trigger: { name: 'hourly', authentication: 'schedule' },
    startedAt: at(0),
    finishedAt: at(elapsed),
    durationMs: elapsed + Math.round(random() * 1000) / 1000,
    sourceAsOf: null,
    requests,
    officialHosts: { [host]: true },
    items: subjects.map(
      ({ id, body, volatile }): CollectedItem => ({
        id: `${operation}||${id}`,
        operation,
        subject: id,
        region: null,
        body,
        volatile: Object.keys(volatile).length === 0 ? null : volatile,
        withheld: [],
      }),
    ),
    gaps: [],
    reconciliation: [],
    grade: 'source-direct',
  };
}
function checksOf({ type, checks, subjects }: Dataset): CheckResults[] {
  return Array.from({ length: checks }, (_, n) => ({
    check: `${type.split('.')[0]}/check-${String(n).padStart(2, '0')}-of-${type.split('.')[1]}`,
    parameters: {},
    logic: digest(`${type}${n}`),
    subjectType: type,
    excluded: [],
    results: subjects.map(({ id, display, failing }, at) =>
      failing && at % checks === n
        ? { subject: id, display, outcome: 'fail', message: 'it is not as it is to be' }
        : { subject: id, display, outcome: 'pass', message: 'it is as it is to be' },
    ),
  }));
}

function bytesIn(dataDir: string) {
  const database = new DatabaseSync(storeFile(dataDir));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const sum = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  const parts = {
    entries: sum('SELECT sum(length(body)) FROM log_entry'),
    'blob content': sum('SELECT sum(length(bytes)) FROM blob'),
    blobs: sum('SELECT count(*) FROM blob'),
    statements: sum('SELECT count(*) FROM log_entry'),
  };
  const tables = Object.fromEntries(
    (database.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all() as { name: string; bytes: number }[]).map(
      ({ name: table, bytes }) => [table, bytes],
    ),
  );
  database.close();
  return { file: statSync(storeFile(dataDir)).size, parts, tables };
}

type Size = ReturnType<typeof bytesIn>;

const changesADay = 36;
/** Lives through the days, an hour at a time. */
async function live(mode: Mode): Promise<{ readonly first: Size; readonly last: Size; readonly msAnHour: number }> {
  const place = join(root, mode);
  const dataDir = join(place, 'data');
  clock = start;
  const store = await createStore({
    dataDir,
    keys: createKeys(join(place, 'keys'), owner),
    ...owner,
    origin: 'proofline.log/bench',
    now: () => new Date(clock).toISOString(),
    newId: uuid,
  });
  let spent = 0;
  let first: Size | undefined;
  for (let hour = 0; hour < days * 24; hour++) {
    clock = start + hour * 3_600_000;
    if (hour > 0) {
      const due = Math.floor(((hour % 24) + 1) * (changesADay / 24)) - Math.floor((hour % 24) * (changesADay / 24));
      for (let n = 0; n < due; n++) change(pick(everyone));
    }
    const began = performance.now();
    const reads = new Map<string, { collector: string; scope: string; index: number }[]>();
    for (const dataset of datasets) {
      const { index } = await store.appendCollection(evidenceOf(dataset, mode), null);
      reads.set(dataset.source, [...(reads.get(dataset.source) ?? []), { collector: dataset.collector, scope: dataset.source, index }]);
    }
    if (mode === 'whole') for (const [source, of] of reads) await evaluate(store, source, of);
    await store.checkpoint();
    spent += performance.now() - began;
    if (hour === 23) first = bytesIn(dataDir);
  }
  const last = bytesIn(dataDir);
  await store.close();
  return { first: first ?? last, last, msAnHour: spent / (days * 24) };
}
async function evaluate(store: Store, source: string, reads: { collector: string; scope: string; index: number }[]): Promise<void> {
  const mine = datasets.filter((dataset) => dataset.source === source);
  await store.appendEvaluation({
    source,
    asOf: new Date(clock).toISOString(),
    judgedAt: new Date(clock).toISOString(),
    plan: null,
    reads,
    population: mine.flatMap(({ type, subjects }) => subjects.map(({ id, display }) => ({ type, id, display }))),
    checks: mine.flatMap(checksOf),
    malformed: 0,
    context: { staleAfterMs: 259_200_000, missing: [] },
  });
}

const mega = (bytes: number) => (bytes / 1_000_000).toFixed(2).padStart(8);
const yearOf = (now: number, then: number) => (days >= 365 ? now : then + ((now - then) / (days - 1)) * 364);
const line = (title: string, now: number, then: number) => console.log(`${mega(then)} ${mega(now)} ${mega(yearOf(now, then))}  ${title}`);
let missed = false;
for (const mode of only) {
  const { first, last, msAnHour } = await live(mode);
  console.log(`${mode}: ${days} days, ${last.parts.statements} statements, ${last.parts.blobs} blobs, ${msAnHour.toFixed(1)} ms an hour`);
  console.log('MB after the first day, at the end, a year');
  for (const title of ['entries', 'blob content'] as const) line(title, last.parts[title], first.parts[title]);
  for (const [title, bytes] of Object.entries(last.tables)) if (bytes > 20_000) line(`pages of ${title}`, bytes, first.tables[title] ?? 0);
  line('store.db', last.file, first.file);
  const year = yearOf(last.file, first.file) / 1_000_000;
  const limit = limitMB[mode];
  missed ||= year > limit;
  console.log(
    `${year <= limit ? 'ok  ' : 'MISS'} a year in store.db, ${mode}: ${year.toFixed(1)} MB (at most ${limit}, ratio ${(limit / year).toFixed(2)})`,
  );
}
rmSync(root, { recursive: true, force: true });
process.exitCode = missed ? 1 : 0;
