import type { DatabaseSync } from 'node:sqlite';

/** A verdict and what it was given about: it holds while the subject's digest is the same and `until` is ahead. */
export interface CachedVerdict {
  readonly subject: string;
  readonly digest: string;
  readonly outcome: string;
  readonly message: string;
  readonly until: string | null;
}
/** `checkKey` names everything a verdict depends on beside its subject: check, parameters, logic, source. */
export interface VerdictCache {
  load(checkKey: string): Map<string, CachedVerdict>;
  /** Replaces what is known under `checkKey`. */
  replace(checkKey: string, verdicts: Iterable<CachedVerdict>): void;
  /** Adds or replaces single verdicts and forgets the subjects that are gone. */
  update(checkKey: string, changed: Iterable<CachedVerdict>, gone: Iterable<string>): void;
  /** Forgets every check key that is not in use any more. */
  keepOnly(checkKeys: ReadonlySet<string>): void;
}

export function verdictCache(database: DatabaseSync, transaction: <T>(work: () => T) => T): VerdictCache {
  const read = database.prepare('SELECT subject, digest, outcome, message, until FROM verdict WHERE check_key = ?');
  const write = database.prepare(
    'INSERT OR REPLACE INTO verdict (check_key, subject, digest, outcome, message, until) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const removeOne = database.prepare('DELETE FROM verdict WHERE check_key = ? AND subject = ?');
  const removeAll = database.prepare('DELETE FROM verdict WHERE check_key = ?');
  const keys = database.prepare('SELECT DISTINCT check_key FROM verdict');
  const put = (checkKey: string, of: CachedVerdict) => write.run(checkKey, of.subject, of.digest, of.outcome, of.message, of.until);
  return {
    load: (checkKey) => new Map((read.all(checkKey) as unknown as CachedVerdict[]).map((row) => [row.subject, row])),
    replace: (checkKey, verdicts) =>
      transaction(() => {
        removeAll.run(checkKey);
        for (const verdict of verdicts) put(checkKey, verdict);
      }),
    update: (checkKey, changed, gone) =>
      transaction(() => {
        for (const subject of gone) removeOne.run(checkKey, subject);
        for (const verdict of changed) put(checkKey, verdict);
      }),
    keepOnly: (checkKeys) =>
      transaction(() => {
        for (const row of keys.all()) {
          if (!checkKeys.has(String(row['check_key']))) removeAll.run(String(row['check_key']));
        }
      }),
  };
}
