import { lengthText } from '../history/control-rules.ts';
import { controlStateWords } from '../model/control.ts';
import { notAuthenticated } from '../model/decision.ts';
import { whySilent } from '../model/history.ts';
import type { Colours } from './cli.ts';
import type {
  DeviationRow,
  DeviationsOutput,
  EpisodeRow,
  EpisodesOutput,
  HistoryControlRow,
  HistoryOutput,
  PeriodHead,
} from './history-shapes.ts';
import { renderTable } from './render-table.ts';
import { counted, wrapped } from './words.ts';

type Interval = HistoryControlRow['worst'][number];

export interface HistoryView {
  readonly colours: Colours;
  readonly columns: number;
}

/** Worst first: a cell of a drawing shows the worst that falls into it. */
const cells: readonly { readonly mark: string; readonly shade: keyof Colours; readonly text: string; is(interval: Interval): boolean }[] = [
  { mark: '█', shade: 'red', text: 'fails', is: ({ outcome }) => outcome === 'fail' },
  { mark: '?', shade: 'yellow', text: 'not seen', is: ({ outcome }) => outcome === 'no-evidence' },
  { mark: '▒', shade: 'yellow', text: 'fails, waived', is: ({ outcome }) => outcome === 'waived' },
  { mark: '·', shade: 'dim', text: 'nothing to judge', is: ({ outcome }) => outcome === 'empty' || outcome === 'not-applicable' },
  { mark: '╌', shade: 'dim', text: 'reconstructed', is: ({ basis }) => basis === 'reconstructed' },
  {
    mark: '─',
    shade: 'green',
    text: 'passes, inferred',
    is: ({ basis }) => basis === 'inferred' || basis === 'event' || basis === 'transition',
  },
  { mark: '━', shade: 'green', text: 'passes, corroborated', is: () => true },
];

/** A timeline as so many cells. Outside its intervals nothing is drawn. */
function drawn(intervals: readonly Interval[], { from, to }: { from: number; to: number }, width: number, colours: Colours): string {
  const step = (to - from) / width;
  const known = intervals.map((interval) => ({ interval, from: Date.parse(interval.from), to: Date.parse(interval.to) }));
  let first = 0;
  return Array.from({ length: width }, (_, n) => {
    const [begin, end] = [from + n * step, from + (n + 1) * step];
    while (first < known.length && (known[first]?.to ?? 0) <= begin) first += 1;
    const here: Interval[] = [];
    for (let at = first; at < known.length && (known[at]?.from ?? 0) < end; at += 1)
      here.push((known[at] as (typeof known)[number]).interval);
    const cell = cells.find(({ is }) => here.some(is));
    return here.length === 0 || cell === undefined ? ' ' : colours[cell.shade](cell.mark);
  }).join('');
}

/** Names of months, or days of a short period, over the cells they begin in. */
function scale({ from, to }: { from: number; to: number }, width: number, zone: string): string {
  const days = (to - from) / 86_400_000;
  const format = new Intl.DateTimeFormat(
    'en-GB',
    days > 100 ? { month: 'short', timeZone: zone } : { day: '2-digit', month: 'short', timeZone: zone },
  );
  const dayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', weekday: 'short', timeZone: zone });
  const line = Array.from({ length: width }, () => ' ');
  let free = 0;
  for (let n = 0; n < days; n += 1) {
    const at = from + n * 86_400_000;
    const parts = Object.fromEntries(dayOf.formatToParts(at).map(({ type, value }) => [type, value]));
    const begins = days > 100 ? parts['day'] === '1' : days > 14 ? parts['weekday'] === 'Mon' : true;
    const cell = Math.floor(((at - from) / (to - from)) * width);
    const name = format.format(at);
    if (!begins || cell < free || cell + name.length > width) continue;
    for (const [place, letter] of [...name].entries()) line[cell + place] = letter;
    free = cell + name.length + 1;
  }
  return line.join('').trimEnd();
}

const percent = (share: number): string => {
  const text = (share * 100).toFixed(1);
  // What rounds to all, or to nothing, and is neither, must not look like it.
  if (text === '100.0' && share < 1) return '>99.9 %';
  if (text === '0.0' && share > 0) return '<0.1 %';
  return `${text.replace('.0', '')} %`;
};

/** Corroborated and inferred beside each other, never added up. */
function coverageText({ metrics }: { readonly metrics: HistoryControlRow['metrics'] }): string {
  const { coverage, passing, longestGapMs, edges } = metrics;
  const known = [
    `corroborated ${percent(coverage.corroborated)}`,
    `inferred ${percent(coverage.inferred)}`,
    ...(coverage.other > 0 ? [`by events, between or reconstructed ${percent(coverage.other)}`] : []),
    `not seen ${percent(coverage.none)}`,
  ].join(', ');
  const worst =
    passing.worst === null || passing.worst.ofPeriod === passing.ofPeriod
      ? ''
      : `; worst ${passing.worst.display} ${percent(passing.worst.ofPeriod)}`;
  const ofKnown = passing.ofKnown === null ? '' : ` (${percent(passing.ofKnown)} of what was seen)`;
  const gap = longestGapMs === 0 ? '' : `; longest silence ${lengthText(longestGapMs)}`;
  const open = [...(edges.start ? [] : ['beginning']), ...(edges.end ? [] : ['end'])];
  const edge = open.length === 0 ? '' : `; ${open.join(' and ')} not covered`;
  const { byOutcome, lifeMs } = metrics;
  if (byOutcome.empty + byOutcome['not-applicable'] === lifeMs) return `known: ${known}${gap}${edge}.`;
  return `known: ${known}${gap}${edge}. Passing ${percent(passing.ofPeriod)} of the time${ofKnown}${worst}.`;
}

function headOf(period: PeriodHead, { bold, dim }: Colours): string {
  const until = period.through < period.to ? dim(`, read to ${period.through}`) : '';
  return `${bold(period.id)}  ${period.start} to ${period.end} (${period.zone})${until}`;
}

export function renderHistory(output: HistoryOutput, view: HistoryView & { readonly single: boolean }): string {
  const { colours, columns, single } = view;
  const stretch = { from: Date.parse(output.period.from), to: Date.parse(output.period.to) };
  const indent = '  ';
  const width = columns - indent.length - 1;
  const lines = [headOf(output.period, colours), ''];
  if (output.controls.length === 0) {
    lines.push('No control was adopted in this time, and nothing else counts in a report: controls adopt, or history --proposed.');
    return lines.join('\n');
  }
  lines.push(colours.dim(indent + scale(stretch, width, output.period.zone)));
  for (const control of output.controls) {
    lines.push(...controlLines(control, { colours, width, indent, stretch, single }), '');
  }
  lines.push(colours.dim(`${indent}${cells.map(({ mark, text }) => `${mark} ${text}`).join('   ')}`), '');
  for (const { source, from, to, reason, turns } of output.outages)
    lines.push(colours.yellow(`Nothing was seen of ${source} from ${from} to ${to}: ${whySilent({ reason, turns })}`));
  const uncovered = output.topics.filter((topic) => topic.uncovered).map(({ id }) => id);
  if (!single && uncovered.length > 0) lines.push(...wrapped(`No adopted control covers ${uncovered.join(', ')}`, columns - 1));
  lines.push('What is shown is what monitoring observed; the conclusion is the auditor’s.');
  return lines.join('\n');
}

interface Drawing {
  readonly colours: Colours;
  readonly width: number;
  readonly indent: string;
  readonly stretch: { readonly from: number; readonly to: number };
  readonly single: boolean;
}

function foundText({ episodes, deviations }: HistoryControlRow): string {
  const broken = deviations.episode + deviations.occurrence + deviations.missed;
  const gaps = deviations.gap === 0 ? '' : `, ${counted(deviations.gap, 'material gap')}`;
  return `${counted(episodes, 'episode')}, ${counted(broken, 'deviation')}${gaps}`;
}

function controlLines(control: HistoryControlRow, drawing: Drawing): string[] {
  const { colours, width, indent, stretch, single } = drawing;
  const { bold, cyan, dim, red, yellow, green } = colours;
  const shade = { 'failures-observed': red, 'no-evidence': yellow, 'no-failures-observed': green, 'did-not-operate': dim }[control.state];
  const occurrences =
    control.occurrences === null ? '' : `, ${counted(control.occurrences.total, 'occurrence')} (${control.occurrences.failing} failing)`;
  const status = control.status === 'adopted' ? '' : dim(` ${control.status}`);
  const lines = [
    `${cyan(control.id)}${status}  ${shade(controlStateWords[control.state])}  ${foundText(control)}${occurrences}`,
    ...wrapped(control.statement, width).map((line) => indent + line),
    indent + drawn(control.worst, stretch, width, colours),
    ...wrapped(coverageText(control), width).map((line) => dim(indent + line)),
  ];
  const reasons = single ? control.reasons : control.reasons.slice(0, 3);
  for (const reason of reasons) lines.push(...wrapped(`- ${reason}`, width).map((line) => indent + line));
  if (reasons.length < control.reasons.length)
    lines.push(dim(`${indent}and ${control.reasons.length - reasons.length} more: history --control ${control.id}`));
  for (const { number, from, changes } of control.versions) {
    for (const change of changes)
      lines.push(...wrapped(`version ${number} from ${from.slice(0, 10)}: ${change}`, width).map((line) => yellow(indent + line)));
  }
  if (!single) return lines;
  for (const series of control.series) {
    lines.push(
      '',
      `${indent}${bold(series.key.check)}  ${series.key.source}  ${dim(`${counted(series.metrics.subjects, 'subject')}, ${counted(series.readings, 'reading')}`)}`,
    );
    lines.push(indent + drawn(series.worst, stretch, width, colours));
    lines.push(...wrapped(coverageText(series), width).map((line) => dim(indent + line)));
    for (const { subject, display, intervals } of series.subjects.slice(0, 12)) {
      lines.push(`${indent}${display === '' ? subject : display}`, indent + drawn(intervals, stretch, width, colours));
    }
    if (series.subjects.length > 12) lines.push(dim(`${indent}and ${series.subjects.length - 12} more subjects: --json has all`));
  }
  return lines;
}

const minute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)}`;

function boundsText(episode: EpisodeRow): string {
  const from = episode.exact.from ?? episode.conservative.from;
  const to = episode.exact.to ?? episode.conservative.to;
  const begin = episode.carriedIn ? 'before the period' : `${episode.exact.from === null ? '≤ ' : ''}${minute(from)}`;
  const end = episode.openAtEnd ? 'not ended' : `${episode.exact.to === null ? '≥ ' : ''}${minute(to)}`;
  return `${begin} to ${end} (UTC)`.replace('≥ ', 'by ').replace('≤ ', 'after ');
}

export function renderEpisodes(output: EpisodesOutput, { colours, columns }: HistoryView): string {
  const { bold, dim } = colours;
  const lines = [headOf(output.period, colours), ''];
  if (output.total === 0) return [...lines, 'No episode of failure was observed in this time.'].join('\n');
  for (const episode of output.episodes) {
    const from = Date.parse(episode.exact.from ?? episode.conservative.from);
    const to = Date.parse(episode.exact.to ?? episode.conservative.to);
    const more = [
      episode.exact.from !== null && episode.exact.to !== null ? 'exact, by events' : '',
      episode.observed === null ? 'no reading saw it' : `${counted(episode.readings, 'failing reading')}`,
      episode.flaps > 0 ? `came back ${counted(episode.flaps, 'time')}` : '',
      episode.unseenMs > 0 ? `${lengthText(episode.unseenMs)} of it unseen` : '',
      episode.actors.length > 0 ? `by ${episode.actors.join(', ')}` : '',
      episode.waivers.length > 0 ? `waived by ${episode.waivers.join(', ')}` : '',
    ].filter((text) => text !== '');
    lines.push(
      `${bold(episode.id)}  ${episode.severity}  ${colours.cyan(episode.series.check)}  ${lengthText(to - from)}`,
      `  ${boundsText(episode)}; ${more.join('; ')}`,
      ...wrapped(
        `${episode.display === '' ? episode.subject : episode.display} in ${episode.series.source}: ${episode.messages[0] ?? episode.evidence.events.map(({ name }) => name).join(', ')}`,
        columns - 3,
      ).map((line) => dim(`  ${line}`)),
    );
  }
  lines.push(
    '',
    output.total > output.episodes.length
      ? `${output.episodes.length} of ${counted(output.total, 'episode')}: --limit`
      : counted(output.total, 'episode'),
  );
  return lines.join('\n');
}

export function renderDeviations(output: DeviationsOutput, { colours, columns }: HistoryView): string {
  const lines = [headOf(output.period, colours), ''];
  if (output.total === 0) return [...lines, 'No deviation from an adopted control was observed in this time.'].join('\n');
  lines.push(
    renderTable(
      [
        { title: 'Id' },
        { title: 'From (UTC)' },
        { title: 'Lasted', align: 'right' },
        { title: 'Stands' },
        { title: 'What', flexible: true },
      ],
      output.deviations.map((one) => [
        colours.bold(one.id),
        minute(one.from),
        one.kind === 'occurrence' ? 'once' : one.openAtEnd ? colours.red('not ended') : lengthText(one.durationMs),
        one.lifeCycle.disposition === 'candidate' ? colours.yellow('candidate') : one.lifeCycle.disposition,
        `${one.display === '' ? one.subject : one.display}: ${one.because}`,
      ]),
      columns,
    ),
    '',
    `${counted(output.total, 'deviation')}; deviation show <id> has one with what was decided about it.`,
  );
  return lines.join('\n');
}

export function renderDeviation(one: DeviationRow, period: PeriodHead, { colours, columns }: HistoryView): string {
  const { bold, dim, red, yellow } = colours;
  const { lifeCycle } = one;
  const row = (name: string, text: string | null): string[] =>
    text === null ? [] : wrapped(text, columns - 24).map((line, n) => `  ${(n === 0 ? name : '').padEnd(20)}${line}`);
  return [
    headOf(period, colours),
    '',
    `${bold(one.id)}  ${one.severity}  ${one.display === '' ? one.subject : one.display}`,
    ...wrapped(one.because, columns - 3).map((line) => `  ${line}`),
    ...row('control', `${one.control}, version ${one.version}`),
    ...row('check', one.check),
    ...row('from', `${minute(one.from)} UTC`),
    ...row('to', one.openAtEnd ? red('not ended') : `${minute(one.to)} UTC`),
    ...row('due', `${minute(one.due)} UTC${one.late ? red(' (late)') : ''}`),
    ...row('of', one.of),
    ...row('waiver', one.waiver),
    ...row('hints', one.markers.length === 0 ? null : one.markers.join(', ')),
    ...row('stands as', lifeCycle.disposition),
    ...row('cause', lifeCycle.cause),
    ...row('owner', lifeCycle.owner),
    ...row('response', lifeCycle.response),
    ...row('compensating control', lifeCycle.compensatingControl),
    ...row(
      'remediation',
      lifeCycle.remediation === null ? null : `${lifeCycle.remediation.what} (entries ${lifeCycle.remediation.evidence.join(', ')})`,
    ),
    ...row(
      'retest',
      lifeCycle.retest === null
        ? null
        : `${lifeCycle.retest.result.replaceAll('-', ' ')} (entries ${lifeCycle.retest.evidence.join(', ')})`,
    ),
    ...lifeCycle.decisions.map(({ index, at, actor, authenticated }) =>
      dim(`  entry ${index}, ${at}, ${actor}${authenticated ? '' : ` (${yellow(notAuthenticated)})`}`),
    ),
    lifeCycle.decisions.length === 0 ? dim('  nothing was decided about it yet: deviation respond, deviation dispose') : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
