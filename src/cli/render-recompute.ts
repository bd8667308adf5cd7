import type { Colours } from './cli.ts';
import type { RecomputeOutput } from './shapes.ts';

type Difference = RecomputeOutput['differences'][number];
const said = (one: Difference['sealed']): string =>
  one === null
    ? 'nothing'
    : `${one.outcome}${one.reason === null ? '' : ` (${one.reason})`}${one.until === null ? '' : ` until ${one.until}`}`;

/** What came out again, what did not, by what logic, and what could not be tried. */
export function renderRecompute(output: RecomputeOutput, { bold, red, green, yellow, dim }: Colours): string {
  const { history } = output;
  const lines = [
    bold(`Recomputed ${output.what}`),
    '',
    `${output.recomputed} of ${output.evaluations} evaluations made again from the sealed items: ${output.results} sets of results, ${output.subjects} verdicts`,
  ];
  for (const { reason, evaluations, first } of output.skipped) {
    lines.push(yellow(`${evaluations} not made again, from entry ${first} on: ${reason}`));
  }
  for (const { kind, id, sealed, installed, evaluations } of output.logic) {
    const here = installed === null ? 'is not installed here' : `is installed here as ${installed}`;
    lines.push(yellow(`${kind} ${id} ${here}; ${evaluations} times the log names ${sealed}`));
  }
  const { derived } = output;
  if (derived.collections > 0) {
    lines.push(
      `${derived.recomputed} of ${derived.collections} collections that were worked out of the log made again: ${derived.items} items`,
    );
  }
  for (const { reason, collections, first } of derived.skipped) {
    lines.push(yellow(`${collections} collections not worked out again, from entry ${first} on: ${reason}`));
  }
  if (history !== null && history.withheld.length > 0) {
    const kept = `items of ${history.withheld.join(', ')} are kept back in this bundle`;
    lines.push(yellow(`history: ${kept}; what rests on them cannot be made again, and comes out otherwise below`));
  }
  lines.push('');
  for (const one of output.differences) {
    const when = one.from === one.to ? one.from : `${one.from} to ${one.to} (${one.evaluations} evaluations)`;
    const about = one.check ?? 'the population';
    lines.push(red(`${about}  ${one.display} (${one.subject}) in ${one.source}`));
    lines.push(`    ${when}, from entry ${one.first}: sealed ${said(one.sealed)}, recomputed ${said(one.recomputed)}`);
    if (one.otherLogic) lines.push(dim('    by other logic than the log names'));
  }
  for (const one of derived.differences) {
    const when = one.from === one.to ? one.from : `${one.from} to ${one.to} (${one.collections} collections)`;
    lines.push(red(`${one.collector}  ${one.subject ?? 'the whole of it'}`));
    lines.push(`    ${when}, from entry ${one.first}: sealed ${one.sealed ?? 'nothing'}, worked out again ${one.recomputed ?? 'nothing'}`);
    if (one.otherLogic) lines.push(dim('    by other logic than the log names'));
  }
  for (const one of history?.differences ?? []) {
    const about = [one.control, one.check, one.subject].filter((part) => part !== null).join('  ');
    lines.push(red(`history  ${about === '' ? 'the period' : about}: ${one.what}`));
    lines.push(`    in the bundle ${one.sealed ?? 'nothing'}, recomputed ${one.recomputed ?? 'nothing'}`);
  }
  if (output.messages.count > 0) lines.push(dim(`${output.messages.count} verdicts are the same in other words.`));
  const count = output.differences.length + derived.differences.length + (history?.differences.length ?? 0);
  lines.push(
    output.same
      ? green(
          `Everything that could be made again came out the same${history === null ? '.' : `, and so did the history of ${history.period}.`}`,
        )
      : red(`${count} ${count === 1 ? 'difference' : 'differences'}.`),
  );
  return lines.join('\n');
}
