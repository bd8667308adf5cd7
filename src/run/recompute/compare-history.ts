import type { ControlHistory, PeriodHistory } from '../../model/history.ts';
import { canonicalText } from '../../seal/canonical-json.ts';

/** Something the history of a bundle says that does not come out again. */
export interface HistoryDifference {
  /** null: about the period as a whole. */
  readonly control: string | null;
  readonly check: string | null;
  readonly subject: string | null;
  /** `state`, `intervals`, `episode E-0123456789`, ... */
  readonly what: string;
  /** As short text; null: not there. */
  readonly sealed: string | null;
  readonly recomputed: string | null;
}

const longest = 160;
const short = (value: unknown): string | null => {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : canonicalText(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

/** Holds two histories of one period against each other: by control, check and subject, and by id where there is one. */
export function compareHistory(sealed: PeriodHistory, recomputed: PeriodHistory): HistoryDifference[] {
  const found: HistoryDifference[] = [];
  const note = (at: Pick<HistoryDifference, 'control' | 'check' | 'subject'>, what: string, left: unknown, right: unknown): void => {
    if (left !== undefined && right !== undefined && canonicalText(left) === canonicalText(right)) return;
    if (left === undefined && right === undefined) return;
    found.push({ ...at, what, ...firstDifference(left, right) });
  };
  const whole = { control: null, check: null, subject: null };
  byId(
    sealed.controls,
    recomputed.controls,
    ({ control }) => control.id,
    (id, left, right) => {
      if (left === undefined || right === undefined) note({ ...whole, control: id }, 'control', left?.state, right?.state);
      else compareControl(id, left, right, note);
    },
  );
  byId(
    sealed.topics,
    recomputed.topics,
    ({ id }) => id,
    (id, left, right) => note(whole, `topic ${id}`, left, right),
  );
  for (const member of ['waivers', 'changeRecords', 'outages', 'through', 'logSize', 'period'] as const) {
    note(whole, member, sealed[member], recomputed[member]);
  }
  if (found.length === 0) note(whole, 'something else', sealed, recomputed);
  return found;
}

type Note = (at: Pick<HistoryDifference, 'control' | 'check' | 'subject'>, what: string, left: unknown, right: unknown) => void;

function compareControl(id: string, sealed: ControlHistory, recomputed: ControlHistory, note: Note): void {
  const at = { control: id, check: null, subject: null };
  for (const member of ['state', 'reasons', 'versions', 'waivers', 'uncollected', 'metrics', 'grade'] as const) {
    note(at, member, sealed[member], recomputed[member]);
  }
  byId(
    sealed.episodes,
    recomputed.episodes,
    (one) => one.id,
    (episode, left, right) => {
      const { series, subject } = (left ?? right)!;
      note({ control: id, check: series.check, subject }, `episode ${episode}`, left, right);
    },
  );
  byId(
    sealed.deviations,
    recomputed.deviations,
    (one) => one.id,
    (deviation, left, right) => {
      const { check, subject } = (left ?? right)!;
      note({ control: id, check, subject }, `deviation ${deviation}`, left, right);
    },
  );
  byId(
    sealed.series,
    recomputed.series,
    ({ key }) => canonicalText(key),
    (_, left, right) => {
      const { check } = (left ?? right)!.key;
      if (left === undefined || right === undefined) return note({ control: id, check, subject: null }, 'series', left?.key, right?.key);
      for (const member of ['readings', 'logic', 'quiet', 'metrics', 'gaps', 'worst', 'occurrences'] as const) {
        note({ control: id, check, subject: null }, member, left[member], right[member]);
      }
      byId(
        left.timelines,
        right.timelines,
        ({ subject }) => subject,
        (subject, before, now) => note({ control: id, check, subject }, 'intervals', before?.intervals, now?.intervals),
      );
    },
  );
  byId(
    sealed.occurrences,
    recomputed.occurrences,
    ({ series, subject }) => `${canonicalText(series)} ${subject}`,
    (_, left, right) => {
      const { series, subject } = (left ?? right)!;
      note({ control: id, check: series.check, subject }, 'occurrence', left, right);
    },
  );
}

function byId<T>(
  left: readonly T[],
  right: readonly T[],
  idOf: (one: T) => string,
  visit: (id: string, left: T | undefined, right: T | undefined) => void,
): void {
  const others = new Map(right.map((one) => [idOf(one), one]));
  for (const one of left) {
    const id = idOf(one);
    visit(id, one, others.get(id));
    others.delete(id);
  }
  for (const [id, one] of others) visit(id, undefined, one);
}

/** Of two lists the first members that differ: two long lists say little side by side. */
function firstDifference(left: unknown, right: unknown): Pick<HistoryDifference, 'sealed' | 'recomputed'> {
  if (Array.isArray(left) && Array.isArray(right)) {
    const at = [...left, ...right].findIndex(
      (_, index) => index >= left.length || index >= right.length || canonicalText(left[index]) !== canonicalText(right[index]),
    );
    return { sealed: short(left[at]), recomputed: short(right[at]) };
  }
  return { sealed: short(left), recomputed: short(right) };
}
