import type { Index } from './open-index.ts';

/** The latest time a source could not be entered, per source as the log names it (`source aws "production"`). */
export async function readSourceGaps({
  query,
}: Index): Promise<readonly { readonly subject: string; readonly at: string; readonly reason: string }[]> {
  return await query
    .selectFrom('gap')
    .select(['subject', 'at', 'reason'])
    .where('idx', 'in', (inner) =>
      inner
        .selectFrom('gap')
        .select(({ fn }) => fn.max('idx').as('idx'))
        .where('subject', 'like', 'source %')
        .groupBy('subject'),
    )
    .orderBy('subject')
    .execute();
}
