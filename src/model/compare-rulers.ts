import type { Ruler, Sla } from './engagement.ts';

/** What a new ruler lets through that the old one did not, and the other way round; one sentence each, in the ruler's own order. */
export interface RulerChange {
  readonly loosens: readonly string[];
  readonly tightens: readonly string[];
}

/** Milliseconds of a duration of weeks, days, hours and minutes. */
export function durationMs(duration: string): number {
  const [, weeks, days, hours, minutes] = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  const part = (text: string | undefined) => Number(text ?? 0);
  return (((part(weeks) * 7 + part(days)) * 24 + part(hours)) * 60 + part(minutes)) * 60_000;
}
const slaText = (sla: Sla): string => ('hours' in sla ? `${sla.hours} hours` : `${sla.businessDays} business days`);
/** Hours and business days have no fixed relation: undefined. */
function slaDifference(before: Sla, after: Sla): number | undefined {
  if ('hours' in before) return 'hours' in after ? after.hours - before.hours : undefined;
  return 'businessDays' in after ? after.businessDays - before.businessDays : undefined;
}

type Sizes = Ruler['sampleSizes'];
/** How many are drawn of so many occurrences; Infinity: all; 0: the table says nothing. */
function sampleSize(table: Sizes, frequency: string, count: number): number {
  const row = table.find((candidate) => candidate.frequency === frequency && (candidate.upTo === null || count <= candidate.upTo));
  return row === undefined ? 0 : row.size === 'all' ? Number.POSITIVE_INFINITY : row.size;
}
/** Every count at which one of the tables may begin to say something else. */
function stepsOf(tables: readonly Sizes[], frequency: string): number[] {
  const bounds = tables.flatMap((table) => table.filter((row) => row.frequency === frequency).map(({ upTo }) => upTo));
  return [...new Set([1, ...bounds.flatMap((bound) => (bound === null ? [] : [bound, bound + 1])), Number.MAX_SAFE_INTEGER])].sort(
    (a, b) => a - b,
  );
}

/**
 * Compares two rulers value by value. What cannot be compared (an SLA in hours against one in business days) counts as loosening: it is
 * for two people to say that it is not.
 */
export function compareRulers(before: Ruler, after: Ruler): RulerChange {
  const loosens: string[] = [];
  const tightens: string[] = [];
  const say = (difference: number, sentence: string): void => {
    if (difference > 0) loosens.push(sentence);
    if (difference < 0) tightens.push(sentence);
  };
  const duration = (name: string, old: string, next: string): void => {
    say(durationMs(next) - durationMs(old), `${name}: ${old} becomes ${next}`);
  };
  for (const kind of ['critical', 'standard', 'roster', 'events'] as const) {
    for (const key of ['lateAfter', 'gapAfter', 'materialAfter'] as const) {
      duration(`thresholds.${kind}.${key}`, before.thresholds[kind][key], after.thresholds[kind][key]);
    }
  }
  duration('flappingWithin', before.flappingWithin, after.flappingWithin);
  duration('graceForNew', before.graceForNew ?? 'PT0M', after.graceForNew ?? 'PT0M');
  for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
    const [old, next] = [before.sla[severity], after.sla[severity]];
    const difference = slaDifference(old, next);
    const incomparable = difference === undefined ? ' (not comparable: taken for loosening)' : '';
    say(difference ?? 1, `sla.${severity}: ${slaText(old)} become ${slaText(next)}${incomparable}`);
  }
  for (const day of [1, 2, 3, 4, 5, 6, 7]) {
    const [was, is] = [before.calendar.workingDays.includes(day), after.calendar.workingDays.includes(day)];
    if (was !== is) say(was ? 1 : -1, `calendar.workingDays: day ${day} is ${is ? 'worked' : 'no longer worked'}`);
  }
  for (const day of [...new Set([...before.calendar.holidays, ...after.calendar.holidays])].sort()) {
    const [was, is] = [before.calendar.holidays.includes(day), after.calendar.holidays.includes(day)];
    if (was !== is) say(is ? 1 : -1, `calendar.holidays: ${day} is ${is ? 'added' : 'removed'}`);
  }
  const tables = [before.sampleSizes, after.sampleSizes];
  for (const frequency of [...new Set(tables.flatMap((table) => table.map((row) => row.frequency)))].sort()) {
    for (const count of stepsOf(tables, frequency)) {
      const [old, next] = tables.map((table) => sampleSize(table, frequency, count)) as [number, number];
      if (old === next) continue;
      const shown = (size: number) => (size === Number.POSITIVE_INFINITY ? 'all' : String(size));
      const of = count === Number.MAX_SAFE_INTEGER ? 'of more' : `of ${count}`;
      say(next < old ? 1 : -1, `sampleSizes: ${frequency}, ${of}: ${shown(old)} become ${shown(next)}`);
    }
  }
  return { loosens, tightens };
}
