import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';

export interface Leases {
  /**
   * Takes the lease on `name` for `ttlMs`, or says who has it. The token is greater than every earlier one and than `above`: the
   * store remembers the greatest it saw, so that a holder whose lease ran out cannot write after its successor.
   */
  acquire(name: string, holder: string, ttlMs: number, above: number): { token: number } | { heldBy: string; until: string };
  /** @returns whether the lease was still this holder's. */
  renew(name: string, holder: string, ttlMs: number): boolean;
  release(name: string, holder: string): void;
}

/** Holders of this very process. In a container every process has the same id, and the same as the one that was killed before it. */
const own = new Set<string>();

export function leases(database: DatabaseSync, transaction: <T>(work: () => T) => T, now: () => string): Leases {
  const read = database.prepare('SELECT token, holder, host, pid, expires FROM lease WHERE name = ?');
  const take = database.prepare('INSERT OR REPLACE INTO lease (name, token, holder, host, pid, expires) VALUES (?, ?, ?, ?, ?, ?)');
  const extend = database.prepare('UPDATE lease SET expires = ? WHERE name = ? AND holder = ?');
  const free = database.prepare('UPDATE lease SET holder = NULL, expires = 0 WHERE name = ? AND holder = ?');
  const clock = () => Date.parse(now());
  return {
    acquire: (name, holder, ttlMs, above) =>
      transaction(() => {
        const row = read.get(name);
        const expires = Number(row?.['expires'] ?? 0);
        if (typeof row?.['holder'] === 'string' && expires > clock() && isAlive(row['host'], row['pid'], row['holder'])) {
          return { heldBy: `process ${row['pid']} on ${row['host']}`, until: new Date(expires).toISOString() };
        }
        const token = Math.max(Number(row?.['token'] ?? 0), above) + 1;
        take.run(name, token, holder, hostname(), process.pid, clock() + ttlMs);
        own.add(holder);
        return { token };
      }),
    renew: (name, holder, ttlMs) => transaction(() => extend.run(clock() + ttlMs, name, holder).changes === 1),
    release(name, holder) {
      try {
        transaction(() => free.run(name, holder));
      } finally {
        own.delete(holder);
      }
    },
  };
}

/** A process that was killed here leaves its lease behind; nobody should wait for that one to run out. */
function isAlive(host: unknown, pid: unknown, holder: string): boolean {
  if (host !== hostname() || typeof pid !== 'number') return true;
  if (pid === process.pid) return own.has(holder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
