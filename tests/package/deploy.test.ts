import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { prooflineHere } from '../cli/in-process.ts';
import { readRoot } from './image.ts';

const inScratch = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proofline-deploy-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const expectVerb = async ([verb = '', ...rest]: readonly string[]) => {
  const { code, out } = await prooflineHere([verb, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Usage: proofline ${verb} `);
  for (const option of rest.filter((part) => part.startsWith('--'))) expect(out).toContain(option);
};

it('is what the README names', () => {
  const readme = readRoot('README.md');
  for (const file of ['config/deploy/proofline.yaml', 'config/deploy/proofline.service', 'config/deploy/kubernetes.yaml'])
    expect(readme).toContain(`\`${file}\``);
  const [argument] = /^ARG (NODE_IMAGE=\S+)$/m.exec(readRoot('Dockerfile'))?.slice(1) ?? [];
  expect(readme).toContain(`--build-arg ${argument}@sha256:`);
  expect(readRoot('compose.yaml')).toContain(`--build-arg ${argument}@sha256:`);
  // The credentials of the unit, as the configuration beside it reads them.
  expect(readme).toContain('/run/credentials/proofline.service/github-token');
});

describe('the unit of systemd', () => {
  const unit = readRoot('config/deploy/proofline.service');
  const missing = 'SKIPPED, not passed: systemd-analyze is not on the PATH, so nobody read the unit.';
  const canAnalyse = spawnSync('systemd-analyze', ['--version']).status === 0;
  if (!canAnalyse && process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error(missing);
  if (!canAnalyse) console.warn(missing);
  /** With a program that is there in the place of ours, which is installed on no machine that tests. */
  const analyse = (text: string, ...args: string[]) =>
    inScratch((folder) => {
      const file = path.join(folder, 'proofline.service');
      writeFileSync(file, text.replace('/usr/local/bin/proofline', process.execPath));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
      return { status, said: `${stdout}${stderr}` };
    });

  it.skipIf(!canAnalyse)('is understood by systemd', () => {
    expect(analyse(unit, 'verify')).toEqual({ status: 0, said: '' });
    expect(analyse(unit.replace('ProtectSystem', 'ProtectSistem'), 'verify').said).toContain('Unknown key');
  });
  it.skipIf(!canAnalyse)('exposes little of the machine', () => {
    const { status, said } = analyse(unit, 'security', '--offline=true', '--threshold=20', '--no-pager');
    expect(status, said).toBe(0);
    expect(
      analyse(unit.replace(/^(?:Protect|Private|Restrict|SystemCall|Capability).*\n/gm, ''), 'security', '--offline=true', '--threshold=20')
        .status,
    ).not.toBe(0);
  });
  it('starts a verb that there is, and gives a stop its time', async () => {
    await expectVerb(/^ExecStart=\/usr\/local\/bin\/proofline (.*)$/m.exec(unit)?.[1]?.split(' ') ?? []);
    expect(Number(/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1])).toBeGreaterThan(60);
    // What compiles as it runs must be allowed to.
    expect(unit).not.toContain('MemoryDenyWriteExecute=yes');
    expect(unit).toMatch(/^ProtectSystem=strict$/m);
  });
});

const name = z.literal('proofline');
const metadata = z.strictObject({ name, namespace: name });
const locked = z.strictObject({
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
});
const image = z.string().regex(/^registry\.example\.com\/proofline(?::\d+\.\d+\.\d+|@sha256:[0-9a-f]{64})$/);
const mount = z.strictObject({ name: z.string(), mountPath: z.string().startsWith('/'), readOnly: z.literal(true).optional() });
const resources = z.strictObject({ requests: z.record(z.string(), z.string()), limits: z.strictObject({ memory: z.string() }) });
const label = z.strictObject({ 'app.kubernetes.io/name': name });
const probe = (place: '/healthz' | '/readyz') =>
  z.strictObject({
    httpGet: z.strictObject({ path: z.literal(place), port: z.literal('http') }),
    periodSeconds: z.int().positive(),
    timeoutSeconds: z.int().positive().optional(),
    failureThreshold: z.int().positive().optional(),
  });
const port = z.strictObject({ protocol: z.enum(['TCP', 'UDP']), port: z.int() });
const secretVolume = z.strictObject({ secretName: z.string(), defaultMode: z.literal(0o440) });
const Claim = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata: z.strictObject({ name: z.enum(['proofline-data', 'proofline-witness']), namespace: name }),
  spec: z.strictObject({
    accessModes: z.tuple([z.literal('ReadWriteOncePod')]),
    resources: z.strictObject({ requests: z.strictObject({ storage: z.string().regex(/^\d+Gi$/) }) }),
  }),
});
/** In their order. Strict: what is not here is in no manifest of ours. */
const Manifests = z.tuple([
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Namespace'),
    metadata: z.strictObject({ name, labels: z.strictObject({ 'pod-security.kubernetes.io/enforce': z.literal('restricted') }) }),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ServiceAccount'),
    metadata: metadata.extend({
      annotations: z.strictObject({ 'eks.amazonaws.com/role-arn': z.string().regex(/^arn:aws:iam::\d{12}:role\/ProoflineReadOnly$/) }),
    }),
    automountServiceAccountToken: z.literal(false),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ConfigMap'),
    metadata,
    data: z.strictObject({ 'proofline.yaml': z.string() }),
  }),
  Claim,
  Claim,
  z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata,
    spec: z.strictObject({
      // Two would wait for each other: one log has one daemon.
      replicas: z.literal(1),
      strategy: z.strictObject({ type: z.literal('Recreate') }),
      selector: z.strictObject({ matchLabels: label }),
      template: z.strictObject({
        metadata: z.strictObject({ labels: label }),
        spec: z.strictObject({
          serviceAccountName: name,
          automountServiceAccountToken: z.literal(false),
          enableServiceLinks: z.literal(false),
          terminationGracePeriodSeconds: z.int().min(61),
          securityContext: z.strictObject({
            runAsNonRoot: z.literal(true),
            runAsUser: z.literal(1000),
            runAsGroup: z.literal(1000),
            fsGroup: z.literal(1000),
            fsGroupChangePolicy: z.literal('OnRootMismatch'),
            seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
          }),
          initContainers: z.tuple([
            z.strictObject({
              name: z.literal('keys'),
              image,
              command: z.tuple([z.literal('sh'), z.literal('-c'), z.string()]),
              securityContext: locked,
              resources,
              volumeMounts: z.array(mount),
            }),
          ]),
          containers: z.tuple([
            z.strictObject({
              name,
              image,
              args: z.array(z.string()),
              env: z.array(z.strictObject({ name: z.literal('AWS_REGION'), value: z.string() })),
              ports: z.tuple([z.strictObject({ name: z.literal('http'), containerPort: z.int() })]),
              securityContext: locked,
              resources,
              startupProbe: probe('/healthz'),
              livenessProbe: probe('/healthz'),
              readinessProbe: probe('/readyz'),
              volumeMounts: z.array(mount),
            }),
          ]),
          volumes: z.array(
            z.union([
              z.strictObject({ name: z.string(), configMap: z.strictObject({ name }) }),
              z.strictObject({ name: z.string(), secret: secretVolume }),
              z.strictObject({
                name: z.string(),
                emptyDir: z.strictObject({ medium: z.literal('Memory').optional(), sizeLimit: z.string() }),
              }),
              z.strictObject({ name: z.string(), persistentVolumeClaim: z.strictObject({ claimName: z.string() }) }),
            ]),
          ),
        }),
      }),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata,
    spec: z.strictObject({
      selector: label,
      publishNotReadyAddresses: z.literal(true),
      ports: z.tuple([z.strictObject({ name: z.literal('http'), port: z.int(), targetPort: z.literal('http') })]),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal('networking.k8s.io/v1'),
    kind: z.literal('NetworkPolicy'),
    metadata,
    spec: z.strictObject({
      podSelector: z.strictObject({ matchLabels: label }),
      policyTypes: z.tuple([z.literal('Ingress'), z.literal('Egress')]),
      ingress: z.array(
        z.strictObject({
          from: z.array(z.strictObject({ namespaceSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }) })),
          ports: z.array(port),
        }),
      ),
      egress: z.array(z.strictObject({ ports: z.array(port) })),
    }),
  }),
]);

describe('the manifests for Kubernetes', () => {
  const documents = parseAllDocuments(readRoot('config/deploy/kubernetes.yaml'));
  const problems = documents.flatMap((document) => document.errors);
  const [, , config, data, witness, deployment, service, policy] = Manifests.parse(documents.map((document) => document.toJS()));
  const { spec: pod } = deployment.spec.template;
  const [container] = pod.containers;
  const [keys] = pod.initContainers;

  it('are YAML of a shape that is known to the last field', () => {
    expect(problems).toEqual([]);
    const open = documents.map((document) => document.toJS() as Record<string, unknown>);
    const role = { ...open[5], spec: { ...(open[5]?.['spec'] as object), replicas: 2 } };
    expect(Manifests.safeParse(open.with(5, role)).success).toBe(false);
  });

  it('mount what is there, and what the configuration names', () => {
    const volumes = pod.volumes.map((volume) => volume.name);
    for (const mounted of [...container.volumeMounts, ...keys.volumeMounts]) expect(volumes).toContain(mounted.name);
    const claims = pod.volumes.flatMap((volume) => ('persistentVolumeClaim' in volume ? [volume.persistentVolumeClaim.claimName] : []));
    expect(claims).toEqual([data.metadata.name, witness.metadata.name]);
    const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath);
    expect(writable).toEqual(['/data', '/witness', '/tmp']);

    const configuration = inScratch((folder) => {
      writeFileSync(path.join(folder, 'proofline.yaml'), config.data['proofline.yaml']);
      return loadConfiguration(path.join(folder, 'proofline.yaml'), {});
    });
    expect(configuration.store).toEqual({ data: '/data/log', keys: '/keys/own', witness: '/witness/own' });
    expect(configuration.serve?.listen).toBe(`0.0.0.0:${container.ports[0].containerPort}`);
    const files = [...new Set(JSON.stringify(configuration).match(/\/secrets\/[\w-]+/g))].sort();
    expect(files).toEqual(['/secrets/github-token', '/secrets/slack-webhook']);
    for (const file of files) expect(readRoot('config/deploy/kubernetes.yaml')).toContain(`--from-file=${path.basename(file)}`);
  });

  it('start a verb that there is', async () => {
    await expectVerb(container.args);
    expect(container.args).toContain('/etc/proofline/proofline.yaml');
  });

  it('give the keys the modes that they must have', () =>
    inScratch((folder) => {
      const [shell, option, line] = keys.command;
      execFileSync('mkdir', ['-p', `${folder}/keys-secret`, `${folder}/keys`]);
      for (const file of ['sign', 'wrap', 'commit']) {
        writeFileSync(`${folder}/${file}`, file, { mode: 0o440 });
        execFileSync('ln', ['-s', `../${file}`, `${folder}/keys-secret/${file}.json`]);
      }
      execFileSync(shell, [option, line.replaceAll('/keys', `${folder}/keys`)]);
      const modes = execFileSync('stat', ['-c', '%a %F', `${folder}/keys/own`, `${folder}/keys/own/wrap.json`], { encoding: 'utf8' });
      expect(modes).toBe('700 directory\n600 regular file\n');
    }));

  it('let in who scrapes, at the port that is listened on', () => {
    expect(service.spec.ports[0].port).toBe(container.ports[0].containerPort);
    expect(policy.spec.ingress.flatMap(({ ports }) => ports)).toEqual([{ protocol: 'TCP', port: container.ports[0].containerPort }]);
    expect(policy.spec.egress.flatMap(({ ports }) => ports.map((open) => open.port))).toEqual([53, 53, 443]);
  });
});
