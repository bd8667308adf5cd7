/**
 * Executes the Dockerfile's steps in directories that hold nothing but a small system, Node and npm, and runs what came of it as the
 * user it names in a root it cannot write. Takes some minutes and needs root; `.ci/run` runs it.
 */
import { execFileSync, type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKeys } from '../../src/keys/key-files.ts';
import { executeDockerfile, type Image, readRoot, root, writeContext } from './image.ts';

const tools = ['sh', 'env', 'ln', 'mkdir', 'chmod', 'chown', 'tar', 'gzip', 'cat', 'rm', 'ls', 'cp', 'uname', 'id', 'touch'];
const companions = [
  ...['librt.so.1', 'libpthread.so.0', 'libdl.so.2', 'libm.so.6', 'libutil.so.1', 'libresolv.so.2', 'libnss_dns.so.2', 'libnss_files.so.2'],
  ...['libgcc_s.so.1', 'libstdc++.so.6'],
];
const passed = ['NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

if (process.getuid?.() !== 0) throw new Error('steps that run in a root of their own need root');
/** Without the right to mount npm fetches everything anew, and that nothing can be written is seen from the user alone. */
const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;
if (!canMount) console.warn('NOT TRIED: a root that is mounted read-only (this machine lets nobody mount)');
/** Of a root: nothing in it can be written. */
const lock = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"';
const npmCache = execFileSync('npm', ['config', 'get', 'cache'], { cwd: root, encoding: 'utf8' }).trim();
mkdirSync(npmCache, { recursive: true });
const scratch = mkdtempSync(path.join(tmpdir(), 'proofline-image-'));
try {
  const base = path.join(scratch, 'base');
  makeBase(base);
  writeContext(path.join(scratch, 'context'));
  const image = executeDockerfile({
    dockerfile: readRoot('Dockerfile'),
    context: path.join(scratch, 'context'),
    base,
    scratch,
    environment: npmSettings(),
    run(line, at) {
      console.log(`RUN ${line}`);
      const { status } = chroot(at, ['sh', '-c', line], { stdio: 'inherit' });
      if (status !== 0) throw new Error(`ended with ${status}: RUN ${line}`);
    },
  });
  tryImage(image);
  if (canMount) await serveInImage(image);
  console.log('the steps of the Dockerfile were executed, and what came of them runs');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Runs what was made: as its user, its root mounted so that nothing can be written. */
function tryImage(image: Image): void {
  const { version } = JSON.parse(readRoot('package.json')) as { version: string };
  const expectOutput = (args: readonly string[], contains: string) => {
    const { status, stdout, stderr } = chroot(image, [...image.entrypoint, ...args], { encoding: 'utf8' }, true);
    if (status === 0 && String(stdout).includes(contains)) return;
    throw new Error(`${[...image.entrypoint, ...args].join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  };
  expectOutput(['--version'], `${version}\n`);
  expectOutput(image.command, 'Usage: proofline');
  expectOutput(['serve', '--help'], 'Usage: proofline serve');
  expectOutput(['worker', '--help'], 'Usage: proofline worker');
  expectOutput(['catalog', 'checks'], 'aws/root-user-has-mfa');
  const who = chroot(image, ['id', '-u'], { encoding: 'utf8' }, true);
  if (String(who.stdout).trim() === '0') throw new Error('it runs as root');
  if (chroot(image, ['touch', '/opt/proofline/written'], { stdio: 'ignore' }, true).status === 0)
    throw new Error('its root can be written');
  // Nothing listens: the command itself must be there, run, and say so by its exit code.
  const [health, ...rest] = image.healthcheck;
  const unhealthy = chroot(
    image,
    [health ?? '', ...rest].map((part) => part.replace('9464', '1')),
    { stdio: 'ignore' },
    true,
  );
  if (unhealthy.status !== 1) throw new Error(`without a server the health check ends with ${unhealthy.status}, not 1`);
}

/**
 * Runs `serve` as compose.yaml does: nothing can be written but the volumes and /tmp, configuration and keys are mounted read-only. The image's
 * own health check must find it well, and a stop must end it in order.
 */
async function serveInImage(image: Image): Promise<void> {
  const outside = (name: string) => path.join(scratch, 'mounted', name);
  mkdirSync(outside('etc/proofline'), { recursive: true });
  createKeys(outside('keys'), { tenant: 'example', demonstration: false });
  const places = { data: '/data', keys: '/keys', witness: '/witness/own' };
  const configuration = { version: 1, entity: { name: 'Example Ltd', tenant: 'example' }, reports: ['soc2'], store: places };
  // JSON is YAML.
  writeFileSync(outside('etc/proofline/proofline.yaml'), JSON.stringify(configuration));
  execFileSync('chown', ['-R', image.user, outside('.')]);
  for (const folder of ['etc/proofline', 'keys']) mkdirSync(path.join(image.root, folder), { recursive: true });
  const mounts = [
    lock,
    ...['etc/proofline', 'keys'].map(
      (name) => `mount --bind "$PROOFLINE_MOUNTED/${name}" "$0/${name}" && mount -o remount,ro,bind "$0/${name}"`,
    ),
    ...['data', 'witness', 'tmp'].map((name) => `mount -t tmpfs -o mode=700,uid=1000,gid=1000 none "$0/${name}"`),
  ].join(' && ');
  const port = await freePort();
  const [program = '', ...args] = within(image, mounts, [
    ...image.entrypoint,
    ...['serve', '--config', '/etc/proofline/proofline.yaml', '--listen', `127.0.0.1:${port}`],
  ]);
  const serving = spawn(program, args, {
    env: { ...environmentOf(image), PROOFLINE_MOUNTED: outside('.') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [serving.stdout, serving.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(serving, 'exit');
  try {
    const health = image.healthcheck.map((part) => part.replace('9464', String(port)));
    for (let attempt = 1; chroot(image, health, { stdio: 'ignore' }, true).status !== 0; attempt += 1) {
      if (attempt === 60 || serving.exitCode !== null) throw new Error(`its health check never found it well:\n${said}`);
      await sleep(1000);
    }
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    if (!ready.ok) throw new Error(`it is not ready: ${await ready.text()}`);
  } finally {
    serving.kill('SIGTERM');
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`told to stop, serve ended with ${code}:\n${said}`);
}
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

type Place = Pick<Image, 'root' | 'workdir' | 'user' | 'environment'>;

/** The command line that runs a command in a root, after mounts that nobody else sees. */
function within(at: Place, mounts: string, command: readonly string[]): string[] {
  const inside = ['chroot', `--userspec=${at.user}`, at.root, '/usr/bin/env', '-C', at.workdir, ...command];
  return canMount ? ['unshare', '--mount', 'sh', '-c', `${mounts} && exec "$@"`, at.root, ...inside] : inside;
}
function environmentOf(at: Place): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: at.user.startsWith('0') ? '/root' : '/tmp', ...at.environment };
}

/** Runs a command in a root. `locked`: nothing in it can be written; else npm has this machine's cache. */
function chroot(at: Place, command: readonly string[], options: SpawnSyncOptions, locked = false) {
  const mounts = locked ? lock : 'mkdir -p "$0/root/.npm" && mount --bind "$PROOFLINE_NPM_CACHE" "$0/root/.npm"';
  const [program = '', ...args] = within(at, mounts, command);
  const env = { PROOFLINE_NPM_CACHE: npmCache, ...environmentOf(at) };
  const ended = spawnSync(program, args, { ...options, maxBuffer: 64 * 1024 * 1024, env });
  if (ended.error !== undefined) throw ended.error;
  return ended;
}

/** What stands for `node:<version>-slim`: a shell with a few tools, Node, npm, and the user `node`. */
function makeBase(base: string): void {
  for (const folder of [
    'usr/bin',
    'usr/local/bin',
    'usr/local/lib/node_modules',
    'etc',
    'tmp',
    'root',
    'home/node',
    'proc',
    'dev',
    'opt',
    'var/tmp',
  ])
    mkdirSync(path.join(base, folder), { recursive: true });
  chmodSync(path.join(base, 'tmp'), 0o1777);
  symlinkSync('usr/bin', path.join(base, 'bin'));
  const node = path.join(root, 'node_modules/node/bin/node');
  const places = new Map(tools.map((tool) => [whereIs(tool), `usr/bin/${tool}`]));
  for (const [from, to] of [...places, [realpathSync(node), 'usr/local/bin/node'] as const]) {
    copyInto(base, from, to);
    for (const library of librariesOf(from)) copyInto(base, library, library.slice(1));
  }
  // What a system has of the C library and its companions, whoever loads it later.
  const system = path.dirname(librariesOf(node).find((library) => library.includes('/libc.so')) ?? '/lib/libc.so.6');
  for (const name of companions)
    if (existsSync(path.join(system, name))) copyInto(base, path.join(system, name), path.join(system, name).slice(1));
  const npm = path.resolve(path.dirname(realpathSync(whereIs('npm'))), '..');
  cpSync(npm, path.join(base, 'usr/local/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(base, 'usr/local/bin/npm'));
  writeFileSync(path.join(base, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  writeFileSync(path.join(base, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  for (const file of [
    '/etc/resolv.conf',
    '/etc/hosts',
    '/etc/nsswitch.conf',
    '/etc/ssl/openssl.cnf',
    process.env['NODE_EXTRA_CA_CERTS'] ?? '',
  ])
    if (file !== '' && existsSync(file)) copyInto(base, file, file.slice(1));
  for (const [name, minor] of [
    ['null', '3'],
    ['zero', '5'],
    ['random', '8'],
    ['urandom', '9'],
  ] as const)
    execFileSync('mknod', ['-m', '666', path.join(base, 'dev', name), 'c', '1', minor]);
}
function copyInto(base: string, from: string, to: string): void {
  const target = path.join(base, to);
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
}
function whereIs(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim();
}
function librariesOf(file: string): string[] {
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, library]) => library ?? '').filter((library) => library !== '');
}

/** This machine's npm: where packages come from, what it has of them already, and that the network is asked only for what is missing. */
function npmSettings(): Record<string, string> {
  const setting = (name: string) => execFileSync('npm', ['config', 'get', name], { cwd: root, encoding: 'utf8' }).trim();
  const own = setting('userconfig');
  if (existsSync(own)) writeFileSync(path.join(scratch, 'base/root/.npmrc'), readFileSync(own), { mode: 0o600 });
  const proxies = Object.fromEntries(passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  return { ...proxies, npm_config_registry: setting('registry'), npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' };
}
