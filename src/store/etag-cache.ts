import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { WrappingKey } from '../model/keys.ts';

/** A reply as it was, so that "not modified" can be answered with it. */
export interface CachedReply {
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
/** Keyed by who asked as well: one principal must never be shown what another may see. */
export interface EtagCache {
  get(principal: string, endpoint: string): CachedReply | undefined;
  set(principal: string, endpoint: string, reply: CachedReply): void;
  clear(): void;
}

export function etagCache(database: DatabaseSync, guard: <T>(work: () => T) => T, wrap: WrappingKey | undefined): EtagCache {
  const memory = new Map<string, CachedReply>();
  const read = database.prepare('SELECT etag, headers, body FROM etag WHERE principal = ? AND endpoint = ?');
  const write = database.prepare('INSERT OR REPLACE INTO etag (principal, endpoint, etag, headers, body) VALUES (?, ?, ?, ?, ?)');
  const nameOf = (principal: string, endpoint: string) => JSON.stringify([principal, endpoint]);
  return {
    get(principal, endpoint) {
      const name = nameOf(principal, endpoint);
      if (wrap === undefined) return memory.get(name);
      const row = guard(() => read.get(principal, endpoint));
      if (row === undefined || !(row['body'] instanceof Uint8Array)) return undefined;
      try {
        const body = wrap.unwrap(row['body'], `etag ${name} ${row['etag']}`);
        return { etag: String(row['etag']), headers: JSON.parse(String(row['headers'])) as Record<string, string>, body };
      } catch (error) {
        // Another wrap key, or a tampered row: a cache that does not open is a cache miss.
        if (error instanceof ProoflineError || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    set(principal, endpoint, reply) {
      const name = nameOf(principal, endpoint);
      if (wrap === undefined) {
        memory.set(name, reply);
        return;
      }
      const body = wrap.wrap(reply.body, `etag ${name} ${reply.etag}`);
      guard(() => write.run(principal, endpoint, reply.etag, JSON.stringify(reply.headers), body));
    },
    clear() {
      memory.clear();
      guard(() => database.exec('DELETE FROM etag'));
    },
  };
}
