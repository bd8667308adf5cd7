import { afterEach, expect, it } from 'vitest';
import { type DaemonWatch, watchDaemon } from '../../src/http/watch-daemon.ts';
import { SourceError } from '../../src/model/errors.ts';
import type { Daemon } from '../../src/run/daemon/daemon-contract.ts';
import { startDaemon } from '../../src/run/daemon/start-daemon.ts';
import { Toys } from '../run/toy-source.ts';
import { type Families, parseExposition } from './parse-exposition.ts';

let watched: DaemonWatch | undefined;
let daemon: Daemon | undefined;
afterEach(async () => {
  await daemon?.stop('the test ends');
  await watched?.close();
  daemon = undefined;
  watched = undefined;
});

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const scrape = async () => parseExposition(await (await fetch(`${watched?.url}/metrics`)).text());
const figure = (families: Families, name: string, labels: Record<string, string> = {}) =>
  families
    .get(name)
    ?.samples.find((sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;

it('answers for a daemon from before its start to after its end', async () => {
  const toys = new Toys();
  // The first question is put off by the source.
  let asked = 0;
  toys.answers['toy:Doors'] = () => {
    asked += 1;
    if (asked === 1) throw new SourceError('rate-limited', 'toy:Doors', { status: 429, headers: { 'retry-after': '0' } });
    return { Doors: [{ Name: 'back', Locked: false }] };
  };
  const app = toys.composition();
  const errors: unknown[] = [];
  watched = await watchDaemon(app, { listen: '127.0.0.1:0', onError: (error) => errors.push(error) });
  const { url, onEvent } = watched;
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: false, reasons: [{ code: 'starting' }] });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  daemon = await startDaemon(app, { reload: async () => toys.composition(), onEvent, pace: { beatMs: 0, lookMs: 0 } });
  watched.watch(daemon);
  const first = await until(async () => {
    const families = await scrape();
    return figure(families, 'proofline_turns_done_total') === 1 && figure(families, 'proofline_evaluations_total') === 1
      ? families
      : undefined;
  });
  expect(figure(first, 'proofline_collections_total', { kind: 'state', completeness: 'complete' })).toBe(4);
  expect(figure(first, 'proofline_source_throttles_total')).toBe(1);
  expect(figure(first, 'proofline_source_calls_total', { result: 'answered' })).toBe(4);
  expect(figure(first, 'proofline_source_calls_total', { result: 'failed' })).toBe(1);
  expect(figure(first, 'proofline_turns_failed_total')).toBe(0);
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    ready: true,
    reasons: [],
    queue: { kind: 'embedded', reachable: true },
  });

  // What stands is read a minute after it was read last, and only then.
  toys.time += 61_000;
  await daemon.look();
  const second = await until(async () => {
    const families = await scrape();
    return figure(families, 'proofline_results', { severity: 'high', outcome: 'fail' }) === 1 ? families : undefined;
  });
  expect(figure(second, 'proofline_results', { severity: 'high', outcome: 'pass' })).toBe(2);
  expect(figure(second, 'proofline_resources', { source: 'toy:1' })).toBe(5);
  expect(errors).toEqual([]);

  await daemon.stop('enough');
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    ready: false,
    reasons: [{ code: 'stopping' }, { code: 'log-not-open' }],
  });
  await watched.close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});
