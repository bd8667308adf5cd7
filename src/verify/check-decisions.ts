import { DecisionDetail } from '../model/decision.ts';
import type { StatementOf } from '../model/statement.ts';
import { type DecisionEntry, type DecisionLog, judgeDecisions } from './decision-register.ts';
import type { BlobOpener } from './open-blobs.ts';
import type { ClaimSheet } from './report.ts';

/** Collects the decisions of a log and judges them at its end: a key may be revoked for the time before. */
export class DecisionsChecker {
  readonly #sheet: ClaimSheet;
  readonly #blobs: BlobOpener;
  readonly #entries: DecisionEntry[] = [];

  constructor(sheet: ClaimSheet, blobs: BlobOpener) {
    this.#sheet = sheet;
    this.#blobs = blobs;
  }

  take(statement: StatementOf<'decision'>, index: number): void {
    const opened = statement.detail === null ? null : this.#blobs.open(statement.detail, DecisionDetail, index);
    // What cannot be opened has been said of the blob.
    if (opened !== undefined) this.#entries.push({ index, statement, detail: opened });
  }

  /** `isPart`: decisions outside are only those brought along. */
  finish(log: DecisionLog, isPart: boolean): void {
    const erased = new Set(this.#entries.filter(({ detail }) => detail === 'erased').map(({ index }) => index));
    const entries = [...this.#entries].sort((a, b) => a.index - b.index);
    const { decisions, refused, remarks } = judgeDecisions(entries, log);
    for (const { index, decision, actor, problems } of refused) {
      const message = `${decision} by "${actor.name}" does not count: ${problems.join('; ')}`;
      if (erased.has(index)) this.#sheet.warn('decisions', index, message);
      else this.#sheet.fail('decisions', index, message);
    }
    for (const { index, message } of remarks) this.#sheet.warn('decisions', index, message);
    const known = isPart ? ' (of those outside the part, the ones brought along)' : '';
    this.#sheet.holds(
      'decisions',
      decisions.length === 0
        ? `nobody decided anything${known}`
        : `${decisions.length} decisions, each signed with a key that was registered to its person${known}`,
    );
  }
}
