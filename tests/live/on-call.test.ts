import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as s3 from '@aws-sdk/client-s3';
import { Octokit } from '@octokit/rest';
import type { Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openApp } from '../../src/app.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { WebhookBody } from '../../src/model/webhook-body.ts';
import { notifier } from '../../src/run/notify/notifier.ts';
import { openEvaluation } from '../../src/run/open-evaluation.ts';
import { openLog } from '../../src/run/opened-log.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { ownCertificate, startMailServer } from '../notify/channels/mail-server.ts';
import { startReceiver } from '../notify/channels/receiver.ts';
import { startEmulator } from './emulator.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const token = 'planted-issues-token';
const hookSecret = 'planted-hook-secret';
const repository = { owner: 'proofline-bot', repo: 'security' };
const region = 'eu-central-1';

/** As an engineer on call lives it, against emulators of AWS and GitHub. */
describe.skipIf(!hasMoto())('somebody breaks a bucket', () => {
  let moto: Moto;
  let github: Emulator;
  let directory: string;
  let mail: Awaited<ReturnType<typeof startMailServer>>;
  let pager: Awaited<ReturnType<typeof startReceiver>>;
  let certificate: ReturnType<typeof ownCertificate>;
  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'emulator');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'emulator');
    directory = mkdtempSync(join(tmpdir(), 'proofline-on-call-'));
    certificate = ownCertificate();
    mail = await startMailServer(certificate, '', { withoutTls: true });
    pager = await startReceiver(hookSecret, () => Date.now() / 1000);
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
    await Promise.all([mail?.close(), pager?.close()]);
    certificate?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('every channel says what is untrue and how to put it right; put right, the ticket is closed, and a relapse opens it again', async () => {
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
  channels:
    - { name: tickets, kind: github-issues, repository: ${repository.owner}/${repository.repo}, token: { env: ISSUES }, apiUrl: '${github.url}' }
    - { name: mail, kind: email, host: 127.0.0.1, port: ${mail.port}, security: none, from: proofline@example.com, to: [on-call@example.com] }
    - { name: pager, kind: webhook, url: '${pager.url}', secret: { env: HOOK }, privateNetwork: true }
  routes: [{ name: versions, channels: [tickets, mail, pager], checks: [aws/s3-bucket-versioned, aws/s3-bucket-logs-access] }]
  owners: { default: platform }
`,
    );
    const app = await openApp({ configFile, env: { ...process.env, ISSUES: token, HOOK: hookSecret } });
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
    const versions = async () => {
      const { data } = await octokit.rest.issues.listForRepo({ ...repository, state: 'all' });
      return data.filter(({ title }) => /version/i.test(title));
    };
    const told = () => pager.received.map(({ body }) => WebhookBody.parse(JSON.parse(body)));
    const comesTo = async <T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> => {
      for (const end = performance.now() + 30_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const found = await look();
        if (found !== undefined) return found;
      }
      throw new Error(`it never came to ${what}: ${JSON.stringify([told(), mail.mails.map(({ subject }) => subject), await versions()])}`);
    };
    const ticket = (state: 'open' | 'closed') =>
      comesTo(`one ${state} ticket`, async () => {
        const [found, second] = await versions();
        return second === undefined && found?.state === state ? found : undefined;
      });
    const page = (count: number) => comesTo(`${count} pages`, () => told()[count - 1]);
    const letter = (count: number) => comesTo(`${count} mails`, () => mail.mails[count - 1]);
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
      // What it finds at first may be old: one digest, and one mail.
      expect(await page(1)).toMatchObject({ kind: 'digest', because: 'first-collection' });
      expect((await letter(1)).subject).toBe('First reading of production: 1 check fails');

      await versioning('Suspended');
      await collect();
      const paged = await page(2);
      const [notice] = paged.notices;
      expect(paged).toMatchObject({ kind: 'notices', notices: [{ kind: 'check-failing', owner: { name: 'platform' } }] });
      const open = await ticket('open');
      const written = await letter(2);
      expect(written.subject).toMatch(/^\[\w+\] Untrue for payroll-exports: .*version.* \(production\)$/i);
      const facts = [
        'payroll-exports',
        'platform',
        notice?.severity ?? '',
        notice?.message ?? '',
        'aws s3api put-bucket-versioning',
        'aws_s3_bucket_versioning',
        notice?.evidence.id ?? '',
        `proofline evidence show ${notice?.evidence.index}`,
      ];
      for (const fact of facts) {
        expect(open.body).toContain(fact);
        expect(written.text).toContain(fact);
      }
      // The entry that the message names says the same, and leads on to what the bucket itself answered.
      const evaluation = log.store.latestEvaluation(notice?.source?.id ?? '');
      expect(evaluation?.index).toBe(notice?.evidence.index);
      const said = openEvaluation(log.store, evaluation!.statement).results?.find(({ check }) => check === notice?.check?.id);
      expect(said).toMatchObject({ outcome: 'fail', display: 'payroll-exports', message: notice?.message });
      const items = log.store.items('aws/s3-buckets', 'aws:123456789012', said!.entries[0]!);
      expect(items.find(({ operation }) => operation === 's3:GetBucketVersioning')?.body).toMatchObject({ Status: 'Suspended' });

      await versioning('Enabled');
      await collect();
      expect((await ticket('closed')).number).toBe(open.number);
      expect(await page(3)).toMatchObject({ notices: [{ kind: 'check-recovered', since: notice?.since }] });
      expect((await letter(3)).subject).toMatch(/^True again for payroll-exports/);

      await versioning('Suspended');
      await collect();
      expect((await ticket('open')).number).toBe(open.number);
      await letter(4);
      await collect();
      // Nothing changed, so nobody is told; and what is told by then comes once.
      expect(new Set(told().map(({ id }) => id)).size).toBe(4);
      expect([told().length, mail.mails.length]).toEqual([4, 4]);
    } finally {
      abort.abort();
      await ended;
      await log.close();
    }
  });
});
