import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { jsonShapes as shapes } from '../../src/cli/shapes.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { Statement, type StatementOf } from '../../src/model/statement.ts';
import { prooflineHere } from './in-process.ts';

let directory: string;
let server: Server;
let status: number;
let bodies: string[];
const secret = 'key-of-the-signature-0123456789';
const env = { HOOK_KEY: secret };
const config = () => ['--config', join(directory, 'proofline.yaml')];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'notify-cli-'));
  status = 200;
  bodies = [];
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    bodies.push(Buffer.concat(chunks).toString('utf8'));
    response.statusCode = status;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(directory, 'proofline.yaml'),
    `version: 1
entity: { name: Toys, tenant: toys }
reports: [soc2]
store: { data: data, keys: keys }
notify:
  channels:
    - { name: hook, kind: webhook, url: 'http://127.0.0.1:${port}/', secret: { env: HOOK_KEY }, privateNetwork: true }
`,
  );
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function beginLog(): Promise<void> {
  const app = await openApp({ configFile: join(directory, 'proofline.yaml'), env });
  createKeys(app.configuration.store.keys, { tenant: 'toys', demonstration: false });
  await (await app.openStore({ create: true })).close();
}
async function deliveries(): Promise<StatementOf<'delivery'>[]> {
  const app = await openApp({ configFile: join(directory, 'proofline.yaml'), env });
  const store = await app.openStore({ readOnly: true });
  try {
    return [...store.entries()].flatMap(({ bytes }) => {
      const statement = Statement.parse(JSON.parse(new TextDecoder().decode(bytes)));
      return statement.kind === 'delivery' ? [statement] : [];
    });
  } finally {
    await store.close();
  }
}

describe('a route for checks that there are none of', () => {
  beforeEach(() => {
    appendFileSync(join(directory, 'proofline.yaml'), "  routes: [{ name: one, channels: [hook], checks: ['aws/nix-*'] }]\n");
  });
  it('is refused with its place before anything is said', async () => {
    await beginLog();
    const { err, code } = await prooflineHere(['notify', 'test', 'hook', ...config()], env);
    expect(code).toBe(2);
    expect(err).toMatch(/proofline\.yaml:8.*notify\.routes\.?\[?0\]?\.checks.*there is no check "aws\/nix-\*"/s);
    expect(bodies).toEqual([]);
  });
  it('is what doctor finds, beside everything else', async () => {
    await beginLog();
    const { out } = await prooflineHere(['doctor', '--offline', ...config()], env);
    expect(out).toContain('there is no check "aws/nix-*"');
    expect(out).toContain('each works');
  });
});

describe('notify test', () => {
  it('sends a message that says it is a test, and records that it did', async () => {
    await beginLog();
    const { out, code } = await prooflineHere(['notify', 'test', 'hook', ...config()], env);
    expect(code).toBe(0);
    expect(out).toMatch(/^delivered: test message M-[0-9a-f]{20} over hook \(webhook\)\nRecorded as log entry \d+\.$/m);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ kind: 'test', channel: 'hook', notices: [] });
    expect(await deliveries()).toMatchObject([{ channel: 'hook', outcome: 'delivered', attempt: 1, about: null, notices: {} }]);
  });
  it('says why not, records it, and ends with an error', async () => {
    await beginLog();
    status = 404;
    const { out, code } = await prooflineHere(['notify', 'test', 'hook', ...config()], env);
    expect(code).toBe(1);
    expect(out).toMatch(/^not delivered: hook \(webhook\): .*404/);
    expect(out).toContain('Trying again will not help');
    expect(await deliveries()).toMatchObject([{ outcome: 'given-up', fallback: null }]);
    expect(out + JSON.stringify(await deliveries())).not.toContain(secret);
  });
  it('works before there is a log', async () => {
    const { out, code } = await prooflineHere(['notify', 'test', 'hook', ...config()], env);
    expect(code).toBe(0);
    expect(out).toContain('There is no log yet');
  });
  it('knows its channels', async () => {
    const { err, code } = await prooflineHere(['notify', 'test', 'hok', ...config()], env);
    expect(code).toBe(2);
    expect(err).toContain('there is no channel "hok"');
    expect(err).toContain('hook');
  });
});

describe('notify preview', () => {
  it('knows its channels, and says when nothing is untrue', async () => {
    await beginLog();
    expect((await prooflineHere(['notify', 'preview', '--channel', 'hok', ...config()], env)).code).toBe(2);
    const { out } = await prooflineHere(['notify', 'preview', '--channel', 'hook', ...config()], env);
    expect(out).toContain('Nothing is untrue that anybody would be told of.');
    expect(bodies).toEqual([]);
  });
});

describe('notify list', () => {
  it('says that nobody has notified yet, and how the channels are', async () => {
    await beginLog();
    const { out } = await prooflineHere(['notify', 'list', '--json', ...config()], env);
    expect(shapes['notify list'].parse(JSON.parse(out))).toMatchObject({
      followed: null,
      conditions: [],
      dispatches: [],
      channels: [{ name: 'hook', kind: 'webhook', lastDelivered: null, failingSince: null }],
    });
    expect((await prooflineHere(['notify', 'list', ...config()], env)).out).toContain('No process has notified yet');
  });
});
