import type { RecordedDecision } from '../model/decision.ts';
import type { Period } from '../model/engagement.ts';
import type { ControlStretch, Deviation, DeviationLifeCycle, Episode, Occurrence } from '../model/history.ts';
import type { Severity } from '../model/outcome.ts';
import { digestOf } from '../seal/digest.ts';
import { allowedOf, lengthText } from './control-rules.ts';
import { dueBy } from './due-by.ts';
import { iso, type Stretch } from './spans.ts';

/** A stretch in which nothing was seen of what a control's check looks at, longer than the ruler calls material. Milliseconds. */
export interface MaterialGap extends Stretch {
  readonly check: string;
  readonly source: string;
  readonly severity: Severity;
  readonly reason: string;
}
/** A calendar stretch in which a control of that frequency should have operated and no occurrence was seen. Milliseconds. */
export interface MissedTurn extends Stretch {
  readonly frequency: string;
}
export interface DeviationInput {
  readonly period: Pick<Period, 'ruler' | 'zone'>;
  /** The log is read to here, in milliseconds. */
  readonly through: number;
  readonly versions: readonly ControlStretch[];
  readonly episodes: readonly EpisodeOfControl[];
  /** Of the control's checks, the failing ones; `total` of all of them. */
  readonly occurrences: { readonly total: number; readonly failing: readonly (Occurrence & { readonly severity: Severity })[] };
  readonly gaps: readonly MaterialGap[];
  readonly missed: readonly MissedTurn[];
  /** In the order of the log. */
  readonly decisions: readonly RecordedDecision[];
}
export interface EpisodeOfControl {
  readonly episode: Episode;
  /** It failed from the moment the subject was there. */
  readonly atBirth: boolean;
  /** Milliseconds of it over which a waiver lies. */
  readonly waivedMs: number;
}

/**
 * What of a control's episodes and occurrences breaks its own statement and tolerance, as worded and allowed at the time; all of it, also
 * what was put right in time. Every one is a candidate until somebody authorised says otherwise, and stays listed when he does.
 */
export function findDeviations(input: DeviationInput): Deviation[] {
  const found = [
    ...input.episodes.flatMap((one) => episodeDeviation(one, input)),
    ...input.occurrences.failing.map((occurrence) => occurrenceDeviation(occurrence, input)),
    ...input.gaps.map((gap) => gapDeviation(gap, input)),
    ...input.missed.map((turn) => missedDeviation(turn, input)),
  ].sort((left, right) => compare(left.from, right.from) || compare(left.id, right.id));
  return withMarkers(
    found.map((deviation) => ({ ...deviation, lifeCycle: lifeCycleOf(deviation.id, input.decisions) })),
    input,
  );
}
const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Stable over re-computation. */
function deviationId(control: string, kind: Deviation['kind'], of: readonly string[]): string {
  return `D-${control}-${digestOf({ control, kind, of: [...of] }).slice(7, 15)}`;
}

/** The version of the control in force at a time; the nearest one when it was not in force. */
function versionAt(versions: readonly ControlStretch[], at: string): ControlStretch {
  const found = versions.findLast(({ from }) => from <= at) ?? versions[0];
  if (found === undefined) throw new Error('a control without a version has no deviations');
  return found;
}

const openLifeCycle: DeviationLifeCycle = {
  disposition: 'candidate',
  cause: null,
  owner: null,
  response: null,
  compensatingControl: null,
  remediation: null,
  retest: null,
  decisions: [],
};

interface Terms {
  readonly control: string;
  readonly version: number;
  readonly allowedMs: number | null;
  readonly due: string;
  readonly late: boolean;
}
/** What applied to something that began at `from` and was found at `detected`; `ended` null: it has not. */
function termsOf(
  { versions, period, through }: DeviationInput,
  about: {
    readonly from: number;
    readonly detected: number;
    readonly ended: number | null;
    readonly severity: Severity;
    readonly more?: number;
  },
): Terms {
  const version = versionAt(versions, iso(about.from));
  const tolerance = allowedOf(version.control);
  const allowedMs = tolerance === null && !about.more ? null : (tolerance ?? 0) + (about.more ?? 0);
  const due =
    tolerance === null
      ? dueBy(about.detected, period.ruler.sla[about.severity], period.ruler.calendar, period.zone)
      : about.from + (allowedMs ?? 0);
  return { control: version.control.id, version: version.number, allowedMs, due: iso(due), late: (about.ended ?? through) > due };
}

function episodeDeviation({ episode, atBirth, waivedMs }: EpisodeOfControl, input: DeviationInput): Deviation[] {
  const from = Date.parse(episode.exact.from ?? episode.conservative.from);
  const to = Date.parse(episode.exact.to ?? episode.conservative.to);
  const { graceForNew } = input.period.ruler;
  const terms = termsOf(input, {
    from,
    // What was found before the control came into force is due in the time counted from then.
    detected: Math.max(Date.parse(episode.detectedAt), from),
    ended: episode.openAtEnd ? null : to,
    severity: episode.severity,
    more: atBirth && graceForNew !== null ? graceMs(graceForNew) : 0,
  });
  const durationMs = to - from;
  if (terms.allowedMs !== null && durationMs <= terms.allowedMs) return [];
  const { series, subject } = episode;
  const [waiver] = episode.waivers;
  return [
    {
      id: deviationId(terms.control, 'episode', [episode.id]),
      ...termsOnly(terms),
      kind: 'episode',
      of: episode.id,
      check: series.check,
      subject,
      display: episode.display,
      severity: episode.severity,
      from: iso(from),
      to: iso(to),
      openAtEnd: episode.openAtEnd,
      durationMs,
      because: whyEpisode(episode, durationMs, terms.allowedMs, waivedMs),
      markers: [],
      waiver: waiver ?? null,
      lifeCycle: openLifeCycle,
    },
  ];
}
function termsOnly({ control, version, allowedMs, due, late }: Terms): Terms {
  return { control, version, allowedMs, due, late };
}
function graceMs(duration: string): number {
  return allowedOf({ tolerance: { detectAndFix: duration } } as Parameters<typeof allowedOf>[0]) ?? 0;
}
function whyEpisode(episode: Episode, durationMs: number, allowedMs: number | null, waivedMs: number): string {
  const length = `${episode.exact.from !== null && episode.exact.to !== null ? '' : 'up to '}${lengthText(durationMs)}`;
  const open = episode.openAtEnd ? ' and had not ended' : '';
  const rule = allowedMs === null ? 'the control allows no failure' : `the control allows ${lengthText(allowedMs)} from failing to mended`;
  const waived = waivedMs === 0 ? '' : `; ${lengthText(waivedMs)} of it under waiver ${episode.waivers.join(', ')}`;
  return `It failed for ${length}${open}; ${rule}${waived}.`;
}

function occurrenceDeviation(occurrence: DeviationInput['occurrences']['failing'][number], input: DeviationInput): Deviation {
  const at = Date.parse(occurrence.at);
  const terms = termsOf(input, { from: at, detected: at, ended: null, severity: occurrence.severity });
  const { series } = occurrence;
  return {
    id: deviationId(terms.control, 'occurrence', [series.source, series.check, series.parametersDigest, occurrence.subject]),
    ...termsOnly(terms),
    kind: 'occurrence',
    of: occurrence.subject,
    check: series.check,
    subject: occurrence.subject,
    display: occurrence.display,
    severity: occurrence.severity,
    from: occurrence.at,
    to: occurrence.at,
    openAtEnd: false,
    durationMs: 0,
    // What happened once is not put right by waiting; what is due is the response.
    late: false,
    because: `It happened otherwise than the control says: ${occurrence.message}.`,
    markers: [],
    waiver: null,
    lifeCycle: openLifeCycle,
  };
}

function gapDeviation(gap: MaterialGap, input: DeviationInput): Deviation {
  const open = gap.to >= input.through;
  const terms = termsOf(input, { from: gap.from, detected: gap.from, ended: open ? null : gap.to, severity: gap.severity });
  return {
    id: deviationId(terms.control, 'gap', [gap.source, gap.check, iso(gap.from)]),
    ...termsOnly(terms),
    kind: 'gap',
    of: `${gap.check} ${gap.source}`,
    check: gap.check,
    subject: gap.source,
    display: gap.source,
    severity: gap.severity,
    from: iso(gap.from),
    to: iso(gap.to),
    openAtEnd: open,
    durationMs: gap.to - gap.from,
    because: `Nothing was seen for ${lengthText(gap.to - gap.from)} (${gap.reason}), which the ruler of the period calls material.`,
    markers: [],
    waiver: null,
    lifeCycle: openLifeCycle,
  };
}

function missedDeviation(turn: MissedTurn, input: DeviationInput): Deviation {
  const terms = termsOf(input, { from: turn.from, detected: turn.to, ended: null, severity: 'high' });
  return {
    id: deviationId(terms.control, 'missed', [iso(turn.from)]),
    ...termsOnly(terms),
    kind: 'missed',
    of: iso(turn.from),
    check: null,
    subject: terms.control,
    display: `${turn.frequency} occurrence`,
    severity: 'high',
    from: iso(turn.from),
    to: iso(turn.to),
    openAtEnd: false,
    durationMs: turn.to - turn.from,
    because: `The control operates ${turn.frequency}, and no occurrence was recorded in this time.`,
    markers: [],
    waiver: null,
    lifeCycle: openLifeCycle,
  };
}

/** What was decided about a deviation, in the order of the log. What needs a second person counts once another one has approved it. */
function lifeCycleOf(id: string, decisions: readonly RecordedDecision[]): DeviationLifeCycle {
  let life = openLifeCycle;
  for (const { payload, index, at, actor, needsApproval, approval, ended } of decisions) {
    if ((payload.type !== 'dispose' && payload.type !== 'respond') || payload.deviation !== id) continue;
    const listed = [...life.decisions, { index, at, actor: actor.name, authenticated: actor.authentication === 'personal-key' }];
    const counts = ended === null && (!needsApproval || approval !== null);
    if (!counts) life = { ...life, decisions: listed };
    else if (payload.type === 'dispose') {
      life = { ...life, disposition: payload.disposition, cause: payload.cause ?? life.cause, decisions: listed };
    } else {
      life = {
        ...life,
        owner: payload.owner ?? life.owner,
        response: payload.response ?? life.response,
        compensatingControl: payload.compensatingControl ?? life.compensatingControl,
        remediation: payload.remediation ?? life.remediation,
        retest: payload.retest ?? life.retest,
        decisions: listed,
      };
    }
  }
  return life;
}

/** Below so many occurrences a rate means nothing. */
const rateFrom = 10;

/** Signs of a systematic cause (audit domain, section 3.4): hints, no verdicts. */
function withMarkers(deviations: readonly Deviation[], { occurrences, through, versions }: DeviationInput): Deviation[] {
  const counting = deviations.filter(({ lifeCycle }) => lifeCycle.disposition !== 'false-positive');
  const begin = Date.parse(versions[0]?.from ?? iso(through));
  const half = (through - begin) / 2;
  const bySubject = Map.groupBy(counting, ({ check, subject }) => `${check} ${subject}`);
  const byCause = Map.groupBy(counting, ({ lifeCycle }) => lifeCycle.cause ?? '');
  const failing = counting.filter(({ kind }) => kind === 'occurrence').length;
  return deviations.map((deviation) => {
    const { check, subject, lifeCycle, kind } = deviation;
    const same = bySubject.get(`${check} ${subject}`)?.length ?? 0;
    const markers: Deviation['markers'][number][] = [];
    if (same >= 2 || (lifeCycle.cause !== null && lifeCycle.cause !== 'unknown' && (byCause.get(lifeCycle.cause)?.length ?? 0) >= 2))
      markers.push('recurs');
    if (counting.length >= 4 && same * 2 > counting.length) markers.push('concentrated');
    if (kind === 'occurrence' && occurrences.total >= rateFrom && failing / occurrences.total > 0.05) markers.push('rate-above-5-percent');
    if (half > 0 && deviation.durationMs > half) markers.push('persists');
    if (lifeCycle.cause === 'design') markers.push('design');
    return { ...deviation, markers };
  });
}
