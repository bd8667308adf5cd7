import { hash } from 'node:crypto';
import { OctetString, type Sequence } from 'asn1js';
import {
  type AttributeTypeAndValue,
  Certificate,
  ContentInfo,
  ExtKeyUsage,
  IssuerAndSerialNumber,
  SignedData,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import { ProoflineError } from '../model/errors.ts';
import { equalBytes, sha256, toHex } from './digest.ts';

/** RFC 3161 time stamps over SHA-256. */
const oid = {
  sha256: '2.16.840.1.101.3.4.2.1',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extendedKeyUsage: '2.5.29.37',
  timestamping: '1.3.6.1.5.5.7.3.8',
};
const hashNames: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

/**
 * A TimeStampReq in DER, asking for the authority's certificate.
 * @param digest SHA-256, 32 bytes. @param nonce at least 8 unpredictable bytes; read as a positive number.
 */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (digest.length !== 32) throw new ProoflineError('usage', 'a SHA-256 digest is 32 bytes');
  const algorithm = der(0x30, Buffer.from('0609608648016503040201', 'hex'), Uint8Array.of(5, 0));
  return der(
    0x30,
    Uint8Array.of(2, 1, 1),
    der(0x30, algorithm, der(0x04, digest)),
    der(0x02, integerBody(nonce)),
    Uint8Array.of(1, 1, 0xff),
  );
}

/** Shortest two's complement of a positive number. */
function integerBody(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), digits]) : digits.length === 0 ? Uint8Array.of(0) : digits;
}

export interface TimestampInfo {
  /** ISO-8601 UTC with milliseconds: the authority's own time. */
  readonly time: string;
  /** The digest that was stamped, and by which algorithm (object identifier). */
  readonly digest: Uint8Array;
  readonly algorithm: string;
  readonly nonce: Uint8Array | null;
  /** Hex. */
  readonly serial: string;
  readonly policy: string;
}

/** A time-stamp token (CMS ContentInfo, DER) and what it says. */
export interface TimestampReply {
  readonly token: Uint8Array;
  readonly info: TimestampInfo;
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function parseToken(token: Uint8Array): { signed: SignedData; info: TimestampInfo } {
  const content = ContentInfo.fromBER(buffer(token));
  // Nothing may follow or be encoded in another way: one token, one sequence of bytes.
  if (content.contentType !== oid.signedData || !equalBytes(new Uint8Array(content.toSchema().toBER(false)), token)) {
    throw new ProoflineError('anchor-failed', 'not a time-stamp token in DER');
  }
  const signed = new SignedData({ schema: content.content });
  const inner = signed.encapContentInfo;
  if (inner.eContentType !== oid.timestampInfo || !(inner.eContent instanceof OctetString)) {
    throw new ProoflineError('anchor-failed', 'not a time-stamp token');
  }
  const stamped = TSTInfo.fromBER(inner.eContent.getValue());
  return {
    signed,
    info: {
      time: stamped.genTime.toISOString(),
      digest: stamped.messageImprint.hashedMessage.valueBlock.valueHexView.slice(),
      algorithm: stamped.messageImprint.hashAlgorithm.algorithmId,
      nonce: stamped.nonce ? stamped.nonce.valueBlock.valueHexView.slice() : null,
      serial: toHex(stamped.serialNumber.valueBlock.valueHexView),
      policy: stamped.policy,
    },
  };
}

/** @throws ProoflineError `anchor-failed` for bytes that are not one time-stamp token. */
export function readTimestampToken(token: Uint8Array): TimestampInfo {
  try {
    return parseToken(token).info;
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    throw new ProoflineError('anchor-failed', 'not a time-stamp token', { cause });
  }
}

/**
 * Reads a TimeStampResp. Whether it stamps what was asked is for the caller to compare (`info.digest`, `info.nonce`), and `verifyTimestamp` to verify.
 * @throws ProoflineError `anchor-failed` when the authority refused or the bytes are no reply.
 */
export function readTimestampReply(reply: Uint8Array): TimestampReply {
  let token: Uint8Array;
  try {
    const parsed = TimeStampResp.fromBER(buffer(reply));
    const { status } = parsed.status;
    if (status !== 0 && status !== 1) throw new ProoflineError('anchor-failed', `the time-stamping authority refused (status ${status})`);
    if (parsed.timeStampToken === undefined)
      throw new ProoflineError('anchor-failed', 'the reply of the time-stamping authority has no token');
    token = new Uint8Array(parsed.timeStampToken.toSchema().toBER(false));
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    throw new ProoflineError('anchor-failed', 'the reply of the time-stamping authority is not a time-stamp reply', { cause });
  }
  return { token, info: readTimestampToken(token) };
}

/** Whether a nonce as sent is the one that came back (numbers, so leading zeros do not count). */
export function sameNonce(sent: Uint8Array, received: Uint8Array | null): boolean {
  return received !== null && equalBytes(integerBody(sent), integerBody(received));
}

export interface TimestampVerification {
  /** ISO-8601 UTC with milliseconds; null when the bytes are no token. */
  readonly time: string | null;
  readonly digestMatches: boolean;
  /** The token is signed by the certificate it names, which may stamp time and nothing else. */
  readonly signatureValid: boolean;
  /** Of that certificate, at the token's own time, to one of the trusted certificates. */
  readonly chain: 'trusted' | 'untrusted' | 'not-checked';
  /** Subject of the signing certificate, as `CN=..., O=...`; null when it cannot be read. */
  readonly issuer: string | null;
}

const nameParts: Readonly<Record<string, string>> = { '2.5.4.3': 'CN', '2.5.4.10': 'O', '2.5.4.11': 'OU', '2.5.4.6': 'C' };

function nameOf(parts: readonly AttributeTypeAndValue[]): string {
  return parts.map((part) => `${nameParts[part.type] ?? part.type}=${String(part.value.valueBlock.value)}`).join(', ');
}

function mayOnlyStamp(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find((extension) => extension.extnID === oid.extendedKeyUsage);
  if (usage === undefined || !usage.critical || !(usage.parsedValue instanceof ExtKeyUsage)) return false;
  return usage.parsedValue.keyPurposes.length === 1 && usage.parsedValue.keyPurposes[0] === oid.timestamping;
}

/** RFC 5816: the signed attributes name the signing certificate by digest, so that another one with the same key cannot take its place. */
function namesCertificate(signed: SignedData, certificate: Certificate): boolean {
  const attributes = signed.signerInfos[0]?.signedAttrs?.attributes;
  const contentType = attributes?.find((attribute) => attribute.type === oid.contentType);
  if (contentType?.values[0]?.valueBlock.toString() !== oid.timestampInfo) return false;
  const encoded = new Uint8Array(certificate.toSchema().toBER(false));
  const attribute = attributes?.find(({ type }) => type === oid.signingCertificateV2 || type === oid.signingCertificate);
  const first = (attribute?.values[0] as Sequence | undefined)?.valueBlock.value[0] as Sequence | undefined;
  const parts = (first?.valueBlock.value[0] as Sequence | undefined)?.valueBlock.value;
  if (attribute === undefined || parts === undefined) return false;
  let algorithm = attribute.type === oid.signingCertificate ? 'sha1' : 'sha256';
  let digest = parts[0];
  if (attribute.type === oid.signingCertificateV2 && digest !== undefined && !(digest instanceof OctetString)) {
    algorithm = hashNames[String((digest as Sequence).valueBlock.value[0]?.valueBlock)] ?? 'unknown';
    digest = parts[1];
  }
  if (!(digest instanceof OctetString) || algorithm === 'unknown') return false;
  return equalBytes(hash(algorithm, encoded, 'buffer'), digest.valueBlock.valueHexView);
}

function signerOf(signed: SignedData): Certificate | undefined {
  const sid: unknown = signed.signerInfos[0]?.sid;
  const certificates = signed.certificates?.filter((candidate) => candidate instanceof Certificate) ?? [];
  if (!(sid instanceof IssuerAndSerialNumber)) return undefined;
  return certificates.find((candidate) => candidate.issuer.isEqual(sid.issuer) && candidate.serialNumber.isEqual(sid.serialNumber));
}

async function checkSignature(signed: SignedData, bytes: Uint8Array, trusted: readonly Certificate[] | undefined): Promise<boolean> {
  try {
    const verified = await signed.verify({
      signer: 0,
      data: buffer(bytes),
      extendedMode: true,
      ...(trusted === undefined ? {} : { checkChain: true, trustedCerts: [...trusted] }),
    });
    return verified.signatureVerified === true;
  } catch {
    // pkijs throws for every way in which a token can be wrong; each of them is the same answer here.
    return false;
  }
}

/**
 * Verifies a time-stamp token over `bytes`. Certificates are judged at the token's own time: an authority's certificate ends long before
 * the evidence does. `trusted` null: the chain is not checked.
 */
export async function verifyTimestamp(
  token: Uint8Array,
  bytes: Uint8Array,
  trusted: readonly Uint8Array[] | null,
): Promise<TimestampVerification> {
  let parsed: ReturnType<typeof parseToken>;
  try {
    parsed = parseToken(token);
  } catch {
    return { time: null, digestMatches: false, signatureValid: false, chain: 'not-checked', issuer: null };
  }
  const { signed, info } = parsed;
  const certificate = signerOf(signed);
  const digestMatches = info.algorithm === oid.sha256 && equalBytes(info.digest, sha256(bytes));
  const issuer = certificate === undefined ? null : nameOf(certificate.subject.typesAndValues);
  const signatureValid =
    digestMatches &&
    signed.signerInfos.length === 1 &&
    certificate !== undefined &&
    mayOnlyStamp(certificate) &&
    namesCertificate(signed, certificate) &&
    (await checkSignature(signed, bytes, undefined));
  if (trusted === null) return { time: info.time, digestMatches, signatureValid, chain: 'not-checked', issuer };
  const roots = trusted.map((root) => Certificate.fromBER(buffer(root)));
  const chain = signatureValid && roots.length > 0 && (await checkSignature(signed, bytes, roots)) ? 'trusted' : 'untrusted';
  return { time: info.time, digestMatches, signatureValid, chain, issuer };
}
