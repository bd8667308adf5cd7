import type { StatementOf } from '../model/statement.ts';
import { fromBase64, sha256, toBase64 } from '../seal/digest.ts';
import { verifyTimestamp } from '../seal/timestamp.ts';
import type { KeyChain } from './check-keys.ts';
import type { ClaimSheet } from './report.ts';

/** How far two clocks may be apart before one of them is called wrong. */
export const clockToleranceMs = 60_000;
/** A day and an hour: a daily anchor that is a little late is no news. */
export const longStretchMs = 25 * 3_600_000;

interface Contradiction {
  readonly entry: number;
  readonly message: string;
}

/** Verifies anchors, and holds what the entries say of the time against them. */
export class AnchorChecker {
  readonly #sheet: ClaimSheet;
  readonly #keys: KeyChain;
  readonly #roots: readonly Uint8Array[] | null;
  /** Root of the log at every checkpoint of it that has been passed. */
  readonly #rootAt: ReadonlyMap<number, string>;
  /** Checkpoints up to here lie before the part that is verified: no root of them is known. */
  readonly #unseen: number;
  #stamped = 0;
  #others = 0;
  readonly #issuers = new Set<string>();
  #lastReceipt: number | undefined;
  /** Entries that no stamp covers yet. */
  #openSince: { readonly index: number; readonly at: number }[] = [];
  /** Time of the first entry, then of the latest stamp. */
  #coveredUntil: number | undefined;
  #longest = 0;
  #suspect = false;
  #contradictions: Contradiction[] = [];

  constructor(sheet: ClaimSheet, keys: KeyChain, roots: readonly Uint8Array[] | null, rootAt: ReadonlyMap<number, string>, unseen: number) {
    this.#sheet = sheet;
    this.#keys = keys;
    this.#roots = roots;
    this.#rootAt = rootAt;
    this.#unseen = unseen;
  }

  /** Every entry, anchors included, in order. `suspect`: it says itself that its clock was. */
  entry(index: number, at: string, suspect: boolean): void {
    const time = Date.parse(at);
    this.#openSince.push({ index, at: time });
    this.#coveredUntil ??= time;
    this.#suspect ||= suspect;
    if (this.#lastReceipt !== undefined && time < this.#lastReceipt - clockToleranceMs) {
      this.#contradictions.push({ entry: index, message: 'it says it was made before a time stamp that it names or follows' });
    }
  }

  async anchor(statement: StatementOf<'anchor'>, index: number): Promise<undefined> {
    const fail = (message: string): undefined => {
      this.#sheet.fail('anchors', index, message);
    };
    const checkpoint = this.#keys.openCheckpoint(statement.note);
    if (typeof checkpoint === 'string') return fail(`its note: ${checkpoint}`);
    const { size, root } = statement.checkpoint;
    if (checkpoint.size !== size || checkpoint.root !== root) return fail('its note is of another checkpoint than it says');
    if (size > index) return fail('it is of a checkpoint that did not exist yet');
    if (size > this.#unseen && this.#rootAt.get(size) !== root) return fail('its checkpoint is not a checkpoint of this log');
    const note = new TextEncoder().encode(statement.note);
    if (statement.method === 'file') {
      this.#others += 1;
      if (statement.receiptTime !== null || statement.receiptHash !== toBase64(sha256(note))) fail('its receipt is not its note');
      return;
    }
    let token: Uint8Array;
    try {
      token = fromBase64(statement.receipt);
    } catch {
      return fail('its receipt is not base64');
    }
    if (toBase64(sha256(token)) !== statement.receiptHash) return fail('its receipt has another hash');
    const stamp = await verifyTimestamp(token, note, this.#roots);
    if (stamp.time === null) return fail('its receipt is not a time-stamp token');
    if (!stamp.digestMatches) return fail('its receipt stamps something else');
    if (!stamp.signatureValid) return fail('its receipt is not validly signed by a time-stamping certificate');
    if (stamp.chain === 'untrusted') return fail(`its receipt is not by an authority you trust (${stamp.issuer ?? 'unknown'})`);
    if (stamp.time !== statement.receiptTime) return fail('its receipt has another time');
    this.#stamped += 1;
    if (stamp.issuer !== null) this.#issuers.add(stamp.issuer);
    this.#cover(size, Date.parse(stamp.time), index);
  }

  finish(): void {
    for (const { at } of this.#openSince) this.#stretch(at);
    this.#settle();
    const stamped = this.#stamped;
    if (stamped > 0 && this.#roots === null) {
      this.#sheet.warn('anchors', null, `${stamped} time stamps are validly signed, but by whom was not checked: no roots were given`);
    }
    this.#sheet.holds('anchors', `${stamped} time stamps (${[...this.#issuers].join('; ') || 'none'}), ${this.#others} other anchors`);
    this.#sheet.holds('anchor-times', 'the times of the entries agree with the time stamps around them');
    if (stamped === 0 && this.#others === 0) {
      this.#sheet.warn('anchored', null, 'recorded by the entity alone; nobody else saw this log before it was handed over');
    } else if (stamped === 0) {
      const shown = `${this.#others} heads were put where others may have seen them`;
      this.#sheet.warn('anchored', null, `${shown}: compare with what they have; no third party’s time is in this log`);
    } else if (this.#longest > longStretchMs) {
      this.#sheet.warn('anchored', null, `the longest stretch without a time stamp is ${hours(this.#longest)}`);
    }
    this.#sheet.holds('anchored', `${stamped} time stamps; the longest stretch without one is ${hours(this.#longest)}`);
  }

  /** Entries before `size` were there at `time`. */
  #cover(size: number, time: number, index: number): void {
    if (this.#lastReceipt !== undefined && time < this.#lastReceipt - clockToleranceMs) {
      this.#sheet.fail('anchor-times', index, 'its time stamp is older than one before it');
    }
    for (const entry of this.#openSince) {
      if (entry.index >= size) break;
      if (entry.at > time + clockToleranceMs) {
        this.#contradictions.push({ entry: entry.index, message: 'it says it was made after the time stamp that covers it' });
      }
    }
    this.#openSince = this.#openSince.filter((entry) => entry.index >= size);
    this.#stretch(time);
    this.#coveredUntil = Math.max(this.#coveredUntil ?? time, time);
    this.#lastReceipt = Math.max(this.#lastReceipt ?? time, time);
    this.#settle();
  }

  #stretch(to: number): void {
    this.#longest = Math.max(this.#longest, to - (this.#coveredUntil ?? to));
  }

  /** A clock that a collection itself calls suspect explains a contradiction; nothing else does. */
  #settle(): void {
    for (const { entry, message } of this.#contradictions) {
      if (this.#suspect) this.#sheet.warn('anchor-times', entry, `${message}; a collection near it says that the clock was suspect`);
      else this.#sheet.fail('anchor-times', entry, message);
    }
    this.#contradictions = [];
    this.#suspect = false;
  }
}

function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
