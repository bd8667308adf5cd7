import { mitigationsOf } from '../../../access/separation/mitigations.ts';
import type { RecordedDecision } from '../../../model/decision.ts';
import type { BundleAct, BundleActRule, BundleConflict, BundleMitigation, BundleRule, SeparationPack } from '../../../model/entity-pack.ts';
import { type Life, latestLives, livesBefore, mergeLives, unknownOf } from './read-lives.ts';

type SeparationFields = Partial<Omit<BundleConflict, 'conflict' | 'holds' | 'shown' | 'unknown'>> & {
  readonly conflict?: boolean;
  readonly holds?: readonly {
    readonly duty: string;
    readonly title: string;
    readonly count: number;
    readonly paths: readonly {
      readonly account: string;
      readonly system: string;
      readonly permission: string;
      readonly on: string | null;
      readonly path: readonly { readonly says: string }[];
    }[];
  }[];
};
type RuleFields = Partial<Omit<BundleRule, 'ever' | 'shown' | 'unknown'>>;
interface Doer {
  readonly name: string;
  readonly person: string | null;
  readonly bot: boolean;
}
type ActFields = Partial<Omit<BundleAct, 'first' | 'second' | 'shown' | 'unknown'>> & {
  readonly first?: readonly Doer[];
  readonly second?: readonly Doer[];
};
type ActRuleFields = Partial<BundleActRule>;

/** Duties that are kept apart: who held both, who did both, and what was decided about it, within a period. Pure. */
export function separationPack(
  lives: readonly Life[],
  decisions: readonly RecordedDecision[],
  period: { readonly from: string; readonly to: string },
): SeparationPack {
  const of = (type: string): Life[] => lives.filter((life) => life.type === type);
  const conflicts = conflictsOf(livesBefore(of('entity.separation'), period.to));
  // What was done on the last days is read after they are over.
  const acts = latestLives(of('entity.act'))
    .flatMap(act)
    .filter(({ at }) => at >= period.from && at < period.to)
    .sort((left, right) => (left.at === right.at ? (left.object < right.object ? -1 : 1) : left.at < right.at ? -1 : 1));
  return {
    rules: latestLives(livesBefore(of('entity.separation-rule'), period.to)).map((life) => rule(life, conflicts)),
    conflicts,
    acts,
    actRules: latestLives(livesBefore(of('entity.act-rule'), period.to)).map((life) => actRule(life, acts)),
    mitigations: mitigations(decisions, conflicts, period),
  };
}

/** Whoever holds one of the duties alone is no conflict and is counted by the rule. */
function conflictsOf(lives: readonly Life[]): BundleConflict[] {
  return mergeLives(lives, ({ fields, unread }) => {
    const { conflict, mitigation } = fields as SeparationFields;
    return [conflict, unread['conflict'], mitigation?.id, mitigation?.standing, mitigation?.expires];
  }).flatMap((life): BundleConflict[] => {
    const fields = life.fields as SeparationFields;
    if (fields.conflict === false) return [];
    return [
      {
        rule: fields.rule ?? life.display,
        title: fields.title ?? '',
        severity: fields.severity ?? 'critical',
        strength: fields.strength ?? '',
        holder: fields.holder ?? life.id,
        holderKind: fields.holderKind ?? '',
        name: fields.name ?? life.display,
        conflict: fields.conflict === true ? true : null,
        holds: (fields.holds ?? []).map(({ duty, title, count, paths }) => ({
          duty,
          title,
          count,
          paths: paths.map(({ path, ...way }) => ({ ...way, hops: path.map(({ says }) => says) })),
        })),
        mitigation: fields.mitigation ?? null,
        notEvaluated: fields.notEvaluated ?? [],
        unseen: fields.unseen ?? [],
        shown: life.shown,
        unknown: unknownOf(life),
      },
    ];
  });
}

function rule(life: Life, conflicts: readonly BundleConflict[]): BundleRule {
  const fields = life.fields as RuleFields;
  const id = fields.rule ?? life.display;
  return {
    rule: id,
    title: fields.title ?? '',
    severity: fields.severity ?? 'critical',
    strength: fields.strength ?? '',
    duties: fields.duties ?? [],
    examined: fields.examined ?? null,
    conflicts: fields.conflicts ?? null,
    unmitigated: fields.unmitigated ?? null,
    undecided: fields.undecided ?? null,
    ever: new Set(conflicts.filter((one) => one.rule === id && one.conflict === true).map(({ holder }) => holder)).size,
    unresolved: fields.unresolved ?? [],
    notConnected: fields.notConnected ?? [],
    notSeenWhole: fields.notSeenWhole ?? [],
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function act(life: Life): BundleAct[] {
  const fields = life.fields as ActFields;
  const { at } = fields;
  if (at === undefined) return [];
  return [
    {
      rule: fields.rule ?? life.display,
      title: fields.title ?? '',
      severity: fields.severity ?? 'critical',
      kind: fields.kind ?? '',
      object: fields.object ?? life.id,
      on: fields.on ?? life.display,
      at,
      first: (fields.first ?? []).map(doerWords),
      second: (fields.second ?? []).map(doerWords),
      says: fields.says ?? '',
      conflict: fields.conflict ?? null,
      shown: life.shown,
      unknown: unknownOf(life),
    },
  ];
}
function doerWords({ name, person, bot }: Doer): string {
  return `${name} (${bot ? 'a bot, answered for by ' : ''}${person ?? 'nobody who is known'})`;
}

function actRule(life: Life, acts: readonly BundleAct[]): BundleActRule {
  const fields = life.fields as ActRuleFields;
  const id = fields.rule ?? life.display;
  const own = acts.filter((one) => one.rule === id);
  return {
    rule: id,
    title: fields.title ?? '',
    kinds: fields.kinds ?? [],
    examined: own.length,
    conflicts: own.filter(({ conflict }) => conflict === true).length,
    undecided: own.filter(({ conflict }) => conflict === null).length,
    notConnected: fields.notConnected ?? [],
    notSeenWhole: fields.notSeenWhole ?? [],
  };
}

/** Those that could speak for a time of the period, with how every reading found them. */
function mitigations(
  decisions: readonly RecordedDecision[],
  conflicts: readonly BundleConflict[],
  period: { readonly from: string; readonly to: string },
): BundleMitigation[] {
  return mitigationsOf(decisions)
    .filter(({ mitigation: { from, expires } }) => from < period.to && expires > period.from)
    .map(({ mitigation, decision, requestedAt, requestedBy, approval, refused, endedAt }) => ({
      id: mitigation.id,
      rule: mitigation.rule,
      persons: mitigation.persons,
      control: mitigation.control,
      check: [mitigation.check.id, mitigation.check.source, mitigation.check.subject].filter((part) => part !== null).join(' '),
      owner: mitigation.owner,
      reason: mitigation.reason,
      from: mitigation.from,
      expires: mitigation.expires,
      requestedBy: requestedBy.name,
      requestedAt,
      approvedBy: approval?.actor.name ?? null,
      approvedAt: approval?.at ?? null,
      refused,
      endedAt,
      decision,
      standings: conflicts.flatMap(({ mitigation: found, name, shown }) =>
        found?.id === mitigation.id ? [{ holder: name, standing: found.standing, reason: found.reason, shown }] : [],
      ),
    }));
}
