import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { prooflineHere } from '../cli/in-process.ts';
import { contextFiles, isIgnored, readRoot, root } from './image.ts';
import { type LintedImage, lintImage } from './lint-image.ts';

const { devDependencies } = JSON.parse(readRoot('package.json')) as { devDependencies: { node: string } };
const ours: LintedImage = {
  dockerfile: readRoot('Dockerfile'),
  ignore: readRoot('.dockerignore'),
  topLevel: readdirSync(root),
  exists: (place) => existsSync(path.join(root, place)),
  node: devDependencies.node,
};

describe('the Dockerfile', () => {
  it('is as it should be', () => {
    expect(lintImage(ours)).toEqual([]);
  });

  /** What is put in the place of what, and what is then said. */
  const spoilt: readonly (readonly [what: string, from: string | RegExp, to: string, said: string | RegExp])[] = [
    ['a user that is root', 'USER 1000:1000', 'USER 0:0', 'USER 0:0: expected numbers'],
    ['a user by name', 'USER 1000:1000', 'USER node', 'USER node: expected numbers'],
    ['no user', 'USER 1000:1000\n', '', 'USER root: expected numbers'],
    ['something made by the user', 'WORKDIR /data', 'RUN true', 'what is made is made before USER'],
    ['a base without a version', /NODE_IMAGE=\S+\n\nFROM/, 'NODE_IMAGE=node:latest\n\nFROM', 'expected an exact version'],
    ['a base that nothing is tested on', /NODE_IMAGE=\S+\n\nFROM/, 'NODE_IMAGE=node:22.1.0-slim\n\nFROM', 'the tests run on'],
    ['another base beside it', /FROM \S+ AS dependencies/, 'FROM node:24 AS dependencies', 'FROM node:24: not the base'],
    ['an entry point in a shell', 'ENTRYPOINT ["proofline"]', 'ENTRYPOINT proofline', 'ENTRYPOINT: expected one, in exec form'],
    ['no command', 'CMD ["--help"]\n', '', 'CMD: expected one'],
    ['no health check', /HEALTHCHECK .*\n/, '', 'HEALTHCHECK: expected one'],
    ['a health check by curl', '"node", "-e"', '"curl", "-f"', 'neither curl nor wget'],
    ['a health check of another page', '/healthz', '/metrics', 'expected /healthz'],
    ['everything copied', 'COPY src ./src', 'COPY . .', 'COPY . takes whatever lies there'],
    ['a file that is not there', 'COPY src ./src', 'COPY source ./src', 'COPY source: it is not there'],
    ['a file that is not sent', 'COPY src ./src', 'COPY tests ./src', 'COPY tests: .dockerignore keeps it back'],
    ['a file that is sent for nothing', 'COPY checks ./checks\n', '', 'checks is sent to the builder and copied nowhere'],
    ['a stage that is not there', '--from=build', '--from=builder', 'COPY --from=builder: there is no such stage'],
    ['packages beside the lock file', 'npm ci --omit=dev', 'npm install --omit=dev', 'npm ci keeps to the lock file'],
    ['a secret in the image', 'ENV NODE_ENV=production', 'ENV GITHUB_TOKEN=x', 'ENV GITHUB_TOKEN: a secret would stay'],
    ['ADD', 'COPY src ./src', 'ADD src ./src', 'ADD fetches'],
    ['a word that no engine knows', 'WORKDIR /data', 'WORKDIRR /data', /Unknown instruction/i],
  ];
  it.each(spoilt)('does not pass with %s', (_, from, to, said) => {
    const dockerfile = ours.dockerfile.replace(from, to);
    expect(dockerfile).not.toBe(ours.dockerfile);
    expect(lintImage({ ...ours, dockerfile }).join('\n')).toMatch(said);
  });

  it('is told everything that it copies, and nothing that is nobody’s business', () => {
    const sent = contextFiles(ours.ignore);
    expect(sent).toEqual(expect.arrayContaining(['package.json', '.npmrc', 'src/cli/main.ts', 'config/frameworks/soc2.yaml']));
    expect(sent.filter((file) => /^(?:tests|\.git|\.ci|compose)/.test(file))).toEqual([]);
    for (const secret of ['keys/sign.json', 'secrets/github-token', '.proofline/data/store.db', 'proofline.yaml', '.env', '.git/config'])
      expect(isIgnored(secret, ours.ignore), secret).toBe(true);
    expect(isIgnored('src/cli/main.ts', ours.ignore)).toBe(false);
    expect(() => isIgnored('a', '**/*.pem')).toThrow('not understood');
  });
});

const hardened = {
  restart: z.literal('unless-stopped'),
  read_only: z.literal(true),
  tmpfs: z.tuple([z.string().regex(/^\/tmp:size=\d+m,mode=1777$/)]),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
};
const Ours = z.strictObject({
  ...hardened,
  image: z.literal('proofline'),
  build: z.literal('.').optional(),
  init: z.literal(true),
  stop_grace_period: z.string().regex(/^\d+s$/),
  // Names alone: a value here would be a secret in a file.
  environment: z.array(z.string().regex(/^[A-Z_]+$/)),
  secrets: z.array(z.string()),
  volumes: z.array(z.string()),
  networks: z.array(z.string()),
  depends_on: z.strictObject({ redis: z.strictObject({ condition: z.literal('service_healthy') }) }),
  command: z.array(z.string()),
  deploy: z.strictObject({ replicas: z.literal(2) }).optional(),
});
/** No `ports` anywhere: nothing is published. */
const Compose = z.strictObject({
  name: z.string(),
  'x-proofline': z.unknown(),
  services: z.strictObject({
    daemon: Ours,
    worker: Ours.required({ deploy: true }),
    redis: z.strictObject({
      ...hardened,
      image: z.string().regex(/^\$\{REDIS_IMAGE:-redis:\d+\.\d+-alpine\}$/),
      user: z.literal('redis'),
      command: z.array(z.string()),
      volumes: z.tuple([z.literal('queue:/data')]),
      networks: z.tuple([z.literal('queue')]),
      healthcheck: z.strictObject({
        test: z.tuple([z.literal('CMD'), z.literal('redis-cli'), z.literal('ping')]),
        interval: z.string(),
        timeout: z.string(),
        retries: z.int(),
      }),
    }),
  }),
  networks: z.strictObject({ queue: z.strictObject({ internal: z.literal(true) }), outside: z.strictObject({}) }),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string().startsWith('./secrets/') })),
});

describe('compose.yaml', () => {
  const compose = Compose.parse(parse(readRoot('compose.yaml'), { merge: true }));
  const { daemon, worker, redis } = compose.services;

  it('names what it uses', () => {
    for (const service of [daemon, worker]) {
      expect(Object.keys(compose.secrets).sort()).toEqual([...service.secrets].sort());
      for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of service.volumes) {
        const [from = '', to, mode] = volume.split(':');
        if (from.startsWith('./')) expect(mode, volume).toBe('ro');
        else expect(Object.keys(compose.volumes), volume).toContain(from);
        expect(to, volume).toMatch(/^\//);
      }
    }
    expect(daemon.volumes).toEqual(worker.volumes);
    // More than serve.stopWithin, or the end of what is under way would never be recorded.
    expect(Number.parseInt(daemon.stop_grace_period, 10)).toBeGreaterThan(60);
  });

  it('keeps the queue over a restart, and forgets no job for want of memory', () => {
    expect(redis.command.join(' ')).toBe('redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction');
  });

  it.each([
    ['daemon', daemon.command],
    ['worker', worker.command],
  ])('gives the %s a command that there is', async (_, [verb = '', ...rest]) => {
    const { code, out } = await prooflineHere([verb, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: proofline ${verb} `);
    for (const option of rest.filter((part) => part.startsWith('--'))) expect(out).toContain(option);
  });

  it('mounts what its configuration names', () => {
    const configuration = loadConfiguration(path.join(root, 'config/deploy/proofline.yaml'), {});
    const targets = daemon.volumes.map((volume) => volume.split(':')[1]);
    const { data, keys, witness } = configuration.store;
    expect(targets).toEqual(expect.arrayContaining([data, keys, witness]));
    expect(daemon.volumes).toContain(`./keys:${keys}:ro`);
    expect(daemon.command).toContain('/etc/proofline/proofline.yaml');
    const files = JSON.stringify(configuration).match(/\/run\/secrets\/[\w-]+/g) ?? [];
    expect([...new Set(files.map((file) => path.basename(file)))].sort()).toEqual(Object.keys(compose.secrets).sort());
    expect(configuration.queue?.redis?.url).toBe('redis://redis:6379');
  });
});
