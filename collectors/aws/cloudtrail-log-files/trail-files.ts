import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type JsonObject, z } from '../../../src/authoring.ts';

/** A log file holds at most some megabytes; what grows beyond this is none. */
const largestFile = 256 * 1024 * 1024;

/** What CloudTrail writes about the log files of an hour: their hashes, and the digest before. Its own signature lies beside it, in S3's metadata. */
export const DigestFile = z.looseObject({
  digestStartTime: z.iso.datetime(),
  digestEndTime: z.iso.datetime(),
  digestS3Bucket: z.string(),
  digestS3Object: z.string(),
  digestPublicKeyFingerprint: z.string(),
  digestSignatureAlgorithm: z.literal('SHA256withRSA'),
  previousDigestS3Object: z.string().nullable(),
  previousDigestHashValue: z.string().nullable(),
  previousDigestSignature: z.string().nullable(),
  logFiles: z.array(
    z.looseObject({ s3Bucket: z.string(), s3Object: z.string(), hashValue: z.string(), hashAlgorithm: z.literal('SHA-256') }),
  ),
});
export type DigestFile = z.output<typeof DigestFile>;

export interface Unpacked {
  /** SHA-256 of the content, 64 hex digits: what digests state. */
  readonly sha256: string;
  readonly content: JsonObject;
}

/** A file of a trail, unpacked. Throws TypeError when it is no JSON in gzip: the reply is then malformed. */
export function unpack(output: JsonObject): Unpacked {
  const body = output['Body'];
  const packed = typeof body === 'object' && body !== null && '$bytes' in body ? body.$bytes : undefined;
  if (typeof packed !== 'string') throw new TypeError('the object has no content');
  try {
    const bytes = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: largestFile });
    const content: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new TypeError('the content is no object');
    return { sha256: createHash('sha256').update(bytes).digest('hex'), content: content as JsonObject };
  } catch (cause) {
    throw new TypeError('the object is no file of a trail', { cause });
  }
}

/** A digest file as it was found. `signature`: hex, from the object's metadata. */
export interface FoundDigest {
  readonly key: string;
  readonly sha256: string;
  readonly signature: string;
  readonly digest: DigestFile;
}

/**
 * What does not hold of a chain of digest files, in sentences; none when all of it does: every signature, the hash of every log file that was read, and
 * that each digest names the one before it. `keys`: DER (PKCS #1) by fingerprint; `hashes`: what log files hash to, by their key.
 */
export function problemsOf(
  digests: readonly FoundDigest[],
  keys: ReadonlyMap<string, Uint8Array>,
  hashes: ReadonlyMap<string, string>,
): readonly string[] {
  const ordered = digests.toSorted((left, right) => (left.digest.digestEndTime < right.digest.digestEndTime ? -1 : 1));
  return ordered.flatMap((found, at) => [
    ...signatureProblems(found, keys),
    ...found.digest.logFiles.flatMap(({ s3Object, hashValue }) => {
      const hash = hashes.get(s3Object);
      if (hash === undefined) return [`${s3Object} could not be read`];
      return hash === hashValue ? [] : [`${s3Object} is not what its digest says`];
    }),
    ...linkProblems(found, ordered[at - 1]),
  ]);
}

function signatureProblems({ key, sha256, signature, digest }: FoundDigest, keys: ReadonlyMap<string, Uint8Array>): string[] {
  const der = keys.get(digest.digestPublicKeyFingerprint);
  if (der === undefined) return [`${key}: AWS lists no such key`];
  // What it says of itself is what was signed: an honest digest in another place is a moved one.
  if (digest.digestS3Object !== key) return [`${key} says it is ${digest.digestS3Object}`];
  const signed = [
    digest.digestEndTime,
    `${digest.digestS3Bucket}/${digest.digestS3Object}`,
    sha256,
    digest.previousDigestSignature ?? 'null',
  ].join('\n');
  const publicKey = publicKeyOf(der);
  const isGood = publicKey !== undefined && verify('RSA-SHA256', Buffer.from(signed), publicKey, Buffer.from(signature, 'hex'));
  return isGood ? [] : [`${key}: its signature does not verify`];
}

function publicKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
  } catch {
    return undefined;
  }
}

function linkProblems({ key, digest }: FoundDigest, before: FoundDigest | undefined): string[] {
  if (before === undefined) return [];
  if (digest.previousDigestS3Object !== before.key) return [`${key} does not follow ${before.key}`];
  return digest.previousDigestHashValue === before.sha256 && digest.previousDigestSignature === before.signature
    ? []
    : [`${before.key} is not what the digest after it says`];
}
