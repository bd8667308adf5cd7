/** Every claim a verification makes, in the order reported; format-1.md, section 10, says what each means. */
export const claimIds = [
  'bundle-files',
  'bundle-signature',
  'bundle-chain',
  'export-files',
  'export-signature',
  'entries-canonical',
  'statement-shapes',
  'genesis',
  'log-root',
  'checkpoints',
  'handed-over',
  'keys',
  'references',
  'blobs',
  'items',
  'volatile',
  'population',
  'requests',
  'redactions',
  'results',
  'decisions',
  'anchors',
  'anchor-times',
  'anchored',
  'completeness',
  'schedule',
  'hosts',
  'clocks',
  'erasures',
  'withheld',
  'demonstration',
] as const;
export type ClaimId = (typeof claimIds)[number];

/** Something that was found; `entry` is the log index it is about, null when it is about no single entry. */
export interface Finding {
  readonly entry: number | null;
  readonly message: string;
}
export interface Claim {
  readonly claim: ClaimId;
  readonly result: 'PASS' | 'WARN' | 'FAIL';
  /** One sentence: what holds, or the first finding and how many more there are. */
  readonly detail: string;
  /** The first of what was found against the claim, at most 20. */
  readonly findings: readonly Finding[];
}
export interface Verification {
  /** No claim failed. */
  readonly ok: boolean;
  readonly claims: readonly Claim[];
  /** What a verification cannot show, whatever its claims say. */
  readonly notes: readonly string[];
}

/** What no verification of a log can show; printed with every one. */
export const limits: readonly string[] = [
  'That a source answered truthfully, or that the collector was unmodified, is not shown: compare a sample with the source itself.',
  'What happened before the first time stamp is fixed only from that time on: the entity could have written it at once, with any times.',
  'That there is no second log is not shown: compare origin, key and first checkpoint with what was handed over at the start of the period.',
  'That a request was sent is not shown: compare request ids and session names with the source’s own log (--cloudtrail FILE).',
];

interface Tally {
  failures: Finding[];
  failed: number;
  warnings: Finding[];
  warned: number;
  detail: string;
}
const kept = 20;

/** Collects what is found while verifying; a claim nobody spoke against passes. */
export class ClaimSheet {
  readonly #tallies = new Map<ClaimId, Tally>();

  fail(claim: ClaimId, entry: number | null, message: string): void {
    const tally = this.#tally(claim);
    tally.failed += 1;
    if (tally.failures.length < kept) tally.failures.push({ entry, message });
  }
  warn(claim: ClaimId, entry: number | null, message: string): void {
    const tally = this.#tally(claim);
    tally.warned += 1;
    if (tally.warnings.length < kept) tally.warnings.push({ entry, message });
  }
  /** What is said when nothing was found against it. Makes the claim part of the report. */
  holds(claim: ClaimId, detail: string): void {
    this.#tally(claim).detail = detail;
  }
  hasFailed(claim: ClaimId): boolean {
    return this.#tally(claim).failed > 0;
  }

  verification(): Verification {
    const claims = claimIds.flatMap((claim) => {
      const tally = this.#tallies.get(claim);
      return tally === undefined ? [] : [summarise(claim, tally)];
    });
    return { ok: claims.every(({ result }) => result !== 'FAIL'), claims, notes: limits };
  }

  #tally(claim: ClaimId): Tally {
    const known = this.#tallies.get(claim);
    if (known !== undefined) return known;
    const fresh: Tally = { failures: [], failed: 0, warnings: [], warned: 0, detail: '' };
    this.#tallies.set(claim, fresh);
    return fresh;
  }
}

function summarise(claim: ClaimId, tally: Tally): Claim {
  const { failures, failed, warnings, warned, detail } = tally;
  const result = failed > 0 ? 'FAIL' : warned > 0 ? 'WARN' : 'PASS';
  if (result === 'PASS') return { claim, result, detail, findings: [] };
  const findings = failed > 0 ? failures : warnings;
  const more = (failed > 0 ? failed : warned) - 1;
  const first = findings[0]!;
  const where = first.entry === null ? '' : `entry ${first.entry}: `;
  return { claim, result, detail: `${where}${first.message}${more > 0 ? ` (and ${more} more)` : ''}`, findings };
}
