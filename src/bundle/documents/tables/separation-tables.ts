import type { BundleAct, BundleConflict, BundleMitigation, BundleRule, SeparationPack, Shown } from '../../../model/entity-pack.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { shownColumns, unknownColumn, yesNo } from './people-tables.ts';
import { type Local, timeColumns } from './time-columns.ts';

/** `ana in github:9919: signs in ... > is in the team payroll > ...`, one for each way that is kept. */
function wayWords({ account, permission, on, hops }: BundleConflict['holds'][number]['paths'][number]): string {
  const what = `${permission}${on === null ? '' : ` on ${on}`}`;
  return `${account}: ${[...hops, what].join(' > ')}`;
}
const stretchWords = ({ from, to }: Shown): string => `${from} to ${to ?? 'the end'}`;

/** Registers of duties that are kept apart, by the name of their file. */
export function separationTables(pack: SeparationPack, local: Local): Readonly<Record<string, AnyTable>> {
  const acts = new Map(pack.actRules.map((one) => [one.rule, one]));
  const onlyActs = pack.actRules.filter(({ rule }) => !pack.rules.some((one) => one.rule === rule));
  type RuleRow = { readonly id: string; readonly title: string; readonly held: BundleRule | null };
  const rules: RuleRow[] = [
    ...pack.rules.map((held) => ({ id: held.rule, title: held.title, held })),
    ...onlyActs.map(({ rule, title }) => ({ id: rule, title, held: null })),
  ].sort((left, right) => (left.id < right.id ? -1 : 1));
  return {
    'sod-rules': asTable<RuleRow>({
      name: 'Rules',
      columns: [
        column('rule', 14, ({ id }) => id),
        column('title', 60, ({ title }) => title),
        column('severity', 12, ({ held }) => held?.severity ?? null),
        column('strength', 18, ({ held }) => held?.strength ?? null),
        column('duties', 40, ({ held }) => list(held?.duties ?? [])),
        column('holders_of_a_duty', 12, ({ held }) => held?.examined ?? null),
        column('conflicts_at_the_end', 12, ({ held }) => held?.conflicts ?? null),
        column('unmitigated_at_the_end', 12, ({ held }) => held?.unmitigated ?? null),
        column('could_not_be_told', 12, ({ held }) => held?.undecided ?? null),
        column('holders_in_conflict_in_the_period', 14, ({ held }) => held?.ever ?? null),
        column('unresolved_accounts', 40, ({ held }) => list(held?.unresolved ?? [])),
        column('acts_in_the_period', 12, ({ id }) => acts.get(id)?.examined ?? null),
        column('acts_by_one_person', 12, ({ id }) => acts.get(id)?.conflicts ?? null),
        column('acts_that_could_not_be_told', 12, ({ id }) => acts.get(id)?.undecided ?? null),
        column('not_connected', 60, ({ id, held }) =>
          list(new Set([...(held?.notConnected ?? []), ...(acts.get(id)?.notConnected ?? [])])),
        ),
        column('not_seen_whole', 60, ({ id, held }) =>
          list(new Set([...(held?.notSeenWhole ?? []), ...(acts.get(id)?.notSeenWhole ?? [])])),
        ),
        column('could_not_be_read', 40, ({ held }) => list(held?.unknown ?? [])),
      ],
      rows: rules,
    }),
    'sod-conflicts': asTable<BundleConflict>({
      name: 'Conflicts',
      columns: [
        column('rule', 14, (one) => one.rule),
        column('title', 60, (one) => one.title),
        column('severity', 12, (one) => one.severity),
        column('strength', 18, (one) => one.strength),
        column('holder', 24, (one) => one.holder),
        column('name', 30, (one) => one.name),
        column('holder_is', 18, (one) => one.holderKind),
        column('conflict', 12, (one) => yesNo(one.conflict)),
        ...shownColumns<BundleConflict>(local),
        column('duties', 40, (one) => list(one.holds.map(({ duty }) => duty))),
        column('ways', 8, (one) => one.holds.reduce((sum, { count }) => sum + count, 0)),
        column('paths', 80, (one) => list(one.holds.flatMap(({ duty, paths }) => paths.map((path) => `${duty} by ${wayWords(path)}`)))),
        column('not_evaluated', 50, (one) => list(one.notEvaluated)),
        column('unseen', 50, (one) => list(one.unseen)),
        column('mitigation', 14, (one) => one.mitigation?.id ?? null),
        column('mitigation_standing', 16, (one) => one.mitigation?.standing ?? 'not known'),
        column('mitigation_because', 60, (one) => one.mitigation?.reason ?? null),
        column('mitigating_control', 12, (one) => one.mitigation?.control ?? null),
        unknownColumn(),
      ],
      rows: pack.conflicts,
    }),
    'sod-acts': asTable<BundleAct>({
      name: 'Acts',
      columns: [
        column('rule', 14, (one) => one.rule),
        column('title', 60, (one) => one.title),
        column('severity', 12, (one) => one.severity),
        column('kind', 18, (one) => one.kind),
        ...timeColumns<BundleAct>('at', local, (one) => one.at),
        column('on', 50, (one) => one.on),
        column('object', 60, (one) => one.object),
        column('first_duty_by', 40, (one) => list(one.first)),
        column('second_duty_by', 40, (one) => list(one.second)),
        column('by_one_person', 12, (one) => yesNo(one.conflict)),
        column('because', 60, (one) => one.says),
        column('log', 10, (one) => one.shown.fromLog),
        unknownColumn(),
      ],
      rows: pack.acts,
    }),
    mitigations: asTable<BundleMitigation>({
      name: 'Mitigations',
      columns: [
        column('mitigation', 14, (one) => one.id),
        column('rule', 14, (one) => one.rule),
        column('persons', 40, (one) => (one.persons === null ? 'everybody in conflict' : list(one.persons))),
        column('control', 12, (one) => one.control),
        column('its_own_check', 50, (one) => one.check),
        column('owner', 24, (one) => one.owner),
        column('reason', 60, (one) => one.reason),
        ...timeColumns<BundleMitigation>('from', local, (one) => one.from),
        ...timeColumns<BundleMitigation>('expires', local, (one) => one.expires),
        column('requested_by', 24, (one) => one.requestedBy),
        ...timeColumns<BundleMitigation>('requested', local, (one) => one.requestedAt),
        column('approved_by', 24, (one) => one.approvedBy),
        ...timeColumns<BundleMitigation>('approved', local, (one) => one.approvedAt),
        column('refused', 10, (one) => yesNo(one.refused)),
        ...timeColumns<BundleMitigation>('ended', local, (one) => one.endedAt),
        column('standings', 80, (one) =>
          list(one.standings.map(({ holder, standing, reason, shown }) => `${holder}: ${standing} ${stretchWords(shown)}, as ${reason}`)),
        ),
        column('decision_log', 10, (one) => one.decision),
      ],
      rows: pack.mitigations,
    }),
  };
}
