import { durationMs } from '../model/compare-rulers.ts';
import type { Control } from '../model/control.ts';
import type { ControlStretch } from '../model/history.ts';
import type { PlanDetail } from '../model/plan.ts';
import { canonicalText } from '../seal/canonical-json.ts';

/** A plan as recorded, with from when on it applied. */
export interface PlanVersion {
  /** Log index. */
  readonly index: number;
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly detail: PlanDetail;
}

/**
 * How each control was worded and wired over a period, by its id: one stretch per version, oldest first. Only the stretches in which it
 * has one of `statuses` count. The first plan of a log speaks for the time before it: nobody had recorded another.
 * `plans`: in the order of the log.
 */
export function controlVersions(
  plans: readonly PlanVersion[],
  period: { readonly from: string; readonly to: string },
  statuses: readonly Control['status'][] = ['adopted'],
): ReadonlyMap<string, readonly ControlStretch[]> {
  const versions = new Map<string, ControlStretch[]>();
  for (const [n, plan] of plans.entries()) {
    const next = plans[n + 1];
    const from = n === 0 || plan.at < period.from ? period.from : plan.at;
    const to = next === undefined || next.at > period.to ? period.to : next.at;
    if (from >= to) continue;
    for (const control of plan.detail.controls.filter(({ status }) => statuses.includes(status))) {
      const list = versions.get(control.id) ?? [];
      versions.set(control.id, list);
      const stretch: ControlStretch = {
        number: list.length + 1,
        from,
        to,
        plan: plan.index,
        control,
        checks: usesOf(control.id, plan.detail),
        changes: [],
      };
      const before = list.at(-1);
      const changes = before === undefined ? [] : changesBetween(before, stretch);
      if (before === undefined) list.push(stretch);
      else if (changes.length === 0 && before.to === from) list[list.length - 1] = { ...before, to };
      else list.push({ ...stretch, changes: before.to === from ? changes : [`Not in force from ${before.to} to ${from}.`, ...changes] });
    }
  }
  return versions;
}

function usesOf(control: string, detail: PlanDetail): ControlStretch['checks'] {
  return detail.checks
    .filter(({ controls }) => controls.includes(control))
    .map(({ id, parametersDigest, logic, parameters }) => ({ id, parametersDigest, logic, parameters }));
}

/** What is different, in sentences; in the order in which a reader asks. */
function changesBetween(before: ControlStretch, after: ControlStretch): string[] {
  const [old, now] = [before.control, after.control];
  const sentences: string[] = [];
  if (old.statement !== now.statement) sentences.push(`Statement changed; it was: ${old.statement}`);
  if (old.narrative !== now.narrative) sentences.push('Narrative changed.');
  const tolerances = [old, now].map(({ tolerance }) => tolerance?.detectAndFix);
  if (tolerances[0] !== tolerances[1])
    sentences.push(`Tolerance changed from ${toleranceText(tolerances[0])} to ${toleranceText(tolerances[1])}.`);
  if (old.frequency !== now.frequency) sentences.push(`Frequency changed from ${old.frequency} to ${now.frequency}.`);
  if (old.owner !== now.owner) sentences.push(`Owner changed from ${old.owner ?? 'nobody'} to ${now.owner ?? 'nobody'}.`);
  sentences.push(...mappingChanges(old, now));
  sentences.push(...named('Resource type', difference(old.covers, now.covers)));
  sentences.push(...checkChanges(before.checks, after.checks));
  if (canonicalText(old.evidence) !== canonicalText(now.evidence)) sentences.push('Manual evidence changed.');
  if (old.testProcedure !== now.testProcedure) sentences.push('Test procedure changed.');
  return sentences;
}

function toleranceText(duration: string | undefined): string {
  if (duration === undefined) return 'none';
  const hours = durationMs(duration) / 3_600_000;
  return Number.isInteger(hours) && hours > 0 ? `${hours} h` : duration;
}

function linkText(link: Control['satisfies']['soc2'][number]): string {
  return typeof link === 'string' ? link : `${link.id}${link.as === 'supporting' ? ' (supporting)' : ''}`;
}
function mappingChanges(old: Control, now: Control): string[] {
  return (['soc2', 'soc1'] as const).flatMap((report) =>
    named(
      report === 'soc2' ? 'Mapping to criterion' : 'Mapping to objective',
      difference(old.satisfies[report].map(linkText), now.satisfies[report].map(linkText)),
    ),
  );
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
function difference(old: readonly string[], now: readonly string[]): Difference {
  return { added: now.filter((one) => !old.includes(one)), removed: old.filter((one) => !now.includes(one)) };
}
function named(what: string, { added, removed }: Difference): string[] {
  return [...removed.map((one) => `${what} ${one} removed.`), ...added.map((one) => `${what} ${one} added.`)];
}

function checkChanges(old: ControlStretch['checks'], now: ControlStretch['checks']): string[] {
  const sentences = named('Check', difference([...new Set(old.map(({ id }) => id))], [...new Set(now.map(({ id }) => id))]));
  for (const id of new Set(now.map((use) => use.id))) {
    const [was, is] = [old.filter((use) => use.id === id), now.filter((use) => use.id === id)];
    if (was.length === 0) continue;
    const [one] = was;
    const [other] = is;
    if (canonicalText(was.map((use) => use.parametersDigest).sort()) !== canonicalText(is.map((use) => use.parametersDigest).sort())) {
      sentences.push(
        was.length === 1 && is.length === 1 && one !== undefined && other !== undefined
          ? `Parameters of ${id} changed from ${canonicalText(one.parameters)} to ${canonicalText(other.parameters)}.`
          : `Parameters of ${id} changed.`,
      );
    }
    if (one?.logic !== other?.logic) sentences.push(`Logic of ${id} changed.`);
  }
  return sentences;
}
