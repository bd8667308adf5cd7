import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Statement, type StatementOf } from '../../../src/model/statement.ts';
import { openLog } from '../../../src/run/opened-log.ts';
import { runUnsigned } from '../../../src/run/run-collection.ts';
import { Toys } from '../toy-source.ts';
import { toySettings, until } from './toy-channel.ts';

const kills = 6;
const loop = join(import.meta.dirname, 'children/notify-loop.ts');

interface Received {
  readonly id: string;
  readonly attempt: number;
  readonly uncertain: boolean;
  readonly notices: readonly (readonly [id: string, subject: string])[];
}
let toys: Toys;
let server: Server;
let received: Received[];
let child: ChildProcess | undefined;
beforeEach(async () => {
  toys = new Toys();
  Object.defineProperty(toys, 'time', { get: () => Date.now(), set: () => {} });
  toys.settings = { notify: toySettings(['hook']) };
  received = [];
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Uint8Array);
      // A receiver that has it and whose answer the sender may not live to see.
      received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Received);
      await sleep(Math.random() * 40);
      response.end();
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  rmSync(toys.directory, { recursive: true, force: true });
});

async function startNotifying(): Promise<ChildProcess> {
  const { port } = server.address() as AddressInfo;
  const started = spawn(process.execPath, [loop, toys.directory, `http://127.0.0.1:${port}/`], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  const telling = await Promise.race([once(started.stdout, 'data'), once(started, 'exit')]);
  if (!String(telling[0]).includes('telling')) throw new Error('the child did not begin');
  return started;
}

describe('a process that is killed while it notifies', () => {
  it('loses nothing, and over a channel with keys nothing comes twice', async () => {
    const app = toys.composition();
    const log = await openLog(app);
    const opened: string[] = [];
    const openAnother = async () => {
      opened.push(`door-${opened.length}`);
      const Doors = opened.map((Name) => ({ Name, Locked: false }));
      toys.answers = { ...toys.answers, 'toy:Doors': () => ({ Doors: [...Doors, { Name: 'never', Locked: true }] }) };
      await runUnsigned(app, {
        log,
        trigger: { name: 'test', authentication: 'none' },
        signal: new AbortController().signal,
        onProgress: () => {},
      });
    };
    try {
      for (let n = 0; n < kills; n += 1) {
        await openAnother();
        const running = await startNotifying();
        const end = performance.now() + Math.random() * 250;
        while (performance.now() < end) await openAnother();
        running.kill('SIGKILL');
        await once(running, 'exit');
      }
      await openAnother();
      await startNotifying();
      const told = () => new Set(received.flatMap(({ notices }) => notices.map(([, subject]) => subject)));
      await until(() => opened.every((name) => told().has(name)), 'every door being told of');
      await sleep(300);
      expect(told().size).toBe(opened.length);
      // By its key a message is one, however often it was sent; and what it tells is in no other.
      const messages = new Map(received.map((message) => [message.id, message]));
      const notices = [...messages.values()].flatMap((message) => message.notices.map(([id]) => id));
      expect(notices.length).toBe(new Set(notices).size);
      expect(notices.length).toBe(opened.length);
      // What is sent again after a crash says so.
      for (const [at, message] of received.entries()) {
        if (received.findIndex(({ id }) => id === message.id) < at) expect(message).toMatchObject({ uncertain: true });
      }
      const attempts = [...log.store.entries()].flatMap(({ bytes }): StatementOf<'delivery'>[] => {
        const statement = Statement.parse(JSON.parse(new TextDecoder().decode(bytes)));
        return statement.kind === 'delivery' ? [statement] : [];
      });
      for (const { id, attempt } of received) {
        expect(attempts.filter((one) => one.message === id && one.attempt === attempt)).toHaveLength(1);
      }
    } finally {
      await log.close();
    }
  });
});
