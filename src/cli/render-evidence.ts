import type { StatementOf } from '../model/statement.ts';
import type { OpenedEvaluation } from '../run/open-evaluation.ts';
import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { EvidenceListOutput, EvidenceShowOutput } from './shapes.ts';
import { ageOf, counted, outcomeCounts } from './words.ts';

export function renderEvidence(output: EvidenceListOutput, { bold, cyan, yellow, dim }: Colours, columns: number, now: string): string {
  if (output.evidence.length === 0) return 'No collection matches.';
  const rows = output.evidence.map((row) => [
    String(row.index),
    cyan(row.collector),
    row.scope,
    ageOf(row.sourceAsOf ?? row.at, now),
    counted(row.items, 'item'),
    row.complete ? dim(row.changed ? 'changed' : 'unchanged') : yellow(`incomplete: ${row.reasons.join(', ')}`),
  ]);
  const titles = [
    { title: bold('Entry'), align: 'right' as const },
    { title: bold('Collector') },
    { title: bold('Scope') },
    { title: bold('Age') },
    { title: bold('Seen'), align: 'right' as const },
    { title: '', flexible: true },
  ];
  const more = output.total > output.evidence.length ? ` of ${output.total} (--limit)` : '';
  return `${renderTable(titles, rows, columns)}\n\n${counted(output.evidence.length, 'collection')}${more}`;
}

const shownItems = 20;

/** One collection with what an auditor asks of it: who, when, what exactly was asked, whether it was all, and how to repeat it. */
export function renderCollection(
  index: number,
  statement: StatementOf<'collection'>,
  output: EvidenceShowOutput,
  commands: readonly string[],
  { bold, cyan, dim, yellow }: Colours,
): string {
  const complete =
    statement.completeness.kind === 'complete' ? 'complete' : yellow(`incomplete: ${statement.completeness.reasons.join(', ')}`);
  const { offsetMs, suspect } = statement.clock;
  const clock = offsetMs === null ? 'the source told no time' : `${clockText(offsetMs)}${suspect ? ', suspect' : ''}`;
  const facts: [string, string][] = [
    ['collector', `${statement.collector}  ${dim(statement.logic)}`],
    ['scope', statement.scope],
    ['read as', statement.principal ?? 'not known'],
    ['session', statement.session],
    [
      'caused by',
      `${statement.trigger.name} (${statement.trigger.authentication === 'none' ? 'identity not authenticated' : statement.trigger.authentication})`,
    ],
    ['time', `${statement.startedAt} to ${statement.finishedAt}; as of ${statement.sourceAsOf ?? 'the calls themselves'}`],
    ['clock', clock],
    ['hosts', statement.hosts.map(({ host, official }) => (official ? host : yellow(`${host} (not the provider's own)`))).join(', ')],
    ['requests', `${statement.requests.count}, ${statement.requests.failed} failed, ${statement.requests.pages} pages`],
    ['completeness', complete],
    [
      'counted',
      statement.reconciliation
        .map(({ field, with: other, expected, seen }) => `${seen} seen, ${other} ${field} says ${expected ?? 'nothing'}`)
        .join('; ') || 'no second count',
    ],
    [
      'items',
      `${statement.items.size}, ${statement.items.delta === null ? 'unchanged' : 'changed'}; ${counted(statement.withheld, 'field')} withheld`,
    ],
    ['grade', statement.grade],
    ['root', statement.items.root],
  ];
  const lines = [bold(`Entry ${index}: collection ${statement.id}`), ...facts.map(([name, value]) => `  ${name.padEnd(13)} ${value}`)];
  for (const gap of statement.gaps) {
    lines.push(
      yellow(
        `  not seen: ${gap.operation}${gap.subject === undefined ? '' : ` ${gap.subject}`}: ${gap.reason}${gap.code === undefined ? '' : ` (${gap.code})`}`,
      ),
    );
  }
  lines.push('', bold('Items'));
  for (const item of output.items.slice(0, shownItems)) {
    const what = item.gap === null ? JSON.stringify(item.body) : yellow(item.gap);
    lines.push(`  ${cyan(item.subject ?? item.operation)}  ${dim(item.operation)}  ${what}`);
  }
  if (output.items.length > shownItems)
    lines.push(dim(`  and ${output.items.length - shownItems} more: --json has all, --subject TEXT finds some`));
  if (commands.length > 0) {
    lines.push('', bold('To repeat it'), ...commands.slice(0, 10).map((command) => `  ${command}`));
    if (commands.length > 10) lines.push(dim(`  and ${commands.length - 10} more`));
  }
  return lines.join('\n');
}

const shownResults = 100;

/** One evaluation: what did not pass, and in which collections it was seen. */
export function renderEvaluation(
  index: number,
  { id, source, judgedAt, turn, plan, results: { counts } }: StatementOf<'evaluation'>,
  { results, reads }: OpenedEvaluation,
  colours: Colours,
): string {
  const { bold, cyan, dim, red, yellow } = colours;
  const facts: [string, string][] = [
    ['source', source],
    ['judged', `${judgedAt}${turn === undefined ? '' : `, turn of ${turn.schedule} due ${turn.due}`}`],
    ['by the plan', plan === null ? 'not known' : `entry ${plan}`],
    ['it read', `${counted(reads.length, 'collection')}, entries ${entriesOf(reads.map((read) => read.index))}`],
    ['results', outcomeCounts(counts, colours)],
  ];
  const lines = [bold(`Entry ${index}: evaluation ${id}`), ...facts.map(([name, value]) => `  ${name.padEnd(13)} ${value}`), ''];
  if (results === null) return [...lines, yellow('What it said is erased.')].join('\n');
  const told = results.filter(({ outcome }) => outcome === 'fail' || outcome === 'no-evidence');
  const ordered = told.toSorted((left, right) => Number(left.outcome !== 'fail') - Number(right.outcome !== 'fail'));
  lines.push(bold('Failing and not seen'));
  for (const { check, display, subject, outcome, message, entries } of ordered.slice(0, shownResults)) {
    const seen = entries.length === 0 ? 'in no collection' : `in entry ${entriesOf(entries)}`;
    lines.push(`  ${outcome === 'fail' ? red('fail') : yellow('no evidence')}  ${cyan(check)}  ${display}: ${message}`);
    lines.push(dim(`      ${subject}, ${seen}`));
  }
  if (ordered.length > shownResults) {
    lines.push(dim(`  and ${ordered.length - shownResults} more: --json has all, --subject TEXT finds some`));
  }
  if (ordered.length === 0) lines.push('  nothing');
  lines.push('', dim('What a source said is in the collections: proofline evidence show ENTRY --subject TEXT'));
  return lines.join('\n');
}
/** `12, 15 and 32 more`. */
function entriesOf(indexes: readonly number[]): string {
  const sorted = indexes.toSorted((left, right) => right - left);
  return `${sorted.slice(0, 3).join(', ')}${sorted.length > 3 ? ` and ${sorted.length - 3} more` : ''}`;
}

/** `the source is 0.8 s behind`; servers tell their time to the second. */
function clockText({ min, max }: { min: number; max: number }): string {
  const worst = Math.abs(min) > Math.abs(max) ? min : max;
  const seconds = Math.round(Math.abs(worst) / 100) / 10;
  return seconds === 0 ? 'the source and this machine agree' : `the source is ${seconds} s ${worst < 0 ? 'behind' : 'ahead'}`;
}
