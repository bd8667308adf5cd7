import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prooflineHere } from './in-process.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const directory = mkdtempSync(join(tmpdir(), 'proofline-serve-'));
const config = join(directory, 'proofline.yaml');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

interface Serving {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Until a line of its log has this in it. */
  says(text: string): Promise<void>;
  lines(): readonly Record<string, unknown>[];
}

function serve(): Serving {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'eu-central-1' };
  const child = spawn(process.execPath, [main, 'serve', '--config', config, '--listen', '127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  let text = '';
  const waiting: (() => void)[] = [];
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const look of waiting) look();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    exited,
    async says(wanted) {
      const said = new Promise<void>((resolve) => {
        const look = () => text.includes(wanted) && resolve();
        waiting.push(look);
        look();
      });
      await Promise.race([said, exited]);
      expect(text).toContain(wanted);
    },
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('one daemon at a time; one that is killed is told of by the next; Ctrl-C ends it and says what is due again', async () => {
  await prooflineHere(['init', '--config', config, '--entity', 'Toys', '--tenant', 'toys', '--report', 'soc2']);
  // Nobody listens there: every attempt fails, and every turn waits for another.
  writeFileSync(
    config,
    `version: 1
entity: { name: Toys, tenant: toys }
reports: [soc2]
sources: { aws: [{ name: toys, endpointUrl: 'http://127.0.0.1:9', regions: [eu-central-1] }] }
`,
  );
  const first = serve();
  await first.says('"msg":"attempt failed"');
  const second = await prooflineHere(['serve', '--config', config, '--listen', '127.0.0.1:0']);
  expect(second.code).toBe(1);
  expect(second.err).toContain('another daemon works on the log at');
  expect(second.err).toContain(`process ${first.child.pid} on`);
  first.child.kill('SIGKILL');
  await first.exited;

  const third = serve();
  await third.says('ended without a word; it lived until');
  await third.says('"msg":"listening"');
  third.child.kill('SIGINT');
  expect(await third.exited).toBe(0);
  // Lines of a log are JSON and carry no secret.
  expect(third.lines().map(({ msg }) => msg)).toEqual(expect.arrayContaining(['started', 'stopping', 'stopped']));
  await third.says('SIGINT; not finished, and due again: toys/critical@');

  const listed = await prooflineHere(['schedule', 'list', '--config', config, '--json']);
  const { schedules } = JSON.parse(listed.out) as { readonly schedules: readonly { readonly id: string; readonly due: string | null }[] };
  expect(schedules.map(({ id }) => id)).toEqual(['toys/critical', 'toys/standard', 'toys/events']);
  expect(schedules.every(({ due }) => due !== null)).toBe(true);
  expect((await prooflineHere(['verify', '--config', config])).code).toBe(0);
}, 120_000);

test('a worker without Redis and a schedule that is not there are refused with why', async () => {
  const worker = await prooflineHere(['worker', '--config', config]);
  expect([worker.code, worker.err]).toEqual([2, expect.stringContaining('jobs lie in the daemon itself')]);
  const run = await prooflineHere(['schedule', 'run', 'toys/critica', '--config', config]);
  expect([run.code, run.err]).toEqual([2, expect.stringContaining('toys/critical')]);
});

test('what is asked for now runs here when jobs lie in the daemon, and a failure is recorded', async () => {
  const run = await prooflineHere(['schedule', 'run', 'toys', '--config', config], {
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
  });
  expect(run.code).toBe(1);
  expect(run.out).toContain('this runs here, in this process');
  expect(run.err).toContain('source "toys" cannot be entered');
}, 60_000);
