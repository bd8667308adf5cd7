import { z } from 'zod';
import { GapReason } from '../model/completeness.ts';

/** What `--json` of the verbs about separation of duties prints; see shapes.ts. */
const v = z.literal(1);
const AsOf = z.iso.datetime({ precision: 3 }).nullable().meta({ description: 'When it was last worked out; null: not yet' });
const Incomplete = z.array(z.strictObject({ type: z.string(), reason: GapReason })).meta({ description: 'Why there may be more of them' });
const Count = z.int().nullable().meta({ description: 'Null: not worked out, or not everything was seen' });

const RuleRow = z.strictObject({
  rule: z.string(),
  title: z.string(),
  severity: z.string(),
  strength: z.enum(['conflict', 'needs-mitigation']),
  duties: z.array(z.string()).meta({ description: 'Titles of the two' }),
  forms: z.array(z.enum(['can-do', 'did-do'])),
  scope: z.string(),
  origin: z.enum(['shipped', 'changed', 'own']),
  because: z.string().nullable(),
  criteria: z.array(z.string()),
  objectives: z.array(z.string()),
  examined: Count,
  conflicts: Count,
  unmitigated: Count,
  undecided: Count,
  acts: z.strictObject({ conflicts: z.int(), undecided: z.int(), examined: z.int() }).nullable(),
  notConnected: z.array(z.string()),
  notSeenWhole: z.array(z.string()),
});
export const SodRulesOutput = z.strictObject({
  v,
  asOf: AsOf,
  rules: z.array(RuleRow),
  disabled: z.array(z.strictObject({ id: z.string(), title: z.string(), from: z.iso.date(), because: z.string() })),
  notes: z.array(z.string()),
  incomplete: Incomplete,
});
export type SodRulesOutput = z.infer<typeof SodRulesOutput>;

export const SodMatrixOutput = z.strictObject({
  v,
  asOf: AsOf,
  duties: z.array(z.strictObject({ id: z.string(), title: z.string(), patterns: z.int(), acts: z.array(z.string()) })),
  cells: z.array(
    z.strictObject({
      one: z.string(),
      other: z.string(),
      strength: z.enum(['conflict', 'needs-mitigation']),
      /** Only what was done is compared: both may be held. */
      own: z.boolean(),
      rule: z.string(),
      conflicts: Count,
      unmitigated: Count,
    }),
  ),
  incomplete: Incomplete,
});
export type SodMatrixOutput = z.infer<typeof SodMatrixOutput>;

const Mitigation = z.strictObject({
  id: z.string().nullable(),
  standing: z.enum(['in-force', 'failing', 'unproven', 'expired', 'none']),
  reason: z.string(),
  control: z.string().nullable(),
  owner: z.string().nullable(),
  approvedBy: z.string().nullable(),
  expires: z.string().nullable(),
});
const Held = z.strictObject({ duty: z.string(), title: z.string(), count: z.int() });
const SeparationRow = z.strictObject({
  rule: z.string(),
  title: z.string(),
  severity: z.string(),
  holder: z.string(),
  holderKind: z.enum(['person', 'service-account', 'unresolved-account']),
  name: z.string(),
  conflict: z.enum(['yes', 'no', 'unknown']),
  holds: z.array(Held),
  mitigation: Mitigation,
  unseen: z.array(z.string()),
});
export const SodConflictsOutput = z.strictObject({
  v,
  asOf: AsOf,
  conflicts: z.array(SeparationRow),
  acts: z.array(
    z.strictObject({ rule: z.string(), on: z.string(), at: z.string(), says: z.string(), conflict: z.enum(['yes', 'no', 'unknown']) }),
  ),
  incomplete: Incomplete,
});
export type SodConflictsOutput = z.infer<typeof SodConflictsOutput>;

export const SodExplainOutput = z.strictObject({
  v,
  asOf: AsOf,
  ...SeparationRow.shape,
  rationale: z.string(),
  holds: z.array(
    Held.extend({
      paths: z.array(
        z.strictObject({
          account: z.string(),
          system: z.string(),
          permission: z.string(),
          on: z.string().nullable(),
          path: z.array(z.strictObject({ kind: z.string(), id: z.string(), name: z.string(), says: z.string() })),
        }),
      ),
    }),
  ),
  missing: z.array(z.string()).meta({ description: 'Titles of duties of the rule that he was not found to hold' }),
  notEvaluated: z.array(z.string()),
});
export type SodExplainOutput = z.infer<typeof SodExplainOutput>;
