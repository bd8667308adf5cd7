import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ProoflineError } from '../model/errors.ts';
import { equalBytes, sha256, toBase64 } from '../seal/digest.ts';
import { readTimestampReply, sameNonce, timestampRequest, verifyTimestamp } from '../seal/timestamp.ts';
import type { Anchor } from './contract.ts';

export interface TimestampAuthority {
  readonly name: string;
  /** HTTPS, or plain HTTP to this machine. */
  readonly url: string;
  /** PEM file of the roots it must lead to; without it only the token's own signature is verified. */
  readonly caFile?: string;
  readonly timeoutMs?: number;
}

const largestReply = 256 * 1024;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * An RFC 3161 time-stamping authority.
 * @throws ProoflineError `configuration` for a URL that is neither HTTPS nor loopback or carries credentials, or a CA file without
 * certificates.
 */
export function rfc3161Anchor({ name, url, caFile, timeoutMs = 20_000 }: TimestampAuthority): Anchor {
  const address = authorityUrl(name, url);
  const roots = caFile === undefined ? null : certificatesIn(name, caFile);
  return {
    name,
    method: 'rfc3161',
    async obtain({ note }) {
      const stamped = new TextEncoder().encode(note);
      const nonce = new Uint8Array(randomBytes(16));
      const reply = await ask(name, address, timestampRequest(sha256(stamped), nonce), timeoutMs);
      const { token, info } = readTimestampReply(reply);
      if (!sameNonce(nonce, info.nonce)) throw failed(name, 'it answered another request (the nonce differs)');
      const verified = await verifyTimestamp(token, stamped, roots);
      if (!verified.digestMatches) throw failed(name, 'its token is about something else');
      if (!verified.signatureValid) throw failed(name, 'the signature of its token does not hold');
      if (roots !== null && verified.chain !== 'trusted')
        throw failed(name, `its certificate (${verified.issuer}) does not lead to the roots in ${caFile}`);
      return { receiptTime: info.time, receipt: toBase64(token), receiptHash: toBase64(sha256(token)) };
    },
  };
}

function failed(name: string, because: string, cause?: unknown): ProoflineError {
  return new ProoflineError('anchor-failed', `anchor ${name}: ${because}`, { cause });
}

function authorityUrl(name: string, text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new ProoflineError('configuration', `anchor ${name}: its url is no URL`, { cause });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProoflineError('configuration', `anchor ${name}: a URL with credentials in it is refused`);
  }
  const isLocal = url.protocol === 'http:' && loopback.has(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) {
    throw new ProoflineError('configuration', `anchor ${name}: ${url.protocol}//${url.host} is neither HTTPS nor on this machine`);
  }
  return url;
}

function certificatesIn(name: string, caFile: string): Uint8Array[] {
  let pem: string;
  try {
    pem = readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new ProoflineError('configuration', `anchor ${name}: ${caFile} cannot be read`, { cause });
  }
  const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  if (blocks.length === 0) throw new ProoflineError('configuration', `anchor ${name}: ${caFile} holds no certificate in PEM`);
  return blocks.map((block) => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')));
}

async function ask(name: string, url: URL, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  let reply: Response;
  try {
    reply = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(request),
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (reply.status !== 200) throw failed(name, `${url.host} answered ${reply.status}`);
    return await bounded(name, url, reply);
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    throw failed(name, `${url.host} did not answer`, cause);
  }
}

/** An authority's answer is a few kilobytes; nobody may make us read more. */
async function bounded(name: string, url: URL, reply: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of reply.body ?? []) {
    length += part.length;
    if (length > largestReply) throw failed(name, `${url.host} answered more than ${largestReply} bytes`);
    parts.push(part);
  }
  const whole = new Uint8Array(Buffer.concat(parts));
  if (equalBytes(whole, new Uint8Array())) throw failed(name, `${url.host} answered nothing`);
  return whole;
}
