import { z } from 'zod';
import { Control } from '../model/control.ts';

const dated = {
  from: z.iso.date({ error: 'expected a date: the day from which this applies (2026-01-31)' }),
  because: z.string().trim().min(1, 'say why').meta({ description: 'Why: an auditor reads it' }),
};

const own = z
  .literal(true)
  .optional()
  .meta({ description: 'The id is your own and happens to be one of the library: the control stands alone, given whole' });

/** A file of the shipped library: whole controls, all `proposed`. */
export const LibraryFile = z.strictObject({
  controls: z.array(
    Control.extend({ status: z.literal('proposed'), automation: z.enum(['full', 'partial', 'manual']), testProcedure: z.string().min(1) }),
  ),
});

function withoutDefaults(shape: typeof Control.shape): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(shape)
      .map(([key, schema]) => [key, schema instanceof z.ZodDefault ? schema.def.innerType : schema] as const)
      .map(([key, schema]) => [key, schema instanceof z.ZodType ? schema.optional() : z.never()]),
  );
}

/**
 * An entry of the user's own control file. With the id of a library control it takes it up or changes it, field by field (a list
 * replaces the list); with an id of its own it adds one. A later `from` for the same id is the next version.
 */
export const OwnControl = z
  .strictObject({ ...withoutDefaults(Control.shape), id: z.string().trim().min(1), own, ...dated })
  .meta({ description: 'A control taken up, changed or added: dated and with a reason' });
export const OwnControlsFile = z
  .strictObject({ version: z.literal(1), controls: z.array(OwnControl) })
  .meta({ title: 'Proofline controls', description: "The entity's own control file" });
