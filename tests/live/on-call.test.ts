import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as s3 from '@aws-sdk/client-s3';
import { Octokit } from '@octokit/rest';
import type { Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openApp } from '../../src/app.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { notifier } from '../../src/run/notify/notifier.ts';
import { openLog } from '../../src/run/opened-log.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { startEmulator } from './emulator.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const token = 'planted-issues-token';
const repository = { owner: 'proofline-bot', repo: 'security' };
const region = 'eu-central-1';

/** As an engineer on call lives it, against emulators of AWS and GitHub. */
describe.skipIf(!hasMoto())('somebody breaks a bucket', () => {
  let moto: Moto;
  let github: Emulator;
  let directory: string;
  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'emulator');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'emulator');
    directory = mkdtempSync(join(tmpdir(), 'proofline-on-call-'));
    moto = await startMoto();
    github = await startEmulator('github', {
      tokens: { [token]: { login: repository.owner, scopes: ['repo'] } },
      github: { users: [{ login: repository.owner }], repos: [{ owner: repository.owner, name: repository.repo, auto_init: true }] },
    });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await github?.close();
    await moto?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('the ticket says what is untrue and how to put it right; put right, it is closed', async () => {
    const configFile = join(directory, 'proofline.yaml');
    writeFileSync(
      configFile,
      `version: 1
entity: { name: Example Ltd, tenant: example }
reports: [soc2]
store: { data: data, keys: keys }
sources:
  aws: [{ name: production, region: ${region}, regions: [${region}], endpointUrl: '${moto.url}' }]
notify:
  batch: PT0M
  channels: [{ name: tickets, kind: github-issues, repository: ${repository.owner}/${repository.repo}, token: { env: ISSUES }, apiUrl: '${github.url}' }]
  routes: [{ name: versions, channels: [tickets], checks: [aws/s3-bucket-versioned] }]
  owners: { default: platform }
`,
    );
    const app = await openApp({ configFile, env: { ...process.env, ISSUES: token } });
    createKeys(app.configuration.store.keys, { tenant: 'example', demonstration: false });
    const buckets = new s3.S3Client({
      region,
      endpoint: moto.url,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
    });
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      buckets.send(new s3.PutBucketVersioningCommand({ Bucket: 'payroll-exports', VersioningConfiguration: { Status } }));
    const octokit = new Octokit({ auth: token, baseUrl: github.url, log: { debug() {}, info() {}, warn() {}, error() {} } });
    const issues = async () => (await octokit.rest.issues.listForRepo({ ...repository, state: 'all' })).data;
    const comesTo = async (state: 'open' | 'closed') => {
      for (const end = performance.now() + 30_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const found = await issues();
        if (found.length === 1 && found[0]?.state === state) return found[0];
      }
      throw new Error(`there is no one ${state} ticket: ${JSON.stringify(await issues())}`);
    };
    const log = await openLog(app);
    const abort = new AbortController();
    const telling = notifier(app, log);
    const ended = telling?.run(abort.signal);
    const collect = () =>
      runCollection(app, {
        collectors: ['aws/s3-buckets'],
        trigger: { name: 'test', authentication: 'none' },
        onProgress: () => {},
        signal: abort.signal,
        log,
      });
    try {
      await buckets.send(
        new s3.CreateBucketCommand({ Bucket: 'payroll-exports', CreateBucketConfiguration: { LocationConstraint: region } }),
      );
      await versioning('Enabled');
      await collect();
      await versioning('Suspended');
      await collect();
      const open = await comesTo('open');
      expect(open.title).toMatch(/version/i);
      for (const word of [
        'payroll-exports',
        'platform',
        'aws s3api put-bucket-versioning',
        'aws_s3_bucket_versioning',
        'proofline evidence',
      ]) {
        expect(open.body).toContain(word);
      }
      await versioning('Enabled');
      await collect();
      const closed = await comesTo('closed');
      expect(closed.number).toBe(open.number);
    } finally {
      abort.abort();
      await ended;
      await log.close();
    }
  });
});
