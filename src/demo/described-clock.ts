import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { firstDay } from './company.ts';

/** The clock of a described company. It is kept beside the log, so that every process that reads the log agrees on the time. */
export interface DescribedClock {
  /** ISO-8601 UTC. */
  readonly now: () => string;
  /** Shows `instant` from now on, and runs on with the real clock. */
  set(instant: string): void;
  /** Instant of the last described step that was done; undefined: none was. */
  livedThrough(): string | undefined;
  markLived(at: string): void;
}

const Kept = z.strictObject({ offsetMs: z.number(), livedThrough: z.iso.datetime({ precision: 3 }).optional() });

/**
 * It shows the first day's morning when the log begins, or what it is set to, and runs on with the real one. Once a log is there, the
 * same clock goes on in every later process.
 */
export function describedClock(dataDir: string): DescribedClock {
  const file = join(dataDir, 'described-clock.json');
  const hasLog = () => existsSync(join(dataDir, 'store.db'));
  const known = hasLog() && existsSync(file) ? Kept.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  let offsetMs = known?.offsetMs ?? Date.parse(firstDay) - Date.now();
  let lived = known?.livedThrough;
  // Written with the first look at the clock of a log that is being made, so that its later readers agree on the time.
  let kept = hasLog();
  const keep = () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `${JSON.stringify({ offsetMs, ...(lived === undefined ? {} : { livedThrough: lived }) })}\n`);
    kept = true;
  };
  return {
    now() {
      if (!kept && hasLog()) keep();
      return new Date(Date.now() + offsetMs).toISOString();
    },
    set(instant) {
      offsetMs = Date.parse(instant) - Date.now();
      if (kept) keep();
    },
    livedThrough: () => lived,
    markLived(at) {
      lived = at;
      keep();
    },
  };
}
