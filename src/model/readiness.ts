import { z } from 'zod';
import { gapReasons } from './completeness.ts';
import { controlStates } from './control.ts';
import { severities } from './outcome.ts';
import { Time } from './statement.ts';

/**
 * What stands between the entity and an observation period, before one begins. It says what monitoring sees today and what nobody sees
 * yet; whether that is enough is for management and, in the end, the auditor.
 */

/**
 * What has to be done, least effort first. The order is by who is needed: one command; one person at one setting; a decision about
 * something that already shows; an administrator; a dated declaration; a decision about something that does not show yet; people, again
 * and again; and last a control that nobody has written.
 */
export const efforts = [
  'collect',
  'mend-setting',
  'adopt-showing',
  'grant-access',
  'settle-type',
  'adopt-not-showing',
  'gather-by-hand',
  'write-control',
] as const;
export const Effort = z.enum(efforts);
export type Effort = z.infer<typeof Effort>;
/** Heading of each kind of effort, and why it stands where it does. */
export const effortWords: Readonly<Record<Effort, { readonly title: string; readonly why: string }>> = {
  collect: { title: 'Collect', why: 'one command' },
  'mend-setting': { title: 'Mend what fails', why: 'one person at one setting, with the change written down' },
  'adopt-showing': { title: 'Adopt what already shows', why: 'a decision by management; nothing has to change' },
  'grant-access': { title: 'Let it be read', why: 'an administrator of the source grants reading' },
  'settle-type': { title: 'Say what does not exist', why: 'a dated declaration, or evidence by hand where it does exist' },
  'adopt-not-showing': { title: 'Adopt what does not show yet', why: 'a decision, and then what keeps it from showing' },
  'gather-by-hand': { title: 'Gather by hand', why: 'people, at every turn of the frequency' },
  'write-control': { title: 'Write a control', why: 'nothing exists: somebody designs it, performs it and evidences it' },
};

const Text = z.string();
const Ids = z.array(Text);

/** One thing to do, and what it brings nearer. */
export const ReadinessStep = z.strictObject({
  effort: Effort,
  text: Text,
  /** Of the failing check; null where nothing fails. */
  severity: z.enum(severities).nullable(),
  controls: Ids.meta({ description: 'Controls it brings nearer' }),
  topics: Ids.meta({ description: 'Criteria or control objectives it brings nearer' }),
  owner: Text.nullable(),
  command: Text.nullable().meta({ description: 'What to run, behind the name of the program; null where no command helps' }),
});
/** A criterion or a control objective. */
export const ReadinessTopic = z.strictObject({
  id: Text,
  area: Text,
  text: Text,
  risk: z.enum(['low', 'moderate', 'high']).nullable().meta({ description: 'Of a control objective, as the engagement has it' }),
  state: z.enum(['adopted', 'proposed', 'missing']).meta({
    description: 'A primary control is adopted; only proposed ones would speak to it; no control does',
  }),
  shows: z.enum(controlStates).nullable().meta({ description: 'The worst its adopted primary controls show today; null without one' }),
  adopted: Ids,
  proposed: Ids,
  supporting: Ids.meta({ description: 'Of any standing: alone they never cover it' }),
});
export const ReadinessControl = z.strictObject({
  id: Text,
  statement: Text,
  status: z.enum(['adopted', 'proposed']),
  owner: Text.nullable(),
  frequency: Text,
  automation: z.enum(['full', 'partial', 'manual']),
  topics: Ids,
  shows: z.enum(controlStates),
  reasons: Ids.meta({ description: 'Why it stands as it stands, worst first' }),
});
export const ReadinessFailure = z.strictObject({
  check: Text,
  claim: Text,
  severity: z.enum(severities),
  subjects: z.int(),
  sources: Ids,
  controls: Ids,
  adopted: z.boolean().meta({ description: 'An adopted control relies on it' }),
  remediation: z.strictObject({ console: Text, cli: Text, terraform: Text }),
});
export const ManualEvidenceNeed = z.strictObject({
  control: Text,
  status: z.enum(['adopted', 'proposed']),
  what: Text,
  from: Text,
  frequency: Text,
  owner: Text.nullable(),
});
export const Unreadable = z.strictObject({
  kind: z.enum(['never-entered', 'not-read', 'type-not-collected', 'too-old']),
  about: Text,
  why: Text,
  reason: z.enum(gapReasons).nullable(),
  permissions: Ids.meta({ description: 'What to grant, in the words of the source' }),
  controls: Ids,
});
export const Readiness = z.strictObject({
  at: Time,
  entity: Text,
  demonstration: z.boolean(),
  engagement: Text.nullable().meta({ description: 'null: no engagement was named' }),
  report: z.enum(['soc1', 'soc2']),
  type: z.union([z.literal(1), z.literal(2)]).nullable(),
  trustServices: Ids.meta({ description: 'Empty for SOC 1' }),
  counts: z.strictObject({
    topics: z.int(),
    adopted: z.int(),
    proposed: z.int(),
    missing: z.int(),
    showing: z.int().meta({ description: 'Of the adopted: those whose primary controls show no failures today' }),
  }),
  topics: z.array(ReadinessTopic),
  controls: z.array(ReadinessControl).meta({ description: 'Adopted, and proposed where nothing adopted speaks to the topic' }),
  failures: z.array(ReadinessFailure),
  manual: z.array(ManualEvidenceNeed),
  unreadable: z.array(Unreadable),
  steps: z.array(ReadinessStep).meta({ description: 'In order of effort, and within one kind the most pressing first' }),
  warnings: Ids,
});
export type ReadinessStep = z.infer<typeof ReadinessStep>;
export type ReadinessTopic = z.infer<typeof ReadinessTopic>;
export type ReadinessControl = z.infer<typeof ReadinessControl>;
export type ReadinessFailure = z.infer<typeof ReadinessFailure>;
export type ManualEvidenceNeed = z.infer<typeof ManualEvidenceNeed>;
export type Unreadable = z.infer<typeof Unreadable>;
export type Readiness = z.infer<typeof Readiness>;
