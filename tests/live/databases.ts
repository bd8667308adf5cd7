import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A database server of our own process, on a free port of the loopback interface, with an empty database `payroll` of `owner`. */
export interface Database {
  readonly port: number;
  stop(): Promise<void>;
}

/** Where a server without its client has the tables that it cannot be without. */
const systemTables = '/usr/share/mysql';

interface Who {
  readonly uid: number;
  readonly gid: number;
}

function programIn(name: string, further: readonly string[]): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', ...further]
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
}
function postgresqlDirectories(): readonly string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
}

/** Whether a server's program is there. Says loudly when it is not; where servers are required (PROOFLINE_REQUIRE_SERVERS=1), that is an error. */
function has(name: string, found: string | undefined): boolean {
  if (found !== undefined) return true;
  const missing = `SKIPPED, not passed: ${name} is not on this machine, so nothing was tested against it.`;
  if (process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error(missing);
  console.warn(missing);
  return false;
}
export function hasPostgresql(): boolean {
  return has('PostgreSQL', programIn('initdb', postgresqlDirectories()));
}
export function hasMariadb(): boolean {
  return has('MariaDB (mariadb-server-core)', existsSync(systemTables) ? programIn('mariadbd', []) : undefined);
}

/** Servers refuse to run as root: then as somebody who owns nothing. */
function whoRuns(): Who | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function directoryFor(who: Who | undefined, name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `proofline-${name}-`));
  if (who !== undefined) chownSync(directory, who.uid, who.gid);
  return directory;
}

export async function startPostgresql(): Promise<Database> {
  const who = whoRuns();
  const directory = directoryFor(who, 'postgresql');
  const further = postgresqlDirectories();
  const program = (name: string) => programIn(name, further) ?? name;
  const data = join(directory, 'data');
  const options = { stdio: 'ignore', cwd: directory, env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C' }, ...who } as const;
  execFileSync(program('initdb'), ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'], options);
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-c', 'fsync=off', '-c', 'password_encryption=scram-sha-256'],
    options,
  );
  const { default: pg } = await import('pg');
  await untilUp(server, async () => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'owner', database: 'postgres' });
    try {
      await client.connect();
      await client.query('CREATE DATABASE payroll');
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return { port, stop: () => stop(server, 'SIGINT', directory) };
}

export async function startMariadb(): Promise<Database> {
  const who = whoRuns();
  const directory = directoryFor(who, 'mariadb');
  const data = join(directory, 'data');
  const options = { stdio: 'ignore', cwd: directory, env: { PATH: process.env['PATH'], HOME: directory }, ...who } as const;
  const program = programIn('mariadbd', []) ?? '';
  mkdirSync(data);
  if (who !== undefined) chownSync(data, who.uid, who.gid);
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) => readFileSync(join(systemTables, name), 'utf8'));
  const input = ['CREATE DATABASE mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;', ...tables].join('\n');
  execFileSync(program, ['--no-defaults', '--bootstrap', `--datadir=${data}`, '--skip-networking'], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
    input,
  });
  const port = await freePort();
  const server = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(directory, 'socket')}`,
      '--skip-name-resolve',
    ],
    options,
  );
  const { default: mysql } = await import('mysql2/promise');
  await untilUp(server, async () => {
    const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
    await connection.query('CREATE DATABASE payroll');
    await connection.end();
  });
  return { port, stop: () => stop(server, 'SIGTERM', directory) };
}

async function untilUp(server: ChildProcess, ask: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.kill('SIGKILL');
  throw new Error('the server did not come up in 30 seconds');
}

async function stop(server: ChildProcess, signal: NodeJS.Signals, directory: string): Promise<void> {
  if (server.exitCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
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
