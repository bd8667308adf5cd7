import type { Colours } from './cli.ts';
import type { ResultRow, ResultsOutput } from './shapes.ts';
import { counted, outcomeWord } from './words.ts';

/** Results grouped by check: what is claimed, why it matters to whom, every subject, and how to mend it. */
export function renderResults(output: ResultsOutput, colours: Colours): string {
  const { bold, cyan, dim } = colours;
  if (output.results.length === 0) return 'No result matches.';
  const groups = new Map<string, ResultRow[]>();
  for (const result of output.results) {
    const key = `${result.check} ${JSON.stringify(result.parameters)} ${result.outcome}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const lines: string[] = [];
  for (const results of groups.values()) {
    const [first] = results;
    if (first === undefined) continue;
    const parameters = Object.entries(first.parameters).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const serves = first.controls.length === 0 ? '' : `  ${first.controls.join(' ')}`;
    lines.push(
      `${outcomeWord(first.outcome, colours)}  ${bold(first.claim === '' ? first.check : first.claim)}  ${dim(`${first.severity ?? 'no longer planned'}${serves}`)}`,
    );
    lines.push(`  ${cyan(first.check)}${parameters.length === 0 ? '' : dim(`  ${parameters.join(', ')}`)}`);
    for (const alike of Map.groupBy(results, ({ message, reason }) => `${message} ${reason}`).values())
      lines.push(...subjectLines(alike, colours));
    if (first.outcome === 'fail' && first.remediation !== null) {
      lines.push('  To mend it:', `    console    ${indented(first.remediation.console)}`);
      lines.push(`    command    ${indented(first.remediation.cli)}`, `    terraform  ${indented(first.remediation.terraform)}`);
    }
    lines.push('');
  }
  const more = output.total > output.results.length ? ` of ${output.total} (--limit)` : '';
  lines.push(`${counted(output.results.length, 'result')}${more}`);
  return lines.join('\n');
}
const indented = (text: string) => text.trimEnd().replaceAll('\n', `\n${' '.repeat(15)}`);

/** Subjects of which the same is said: each with its id, or from four on by name alone. */
function subjectLines(results: readonly ResultRow[], { dim }: Colours): string[] {
  const [first] = results;
  if (first === undefined) return [];
  const said = `${first.message}${first.reason === null ? '' : dim(` (${first.reason})`)}`;
  if (results.length > 3) {
    const names = results.map(({ display }) => display);
    return [`    ${counted(results.length, 'subject')}: ${said}`, dim(`      ${names.join(', ')}`)];
  }
  return results.flatMap(({ display, subject }) => [`    ${display}: ${said}`, ...(display === subject ? [] : [dim(`      ${subject}`)])]);
}
