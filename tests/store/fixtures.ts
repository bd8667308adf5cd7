import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeys } from '../../src/keys/key-files.ts';
import type { CollectedItem, Evidence, PendingRequest } from '../../src/model/evidence.ts';
import type { Keys } from '../../src/model/keys.ts';
import { createStore } from '../../src/store/embedded.ts';

export const owner = { tenant: 'northwind', demonstration: false };
export const origin = 'proofline/northwind-test';
export const logic = `sha256:${'ab'.repeat(32)}`;
export const source = 'aws:111122223333';

/** A clock that moves a second per look, and ids that count. */
export function clockFrom(start = '2026-01-15T12:00:00.000Z'): { now: () => string; newId: () => string; set: (time: string) => void } {
  let at = Date.parse(start);
  let ids = 0;
  return {
    now: () => {
      at += 1000;
      return new Date(at).toISOString();
    },
    newId: () => `id-${++ids}`,
    set: (time) => {
      at = Date.parse(time);
    },
  };
}

export interface Place {
  readonly root: string;
  readonly dataDir: string;
  readonly keysDir: string;
  remove(): void;
}
export function place(): Place {
  const root = mkdtempSync(join(tmpdir(), 'store-'));
  return { root, dataDir: join(root, 'data'), keysDir: join(root, 'keys'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

export async function freshStore(at: Place, clock = clockFrom(), keys: Keys = createKeys(at.keysDir, owner)) {
  const store = await createStore({ dataDir: at.dataDir, keys, ...owner, origin, ...clock });
  return { store, keys, clock };
}

export function item(subject: string | null, body: unknown, extra: Partial<CollectedItem> = {}): CollectedItem {
  const operation = extra.operation ?? 'iam:ListUsers';
  return {
    id: `${operation}||${subject ?? ''}`,
    operation,
    subject,
    region: null,
    body: body as CollectedItem['body'],
    volatile: null,
    withheld: [],
    ...extra,
  };
}

export function request(n: number, extra: Partial<PendingRequest> = {}): PendingRequest {
  return {
    operation: 'iam:ListUsers',
    input: { MaxItems: 1000, Marker: '$token' },
    page: n,
    host: 'iam.amazonaws.com',
    status: 200,
    startedAt: '2026-01-15T12:00:00.000Z',
    durationMs: 12 + n,
    serverDate: '2026-01-15T12:00:00.000Z',
    offsetMs: 10,
    requestId: `req-${n}`,
    bodyBytes: new TextEncoder().encode(`{"page":${n}}`),
    bytes: 10,
    notModified: false,
    gap: null,
    code: null,
    ...extra,
  };
}

export function evidence(items: readonly CollectedItem[], extra: Partial<Evidence> = {}): Evidence {
  return {
    collector: 'aws/iam-users',
    kind: 'state',
    logic,
    source,
    scope: source,
    session: 'pl-0001',
    principal: 'arn:aws:sts::111122223333:assumed-role/reader/pl-0001',
    trigger: { name: 'hourly', authentication: 'schedule' },
    startedAt: '2026-01-15T12:00:00.000Z',
    finishedAt: '2026-01-15T12:00:02.000Z',
    durationMs: 2000,
    sourceAsOf: null,
    requests: [request(1)],
    officialHosts: { 'iam.amazonaws.com': true },
    items,
    gaps: [],
    reconciliation: [],
    grade: 'source-direct',
    ...extra,
  };
}
