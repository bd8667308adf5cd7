/**
 * Canonical JSON with what does not compress as text written as bytes: a hash in base64, a UUID, a digest or a time that fills a string is
 * a marker and its value. JSON escapes every control character, so no text has a marker of its own, and the way back is exact.
 */
const marks = { hash: 1, uuid: 2, digest: 3, time: 4 } as const;
const lengths: Readonly<Record<number, number>> = { [marks.hash]: 32, [marks.uuid]: 16, [marks.digest]: 32, [marks.time]: 6 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const hasMark = /[\u0001-\u0004]/;
const fillsString =
  /"(?:([A-Za-z0-9+/]{43}=)|([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|sha256:([0-9a-f]{64})|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z))"/g;

/** @returns undefined for bytes that are no JSON text: they have markers in them. */
export function toTokens(bytes: Uint8Array): Buffer | undefined {
  // One character a byte, whatever the text is encoded in: only ASCII is looked at.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (hasMark.test(text)) return undefined;
  const tokens = text.replaceAll(fillsString, (whole, hash?: string, uuid?: string, digest?: string, time?: string) => {
    if (hash !== undefined) return token(marks.hash, Buffer.from(hash, 'base64'), whole);
    if (uuid !== undefined) return token(marks.uuid, Buffer.from(uuid.replaceAll('-', ''), 'hex'), whole);
    if (digest !== undefined) return token(marks.digest, Buffer.from(digest, 'hex'), whole);
    const ms = Date.parse(time ?? '');
    if (!(ms >= 0 && ms < 2 ** 48)) return whole;
    const value = Buffer.alloc(6);
    value.writeUIntBE(ms, 0, 6);
    return token(marks.time, value, whole);
  });
  return Buffer.from(tokens, 'latin1');
}

/** A value that is not written the one way it is read back stays text: base64 with bits over, the 31st of April. */
function token(mark: number, value: Buffer, whole: string): string {
  return textOf(mark, value) === whole ? String.fromCharCode(mark) + value.toString('latin1') : whole;
}
function textOf(mark: number, value: Buffer): string {
  switch (mark) {
    case marks.hash:
      return `"${value.toString('base64')}"`;
    case marks.uuid:
      return `"${value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`;
    case marks.digest:
      return `"sha256:${value.toString('hex')}"`;
    default:
      return `"${new Date(value.readUIntBE(0, 6)).toISOString()}"`;
  }
}

/** @throws RangeError when a token is cut off. */
export function fromTokens(tokens: Buffer): Buffer {
  // One string a byte a character, written out once: a text of many hashes would otherwise be as many small buffers.
  const text = tokens.toString('latin1');
  let whole = '';
  let from = 0;
  for (let at = 0; at < tokens.length; ) {
    const mark = tokens[at] ?? 0;
    const length = lengths[mark];
    if (length === undefined) {
      at += 1;
      continue;
    }
    const end = at + 1 + length;
    if (end > tokens.length) throw new RangeError('a token is cut off');
    whole += text.slice(from, at) + textOf(mark, tokens.subarray(at + 1, end));
    from = end;
    at = end;
  }
  return Buffer.from(whole + text.slice(from), 'latin1');
}
