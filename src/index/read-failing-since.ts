import type { Index } from './open-index.ts';

/** Since when what fails now has failed, by source, check, digest of its parameters and subject. */
export async function readFailingSince({ query }: Index): Promise<
  readonly {
    readonly source: string;
    readonly check: string;
    readonly parametersDigest: string;
    readonly subject: string;
    readonly since: string;
  }[]
> {
  const rows = await query
    .selectFrom('mark')
    .innerJoin('series', 'series.id', 'mark.series')
    .select(['series.source', 'series.check_id', 'series.parameters_digest', 'mark.subject', 'mark.first_at'])
    .where('mark.outcome', '=', 'fail')
    .where('mark.excluded', '=', 0)
    .where('mark.last_at', 'is', null)
    .execute();
  return rows.map((row) => ({
    source: row.source,
    check: row.check_id,
    parametersDigest: row.parameters_digest,
    subject: row.subject,
    since: new Date(row.first_at).toISOString(),
  }));
}
