import { z } from 'zod';
import { GapReason } from '../../model/completeness.ts';
import type { ReadResource } from '../../model/resource.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { sha256, toHex } from '../../seal/digest.ts';
import type { PopulationDefinition } from './definitions.ts';

/** One row of a population: a subject as it was read, unedited. */
export const PopulationRow = z.strictObject({
  id: z.string(),
  display: z.string(),
  /** When it happened at the source (ISO-8601); null for a roster, and where it was not read. */
  at: z.string().nullable(),
  fields: z.record(z.string(), z.json()),
  /** Fields that could not be read, and why. */
  unread: z.record(z.string(), GapReason),
});
export type PopulationRow = z.infer<typeof PopulationRow>;

/** The rows of a population, sorted by id. */
export function rowsOf(definition: PopulationDefinition, resources: readonly ReadResource[]): PopulationRow[] {
  return resources
    .filter(({ type }) => type === definition.type)
    .map(({ id, display, fields, unread }): PopulationRow => {
      const at = definition.at === null ? undefined : fields[definition.at];
      return {
        id,
        display,
        at: typeof at === 'string' ? at : null,
        fields: z.record(z.string(), z.json()).parse(fields),
        unread: { ...unread },
      };
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The rows as they are hashed and handed out: canonical JSON, one a line. */
export function* rowLines(rows: Iterable<PopulationRow>): Generator<string> {
  for (const row of rows) yield `${canonicalText(row)}\n`;
}

/** `sha256:` of the lines; of an empty population that of no bytes. */
export function digestOfRows(rows: Iterable<PopulationRow>): string {
  return `sha256:${toHex(sha256(new TextEncoder().encode([...rowLines(rows)].join(''))))}`;
}
