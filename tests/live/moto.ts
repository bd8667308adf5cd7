import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** An AWS emulator of our own process, on a free port of the loopback interface. */
export interface Moto {
  readonly url: string;
  /** Forgets everything, enforcement included. */
  reset(): Promise<void>;
  /** From now on every request is checked: signature and IAM policies. */
  enforce(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

const missing =
  "SKIPPED, not passed: moto_server is not on the PATH, so nothing was tested against an AWS emulator (pip install 'moto[server]').";

/**
 * Whether the live suites can run. Says loudly when they cannot; where servers are required (PROOFLINE_REQUIRE_SERVERS=1), that is an
 * error.
 */
export function hasMoto(): boolean {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, 'moto_server'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found && process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error(missing);
  if (!found) console.warn(missing);
  return found;
}

export async function startMoto(env: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', ...env },
  });
  const post = async (path: string, body: string) => {
    const response = await fetch(`${url}/moto-api/${path}`, { method: 'POST', body });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
  };
  await untilUp(url, server);
  return {
    url,
    async reset() {
      await post('reset-auth', 'inf');
      await post('reset', '');
    },
    enforce: (on) => post('reset-auth', on ? '0' : 'inf'),
    stop: () =>
      new Promise((resolve) => {
        if (server.exitCode !== null) return resolve();
        server.once('exit', () => resolve());
        server.kill('SIGTERM');
      }),
  };
}

async function untilUp(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    try {
      await fetch(`${url}/moto-api/data.json`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.kill('SIGTERM');
  throw new Error('moto_server did not come up in 20 seconds');
}

function freePort(): Promise<number> {
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
