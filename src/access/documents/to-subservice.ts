import { Temporal } from 'temporal-polyfill';
import type { RecordedDecision } from '../../model/decision.ts';
import { bridgeLetter, type SubserviceSettings, subserviceReport } from '../../model/document-settings.ts';
import { handedIn } from './handed-in.ts';

/** An organisation whose controls are relied on, and how far what is known of them reaches. */
export interface SubserviceStanding {
  readonly organisation: string;
  readonly name: string;
  readonly services: string;
  readonly method: 'carve-out' | 'inclusive';
  readonly csocs: readonly { readonly id: string; readonly text: string }[];
  /** Last day the latest approved report covers; null: none is there. */
  readonly reportThrough: string | null;
  readonly report: string | null;
  /** Last day that a letter of its management goes on to; null: none is there. It is no report. */
  readonly bridgeThrough: string | null;
  /** When a second person approved the latest report, having read it. */
  readonly reviewedOn: string | null;
  readonly reviewDue: string;
  /** As the report's record says: `none`, or which. */
  readonly exceptions: string | null;
}

/** Pure. `at`: ISO-8601 UTC. */
export function toSubservice(
  organisations: readonly SubserviceSettings[],
  decisions: readonly RecordedDecision[],
): readonly SubserviceStanding[] {
  const documents = handedIn(decisions).filter(({ approved, supersededBy }) => approved !== null && supersededBy === null);
  return organisations.map(({ id, name, services, method, since, reviewEveryMonths, csocs }) => {
    const latest = (type: string) =>
      documents
        .filter(({ document }) => document.type === type && document.facts['organisation'] === id && document.covers !== null)
        .sort((a, b) => ((a.document.covers?.to ?? '') < (b.document.covers?.to ?? '') ? -1 : 1))
        .at(-1);
    const report = latest(subserviceReport);
    const reviewedOn = report?.approved?.at.slice(0, 10) ?? null;
    return {
      organisation: id,
      name,
      services,
      method,
      csocs,
      reportThrough: report?.document.covers?.to ?? null,
      report: report?.document.id ?? null,
      bridgeThrough: latest(bridgeLetter)?.document.covers?.to ?? null,
      reviewedOn,
      reviewDue: Temporal.PlainDate.from(reviewedOn ?? since)
        .add(reviewedOn === null ? { days: 0 } : { months: reviewEveryMonths })
        .toString(),
      exceptions: report?.document.facts['exceptions'] ?? null,
    };
  });
}
