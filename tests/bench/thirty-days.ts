/**
 * A daemon lives through thirty simulated days of fifty sources: its own loop, queue, follower of the log, notifier and figures, over toys
 * whose clock is put forward hour by hour. After each day heap and handles are measured, behind a full collection of garbage.
 * Run: node tests/bench/thirty-days.ts [days] [sources]
 * Exit code 1 when the median of the last third is above the first third's: heap by more than a tenth, handles or files at all; or when a
 * turn was lost.
 */
import { readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ScheduleSettings } from '../../src/config/schedule-settings.ts';
import { watchDaemon } from '../../src/http/watch-daemon.ts';
import type { Composition } from '../../src/run/composition.ts';
import { startDaemon } from '../../src/run/daemon/start-daemon.ts';
import { sourceKindOf } from '../../src/run/registries.ts';
import type { SourceAccess } from '../../src/run/source-access.ts';
import type { JobQueue } from '../../src/schedule/contract.ts';
import { resolveSchedules } from '../../src/schedule/resolve-schedules.ts';
import { goodAnswers, Toys } from '../run/toy-source.ts';

const days = Number(process.argv[2] ?? 30);
const sources = Number(process.argv[3] ?? 50);
const hour = 3_600_000;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const toys = new Toys();
const names = Array.from({ length: sources }, (_, n) => `toys-${n + 1}`);
toys.settings = { sources: { aws: names.map((name) => ({ name })), github: [] } as unknown as Composition['configuration']['sources'] };
const one = toys.composition();
let queue: JobQueue | undefined;
const app: Composition = {
  ...one,
  async sources(state) {
    const [box] = await one.sources(state);
    return names.map(
      (name, n): SourceAccess => ({ ...(box as SourceAccess), name, members: async () => await membersOf(box as SourceAccess, n + 1) }),
    );
  },
  async schedules() {
    const { collectors, checks } = await one.registries();
    return resolveSchedules({
      settings: ScheduleSettings.parse({}),
      sources: names.map((name) => ({ name, kind: 'toy', regions: 'toy/regions' })),
      collectors,
      checks,
      sourceKindOf,
      problemAt: (path, message) => ({ path: path.join('.'), message }),
    });
  },
  async openQueue() {
    queue = await one.openQueue();
    return queue;
  },
};
async function membersOf(box: SourceAccess, n: number) {
  return (await box.members()).map((member) => ({ ...member, id: `toy:${n}`, tenant: String(n), display: `box ${n}` }));
}

const seen = { turns: 0, failed: 0, changes: 0, troubles: [] as string[] };
const watched = await watchDaemon(app, { listen: '127.0.0.1:0', onError: (error) => seen.troubles.push(String(error)) });
const daemon = await startDaemon(app, {
  reload: async () => app,
  onEvent(event) {
    watched.onEvent(event);
    if (event.kind === 'turn-ended' && event.outcome === 'done') seen.turns += 1;
    if (event.kind === 'turn-ended' && event.outcome === 'failed') seen.failed += 1;
    if (event.kind === 'trouble') seen.troubles.push(event.message);
    if (event.kind === 'notifier' && event.event.kind === 'warning') seen.troubles.push(event.event.message);
  },
  pace: { beatMs: 0, lookMs: 0 },
});
watched.watch(daemon);
const idle = async () => {
  for (;;) {
    const { waiting, active, delayed } = await (queue as JobQueue).counts();
    if (waiting + active + delayed === 0) return;
    await sleep(2);
  }
};

const heap: number[] = [];
const handles: number[] = [];
const files: number[] = [];
try {
  await idle();
  for (let day = 1; day <= days; day += 1) {
    // Every day a door is opened or locked, in all of them.
    toys.answers = { ...goodAnswers, 'toy:Doors': () => ({ Doors: [{ Name: 'front', Locked: day % 2 === 0 }] }) };
    for (let hours = 0; hours < 24; hours += 1) {
      toys.time += hour;
      await daemon.look();
      await idle();
    }
    await (await fetch(`${watched.url}/metrics`)).text();
    // What follows the log looks every quarter of a second.
    await sleep(300);
    collectGarbage();
    await sleep(20);
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed / 2 ** 20);
    handles.push(process.getActiveResourcesInfo().length);
    files.push(readdirSync('/proc/self/fd').length);
  }
} finally {
  await daemon.stop('the days are over');
  await watched.close();
  rmSync(toys.directory, { recursive: true });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const third = Math.floor(days / 3);
let isFlat = true;
for (const [what, values, atMost, unit] of [
  ['heap', heap, 1.1, ' MiB'],
  ['handles', handles, 1, ''],
  ['open files', files, 1, ''],
] as const) {
  const [first, last] = [median(values.slice(0, third)), median(values.slice(-third))];
  const ratio = last / first;
  const shown = (value: number) => `${Math.round(value * 10) / 10}${unit}`;
  console.log(`${what}: first third ${shown(first)}, last third ${shown(last)}, ratio ${ratio.toFixed(3)} (at most ${atMost})`);
  if (!(ratio <= atMost)) isFlat = false;
}
// One of the first start, and one a day of each source.
const expected = sources * (days + 1);
console.log(`${seen.turns} turns of ${sources} sources in ${days} days (expected ${expected}), ${seen.failed} attempts failed`);
for (const trouble of new Set(seen.troubles)) console.log(`trouble: ${trouble}`);
if (!isFlat || seen.turns !== expected || seen.failed > 0 || seen.troubles.length > 0) process.exitCode = 1;
