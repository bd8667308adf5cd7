/**
 * Time from an evaluation being sealed to the first attempt to tell of it, batching off: the log is written by one opening of it and
 * followed by another, as a worker and a daemon do, at the shipped pace of looking. First one door at a time beside 2,000 that fail
 * already, then 5,000 at once. Run: node tests/bench/notify.ts
 * Exit code 1 when one door takes more than 2 s.
 */
import { rmSync } from 'node:fs';
import { notifier } from '../../src/run/notify/notifier.ts';
import { openLog } from '../../src/run/opened-log.ts';
import { runUnsigned } from '../../src/run/run-collection.ts';
import { ToyChannel, toySettings, until } from '../run/notify/toy-channel.ts';
import { Toys } from '../run/toy-source.ts';

const boundMs = 2_000;
const rounds = 15;
const toys = new Toys();
Object.defineProperty(toys, 'time', { get: () => Date.now(), set: () => {} });
const channel = new ToyChannel('ops');
toys.channels = [channel];
toys.settings = { notify: toySettings(['ops']) };
const app = toys.composition();
const written = await openLog(app);
const followed = await openLog(app);
let sealedAt = 0;
const seal = written.store.appendEvaluation.bind(written.store);
written.store.appendEvaluation = async (draft) => {
  const sealed = await seal(draft);
  sealedAt = performance.now();
  return sealed;
};
const doors = new Map(Array.from({ length: 2_000 }, (_, n) => [`open-${n}`, false]));
const collect = async () => {
  const Doors = [...doors].map(([Name, Locked]) => ({ Name, Locked }));
  toys.answers = { ...toys.answers, 'toy:Doors': () => ({ Doors }) };
  await runUnsigned(app, {
    log: written,
    trigger: { name: 'bench', authentication: 'none' },
    signal: new AbortController().signal,
    onProgress: () => {},
  });
};
let attemptedAt = 0;
channel.answer = () => {
  attemptedAt = performance.now();
};
const told = async () => {
  const before = channel.attempts.length;
  await collect();
  await until(() => channel.attempts.length > before, 'an attempt', 120_000);
  return attemptedAt - sealedAt;
};

const abort = new AbortController();
const telling = notifier(app, followed);
const ended = telling?.run(abort.signal);
try {
  const first = await told();
  const took: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    doors.set(`one-${n}`, false);
    took.push(await told());
  }
  for (let n = 0; n < 5_000; n += 1) doors.set(`many-${n}`, false);
  const many = await told();
  took.sort((left, right) => left - right);
  const worst = took.at(-1) ?? 0;
  const ms = (value: number) => `${Math.round(value)} ms`;
  console.log(
    `sealed to first attempt, one of ${doors.size - 5_000}: median ${ms(took[Math.floor(rounds / 2)] ?? 0)}, worst ${ms(worst)} of ${rounds}`,
  );
  console.log(`the worst is ${((100 * worst) / boundMs).toFixed(0)} % of the bound of ${ms(boundMs)}`);
  console.log(`first collection with 2,000 failing: ${ms(first)}; 5,000 more at once: ${ms(many)}`);
  if (worst > boundMs) process.exitCode = 1;
} finally {
  abort.abort();
  await ended;
  await written.close();
  await followed.close();
  rmSync(toys.directory, { recursive: true, force: true });
}
