import type { Cli } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { SodConflictsOutput, SodExplainOutput, SodMatrixOutput, SodRulesOutput } from './sod-shapes.ts';

type Terminal = Pick<Cli, 'colours' | 'columns'>;

const notYet = 'Not worked out yet: collect first (proofline collect).';
const asOfText = (asOf: string | null): string => (asOf === null ? notYet : `As of ${asOf}.`);
const countText = (count: number | null): string => (count === null ? '?' : String(count));

export function renderMatrix({ duties, cells, asOf, incomplete }: SodMatrixOutput, { colours, columns }: Terminal): string {
  const titles = new Map(duties.map(({ id, title }) => [id, title]));
  const rows = cells.map(({ one, other, strength, own, rule, conflicts, unmitigated }) => [
    titles.get(one) ?? one,
    titles.get(other) ?? other,
    own ? 'own' : strength === 'conflict' ? 'C' : 'M',
    rule,
    own ? '' : countText(conflicts),
    own ? '' : unmitigated === null || unmitigated === 0 ? countText(unmitigated) : colours.red(String(unmitigated)),
  ]);
  return [
    renderTable(
      [
        { title: 'DUTY', flexible: true },
        { title: 'AND' },
        { title: '' },
        { title: 'RULE' },
        { title: 'BOTH', align: 'right' },
        { title: 'OPEN', align: 'right' },
      ],
      rows,
      columns,
    ),
    colours.dim('C: not in one person. M: only with a mitigation. own: both may be held, and not done in one thing.'),
    ...(cells.some(({ own, conflicts }) => !own && conflicts === null) && asOf !== null
      ? [colours.yellow('?: not everybody and every account was seen, so it is not known how many there are.')]
      : []),
    asOfText(asOf),
    ...gaps(incomplete, colours),
    ...(asOf === null ? [] : ['Who: proofline sod conflicts. By which ways: proofline sod explain RULE PERSON.']),
  ].join('\n');
}

export function renderRules({ rules, disabled, notes, incomplete, asOf }: SodRulesOutput, { colours }: Terminal): string {
  const { bold, dim, red, yellow } = colours;
  const lines = rules.flatMap((rule) => {
    const counts =
      rule.examined === null
        ? asOf !== null && rule.forms.includes('can-do')
          ? [yellow('in how many people both meet is not known: not everybody and every account was seen')]
          : []
        : [
            `${rule.examined} hold a duty of it, ${countText(rule.conflicts)} both, ${countText(rule.unmitigated)} without a mitigation in force, ${countText(rule.undecided)} not known`,
          ];
    const done =
      rule.acts === null
        ? []
        : [`${rule.acts.examined} acts looked at, ${rule.acts.conflicts} by one person, ${rule.acts.undecided} not known`];
    return [
      `${bold(rule.rule)}  ${rule.title}`,
      `  ${rule.duties.join('  |  ')}  ${dim(`${rule.severity}, ${rule.strength === 'conflict' ? 'not in one person' : 'only with a mitigation'}, ${rule.scope}; ${rule.forms.join(' and ')}; ${[...rule.criteria, ...rule.objectives].join(' ')}`)}`,
      ...(rule.origin === 'shipped' ? [] : [dim(`  ${rule.origin === 'own' ? 'your own' : 'changed'}: ${rule.because ?? ''}`)]),
      ...[...counts, ...done].map((line) => `  ${line}`),
      ...(rule.notConnected.length === 0 ? [] : [red(`  nothing reads ${rule.notConnected.join(', ')}`)]),
      ...(rule.notSeenWhole.length === 0 ? [] : [yellow(`  not seen whole: ${rule.notSeenWhole.join(', ')}`)]),
    ];
  });
  return [
    ...lines,
    ...disabled.map(({ id, title, from, because }) => dim(`${id}  ${title}: disabled from ${from}: ${because}`)),
    ...notes.map((note) => dim(note)),
    asOfText(asOf),
    ...gaps(incomplete, colours),
  ].join('\n');
}

export function renderConflicts({ conflicts, acts, asOf, incomplete }: SodConflictsOutput, { colours }: Terminal): string {
  const { bold, red, yellow, green, dim } = colours;
  // What is certain first: it is not to be looked for among what nobody can tell yet.
  const rank = { yes: 0, unknown: 1, no: 2 };
  const lines = [...conflicts]
    .sort((one, other) => rank[one.conflict] - rank[other.conflict])
    .flatMap((row) => {
      const duties = row.holds.map(({ title, count }) => (count === 1 ? title : `${title} (${count} ways)`)).join(' and ');
      const state = { yes: red('conflict'), no: green('none'), unknown: yellow('not known') }[row.conflict];
      const mitigation =
        row.conflict !== 'yes'
          ? []
          : [
              row.mitigation.standing === 'in-force'
                ? green(`  mitigated by ${row.mitigation.id} until ${row.mitigation.expires}: ${row.mitigation.reason}`)
                : row.mitigation.standing === 'none'
                  ? red('  nothing mitigates it')
                  : red(`  ${row.mitigation.id} does not count (${row.mitigation.standing}): ${row.mitigation.reason}`),
            ];
      return [
        `${bold(row.rule)}  ${state}  ${row.name} ${dim(row.holder)}  ${row.severity}`,
        `  can ${duties}`,
        ...mitigation,
        ...(row.unseen.length === 0 ? [] : [yellow(`  not seen: ${row.unseen.join(', ')}`)]),
      ];
    });
  const done = acts.map(
    ({ rule, on, at, says, conflict }) =>
      `${bold(rule)}  ${{ yes: red('one person'), no: green('two'), unknown: yellow('not known') }[conflict]}  ${at}  ${on}: ${says}`,
  );
  return [
    ...(lines.length === 0 && asOf !== null
      ? ['No conflict was found. What each rule was held against, and what nothing reads: proofline sod rules.']
      : lines),
    ...done,
    asOfText(asOf),
    ...gaps(incomplete, colours),
  ].join('\n');
}

/** The ways to each duty hop by hop, as an engineer removes them and an auditor reads them. */
export function renderExplanation(output: SodExplainOutput, { colours }: Terminal): string {
  const { bold, dim, red, yellow, green } = colours;
  const who = {
    person: output.name,
    'service-account': `the service account ${output.name}`,
    'unresolved-account': `the account ${output.name}, of nobody that is known,`,
  }[output.holderKind];
  const verdict = {
    yes: red(`${who} holds both duties that ${output.rule} keeps apart.`),
    no: green(`${who} does not hold both duties that ${output.rule} keeps apart.`),
    unknown: yellow(`Whether ${who} holds both duties that ${output.rule} keeps apart is not known.`),
  }[output.conflict];
  const ways = output.holds.flatMap(({ title, count, paths }) => [
    bold(`${who} can ${title}`),
    ...paths.flatMap(({ permission, on, path }, index) => [
      `  ${paths.length > 1 ? `${index + 1}. ` : ''}${permission}${on === null ? '' : ` on ${on}`}`,
      ...path.map(({ says }, hop) => `     ${hop === 0 ? '' : 'then '}${says}`),
    ]),
    ...(count > paths.length ? [dim(`  and ${count - paths.length} more ways`)] : []),
  ]);
  const { mitigation } = output;
  const told =
    output.conflict !== 'yes'
      ? []
      : mitigation.standing === 'in-force'
        ? [
            green(
              `Mitigation ${mitigation.id} is in force until ${mitigation.expires}: ${mitigation.reason} (control ${mitigation.control}, approved by ${mitigation.approvedBy}).`,
            ),
          ]
        : mitigation.standing === 'none'
          ? [red('Nothing mitigates it.')]
          : [red(`Mitigation ${mitigation.id} does not count (${mitigation.standing}): ${mitigation.reason}.`)];
  return [
    `${bold(output.rule)}  ${output.title}  ${dim(output.severity)}`,
    dim(output.rationale),
    '',
    verdict,
    ...ways,
    ...output.missing.map((title) => `${who} was not found to be able to ${title}.`),
    ...told,
    ...(output.unseen.length === 0 ? [] : [yellow(`It could still be there, where it was not seen: ${output.unseen.join(', ')}.`)]),
    ...(output.notEvaluated.length === 0 ? [] : [dim(`Not evaluated: ${output.notEvaluated.join('; ')}.`)]),
    asOfText(output.asOf),
  ].join('\n');
}

function gaps(incomplete: SodRulesOutput['incomplete'], { yellow }: Cli['colours']): string[] {
  return [...new Set(incomplete.map(({ type, reason }) => yellow(`There may be more ${type}: ${reason}.`)))];
}
