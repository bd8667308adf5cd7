import { z } from 'zod';

/**
 * What the configuration says of the entity as a whole, as it is sealed in the plan under the entity's own member: files are read in, defaults
 * are filled in, and shipped rules are among them. Each part is the shape of its own room.
 */
export const EntitySettings = z.strictObject({
  people: z.record(z.string(), z.json()).nullable(),
  separation: z.record(z.string(), z.json()).nullable(),
  reviews: z.record(z.string(), z.json()).nullable(),
  records: z.record(z.string(), z.json()).nullable(),
  documents: z.record(z.string(), z.json()).nullable(),
  /** Accounts of each environment, from the scope file. */
  environments: z.array(z.strictObject({ name: z.string(), accounts: z.array(z.string()) })),
});
export type EntitySettings = z.infer<typeof EntitySettings>;
