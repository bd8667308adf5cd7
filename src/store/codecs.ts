import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { fromTokens, toTokens } from './text-tokens.ts';

/**
 * How bytes are packed at rest. Nothing is ever hashed in packed form, so a codec may change without changing what is committed to. What
 * a release has written is read for ever: none of these is changed or taken away.
 * - `none`: as they are;
 * - `zstd`: a Zstandard frame;
 * - `text`: canonical JSON with its hashes, ids and times as bytes (text-tokens.ts), as a Zstandard frame without its magic number, with the
 *   tokens of another text, its base, as dictionary where it has one.
 */
export type Codec = 'none' | 'zstd' | 'text';
export interface Packed {
  readonly codec: Codec;
  readonly packed: Uint8Array;
}

/** Most texts are read in one piece of this; the platform's own choice is 128 KiB each. */
const chunkSize = 8192;
const roomForFrame = 512;
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const params = {
  [constants.ZSTD_c_compressionLevel]: 9,
  // The bytes are checked against a commitment or a leaf hash, and their length is nobody's business here.
  [constants.ZSTD_c_contentSizeFlag]: 0,
  [constants.ZSTD_c_checksumFlag]: 0,
};

/**
 * Packs what gets shorter by it; below `worth` bytes it is not tried.
 * @param base a text that is likely to be similar; it must be there, unchanged, for as long as what is packed.
 */
export function pack(bytes: Uint8Array, worth: number, base?: Uint8Array): Packed {
  const plain: Packed = { codec: 'none', packed: bytes };
  if (bytes.length < worth) return plain;
  const tokens = toTokens(bytes);
  const dictionary = base === undefined ? undefined : tokensOfBase(base);
  const packed = tokens === undefined ? { codec: 'zstd' as const, packed: zstdCompressSync(bytes) } : packTokens(tokens, dictionary);
  return packed.packed.length < bytes.length ? packed : plain;
}

/** Many texts lean on one base, and whoever reads them keeps it: its tokens are made once for as long as it is kept. */
const baseTokens = new WeakMap<Uint8Array, { readonly tokens: Buffer | undefined }>();
function tokensOfBase(base: Uint8Array): Buffer | undefined {
  const known = baseTokens.get(base);
  if (known !== undefined) return known.tokens;
  const tokens = toTokens(base);
  baseTokens.set(base, { tokens });
  return tokens;
}

function packTokens(tokens: Buffer, dictionary: Buffer | undefined): Packed {
  // Told how much is coming, zstd takes tables and a window of that size, and not megabytes for each small text, here and when it is read.
  const size = { pledgedSrcSize: tokens.length, chunkSize: tokens.length + roomForFrame };
  const frame = zstdCompressSync(tokens, dictionary === undefined ? { params, ...size } : { params, ...size, dictionary });
  return { codec: 'text', packed: frame.subarray(magic.length) };
}

/** @returns undefined for a codec this release does not know. @throws Error from zlib, or RangeError, when the bytes are damaged. */
export function unpack(codec: string, packed: Uint8Array, base?: Uint8Array): Uint8Array | undefined {
  switch (codec) {
    case 'none':
      return plainBytes(packed);
    case 'zstd':
      return plainBytes(zstdDecompressSync(packed));
    case 'text': {
      const dictionary = base === undefined ? undefined : tokensOfBase(base);
      const frame = Buffer.concat([magic, packed]);
      return plainBytes(fromTokens(zstdDecompressSync(frame, dictionary === undefined ? { chunkSize } : { chunkSize, dictionary })));
    }
    default:
      return undefined;
  }
}
const plainBytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
