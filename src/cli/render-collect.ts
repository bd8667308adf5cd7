import type { Colours } from './cli.ts';
import { durationText } from './render-progress.ts';
import type { CollectOutput } from './shapes.ts';
import { counted, outcomeCounts, severityCounts } from './words.ts';

/** What one run came to. */
export function renderCollect(run: CollectOutput, colours: Colours): string {
  const { yellow, red, cyan, bold } = colours;
  const took = durationText(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
  const lines: string[] = [];
  for (const source of run.sources) {
    lines.push(
      `${cyan(source.source)} ${source.display}: ${counted(source.collections, 'collection')} (${source.changed} changed), ${counted(source.calls, 'call')}; ${outcomeCounts(source.results, colours) || 'no results'}`,
    );
    for (const gap of source.incomplete) lines.push(yellow(`  incomplete: ${gap.collector} ${gap.scope}: ${gap.reasons.join(', ')}`));
  }
  for (const source of run.unreachable) lines.push(red(`${source.kind} "${source.source}" could not be read: ${source.message}`));
  const failures = severityCounts(run.failures);
  if (failures !== '') lines.push(`Failures: ${failures}`);
  for (const anchor of run.anchors) {
    lines.push(
      anchor.error === null
        ? `Seen by ${anchor.anchor}${anchor.time === null ? '' : ` at ${anchor.time}`}`
        : yellow(`Anchor ${anchor.anchor} failed: ${anchor.error}; the head is anchored with the next run`),
    );
  }
  const outcome = run.interrupted
    ? yellow('Interrupted: what was collected until then is sealed, the rest is recorded as not collected.')
    : run.complete
      ? 'Everything was seen.'
      : yellow('Not everything was seen: what is missing gives no evidence, never a pass. `proofline doctor` says why.');
  lines.push(`${bold(run.interrupted ? 'Stopped' : 'Done')} in ${took}, log at entry ${run.head.size}. ${outcome}`);
  return lines.join('\n');
}
