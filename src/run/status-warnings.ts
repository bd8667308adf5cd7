import { statSync } from 'node:fs';
import type { Composition } from './composition.ts';
import type { HeldToNow } from './hold-to-now.ts';

/** What must be known beside the results, most pressing first. */
export function statusWarnings(app: Composition, held: HeldToNow): readonly string[] {
  const { collections, sources } = held.summary;
  const unofficial = [...new Set(collections.flatMap(({ unofficialHosts }) => unofficialHosts))].sort();
  const suspect = collections.filter(({ clockSuspect }) => clockSuspect).length;
  const malformed = sources.reduce((sum, { evaluation }) => sum + (evaluation?.malformed ?? 0), 0);
  const changed = changedFiles(app, held);
  return [
    ...held.unentered.map(({ kind, name }) => `Source ${kind} "${name}" has never been entered: there is no evidence of it at all.`),
    ...[...held.stale].map((source) => `${source} was last judged too long ago: what it said is no evidence now. Collect again.`),
    ...(unofficial.length > 0 ? [`Evidence came from ${unofficial.join(', ')}: not a host of the source itself.`] : []),
    ...(suspect > 0 ? [`In ${suspect} collections this machine's clock and the source's differed too much to rely on the times.`] : []),
    ...(malformed > 0 ? [`${malformed} items or resources were not as expected: they give no evidence.`] : []),
    ...collections.flatMap(({ collector, scope, differences }) =>
      differences.map(
        ({ with: other, field, expected, seen }) =>
          `${collector} saw ${seen} on ${scope}, ${other} counts ${expected} (${field}): the two do not agree.`,
      ),
    ),
    ...(changed.length > 0 ? [`Changed since the last collection, and applied with the next: ${changed.join(', ')}.`] : []),
  ];
}

/** Files of the configuration that are younger than both the plan in force and the latest evaluation. */
function changedFiles(app: Composition, { summary }: HeldToNow): readonly string[] {
  if (summary.plan === null || app.demonstration) return [];
  const applied = Math.max(
    Date.parse(summary.plan.at),
    ...summary.sources.map(({ evaluation }) => (evaluation === null ? 0 : Date.parse(evaluation.at))),
  );
  const { file, controls, scope, objectives } = app.configuration;
  return [file, ...controls, ...[scope, objectives].filter((path) => path !== undefined)].filter(
    (path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > applied,
  );
}
