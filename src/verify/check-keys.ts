import type { StatementOf } from '../model/statement.ts';
import { fromBase64 } from '../seal/digest.ts';
import { keyRotationMessage, openNote, parseCheckpoint, parseVkey, signKeyId, verifySignature } from '../seal/signed-note.ts';
import type { ClaimSheet } from './report.ts';

/** Follows which key signs, from the genesis over every rotation. */
export class KeyChain {
  readonly #sheet: ClaimSheet;
  readonly #origin: string;
  /** Each with the size from which on it signs. */
  readonly #keys: { readonly from: number; readonly vkey: string; readonly id: string; readonly publicKey: Uint8Array }[] = [];

  constructor(sheet: ClaimSheet, origin: string, first: string | undefined) {
    this.#sheet = sheet;
    this.#origin = origin;
    if (first !== undefined) this.#add(0, first, null);
  }

  /** Id of the first key, as the genesis must name it. */
  get firstId(): string | undefined {
    return this.#keys[0]?.id;
  }
  get vkeys(): string[] {
    return this.#keys.map(({ vkey }) => vkey);
  }

  inForceAt(size: number): string | undefined {
    return this.#keys.findLast(({ from }) => from <= size)?.vkey;
  }

  rotate(statement: StatementOf<'key'>, entry: number): undefined {
    if (statement.purpose !== 'sign') return;
    const fail = (message: string): undefined => {
      this.#sheet.fail('keys', entry, message);
    };
    const current = this.#keys.at(-1);
    if (statement.vkey === null) return fail('a rotation of the signing key without the new key');
    if (current === undefined || statement.retired !== current.id) return fail('it retires a key that is not in force');
    const added = this.#add(entry + 1, statement.vkey, entry);
    if (added === undefined) return;
    if (added.id !== statement.introduced) fail('the new key has another id');
    const message = keyRotationMessage({ ...statement, vkey: statement.vkey });
    const [byOld, byNew, ...rest] = statement.signatures;
    const signed = (publicKey: Uint8Array, signature: string | undefined): boolean => {
      try {
        return signature !== undefined && verifySignature(publicKey, message, fromBase64(signature));
      } catch {
        return false;
      }
    };
    if (rest.length > 0 || !signed(current.publicKey, byOld) || !signed(added.publicKey, byNew))
      fail('the rotation is not signed by both keys');
  }

  /** The checkpoint of a note that the key in force at its size signed; otherwise undefined and why. */
  openCheckpoint(note: string): { size: number; root: string } | string {
    try {
      const size = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size;
      const vkey = this.inForceAt(size);
      if (vkey === undefined) return 'there is no key that could have signed it';
      const checkpoint = parseCheckpoint(openNote(note, [vkey]).text);
      return checkpoint.origin === this.#origin ? { size, root: checkpoint.root } : 'it is of another log';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #add(from: number, vkey: string, entry: number | null): { id: string; publicKey: Uint8Array } | undefined {
    try {
      const { name, publicKey } = parseVkey(vkey);
      if (name !== this.#origin) throw new Error('the name of a key is not the origin of the log');
      const key = { from, vkey, id: signKeyId(publicKey), publicKey };
      this.#keys.push(key);
      return key;
    } catch (error) {
      this.#sheet.fail('keys', entry, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
