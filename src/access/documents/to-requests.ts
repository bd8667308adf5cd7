import { Temporal } from 'temporal-polyfill';
import type { RecordedDecision } from '../../model/decision.ts';
import type { DocumentFrequency, DocumentRequest } from '../../model/document-settings.ts';
import type { EvidenceGrade } from '../../model/grade.ts';
import { type HandedIn, handedIn } from './handed-in.ts';

/** One stretch for which something is asked, and what came of it. */
export interface RequestedDocument {
  readonly request: string;
  readonly title: string;
  readonly type: string;
  readonly from: string;
  readonly controls: readonly string[];
  /** The stretch; days, both included. Of what is asked for once `to` is null: for good. */
  readonly occasion: { readonly from: string; readonly to: string | null };
  /** Last day on which it is in time. */
  readonly due: string;
  /** That day is over. */
  readonly isDue: boolean;
  readonly isDueSoon: boolean;
  /**
   * `handed-in`: there and approved. `unapproved`: there, and no second person has answered for it. `stale`: only one for an earlier stretch.
   * `missing`: none at all.
   */
  readonly standing: 'handed-in' | 'unapproved' | 'stale' | 'missing';
  readonly document: string | null;
  readonly approvedOn: string | null;
  readonly approvedBy: string | null;
  readonly effective: string | null;
  readonly covers: { readonly from: string; readonly to: string } | null;
  readonly providedBy: string | null;
  readonly grade: EvidenceGrade;
  /** Facts that it was to state and states otherwise: "result: failed, expected passed". */
  readonly unmet: readonly string[];
}

const months: Readonly<Record<Exclude<DocumentFrequency, 'once'>, number>> = { monthly: 1, quarterly: 3, semiannual: 6, annual: 12 };
/** How far back stretches are looked at: a period and what was carried into it. */
const remembered = { months: 14 } as const;

/**
 * What was asked for over the last fourteen months and is asked for now, each with what was handed in for it. Pure.
 * @param at ISO-8601 UTC: when it is looked at
 */
export function toRequests(
  requests: readonly DocumentRequest[],
  decisions: readonly RecordedDecision[],
  at: string,
): readonly RequestedDocument[] {
  const documents = handedIn(decisions);
  const today = at.slice(0, 10);
  return requests.flatMap((request) => stretchesOf(request, today).map((stretch) => answer(request, stretch, documents, today)));
}

interface Stretch {
  readonly from: string;
  readonly to: string | null;
}

function stretchesOf({ frequency, since }: DocumentRequest, today: string): readonly Stretch[] {
  if (since > today) return [];
  if (frequency === 'once') return [{ from: since, to: null }];
  const first = Temporal.PlainDate.from(since);
  const oldest = Temporal.PlainDate.from(today).subtract(remembered).toString();
  const found: Stretch[] = [];
  for (let n = 0; ; n += 1) {
    // Counted from the first day, so that a 31st does not wander.
    const from = first.add({ months: n * months[frequency] });
    if (from.toString() > today) return found;
    const to = first.add({ months: (n + 1) * months[frequency] }).subtract({ days: 1 });
    if (to.toString() >= oldest) found.push({ from: from.toString(), to: to.toString() });
  }
}

function answer(request: DocumentRequest, stretch: Stretch, all: readonly HandedIn[], today: string): RequestedDocument {
  const own = all.filter(({ document, refused }) => document.type === request.type && isFor(document.facts, request.id) && !refused);
  const fitting = own.filter((one) => speaksFor(one, request, stretch));
  const approved = fitting.filter((one) => one.approved !== null).sort((a, b) => compare(a.approved?.at ?? '', b.approved?.at ?? ''));
  // The stretch was met when the first of them was approved; what is read is the one that no correction has taken the place of.
  const [first] = approved;
  const chosen = approved.find(({ supersededBy }) => supersededBy === null);
  const due = Temporal.PlainDate.from(stretch.to ?? stretch.from)
    .add({ days: request.dueDays })
    .toString();
  const soon = Temporal.PlainDate.from(due).subtract({ days: request.remindDays }).toString();
  const earlier = own.some((one) => one.approved !== null);
  const shown = chosen ?? fitting[0];
  return {
    request: request.id,
    title: request.title,
    type: request.type,
    from: request.from,
    controls: request.controls,
    occasion: stretch,
    due,
    isDue: today > due,
    isDueSoon: chosen === undefined && today >= soon && today <= due,
    standing: chosen !== undefined ? 'handed-in' : fitting.length > 0 ? 'unapproved' : earlier ? 'stale' : 'missing',
    document: shown?.document.id ?? null,
    approvedOn: (chosen === undefined ? undefined : first)?.approved?.at.slice(0, 10) ?? null,
    approvedBy: chosen?.approved?.by ?? null,
    effective: shown?.document.effective ?? null,
    covers: shown?.document.covers ?? null,
    providedBy: shown?.document.providedBy ?? null,
    grade: request.grade,
    unmet:
      chosen === undefined
        ? []
        : Object.entries(request.expects)
            .filter(([fact, expected]) => chosen.document.facts[fact] !== expected)
            .map(([fact, expected]) => `${fact}: ${chosen.document.facts[fact] ?? 'not stated'}, expected ${expected}`)
            .sort(),
  };
}

/** Several requests may ask for one type; a document that names the one it is for answers no other. */
function isFor(facts: Readonly<Record<string, string>>, request: string): boolean {
  return facts['request'] === undefined || facts['request'] === request;
}

/** Whether what a document speaks for reaches into the stretch. Without a stretch of its own it holds from its effective day for as long as one lasts. */
function speaksFor({ document }: HandedIn, { frequency }: DocumentRequest, stretch: Stretch): boolean {
  const { effective, covers } = document;
  const from = covers?.from ?? effective;
  const to =
    covers?.to ??
    (frequency === 'once' ? null : Temporal.PlainDate.from(effective).add({ months: months[frequency] }).subtract({ days: 1 }).toString());
  return (stretch.to === null || from <= stretch.to) && (to === null || to >= stretch.from);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
