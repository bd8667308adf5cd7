import { controlStateWords } from '../model/control.ts';
import { missReasonWords } from '../model/turn-record.ts';
import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { ControlRow, StatusOutput } from './shapes.ts';
import { ageOf, counted, outcomeCounts, severityCounts, wrapped } from './words.ts';

export interface StatusView {
  readonly colours: Colours;
  readonly columns: number;
  /** Also the controls that only people can evidence. */
  readonly all: boolean;
}

/** Groups of the library, by the letters of their ids; whatever else there is, is the entity's own. */
const groups: readonly { readonly prefix: string; readonly title: string }[] = [
  { prefix: 'AC-', title: 'Access' },
  { prefix: 'DP-', title: 'Data protection' },
  { prefix: 'CM-', title: 'Change' },
  { prefix: 'OP-', title: 'Operations' },
  { prefix: 'GV-', title: 'Governance' },
  { prefix: 'PR-', title: 'Payroll processing' },
  { prefix: 'PV-', title: 'Privacy' },
];
function groupOf(id: string): string {
  return groups.find(({ prefix }) => new RegExp(`^${prefix}\\d\\d$`).test(id))?.title ?? 'Own controls';
}

/** Nothing was collected for it and no check serves it: only people can evidence it. */
function fromPeople(control: ControlRow): boolean {
  return control.checks.length === 0 && Object.values(control.counts).every((count) => count === 0);
}

function stateText(control: ControlRow, { red, green, yellow, dim }: Colours): string {
  const shade = { 'failures-observed': red, 'no-evidence': yellow, 'no-failures-observed': green, 'did-not-operate': dim }[control.state];
  const part = control.state === 'no-failures-observed' && control.automation === 'partial' ? ', in part' : '';
  return shade(controlStateWords[control.state] + part);
}
function resultsText(control: ControlRow, colours: Colours): string {
  const failures = severityCounts(control.failures);
  // What is empty or not applicable stands in the results; here it would hide what matters.
  const counts = outcomeCounts({ ...control.counts, empty: 0, 'not-applicable': 0 }, colours);
  return failures === '' ? counts : counts.replace('fail', `fail (${failures})`);
}

function whyText(control: ControlRow): string | undefined {
  const [first, ...others] = control.reasons;
  if (first === undefined || control.state === 'no-failures-observed' || control.state === 'did-not-operate') return undefined;
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}

/** One line of facts per control, aligned over all groups, and its statement below. */
function controlTable(status: StatusOutput, { colours, columns, all }: StatusView): string[] {
  const shown = status.controls.filter((control) => control.status !== 'retired' && (all || !fromPeople(control)));
  const facts = renderTable(
    [{ title: '' }, { title: '' }, { title: '' }, { title: '', align: 'right' }, { title: '' }],
    shown.map((control) => [
      colours.cyan(control.id),
      control.status === 'adopted' ? 'adopted' : colours.dim('proposed'),
      stateText(control, colours),
      control.evidenceAsOf === null ? '' : ageOf(control.evidenceAsOf, status.at),
      resultsText(control, colours),
    ]),
    columns,
  ).split('\n');
  const indent = ' '.repeat(Math.max(0, ...shown.map(({ id }) => id.length)) + 4);
  const lines: string[] = [];
  for (const title of [...groups.map((group) => group.title), 'Own controls']) {
    const members = shown.filter((control) => groupOf(control.id) === title);
    if (members.length === 0) continue;
    lines.push(colours.bold(title));
    for (const control of members) {
      lines.push(`  ${facts[shown.indexOf(control)] ?? ''}`);
      lines.push(...wrapped(control.statement, columns - indent.length).map((line) => `${indent}${line}`));
      const why = whyText(control);
      if (why !== undefined) lines.push(colours.dim(`${indent}${why}`));
    }
    lines.push('');
  }
  const hidden = status.controls.filter((control) => control.status !== 'retired').length - shown.length;
  if (hidden > 0) lines.push(colours.dim(`${counted(hidden, 'control')} that only people can evidence: status --all`), '');
  return lines;
}

/** The control table with everything that must be said beside it. */
export function renderStatus(status: StatusOutput, view: StatusView): string {
  const { colours } = view;
  const lines: string[] = [
    colours.bold(`${status.entity}${status.demonstration ? ' (demonstration)' : ''}: controls as of ${status.at}`),
    '',
  ];
  if (status.sources.length === 0) lines.push('Nothing has been collected yet.', '');
  for (const source of status.sources) {
    const gaps = source.incomplete.length === 0 ? '' : colours.yellow(`, ${counted(source.incomplete.length, 'collection')} incomplete`);
    const age = source.oldest === null ? '' : `, oldest ${ageOf(source.oldest, status.at)} old`.replace(' now old', ' just now');
    lines.push(
      `${colours.cyan(source.source)}${source.source.endsWith(`:${source.display}`) ? '' : ` ${source.display}`}: ${counted(source.collections, 'collection')}${gaps}${age}; ${outcomeCounts(source.results, colours) || 'no results'}`,
    );
    for (const gap of source.incomplete.slice(0, 5))
      lines.push(`  ${colours.yellow(gap.reasons.join(', '))}  ${gap.collector}  ${gap.scope}`);
    if (source.incomplete.length > 5) lines.push(`  and ${source.incomplete.length - 5} more: evidence list --incomplete`);
  }
  if (status.sources.length > 0) lines.push('');
  lines.push(...controlTable(status, view));

  const adopted = status.controls.filter((control) => control.status === 'adopted').length;
  lines.push(
    `${counted(adopted, 'adopted control')}, ${status.controls.filter((control) => control.status === 'proposed').length} proposed: a library control counts in a report once someone adopts it.`,
  );
  for (const row of status.coverage) {
    const what = row.report === 'soc2' ? 'SOC 2 criteria' : 'SOC 1 control objectives';
    const open = row.open.length === 0 ? '' : `; no control speaks to ${row.open.join(', ')}`;
    lines.push(`${what}: ${row.covered} of ${row.total} covered by adopted controls, ${row.proposed} by proposed ones${open}.`);
  }
  lines.push(
    `Log ${status.log.origin}: ${counted(status.log.entries, 'entry', 'entries')}, head signed at ${status.log.signedTo}, in ${status.log.dataDirectory}`,
  );
  lines.push(...operationLines(status, view));
  const { latest, sentence } = status.anchors;
  if (latest !== null) {
    lines.push(`Last seen by ${latest.anchor} (${latest.method}) at ${latest.time ?? latest.at}, up to entry ${latest.size}`);
  }
  if (sentence !== null) lines.push(colours.yellow(sentence));
  for (const warning of status.warnings) lines.push(colours.yellow(warning));
  lines.push('What is shown is what monitoring observed; the conclusion is the auditor’s.');
  lines.push(...renderNextSteps(status.nextSteps, colours));
  return lines.join('\n');
}

/** Nothing where no daemon ever ran and nothing was due: then everything is collected by hand, and nobody expects more. */
function operationLines({ operation, at }: StatusOutput, { colours: { yellow } }: StatusView): string[] {
  const { daemon, turns, lastMissed, lastFailed } = operation;
  const lines: string[] = [];
  if (daemon !== null) {
    const { state, host, version, startedAt, heardAt } = daemon;
    const started = startedAt === null ? '' : ` since ${startedAt}`;
    if (state === 'running') lines.push(`Daemon ${version} on ${host}: running${started}`);
    if (state === 'stopped') lines.push(yellow(`Daemon ${version} on ${host}: not running, stopped at ${heardAt}`));
    if (state === 'ended-unseen')
      lines.push(
        yellow(
          `Daemon ${version} on ${host}: not running, ended unseen after ${heardAt}, ${ageOf(heardAt, at)} ago`.replace(
            ', now ago',
            ', just now',
          ),
        ),
      );
  }
  if (turns.done + turns.missed + turns.failed === 0) return lines;
  const bad = [
    ...(turns.missed === 0 ? [] : [`${turns.missed} missed${turns.late === 0 ? '' : ` (${turns.late} of them done late)`}`]),
    ...(turns.failed === 0 ? [] : [`${turns.failed} finally failed`]),
  ].join(', ');
  lines.push(`Schedules: ${counted(turns.done, 'turn')} taken${bad === '' ? ', none missed or failed' : yellow(`, ${bad}`)}`);
  if (lastMissed !== null)
    lines.push(
      `  last missed: ${lastMissed.schedule}, ${counted(lastMissed.count, 'turn')} due up to ${lastMissed.to} (${missReasonWords[lastMissed.reason]})`,
    );
  if (lastFailed !== null)
    lines.push(
      `  last failed: ${lastFailed.schedule}, due ${lastFailed.due}, after ${counted(lastFailed.attempts, 'attempt')}: ${lastFailed.reason}`,
    );
  return lines;
}

export function renderNextSteps(steps: StatusOutput['nextSteps'], { bold, cyan }: Colours): string[] {
  if (steps.length === 0) return [];
  return ['', bold('Next'), ...steps.map(({ text, command }) => `  ${text}${command === null ? '' : `\n    ${cyan(command)}`}`)];
}
