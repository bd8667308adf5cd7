import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import type { JsonObject } from '../../model/json.ts';
import { Time } from '../../model/statement.ts';
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

/** Until when a daemon is known to have lived, for the one that comes after it. */
const Heartbeat = z.strictObject({ run: z.string(), host: z.string(), pid: z.int(), at: Time, stopped: z.boolean() });
export type Heartbeat = z.infer<typeof Heartbeat>;
const key = 'heartbeat serve';

export function readHeartbeat(values: State['values']): Heartbeat | undefined {
  const text = values.get(key);
  return text === undefined ? undefined : Heartbeat.safeParse(JSON.parse(text)).data;
}
export function writeHeartbeat(values: State['values'], { run, host, pid }: DaemonProcess, at: string, stopped = false): void {
  values.set(key, JSON.stringify({ run, host, pid, at, stopped } satisfies Heartbeat));
}
