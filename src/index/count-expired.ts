import { sql } from 'kysely';
import type { Index } from './open-index.ts';

/** Passes whose verdict has ended by `now` (ISO-8601 UTC) and was not given again, by `source check parametersDigest`. */
export async function countExpired({ query }: Index, now: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query
    .selectFrom('check_summary as c')
    .leftJoin('pass_until as u', 'u.summary', 'c.id')
    .where('c.until', '<=', now)
    .where('c.pass', '>', 0)
    .groupBy('c.id')
    // Passes that are not listed end with the check's own `until`, which is over.
    .select([
      'c.source',
      'c.check_id',
      'c.parameters_digest',
      sql<number>`c.pass - coalesce(sum(case when u.summary is not null and (u.until is null or u.until > ${now}) then 1 else 0 end), 0)`.as(
        'expired',
      ),
    ])
    .execute();
  return new Map(rows.map((row) => [`${row.source} ${row.check_id} ${row.parameters_digest}`, Number(row.expired)]));
}
