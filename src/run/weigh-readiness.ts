import { linksOf } from '../config/load-controls.ts';
import type { Control, ControlState } from '../model/control.ts';
import { type Severity, severities } from '../model/outcome.ts';
import type { PlanDetail } from '../model/plan.ts';
import {
  efforts,
  type ManualEvidenceNeed,
  type ReadinessControl,
  type ReadinessFailure,
  type ReadinessStep,
  type ReadinessTopic,
  type Unreadable,
} from '../model/readiness.ts';

/** What of a control is known today. */
export interface ControlShows {
  readonly state: ControlState;
  readonly reasons: readonly string[];
}
export interface WantedTopic {
  readonly id: string;
  readonly area: string;
  readonly text: string;
  readonly risk: 'low' | 'moderate' | 'high' | null;
}
/** Everything that is weighed: what is wanted, what there is, and what monitoring says today. */
export interface ReadinessInput {
  readonly report: 'soc1' | 'soc2';
  /** Criteria or objectives in scope of the engagement. */
  readonly topics: readonly WantedTopic[];
  /** Every control that is not retired. */
  readonly controls: readonly Control[];
  readonly plan: Pick<PlanDetail, 'checks'>;
  /** By id of the control; a control that is not in it was never judged. */
  readonly shows: ReadonlyMap<string, ControlShows>;
  /** Failing subjects by check and parameters digest (`check digest`), and in which sources. */
  readonly failing: ReadonlyMap<string, { readonly subjects: number; readonly sources: readonly string[] }>;
  /** What could not be read, by whichever control; `controls` is narrowed here to those that matter. */
  readonly unreadable: readonly Unreadable[];
  /** Nothing was ever collected. */
  readonly untouched: boolean;
}
export interface WeighedReadiness {
  readonly topics: readonly ReadinessTopic[];
  readonly controls: readonly ReadinessControl[];
  readonly failures: readonly ReadinessFailure[];
  readonly manual: readonly ManualEvidenceNeed[];
  readonly unreadable: readonly Unreadable[];
  readonly steps: readonly ReadinessStep[];
}

const worstFirst: readonly ControlState[] = ['failures-observed', 'no-evidence', 'did-not-operate', 'no-failures-observed'];
const neverJudged: ControlShows = { state: 'no-evidence', reasons: ['it has never been judged'] };
const byId = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What stands between the entity and a period, in order of effort. Only what bears on a topic in scope is weighed: adopted controls that
 * speak to it, and proposed ones where no adopted control does.
 */
export function weighReadiness(input: ReadinessInput): WeighedReadiness {
  const topics = input.topics.map((topic) => weighTopic(topic, input));
  const open = new Set(topics.filter(({ state }) => state !== 'adopted').map(({ id }) => id));
  const inScope = new Set(topics.map(({ id }) => id));
  const relevant = input.controls.flatMap((control) => {
    const links = linksOf(control, input.report);
    // A proposed control is worth a word where it would be the first to speak to something.
    const wanted =
      control.status === 'adopted'
        ? links.filter(({ id }) => inScope.has(id))
        : links.filter(({ id, as }) => as === 'primary' && open.has(id));
    return wanted.length === 0 ? [] : [{ control, topics: wanted.map(({ id }) => id), shows: input.shows.get(control.id) ?? neverJudged }];
  });
  const named = new Set(relevant.map(({ control }) => control.id));
  const narrowed = (ids: readonly string[]) => ids.filter((id) => named.has(id));
  const failures = failuresOf(input, named);
  const unreadable = input.unreadable
    .map((entry) => ({ ...entry, controls: narrowed(entry.controls) }))
    .filter(({ controls }) => controls.length > 0);
  const manual = relevant.flatMap(({ control }) =>
    control.evidence.map((evidence) => ({
      control: control.id,
      status: control.status === 'adopted' ? ('adopted' as const) : ('proposed' as const),
      ...evidence,
      owner: control.owner ?? null,
    })),
  );
  const topicsOf = (controls: readonly string[]) =>
    [...new Set(relevant.filter(({ control }) => controls.includes(control.id)).flatMap((entry) => entry.topics))].sort(byId);
  return {
    topics,
    controls: relevant.map(({ control, topics: of, shows }) => ({
      id: control.id,
      statement: control.statement,
      status: control.status === 'adopted' ? 'adopted' : 'proposed',
      owner: control.owner ?? null,
      frequency: control.frequency,
      automation: control.automation,
      topics: of,
      shows: shows.state,
      reasons: [...shows.reasons],
    })),
    failures,
    manual,
    unreadable,
    steps: orderSteps([
      ...collectSteps(input, unreadable, topicsOf),
      ...failures.map((failure) => mendStep(failure, topicsOf)),
      ...unreadable.filter(({ kind }) => kind === 'never-entered' || kind === 'not-read').map((entry) => readStep(entry, topicsOf)),
      ...unreadable.filter(({ kind }) => kind === 'type-not-collected').map((entry) => typeStep(entry, topicsOf)),
      ...relevant.flatMap((entry) => controlSteps(entry)),
      ...topics.filter(({ state }) => state === 'missing').map(writeStep),
    ]),
  };
}

function weighTopic(topic: WantedTopic, { report, controls, shows }: ReadinessInput): ReadinessTopic {
  const linked = controls.flatMap((control) =>
    linksOf(control, report).flatMap((link) => (link.id === topic.id ? [{ control, as: link.as }] : [])),
  );
  const ids = (test: (entry: (typeof linked)[number]) => boolean) => linked.filter(test).map(({ control }) => control.id);
  const adopted = ids(({ control, as }) => as === 'primary' && control.status === 'adopted');
  const proposed = ids(({ control, as }) => as === 'primary' && control.status === 'proposed');
  const states = adopted.map((id) => (shows.get(id) ?? neverJudged).state);
  return {
    ...topic,
    state: adopted.length > 0 ? 'adopted' : proposed.length > 0 ? 'proposed' : 'missing',
    shows: worstFirst.find((state) => states.includes(state)) ?? null,
    adopted,
    proposed,
    supporting: ids(({ as }) => as === 'supporting'),
  };
}

function failuresOf({ plan, failing, controls }: ReadinessInput, named: ReadonlySet<string>): ReadinessFailure[] {
  const adopted = new Set(controls.filter(({ status }) => status === 'adopted').map(({ id }) => id));
  return plan.checks
    .flatMap((check) => {
      const found = failing.get(`${check.id} ${check.parametersDigest}`);
      const relying = check.controls.filter((id) => named.has(id));
      if (found === undefined || found.subjects === 0 || relying.length === 0) return [];
      return [
        {
          check: check.id,
          claim: check.claim,
          severity: check.severity,
          subjects: found.subjects,
          sources: [...found.sources],
          controls: relying,
          adopted: relying.some((id) => adopted.has(id)),
          remediation: check.remediation,
        },
      ];
    })
    .sort((a, b) => Number(b.adopted) - Number(a.adopted) || rankOf(a.severity) - rankOf(b.severity) || b.subjects - a.subjects);
}

const rankOf = (severity: Severity | null) => (severity === null ? severities.length : severities.indexOf(severity));
const counted = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;
type TopicsOf = (controls: readonly string[]) => string[];

function collectSteps(input: ReadinessInput, unreadable: readonly Unreadable[], topicsOf: TopicsOf): ReadinessStep[] {
  const old = unreadable.filter(({ kind }) => kind === 'too-old');
  if (!input.untouched && old.length === 0) return [];
  const controls = input.untouched ? input.controls.map(({ id }) => id) : [...new Set(old.flatMap((entry) => entry.controls))];
  const topics = topicsOf(controls);
  return [
    {
      effort: 'collect',
      text: input.untouched
        ? 'Collect once: nothing has been collected yet, so nothing below is known to show or to fail.'
        : `Collect again: what is known of ${old.map(({ about }) => about).join(', ')} is too old to speak for today.`,
      severity: null,
      controls: [...controls].sort(byId),
      topics,
      owner: null,
      command: 'collect',
    },
  ];
}

function mendStep(failure: ReadinessFailure, topicsOf: TopicsOf): ReadinessStep {
  return {
    effort: 'mend-setting',
    text: `${failure.claim}: not so for ${counted(failure.subjects, 'subject')}${failure.adopted ? '' : ', and only proposed controls rely on it'}.`,
    severity: failure.severity,
    controls: failure.controls,
    topics: topicsOf(failure.controls),
    owner: null,
    command: `results --check ${failure.check} --outcome fail`,
  };
}

function readStep(entry: Unreadable, topicsOf: TopicsOf): ReadinessStep {
  const denied = entry.kind === 'never-entered' || entry.reason === 'access-denied';
  const grant = entry.permissions.length === 0 ? '' : ` Grant ${entry.permissions.join(', ')}.`;
  return {
    effort: denied ? 'grant-access' : 'collect',
    text: `${entry.about}: ${entry.why}.${denied ? grant : ' Collect again.'}`,
    severity: null,
    controls: entry.controls,
    topics: topicsOf(entry.controls),
    owner: null,
    command: denied ? 'doctor' : 'collect',
  };
}

function typeStep(entry: Unreadable, topicsOf: TopicsOf): ReadinessStep {
  return {
    effort: 'settle-type',
    text: `${entry.about}: ${entry.why}.`,
    severity: null,
    controls: entry.controls,
    topics: topicsOf(entry.controls),
    owner: null,
    command: 'scope preview',
  };
}

/** What a control itself asks for: adoption, and what no API gives. */
function controlSteps({ control, topics, shows }: { control: Control; topics: readonly string[]; shows: ControlShows }): ReadinessStep[] {
  const common = { severity: null, controls: [control.id], topics: [...topics], owner: control.owner ?? null };
  const byHand: ReadinessStep[] = control.evidence.map(({ what, from, frequency }) => ({
    ...common,
    effort: 'gather-by-hand',
    text: `${control.id}: ${what}, from ${from}, ${frequency}${control.status === 'adopted' ? '' : ' (once it is adopted)'}.`,
    command: null,
  }));
  if (control.status === 'adopted') {
    if (control.checks.length > 0 || control.evidence.length > 0) return byHand;
    return [
      {
        ...common,
        effort: 'gather-by-hand',
        text: `${control.id}: no check serves it and no evidence is named for it. Name what evidences it.`,
        command: null,
      },
    ];
  }
  const adopt = { ...common, command: `controls adopt ${control.id} --because "approved by ..."` };
  const statement = `${control.id}: ${control.statement}`;
  if (shows.state === 'no-failures-observed') return [{ ...adopt, effort: 'adopt-showing', text: statement }, ...byHand];
  const why = control.checks.length === 0 ? 'only people can evidence it' : (shows.reasons[0] ?? 'it does not show yet');
  return [{ ...adopt, effort: 'adopt-not-showing', text: `${statement} Today: ${why}.` }, ...byHand];
}

function writeStep(topic: ReadinessTopic): ReadinessStep {
  return {
    effort: 'write-control',
    text: `${topic.id} ${topic.text} No control speaks to it, not even a proposed one.`,
    severity: null,
    controls: [],
    topics: [topic.id],
    owner: null,
    command: null,
  };
}

/** By effort, then severity, then how many topics come nearer. */
function orderSteps(steps: readonly ReadinessStep[]): ReadinessStep[] {
  return steps
    .map((step, index) => ({ step, index }))
    .sort(
      (a, b) =>
        efforts.indexOf(a.step.effort) - efforts.indexOf(b.step.effort) ||
        rankOf(a.step.severity) - rankOf(b.step.severity) ||
        b.step.topics.length - a.step.topics.length ||
        a.index - b.index,
    )
    .map(({ step }) => step);
}
