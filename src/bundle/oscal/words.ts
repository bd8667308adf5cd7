import { createHash } from 'node:crypto';

/** OSCAL's data types are strict about text; these make what we have fit without saying anything else. */

/** Names of our own properties live here, so that they are never taken for OSCAL's. */
export const ownNamespace = 'urn:proofline:oscal:1';
export const oscalVersion = '1.2.0';

/** Namespace of our name-based UUIDs (RFC 9562, version 5). A constant: the same thing has the same id in every bundle of a log. */
const uuidNamespace = Buffer.from('6f0b1f5c7c0e5d2e9a3d3a1f0c9b8e47', 'hex');

/** The UUID of a thing, by its stable name within one log: `uuidOf(origin, 'observation', ...)`. */
export function uuidOf(...name: readonly string[]): string {
  const bytes = createHash('sha1').update(uuidNamespace).update(JSON.stringify(name)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * An id as a token (letters, digits, `.`, `-`, `_`, begun by a letter or `_`). One that has to change carries a digest of what it was, so
 * that two ids never become one.
 */
export function tokenOf(id: string): string {
  if (/^[\p{L}_][\p{L}\p{N}.\-_]*$/u.test(id)) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `_${id.replaceAll(/[^\p{L}\p{N}.\-_]/gu, '_')}.${digest}`;
}

/** One line without leading or trailing white space; what is empty says so. */
export function plainLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line === '' ? '(empty)' : line;
}

/** Text as one line of Markdown that shows the text itself: nothing a source said becomes markup. */
export function lineOf(text: string): string {
  return plainLine(text).replaceAll(/[\\`*_[\]<>#|~&]/g, (special) => `\\${special}`);
}

/** Paragraphs of Markdown that show the text itself. */
export function proseOf(...paragraphs: readonly string[]): string {
  return paragraphs
    .filter((text) => text.trim() !== '')
    .map(lineOf)
    .join('\n\n');
}

/** A property of ours; numbers as decimal text. */
export function property(name: string, value: string | number | boolean): { name: string; ns: string; value: string } {
  return { name, ns: ownNamespace, value: plainLine(String(value)) };
}

/** From the folder of the OSCAL documents to a file of the bundle. */
export function hrefTo(path: string): string {
  return `../${path.split('/').map(encodeURIComponent).join('/')}`;
}
