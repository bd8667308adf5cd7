import { z } from 'zod';
import { SeparationSettings } from '../../access/separation/settings.ts';
import { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { deriveInput } from '../entity/derive-input.ts';
import { entityMember } from '../entity/entity-access.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { storedLog } from '../entity/stored-log.ts';
import { readCollections } from '../read-collections.ts';

const Unread = z.record(z.string(), GapReason);
const Way = z.object({
  account: z.string(),
  system: z.string(),
  permission: z.string(),
  on: z.string().nullable(),
  path: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string(), says: z.string() })),
});
const Separation = z.object({
  rule: z.string(),
  title: z.string(),
  severity: z.string(),
  strength: z.string(),
  holder: z.string(),
  holderKind: z.enum(['person', 'service-account', 'unresolved-account']),
  name: z.string(),
  holds: z.array(z.object({ duty: z.string(), title: z.string(), count: z.int(), paths: z.array(Way) })),
  /** null: it cannot be told, and `unread` says why. */
  conflict: z.boolean().nullable().default(null),
  mitigation: z.object({
    id: z.string().nullable(),
    standing: z.enum(['in-force', 'failing', 'unproven', 'expired', 'none']),
    reason: z.string(),
    control: z.string().nullable(),
    owner: z.string().nullable(),
    approvedBy: z.string().nullable(),
    expires: z.string().nullable(),
  }),
  notEvaluated: z.array(z.string()),
  unseen: z.array(z.string()),
  unread: Unread,
});
export type ListedSeparation = z.infer<typeof Separation>;
const Counted = z.int().nullable().default(null);
/** Over people and accounts that were not seen whole nothing of it is read, and `unread` says why of each. */
const RuleTotal = z.object({
  rule: z.string(),
  examined: Counted,
  conflicts: Counted,
  unmitigated: Counted,
  undecided: Counted,
  notConnected: z.array(z.string()).default([]),
  notSeenWhole: z.array(z.string()).default([]),
  unread: Unread,
});
export type ListedRuleTotal = z.infer<typeof RuleTotal>;
const Act = z.object({
  rule: z.string(),
  on: z.string(),
  at: z.string(),
  says: z.string(),
  conflict: z.boolean().nullable().default(null),
});
export type ListedAct = z.infer<typeof Act>;

export interface OpenedSeparation {
  /** As they are configured now. */
  readonly settings: SeparationSettings;
  /** ISO-8601 UTC: when it was last worked out; null: not yet. */
  readonly asOf: string | null;
  readonly separations: readonly ListedSeparation[];
  readonly totals: readonly ListedRuleTotal[];
  readonly acts: readonly ListedAct[];
  /** Why there may be more, by type. */
  readonly incomplete: readonly { readonly type: string; readonly reason: GapReason }[];
}
type Configured = Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>;

const types = ['entity.separation', 'entity.separation-rule', 'entity.act'];

/**
 * Duties and rules as they are configured, and what they came to as the log has it.
 * @throws ProoflineError `usage` when the configuration says nothing of `separation`
 */
export async function openSeparation(app: Configured, store: Store): Promise<OpenedSeparation> {
  const settings = await separationSettings(app);
  const registries = await app.registries();
  const input = readInput(
    () =>
      deriveInput(storedLog(store, readCollections()).now(registries), registries, {
        entity: entityMember(app.configuration.entity.tenant),
        at: app.now(),
        types,
      }).input,
  );
  const seen = input?.seen ?? [];
  const of = <S extends z.ZodType>(type: string, shape: S): z.output<S>[] =>
    seen
      .filter((one) => one.type === type)
      .flatMap(({ resources }) =>
        resources.map(({ display, fields, unread }) => shape.parse({ ...named(type, display), ...fields, unread })),
      );
  return {
    settings,
    asOf: seen.map((one) => one.asOf).sort()[0] ?? null,
    separations: of('entity.separation', Separation),
    totals: of('entity.separation-rule', RuleTotal),
    acts: of('entity.act', Act),
    incomplete: [
      ...seen.flatMap(({ type, incomplete }) => (incomplete === null ? [] : [{ type, reason: incomplete }])),
      ...(input?.missing ?? []).map(({ type, reason }) => ({ type, reason })),
    ],
  };
}

/** A rule is displayed by its id: known also where nothing of what it came to is. */
const named = (type: string, display: string): { readonly rule?: string } => (type === 'entity.separation-rule' ? { rule: display } : {});

/** @throws ProoflineError `usage` when the configuration says nothing of it. */
export async function separationSettings(app: Pick<Composition, 'entitySettings'>): Promise<SeparationSettings> {
  const { separation } = await app.entitySettings();
  if (separation !== null) return SeparationSettings.parse(separation);
  throw new ProoflineError(
    'usage',
    'the configuration says nothing of `separation`: name your files of duties and rules there, or an empty list for the shipped ones (config/sod.example.yaml)',
  );
}

function readInput(read: () => DerivedInput): DerivedInput | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}
