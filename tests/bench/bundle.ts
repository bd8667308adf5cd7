import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundleFolder } from '../../src/bundle/bundle-folder.ts';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import type { LogReader } from '../../src/model/log-reader.ts';
import { canonicalBytes } from '../../src/seal/canonical-json.ts';
import { createCommitter } from '../../src/seal/commit.ts';
import { type ExportFiles, linesOf } from '../../src/verify/export-files.ts';
import { openExport } from '../../src/verify/export-reader.ts';
import { ClaimSheet } from '../../src/verify/report.ts';
import { verifyBundle } from '../../src/verify/verify-bundle.ts';
import { LogBuilder, TestKey } from '../verify/log-builder.ts';

/**
 * A bundle of 100,000 items: what memory writing and verifying it take, and how long verifying takes beside what Node needs to hash the same
 * items. `node tests/bench/bundle.ts [items]`
 */
const perCollection = 1_000;

/** As large and as nested as what IAM says of a user. */
const body = (user: number) => ({
  UserName: `user-${user}`,
  UserId: `AIDA${String(user).padStart(17, '0')}`,
  Arn: `arn:aws:iam::111122223333:user/engineering/user-${user}`,
  CreateDate: '2025-03-01T09:00:00.000Z',
  Path: '/engineering/',
  AttachedManagedPolicies: [
    { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    { PolicyName: 'IAMUserChangePassword', PolicyArn: 'arn:aws:iam::aws:policy/IAMUserChangePassword' },
  ],
  GroupList: ['engineers', `team-${user % 17}`],
  Tags: [
    { Key: 'cost-centre', Value: String(user % 31) },
    { Key: 'owner', Value: `someone-${user % 101}@example.com` },
  ],
});

async function write(reader: LogReader, folder: string): Promise<void> {
  mkdirSync(folder);
  await writeBundleFolder(folder, {
    reader,
    period: 'bench',
    generatedAt: '2026-02-01T00:00:00.000Z',
    version: '0.0.0',
    supplements: null,
    published: [],
    documents: [{ path: 'index.html', bytes: new TextEncoder().encode('<p>') }],
    withholdItemsOf: new Set(),
    signNote: (text) => new TestKey(reader.origin, 1).note(text),
  });
}

/** Every content hashed with its salt, as verifying does it, and nothing else. */
function hashItems(files: ExportFiles): number {
  let items = 0;
  for (const line of linesOf(files, 'evidence/blobs.txt')) {
    if (line === undefined) break;
    const second = line.bytes.indexOf(32, 45);
    const hash = createHash('sha256');
    hash.update(Buffer.from(Buffer.from(line.bytes.subarray(45, second)).toString('latin1'), 'base64'));
    hash.update(line.bytes.subarray(second + 1));
    if (hash.digest().length === 32) items += 1;
  }
  return items;
}

/** Seconds of processor time: what else this machine does is not the bundle's figure. */
/** The commitment of every item made anew from what it says: canonical form, salt, SHA-256. */
function commitItems(files: ExportFiles): void {
  const commit = createCommitter(Buffer.alloc(32, 7)).scoped('aws:111122223333');
  for (const line of linesOf(files, 'evidence/blobs.txt')) {
    if (line === undefined) break;
    commit.commit(canonicalBytes(JSON.parse(Buffer.from(line.bytes.subarray(line.bytes.indexOf(32, 45) + 1)).toString('utf8'))));
  }
}

async function timed(work: () => unknown): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

const [, , first, folder] = process.argv;
if (first === 'write' && folder !== undefined) {
  const files = openDirectory(`${folder}/evidence`);
  const reader = openExport(files, new ClaimSheet());
  if (reader === undefined) throw new Error('the export of the bench cannot be read');
  const seconds = await timed(() => write(reader, `${folder}-again`));
  console.log(`writing it again from itself: ${seconds.toFixed(1)} s, at most ${memory()} resident (limit 400 MB)`);
} else if (first === 'verify' && folder !== undefined) {
  const files = openDirectory(folder);
  const least = async (work: () => unknown): Promise<number> => Math.min(await timed(work), await timed(work), await timed(work));
  const bare = await least(() => hashItems(files));
  const committing = await least(() => commitItems(files));
  let ok = true;
  const verifying = await least(async () => {
    ok &&= (await verifyBundle(files)).ok;
  });
  console.log(`verifying: ${verifying.toFixed(2)} s; ${ok ? 'holds' : 'FAILS'}; at most ${memory()} resident`);
  console.log(
    `  ${(verifying / committing).toFixed(1)} times making the commitments of its items (canonical form, salt, SHA-256): ${committing.toFixed(2)} s; limit 3`,
  );
  console.log(`  ${(verifying / bare).toFixed(1)} times the bare SHA-256 of their bytes: ${bare.toFixed(2)} s`);
  if (!ok || verifying > 3 * committing) process.exitCode = 1;
} else {
  const count = Number(first ?? 100_000);
  const scratch = mkdtempSync(join(tmpdir(), 'proofline-bench-'));
  try {
    const log = new LogBuilder();
    log.plan();
    for (let at = 0; at < count; at += perCollection) {
      const many = Math.min(perCollection, count - at);
      const items = Object.fromEntries(Array.from({ length: many }, (_, n) => [`AIDA${at + n}`, { body: body(at + n) }]));
      log.collection({ collector: 'aws/iam-users', scope: `aws:111122223333/region-${at / perCollection}`, items, requests: 3 });
    }
    log.checkpoint();
    const bundle = join(scratch, 'bundle');
    await write(log, bundle);
    console.log(`a bundle of ${count} items`);
    // Each in a process of its own: what is measured is not what this one holds.
    for (const part of ['write', 'verify']) {
      const { status } = spawnSync(process.execPath, [import.meta.filename, part, bundle], { stdio: 'inherit' });
      if (status !== 0) process.exitCode = 1;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function memory(): string {
  return `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`;
}
