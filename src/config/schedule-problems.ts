import { cronProblem, isZone } from '../schedule/cron.ts';
import { didYouMean } from './nearest-name.ts';
import type { YamlPath } from './read-yaml.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What the shape of `schedules` does not show: expressions and zones that nobody can read, sources that are not there, names that stand
 * twice. Of the value as written; what has the wrong shape is left to whoever checks shapes.
 * @param sources names of the configured sources.
 */
export function findScheduleProblems(schedules: unknown, sources: readonly string[]): { path: YamlPath; message: string }[] {
  if (!isRecord(schedules)) return [];
  const problems: { path: YamlPath; message: string }[] = [];
  const checkTimes = (value: Readonly<Record<string, unknown>>, at: YamlPath) => {
    const { cron, zone } = value;
    if (typeof cron === 'string') {
      const message = cronProblem(cron);
      if (message !== undefined) problems.push({ path: [...at, 'cron'], message });
    }
    if (typeof zone === 'string' && !isZone(zone)) {
      const hint = didYouMean(zone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
      problems.push({ path: [...at, 'zone'], message: `"${zone}" is no time zone of the IANA database${hint}, such as Europe/Berlin` });
    }
  };
  checkTimes(schedules, ['schedules']);
  if (isRecord(schedules['anchors'])) checkTimes(schedules['anchors'], ['schedules', 'anchors']);
  const entries = Array.isArray(schedules['entries']) ? schedules['entries'] : [];
  const names = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (!isRecord(entry)) continue;
    const at = ['schedules', 'entries', index];
    checkTimes(entry, at);
    const name = entry['name'];
    if (typeof name === 'string') {
      if (names.has(name)) problems.push({ path: [...at, 'name'], message: `the name "${name}" is taken: every entry has its own` });
      names.add(name);
    }
    const wanted = Array.isArray(entry['sources']) ? entry['sources'] : [];
    for (const [place, source] of wanted.entries()) {
      if (typeof source === 'string' && !sources.includes(source)) {
        problems.push({ path: [...at, 'sources', place], message: unknownSource(source, sources) });
      }
    }
  }
  return problems;
}

export function unknownSource(name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known);
  return `there is no source "${name}"${hint || (known.length === 0 ? '' : ` (there is ${known.join(', ')})`)}`;
}
