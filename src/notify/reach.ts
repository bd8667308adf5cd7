import type { LookupFunction } from 'node:net';
import { fetch as fetchBy } from 'undici';
import { DeliveryError } from './contract.ts';
import { AddressRefused, guardedAgent } from './guarded-agent.ts';

export interface Reach {
  /** See GuardOptions. */
  readonly privateNetwork: boolean;
  /** For everything one delivery asks. Default 20 s. */
  readonly timeoutMs?: number;
  /** Statuses the caller looks at himself; all others from 300 on are failures. */
  readonly passes?: readonly number[];
  readonly lookup?: LookupFunction;
}

/** No answer a channel gives is longer than a page of issues. */
const largestReply = 8 * 1024 * 1024;
const longestWaitMs = 24 * 3_600_000;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Nothing was sent: the connection never stood. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Hands `work` a fetch that connects only where it may, follows no redirect but one to the same host with the same method, reads a bounded
 * answer and takes a bounded time. Every failure is a DeliveryError that names a status or a code and no address; SDKs that wrap it are
 * unwrapped again.
 */
export async function reach<T>(options: Reach, signal: AbortSignal, work: (fetch: typeof globalThis.fetch) => Promise<T>): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const agent = guardedAgent({ ...options, connectTimeoutMs: Math.min(timeoutMs, 10_000) });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const guarded = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (input instanceof Request) throw new TypeError('a Request is not taken, only its address');
    let url = new URL(input);
    for (let followed = 0; ; followed += 1) {
      const response = await fetchBy(url, {
        ...(init as Parameters<typeof fetchBy>[1]),
        redirect: 'manual',
        dispatcher: agent,
        signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit,
      });
      const next = redirects.has(response.status) ? nextOf(response.headers.get('location'), url) : undefined;
      if (next !== undefined && followed < 3) {
        await response.body?.cancel();
        url = next;
        continue;
      }
      const bytes = await readBounded(response.body);
      const headers = new Headers([...response.headers]);
      headers.delete('content-encoding');
      headers.delete('content-length');
      const failed = failureOf(response.status, headers, bytes);
      if (failed !== undefined && options.passes?.includes(response.status) !== true) throw failed;
      return new Response([204, 205, 304].includes(response.status) ? null : bytes, { status: response.status, headers });
    }
  };
  try {
    return await work(guarded as typeof globalThis.fetch);
  } catch (error) {
    throw deliveryErrorOf(error, { stopped: signal.aborted, late: limit.aborted, timeoutMs });
  } finally {
    await agent.destroy();
  }
}

/** Another place on the same host, reached the same way: what is sent on carries a secret. */
function nextOf(location: string | null, from: URL): URL | undefined {
  const to = location === null ? null : URL.parse(location, from);
  return to?.origin === from.origin ? to : undefined;
}

async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > largestReply)
      throw new DeliveryError(`answered more than ${largestReply / 1024 / 1024} MB`, { retryable: false, uncertain: true });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function failureOf(status: number, headers: Headers, body: Uint8Array): DeliveryError | undefined {
  if (status < 300) return undefined;
  const retryAfterMs = waitIn(headers);
  if (redirects.has(status))
    return new DeliveryError(`answered ${status}: redirects to another host are not followed`, { retryable: false });
  if (status === 429 || (status === 403 && retryAfterMs !== null))
    return new DeliveryError(`answered ${status}: too many requests`, { retryable: true, retryAfterMs });
  if (status >= 500 || status === 408 || status === 425)
    return new DeliveryError(`answered ${status}`, { retryable: true, retryAfterMs, uncertain: status !== 425 });
  // Slack says why in one word.
  const word = /^[a-z][a-z_]{2,60}$/.exec(Buffer.from(body.subarray(0, 80)).toString('utf8').trim())?.[0];
  return new DeliveryError(word === undefined ? `answered ${status}` : `answered ${status}: ${word}`, { retryable: false });
}

/** How long the answer asks to wait, by its own clock: Retry-After, or GitHub's budget when it is spent. */
function waitIn(headers: Headers): number | null {
  const answered = Date.parse(headers.get('date') ?? '');
  const after = headers.get('retry-after')?.trim();
  const until = (time: number) => (Number.isNaN(time - answered) ? null : Math.min(Math.max(time - answered, 1000), longestWaitMs));
  if (after !== undefined && /^\d{1,9}$/.test(after)) return Math.min(Number(after) * 1000, longestWaitMs);
  if (after !== undefined) return until(Date.parse(after));
  if (headers.get('x-ratelimit-remaining') === '0') return until(Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000);
  return null;
}

function* causesOf(error: unknown): Generator<Error> {
  for (let found = error, depth = 0; found instanceof Error && depth < 10; found = found.cause, depth += 1) yield found;
}

/**
 * Not given on as a cause is what an SDK or the network threw: its text names the address, which may be the secret itself. The code says
 * enough.
 */
function deliveryErrorOf(error: unknown, at: { stopped: boolean; late: boolean; timeoutMs: number }): unknown {
  const causes = [...causesOf(error)];
  const known = causes.find((cause) => cause instanceof DeliveryError);
  if (known !== undefined) return known;
  const refused = causes.find((cause) => cause instanceof AddressRefused);
  if (refused !== undefined) return new DeliveryError(refused.message, { retryable: false });
  if (at.stopped) return new DeliveryError('stopped before it was answered', { retryable: true, uncertain: true });
  if (at.late) return new DeliveryError(`did not answer within ${at.timeoutMs / 1000} s`, { retryable: true, uncertain: true });
  const code = causes.map((cause) => ('code' in cause ? cause.code : undefined)).findLast((value) => typeof value === 'string');
  // What has no code did not come from the network: a bug stays one.
  if (code === undefined) return error;
  if (/CERT|SELF_SIGNED|ALTNAME|ERR_TLS/.test(code))
    return new DeliveryError(`its certificate is not trusted (${code})`, { retryable: false });
  return new DeliveryError(`could not be reached (${code})`, { retryable: true, uncertain: !unsent.has(code) });
}
