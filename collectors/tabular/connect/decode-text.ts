import { SourceError } from '../../../src/authoring.ts';
import type { ConnectedTable } from './reader.ts';

const marks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

/**
 * Bytes as text in the declared encoding, without its byte order mark. Bytes that are no characters become U+FFFD, so that the cell they
 * are in can be named and the others stay.
 * @throws SourceError `malformed-reply` when the bytes begin with the mark of another encoding (`encoding-utf-16le`) or there are none (`empty`).
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: ConnectedTable['encoding'],
  operation: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  let begun = false;
  let first: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (begun) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < 3) continue;
    begun = true;
    refuseOtherMark(first, encoding, operation);
    yield decoder.decode(first, { stream: true });
  }
  if (!begun) {
    if (first.length > 0) refuseOtherMark(first, encoding, operation);
    yield decoder.decode(first, { stream: true });
  }
  yield decoder.decode();
}

function refuseOtherMark(bytes: Uint8Array, encoding: string, operation: string): void {
  const marked = marks.find((mark) => mark.bytes.every((byte, at) => bytes[at] === byte));
  if (marked !== undefined && marked.encoding !== encoding) {
    throw new SourceError('malformed-reply', operation, { sourceCode: `encoding-${marked.encoding}` });
  }
}
