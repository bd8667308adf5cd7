import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How bytes are packed at rest. Nothing is ever hashed in packed form, so a codec may change without changing what is committed to. */
const codecs = {
  zstd: {
    pack: (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes),
    unpack: (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes),
  },
  none: { pack: (bytes: Uint8Array) => bytes, unpack: (bytes: Uint8Array) => bytes },
} as const;
export type Codec = keyof typeof codecs;

/** Below `worth` bytes packing saves less than it costs; what does not get shorter stays as it is. */
export function pack(bytes: Uint8Array, worth: number): { readonly codec: Codec; readonly packed: Uint8Array } {
  if (bytes.length < worth) return { codec: 'none', packed: bytes };
  const packed = codecs.zstd.pack(bytes);
  return packed.length < bytes.length ? { codec: 'zstd', packed } : { codec: 'none', packed: bytes };
}

/** @returns undefined for a codec this release does not know. @throws Error from zlib when the bytes are damaged. */
export function unpack(codec: string, packed: Uint8Array): Uint8Array | undefined {
  if (codec !== 'zstd' && codec !== 'none') return undefined;
  const bytes = codecs[codec].unpack(packed);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
