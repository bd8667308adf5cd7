import type { Condition, Message, Notice, Thread } from '../../../src/model/notification.ts';

const at = '2026-11-28T02:14:09.120Z';

/** A check that began to fail, as complete as a notice can be. */
export function failing(overrides: Partial<Notice> = {}): Notice {
  return {
    id: 'N-0123456789abcdef0123',
    kind: 'check-failing',
    cause: 'reading',
    at,
    since: '2026-11-28T02:12:40.000Z',
    condition: 'failing|aws/s3-bucket-is-private|aws:111122223333/s3/payroll-exports',
    severity: 'critical',
    source: { id: 'aws:111122223333', name: 'production' },
    check: {
      id: 'aws/s3-bucket-is-private',
      parametersDigest: `sha256:${'0'.repeat(64)}`,
      claim: 'The bucket lets nobody outside the account read it',
      remediation: {
        console: 'S3 > the bucket > Permissions > Block public access: turn on all four settings.',
        cli: 'aws s3api put-public-access-block --bucket NAME --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
        terraform:
          'resource "aws_s3_bucket_public_access_block" "this" {\n  bucket                  = aws_s3_bucket.this.id\n  block_public_acls       = true\n  restrict_public_buckets = true\n}',
      },
    },
    subject: { id: 'aws:111122223333/s3/payroll-exports/2024-03-01', display: 'payroll-exports' },
    message: 'Its policy lets everybody read objects (Principal "*")',
    controls: [{ id: 'DP-02', statement: 'Storage that holds customer data is not reachable from the internet.' }],
    criteria: ['CC6.1', 'CC6.6'],
    objectives: ['CO-LA3'],
    owner: { name: 'payments', by: 'tag' },
    due: '2026-11-29T02:12:40.000Z',
    evidence: { index: 4182, id: '5b0c7f1e-6a57-4d0e-9f9b-0d3f2b1c9a44' },
    ...overrides,
  };
}
export function recovered(overrides: Partial<Notice> = {}): Notice {
  return failing({
    id: 'N-0123456789abcdef0124',
    kind: 'check-recovered',
    at: '2026-11-28T04:22:10.000Z',
    message: 'Nobody outside the account may read it',
    due: null,
    evidence: { index: 4240, id: '0d1f3a52-1b75-4f0a-8a53-7f4f8f2f2a10' },
    ...overrides,
  });
}
/** So many resources of one check. */
export function many(count: number, overrides: Partial<Notice> = {}): Notice[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `bucket-${String(index + 1).padStart(4, '0')}`;
    return failing({
      id: `N-${String(index).padStart(20, '0')}`,
      condition: `failing|${overrides.check?.id ?? 'aws/s3-bucket-is-private'}|${name}`,
      subject: { id: `aws:111122223333/s3/${name}`, display: name },
      ...overrides,
    });
  });
}

export function messageOf(notices: readonly Notice[], overrides: Partial<Message> = {}): Message {
  return {
    id: 'M-9f2c1e5b7a3d4c6e8f01',
    kind: 'notices',
    channel: 'here',
    route: 'on-call',
    at: notices.at(-1)?.at ?? at,
    entity: 'Northwind Payroll Ltd',
    demonstration: false,
    because: null,
    notices: [...notices],
    ...overrides,
  };
}
export const testMessage = (overrides: Partial<Message> = {}) => messageOf([], { kind: 'test', route: null, ...overrides });

/** A first collection: three checks over a thousand resources. */
export function digest(overrides: Partial<Message> = {}): Message {
  const other = (id: string, claim: string) => ({ ...failing().check!, id, claim });
  return messageOf(
    [
      ...many(640, {
        check: other('aws/s3-encryption-is-on', 'The bucket encrypts what is put into it'),
        severity: 'medium',
        owner: { name: null, by: 'none' },
        due: null,
      }),
      ...many(2),
      ...many(358, { check: other('aws/s3-versioning-is-on', 'The bucket keeps former versions'), severity: 'low', due: null }),
    ].map((notice) => ({ ...notice, cause: 'first-collection' as const })),
    { kind: 'digest', because: 'first-collection', ...overrides },
  );
}

export function conditionOf(notice: Notice): Condition {
  return { key: notice.condition, kind: 'failing', since: notice.since, notice, waiver: null, ends: [], told: [] };
}
export function threadOf(notices: readonly Notice[], overrides: Partial<Thread> = {}): Thread {
  const conditions = notices.map(conditionOf);
  return {
    key: 'aws/s3-bucket-is-private|payments',
    reference: null,
    open: conditions.length > 0,
    conditions: conditions.slice(0, 25),
    count: conditions.length,
    ...overrides,
  };
}
