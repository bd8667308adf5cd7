import { controlStateWords } from '../model/control.ts';
import { severities } from '../model/outcome.ts';
import type { Colours } from './cli.ts';
import type { UpgradeOutput } from './shapes.ts';
import { counted } from './words.ts';

type Change = UpgradeOutput['changes'][number];

const causeWords: Readonly<Record<Change['causes'][number], string>> = {
  'check-logic': 'the check is another',
  'collector-logic': 'the collector is another',
  parameters: 'its parameters are others',
  'check-new': 'the check is new',
  'check-gone': 'the check is gone',
  scope: 'the scope is another',
  'stale-after': 'the limit of staleness is another',
  program: 'no logic, parameter or scope is another: it comes of the program itself or what it runs on',
};
const said = (one: Change['from']): string =>
  one === null ? 'nothing' : `${one.outcome.replace('-', ' ')}${one.reason === null ? '' : ` (${one.reason})`}`;

export interface UpgradeView {
  readonly colours: Colours;
  /** Subjects shown of each change. */
  readonly limit: number;
  readonly call: { readonly program: string; readonly options: string };
}

/** What an upgrade changes: first how much, then what, by check; the long lists are cut and say so. */
export function renderUpgrade(output: UpgradeOutput, view: UpgradeView): string {
  const { bold, dim, green, yellow } = view.colours;
  const lines = [
    bold(`${output.preview ? 'Preview of the upgrade' : 'Upgrade'} from ${output.from ?? 'nothing recorded'} to ${output.to}`),
  ];
  if (output.schema.from !== output.schema.to) {
    const verb = output.preview ? 'would be' : 'was';
    lines.push(`The tables of the log are of schema ${output.schema.from}; it ${verb} brought forward to ${output.schema.to}.`);
  }
  lines.push('', ...planLines(output), '');
  for (const { source, evaluation, notes } of output.sources) {
    if (evaluation === null) lines.push(yellow(`${source}: nothing could be judged again.`));
    for (const note of notes) lines.push(yellow(`${source}: ${note}`));
  }
  lines.push(...summaryLines(output, view));
  for (const [, changes] of Map.groupBy(output.changes, groupOf)) lines.push('', ...changeLines(changes, view));
  if (output.controls.length > 0) {
    lines.push('', bold(`Controls that ${output.preview ? 'would stand' : 'stand'} otherwise`));
    for (const { control, status, from, to, reasons } of output.controls) {
      const state = (one: typeof from) => (one === null ? 'not in force' : controlStateWords[one]);
      lines.push(`  ${control} (${status}): ${state(from)} -> ${state(to)}${reasons[0] === undefined ? '' : `; ${reasons[0]}`}`);
    }
  }
  lines.push(dim(`${counted(output.controlsTheSame, 'control stands', 'controls stand')} as before.`));
  const same = sameLines(output, view);
  if (same.length > 0) lines.push('', ...same);
  if (output.changes.length === 0 && output.total === 0 && output.sources.every(({ evaluation }) => evaluation !== null)) {
    lines.push('', green(output.preview ? 'No verdict would change.' : 'No verdict changes.'));
  }
  lines.push('', ...nextLines(output, view));
  return lines.join('\n');
}

function planLines({ plan, preview }: UpgradeOutput): string[] {
  if (!plan.changes) return ['The plan stays as it is recorded.'];
  const part = (name: string, { added, removed, changed }: UpgradeOutput['plan']['checks']): string[] => {
    const counts = [
      ...(added.length > 0 ? [`${added.length} new`] : []),
      ...(removed.length > 0 ? [`${removed.length} gone`] : []),
      ...(changed.length > 0 ? [`${changed.length} other`] : []),
    ];
    return counts.length === 0 ? [] : [`${name} ${counts.join(', ')}`];
  };
  const parts = [
    ...part('collectors', plan.collectors),
    ...part('checks', plan.checks),
    ...part('controls', plan.controls),
    ...(plan.configuration ? ['configuration other'] : []),
    ...(plan.scope ? ['scope other'] : []),
    ...(plan.others.length === 0 ? [] : [`${plan.others.join(', ')} other`]),
  ];
  const what = parts.length === 0 ? 'the version alone' : parts.join('; ');
  return [`${preview ? 'A new plan would be recorded' : 'A new plan is recorded'}: ${what}.`];
}

function summaryLines(output: UpgradeOutput, { colours }: UpgradeView): string[] {
  const verdicts = output.total + output.same.verdicts;
  const lines = [
    colours.bold(`${output.total} of ${counted(verdicts, 'verdict')} of the newest evidence ${output.preview ? 'would change' : 'change'}`),
  ];
  for (const severity of severities) {
    const { beginsToFail, failsNoMore, losesEvidence, otherwise } = output.counts[severity];
    const parts = [
      ...(beginsToFail > 0 ? [colours.red(`${beginsToFail} begin to fail`)] : []),
      ...(failsNoMore > 0 ? [`${failsNoMore} fail no more`] : []),
      ...(losesEvidence > 0 ? [colours.yellow(`${losesEvidence} lose their evidence`)] : []),
      ...(otherwise > 0 ? [`${otherwise} otherwise`] : []),
    ];
    if (parts.length > 0) lines.push(`  ${severity}: ${parts.join(', ')}`);
  }
  return lines;
}

const groupOf = ({ check, parametersDigest, from, to, causes }: Change): string =>
  JSON.stringify([check, parametersDigest, said(from), said(to), causes]);

function changeLines(changes: readonly Change[], { colours, limit, call }: UpgradeView): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const shade = first.to?.outcome === 'fail' ? colours.red : first.to?.outcome === 'no-evidence' ? colours.yellow : String;
  const controls = first.controls.length === 0 ? '' : `, ${first.controls.join(', ')}`;
  const lines = [
    `${colours.bold(first.check)} (${first.severity}${controls}): ${shade(`${said(first.from)} -> ${said(first.to)}`)}, ${counted(changes.length, 'subject')}`,
    colours.dim(`  why: ${first.causes.map((cause) => causeWords[cause]).join('; ')}`),
  ];
  for (const { source, display, subject, from, to } of changes.slice(0, limit)) {
    lines.push(`  ${display}  ${colours.dim(`${subject} in ${source}`)}`);
    if (from?.message != null) lines.push(`    was:   ${from.message}`);
    if (to?.message != null) lines.push(`    now:   ${to.message}`);
  }
  const more = changes.length - limit;
  if (more > 0) lines.push(`  and ${more} more: ${call.program} upgrade --preview --check ${first.check}${call.options}`);
  return lines;
}

function sameLines(output: UpgradeOutput, { colours }: UpgradeView): string[] {
  const { otherWords, otherUntil } = output.same;
  const lines: string[] = [];
  if (output.onlyOtherLogic.length > 0) {
    const names = output.onlyOtherLogic.slice(0, 8).map(({ id }) => id);
    const more = output.onlyOtherLogic.length - names.length;
    const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    lines.push(colours.dim(`Other logic and the same verdicts: ${list}.`));
  }
  if (otherWords > 0) lines.push(colours.dim(`${counted(otherWords, 'verdict')} the same in other words.`));
  if (otherUntil > 0) lines.push(colours.dim(`${counted(otherUntil, 'verdict')} the same until another time.`));
  return lines;
}

function nextLines(output: UpgradeOutput, { colours, call }: UpgradeView): string[] {
  const command = (verb: string) => `    ${colours.cyan(`${call.program} ${verb}${call.options}`)}`;
  if (output.preview && output.from === output.to && !output.plan.changes && output.schema.from === output.schema.to) {
    const changes = output.total === 0 ? [] : ['What changes is judged anew with the next collection:', command('collect')];
    return ['Nothing was written, and nothing is to be upgraded: this plan is in force already.', ...changes];
  }
  if (output.preview) {
    return ['Nothing was written. Stop what runs of the former release, make a backup, then:', command('upgrade')];
  }
  const recorded = output.recorded
    ? `The upgrade is recorded in the log, and so is the plan (entry ${output.planIndex}).`
    : output.plan.changes
      ? `The new plan is recorded in the log (entry ${output.planIndex}); its version is the one that was in force, so that no upgrade is.`
      : `Nothing new was to be recorded; the plan in force is entry ${output.planIndex}.`;
  return [recorded, 'Start what runs all the time again, or collect once: what changes is told in one digest.', command('collect')];
}
