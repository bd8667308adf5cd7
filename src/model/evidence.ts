import type { Item } from './collector.ts';
import type { Gap } from './completeness.ts';
import type { EvidenceGrade } from './grade.ts';
import type { Actor, RequestRecord } from './statement.ts';

/** A request as recorded, before its body is committed to. */
export type PendingRequest = Omit<RequestRecord, 'body'> & { readonly bodyBytes: Uint8Array | null };

/** Fields of one item that change without meaning anything for the configuration; kept beside the item, versioned apart. */
export interface CollectedItem extends Item {
  /** `operation|region|subject`: stable name of the item within its stream. */
  readonly id: string;
  /** Dotted path (array positions as numbers) -> value; see volatile.ts for how they are taken out and put back. */
  readonly volatile: Readonly<Record<string, unknown>> | null;
  /** Dotted paths that the allow-list or the secret scanner withheld. */
  readonly withheld: readonly string[];
}

/** What one run of one collector over one scope saw: what `collect/` hands to the store. */
export interface Evidence {
  readonly collector: string;
  readonly kind: 'state' | 'roster' | 'events';
  readonly logic: string;
  /** `aws:111122223333`. */
  readonly source: string;
  /** `aws:111122223333` or `aws:111122223333/us-east-1`: source plus region. */
  readonly scope: string;
  readonly session: string;
  readonly principal: string | null;
  readonly trigger: Actor;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly sourceAsOf: string | null;
  readonly requests: readonly PendingRequest[];
  readonly officialHosts: Readonly<Record<string, boolean>>;
  readonly items: readonly CollectedItem[];
  readonly gaps: readonly Gap[];
  readonly reconciliation: readonly {
    readonly with: string;
    readonly field: string;
    readonly expected: number | null;
    readonly seen: number;
  }[];
  readonly grade: EvidenceGrade;
  /** Of kind `events`: what stretch of the source's record was asked for. */
  readonly window?: { readonly from: string; readonly to: string; readonly backfill: boolean };
}

/** From how far on (milliseconds, either way) our clock or the source's is not to be trusted. */
export const suspectOffsetMs = 30_000;

/** The extremes of the offsets seen (positive: server ahead), and whether one is beyond what a good clock has. */
export function clockOf(requests: readonly Pick<PendingRequest, 'offsetMs'>[]): {
  readonly offsetMs: { readonly min: number; readonly max: number } | null;
  readonly suspect: boolean;
} {
  const offsets = requests.map((request) => request.offsetMs).filter((offset) => offset !== null);
  if (offsets.length === 0) return { offsetMs: null, suspect: false };
  const min = offsets.reduce((least, offset) => Math.min(least, offset));
  const max = offsets.reduce((most, offset) => Math.max(most, offset));
  return { offsetMs: { min, max }, suspect: Math.max(-min, max) > suspectOffsetMs };
}
