import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import type { JsonObject } from '../../model/json.ts';
import { Lifecycle, Time } from '../../model/statement.ts';
import { digestOf } from '../../seal/digest.ts';
import type { Store } from '../../store/contract.ts';
import type { State } from '../../store/state.ts';
import type { Composition } from '../composition.ts';
import type { DaemonProcess } from './daemon-contract.ts';

/** What may be said of a process beside `started`, `reloaded` and `stopped`; they stand between these. */
export type LifeEvent =
  | 'started'
  | 'reloaded'
  | 'stopped'
  | 'ended-unseen'
  | 'configuration-refused'
  | 'clock-moved'
  | 'queue-unavailable'
  | 'queue-available'
  | 'queue-emptied';

export function describeProcess(app: Composition, role: DaemonProcess['role'], run: string): DaemonProcess {
  return {
    role,
    run,
    host: hostname(),
    pid: process.pid,
    version: app.version,
    node: process.versions.node,
    configuration: configurationDigest(app),
    by: userName(),
  };
}

export function configurationDigest(app: Composition): string {
  return digestOf(app.configuration.declared as unknown as JsonObject);
}

/** Who the operating system says runs this process. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const longestDetail = 2000;
export async function recordLife(store: Store, of: DaemonProcess, event: LifeEvent, detail: string): Promise<void> {
  const text = detail.length <= longestDetail ? detail : `${detail.slice(0, longestDetail - 1)}…`;
  await store.append<'lifecycle'>({ kind: 'lifecycle', event, detail: text, process: of });
}

/** Until when a process is known to have lived, for whoever comes after it. May be lost; then the log says only that it did not stop. */
const Heartbeat = z.strictObject({
  run: z.string(),
  host: z.string(),
  pid: z.int(),
  at: Time,
  stopped: z.boolean(),
  process: Lifecycle.shape.process.unwrap(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
const key = 'heartbeat serve';

/** Of the daemon that said last that it lives. */
export function readHeartbeat(values: State['values']): Heartbeat | undefined {
  const text = values.get(key);
  return text === undefined ? undefined : Heartbeat.safeParse(JSON.parse(text)).data;
}
export function writeHeartbeat(values: State['values'], of: DaemonProcess, at: string, stopped = false): void {
  values.set(key, JSON.stringify(heartbeatOf(of, at, stopped)));
}

const workersKey = 'heartbeats of workers';
/** Of every worker that neither stopped nor was found gone. */
export function readWorkers(values: State['values']): readonly Heartbeat[] {
  const text = values.get(workersKey);
  return text === undefined ? [] : (z.array(Heartbeat).safeParse(JSON.parse(text)).data ?? []);
}
/** Only under the lease on workers: it is one list of all of them. `at` null: it is gone. */
export function writeWorker(values: State['values'], of: DaemonProcess, at: string | null): void {
  const others = readWorkers(values).filter(({ run }) => run !== of.run);
  values.set(workersKey, JSON.stringify(at === null ? others : [...others, heartbeatOf(of, at, false)]));
}

/** It says every few seconds that it lives. */
const silentAfterMs = 2 * 60_000;
export function isGone({ host, pid, at }: Heartbeat, now: string): boolean {
  if (Date.parse(now) - Date.parse(at) > silentAfterMs) return true;
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function heartbeatOf(of: DaemonProcess, at: string, stopped: boolean): Heartbeat {
  return { run: of.run, host: of.host, pid: of.pid, at, stopped, process: of };
}
