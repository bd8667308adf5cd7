import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis of our own process, on a free port of the loopback interface. */
export interface RedisServer {
  readonly url: string;
  /** Gone at once, as when its machine loses power. What it had written down, it has again after `start`. */
  kill(): Promise<void>;
  /** On the same port. `empty`: without what it had written down. */
  start(options?: { readonly empty?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const missing = 'SKIPPED, not passed: redis-server is not on the PATH, so nothing was tested against a Redis (install redis-server).';

/** Whether the suites over Redis can run. Says loudly when they cannot; where servers are required, that is an error. */
export function hasRedis(): boolean {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, 'redis-server'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found && process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error(missing);
  if (!found) console.warn(missing);
  return found;
}

/** @param options.password without which it answers nothing. */
export async function startRedis(options: { readonly password?: string } = {}): Promise<RedisServer> {
  const port = await freePort();
  const root = mkdtempSync(join(tmpdir(), 'proofline-redis-'));
  let directory = mkdtempSync(join(root, 'data-'));
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    running.once('exit', () => resolve());
    running.kill(signal);
    await promise;
  };
  const start = async ({ empty = false }: { readonly empty?: boolean } = {}) => {
    if (empty) directory = mkdtempSync(join(root, 'data-'));
    const secret = options.password === undefined ? [] : ['--requirepass', options.password];
    const fixed = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--loglevel', 'warning'];
    server = spawn('redis-server', ['--port', String(port), '--dir', directory, ...fixed, ...secret], { stdio: 'ignore' });
    await untilUp(port, server);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A port on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function untilUp(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
    if (await answers(port)) return;
    await sleep(25);
  }
  server.kill('SIGKILL');
  throw new Error('redis-server did not come up in 10 seconds');
}

/** Any answer but "loading": also that a password is wanted. */
function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
  socket.once('data', (data) => {
    socket.destroy();
    resolve(!data.toString().startsWith('-LOADING'));
  });
  socket.once('error', () => resolve(false));
  return promise;
}
