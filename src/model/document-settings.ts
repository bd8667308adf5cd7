import { z } from 'zod';

/**
 * Evidence that no API gives, as management asks for it: what, from whom, how often; and the organisations and clients whose controls its own
 * rest on. Sealed in the plan as part of EntitySettings.
 */
const Text = z.string().trim().min(1, 'must not be empty');
const Id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'expected small letters, digits, dots and hyphens');
const Day = z.iso.date({ error: 'expected a day: 2026-01-31' });

export const documentFrequencies = ['once', 'monthly', 'quarterly', 'semiannual', 'annual'] as const;
export type DocumentFrequency = (typeof documentFrequencies)[number];

export const DocumentRequest = z.strictObject({
  id: Id,
  title: Text,
  type: Id.meta({ description: 'Kind of document: policy, minutes, training-list, penetration-test, restore-test' }),
  controls: z.array(Text).min(1, 'expected the control that it serves'),
  from: Text.meta({ description: 'Who provides it: a team or a person' }),
  frequency: z.enum(documentFrequencies),
  since: Day.meta({ description: 'First day of the first stretch it is asked for; the others follow it month by month' }),
  dueDays: z.int().min(0).max(180).default(15).meta({ description: 'Days after a stretch has ended by which it is there and approved' }),
  remindDays: z.int().min(0).max(180).default(14).meta({ description: 'Days before it is due from which it is listed as due soon' }),
  grade: z
    .enum(['uploaded', 'attested'])
    .default('uploaded')
    .meta({ description: 'attested: a person states it, and nothing else shows it' }),
  expects: z.record(Text, Text).default({}).meta({ description: 'Facts the document must state, e.g. result: passed' }),
});
export type DocumentRequest = z.infer<typeof DocumentRequest>;

export const SubserviceSettings = z.strictObject({
  id: Id,
  name: Text,
  services: Text,
  method: z.enum(['carve-out', 'inclusive']),
  since: Day.meta({ description: 'First day on which it is relied on' }),
  reviewEveryMonths: z.int().min(1).max(24).default(12),
  csocs: z
    .array(z.strictObject({ id: Text, text: Text }))
    .default([])
    .meta({ description: 'Controls that are assumed to be in place there' }),
});
export type SubserviceSettings = z.infer<typeof SubserviceSettings>;

export const DocumentSettings = z.strictObject({
  requests: z.array(DocumentRequest).default([]),
  subserviceOrganisations: z.array(SubserviceSettings).default([]),
  cuecs: z
    .array(
      z.strictObject({
        id: Text,
        text: Text,
        reviewedOn: Day.nullable()
          .default(null)
          .meta({ description: 'When it was last looked at whether clients can be expected to do it' }),
        reviewEveryMonths: z.int().min(1).max(24).default(12),
      }),
    )
    .default([])
    .meta({ description: 'Controls that are assumed to be in place at clients' }),
});
/** As sealed: with the adopted controls that rest on documents and for which none is asked. They are not met by silence. */
export const SealedDocumentSettings = DocumentSettings.extend({
  unasked: z.array(z.strictObject({ control: Text, what: Text })).default([]),
});
export type DocumentSettings = z.infer<typeof DocumentSettings>;

/** Types with a meaning of their own: what a subservice organisation's auditor reported, and its management's letter for the time since. */
export const subserviceReport = 'subservice-report';
export const bridgeLetter = 'bridge-letter';
export type SealedDocumentSettings = z.infer<typeof SealedDocumentSettings>;
