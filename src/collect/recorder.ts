import limitConcurrency from 'p-limit';
import type { ClientContext, Collector, Exchange, ExchangeReply, RecordedExchange, Reply, SourceDefinition } from '../model/collector.ts';
import type { Gap } from '../model/completeness.ts';
import { SourceError } from '../model/errors.ts';
import type { PendingRequest } from '../model/evidence.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { encodeItem } from '../seal/encode-item.ts';
import { hasSecret, redactedText, redactSecrets, type Tag } from './find-secrets.ts';
import { abortable, type Limiter, pause } from './limiter.ts';
import { defaultRetry, isWorthAnotherTry, type Retry, waitBeforeRetry } from './retry.ts';

export interface RecorderOptions {
  readonly collector: Pick<Collector, 'id' | 'items' | 'permissions'>;
  readonly source: Pick<SourceDefinition, 'permissionFor' | 'isOfficialHost'>;
  readonly exchange: Exchange;
  /** Region of a region-scoped collection. */
  readonly region: string | undefined;
  readonly limiter: Limiter;
  readonly concurrency: number;
  /** ISO-8601 UTC with milliseconds. */
  readonly now: () => string;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly tag: Tag;
  readonly retry?: Retry | undefined;
  readonly onCall?: ((call: { readonly operation: string; readonly failed: boolean }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Recorder {
  readonly exchange: RecordedExchange;
  readonly miss: ClientContext['miss'];
  /** In the order issued. */
  requests(): readonly PendingRequest[];
  /** Each once, in a stable order. */
  gaps(): readonly Gap[];
  readonly officialHosts: Readonly<Record<string, boolean>>;
  /** Records, when the collection was ended early, that the operations nobody came to were not asked. */
  close(): void;
}

/** The session is over: nothing more will be answered, and asking on would only trip alarms. */
const expired = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'CredentialsProviderError',
  'TokenProviderError',
  'bad-credentials',
]);
const tokenName =
  /^(?:(?:next|page|continuation|starting|pagination)[_-]?(?:token|marker|cursor)|exclusivestart\w*|marker|cursor|after|before)$/i;
const requestIdHeaders = ['x-amzn-requestid', 'x-amz-request-id', 'x-amzn-request-id', 'x-github-request-id', 'x-request-id'] as const;

type Options = Parameters<RecordedExchange>[2];

/**
 * Stands between a client and its exchange: refuses what was not declared, keeps to the limits, asks again where that helps, and
 * records every attempt. What the source refuses becomes a gap; what is not the source's doing is thrown on.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { collector, source, limiter, signal, tag } = options;
  const retry = options.retry ?? defaultRetry;
  const slots: (PendingRequest | undefined)[] = [];
  const gaps = new Map<string, Gap>();
  const asked = new Set<string>();
  const officialHosts: Record<string, boolean> = {};
  const inFlight = limitConcurrency(Math.max(1, options.concurrency));
  const firstInputs = new Map<string, JsonObject>();
  let ended = false;
  const isAborted = (): boolean => signal?.aborted === true;

  const safeText = (text: string): string => (hasSecret(text) ? redactedText(text, tag) : text);
  const safeCode = (code: string): string => (/^[\w.: -]{1,80}$/.test(code) ? safeText(code) : 'unprintable');
  const miss = (gap: Gap): void => {
    const clean: Gap = {
      reason: gap.reason,
      operation: gap.operation,
      ...(gap.subject === undefined ? {} : { subject: safeText(gap.subject) }),
      ...(gap.region === undefined ? {} : { region: gap.region }),
      ...(gap.code === undefined ? {} : { code: safeCode(gap.code) }),
    };
    gaps.set(JSON.stringify([clean.operation, clean.region ?? null, clean.subject ?? null, clean.reason, clean.code ?? null]), clean);
  };
  const missed = (reason: Gap['reason'], operation: string, at: Options, code?: string): undefined => {
    const region = at.region ?? options.region;
    miss({
      reason,
      operation,
      ...(at.subject === undefined ? {} : { subject: at.subject }),
      ...(region === undefined ? {} : { region }),
      ...(code === undefined ? {} : { code }),
    });
    return undefined;
  };

  /** One attempt, recorded whether it succeeds, fails or is broken off. */
  async function attempt(
    operation: string,
    input: JsonObject,
    recordedInput: JsonObject,
    at: Options,
  ): Promise<ExchangeReply | SourceError> {
    await limiter.acquire(operation, at.region, signal);
    const slot = slots.push(undefined) - 1;
    const startedAt = options.now();
    const before = options.monotonic();
    const record = (outcome: ExchangeReply | SourceError): void => {
      const durationMs = Math.max(0, options.monotonic() - before);
      const error = outcome instanceof SourceError ? outcome : undefined;
      const serverDate = dateIn(outcome.headers);
      if (outcome.host !== undefined) officialHosts[outcome.host] = source.isOfficialHost(outcome.host);
      slots[slot] = {
        operation,
        // Readonly all the way down here, plain JSON there: the same values.
        input: recordedInput as PendingRequest['input'],
        ...(at.region === undefined ? {} : { region: at.region }),
        page: at.page ?? 1,
        host: outcome.host ?? null,
        status: outcome.status ?? null,
        startedAt,
        durationMs,
        serverDate,
        offsetMs: serverDate === null ? null : Math.round(Date.parse(serverDate) - Date.parse(startedAt) - durationMs / 2),
        requestId: requestIdIn(outcome.headers, safeText),
        bodyBytes: outcome instanceof SourceError ? null : outcome.bytes,
        bytes: outcome instanceof SourceError ? 0 : outcome.bytes.length,
        notModified: outcome.status === 304,
        gap: error === undefined || isAbsent(operation, error) ? null : error.reason,
        code: error?.sourceCode === undefined ? null : safeCode(error.sourceCode),
      };
      options.onCall?.({ operation, failed: error !== undefined && !isAbsent(operation, error) });
    };
    try {
      const scope = at.region === undefined ? {} : { region: at.region };
      const outcome = await withinTime(options.exchange(operation, input, scope), operation, retry.timeoutMs, signal);
      record(outcome);
      return outcome;
    } catch (error) {
      if (isAborted()) record(new SourceError('not-collected', operation, { sourceCode: 'Aborted' }));
      throw error;
    }
  }

  function isAbsent(operation: string, error: SourceError): boolean {
    return error.sourceCode !== undefined && collector.items[operation]?.absent?.includes(error.sourceCode) === true;
  }

  const exchange: RecordedExchange = async (operation, input, given) => {
    refuseUndeclared(operation);
    asked.add(operation);
    const region = given.region ?? options.region;
    const at: Options = region === undefined ? given : { ...given, region };
    const reply = (output: JsonObject | null): Reply => ({
      operation,
      input,
      ...(region === undefined ? {} : { region }),
      ...(given.subject === undefined ? {} : { subject: given.subject }),
      page: given.page ?? 1,
      output,
    });
    const recordedInput = recordable(operation, input, at);
    for (let tries = 1; ; tries += 1) {
      if (ended || isAborted()) {
        ended = true;
        return missed('not-collected', operation, at);
      }
      let outcome: ExchangeReply | SourceError;
      try {
        outcome = await inFlight(() => attempt(operation, input, recordedInput, at));
      } catch (error) {
        if (!isAborted()) throw error;
        ended = true;
        return missed('not-collected', operation, at);
      }
      if (!(outcome instanceof SourceError)) {
        const output = readable(outcome);
        return output === undefined ? missed('malformed-reply', operation, at) : reply(output);
      }
      if (isAbsent(operation, outcome)) return reply(null);
      if (outcome.sourceCode !== undefined && expired.has(outcome.sourceCode)) ended = true;
      const wait = isWorthAnotherTry(outcome) && tries < retry.attempts ? waitBeforeRetry(outcome, tries, retry, options.now()) : undefined;
      if (wait === undefined) return missed(outcome.reason, operation, at, outcome.sourceCode);
      if (outcome.reason === 'rate-limited') limiter.pause(operation, region, wait);
      try {
        await pause(wait, signal);
      } catch (error) {
        if (!isAborted()) throw error;
      }
    }
  };

  function refuseUndeclared(operation: string): void {
    if (!Object.hasOwn(collector.items, operation)) throw new TypeError(`${collector.id} calls ${operation} without a rule for its items`);
    const permission = source.permissionFor(operation);
    if (permission === undefined) throw new TypeError(`${collector.id} calls ${operation}, which its source does not know`);
    if (!collector.permissions.includes(permission)) {
      throw new TypeError(`${collector.id} calls ${operation} without declaring the permission ${permission}`);
    }
  }

  /** Parameters as they may be kept: page tokens and secrets replaced. */
  function recordable(operation: string, input: JsonObject, at: Options): JsonObject {
    const stream = `${operation}|${at.region ?? ''}|${at.subject ?? ''}`;
    const page = at.page ?? 1;
    if (page === 1) firstInputs.set(stream, input);
    const first = page === 1 ? undefined : firstInputs.get(stream);
    const { value } = redactSecrets(withoutTokens(input, first), tag);
    return isObject(value) ? value : {};
  }

  return {
    exchange,
    miss,
    requests: () => slots.filter((slot) => slot !== undefined),
    gaps: () => [...gaps.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, gap]) => gap),
    officialHosts,
    close() {
      if (!ended && !isAborted()) return;
      for (const operation of Object.keys(collector.items)) {
        if (!asked.has(operation)) missed('not-collected', operation, {});
      }
    },
  };
}

/** The reply, the source's error, or a time-out as one; anything else is thrown. Rejects with the signal's reason when that comes first. */
async function withinTime(
  exchange: Promise<ExchangeReply>,
  operation: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ExchangeReply | SourceError> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<SourceError>((resolve) => {
    timer = setTimeout(() => resolve(new SourceError('source-unavailable', operation, { sourceCode: 'ProoflineTimeout' })), timeoutMs);
  });
  try {
    return await abortable(Promise.race([exchange, late]), signal);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What the SDK parsed as JSON; undefined when there is no JSON for it or it is not an object. A bare list becomes `{items: [...]}`. */
function readable(reply: ExchangeReply): JsonObject | undefined {
  if (reply.output === undefined && reply.status === 204) return {};
  let encoded: Json;
  try {
    encoded = reply.plain === true ? (reply.output as Json) : encodeItem(reply.output);
  } catch {
    return undefined;
  }
  if (Array.isArray(encoded)) return { items: encoded as readonly Json[] };
  return isObject(encoded) ? encoded : undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Page tokens say nothing and may hold anything: by name, and whatever text a later page was asked with that the first was not. */
function withoutTokens(input: JsonObject, first: JsonObject | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]): [string, Json] => {
      const before = first?.[name];
      if (typeof value === 'string' && (tokenName.test(name) || (first !== undefined && before !== value))) return [name, '$token'];
      if (isObject(value)) return [name, withoutTokens(value, before !== undefined && isObject(before) ? before : undefined)];
      return [name, value];
    }),
  );
}

function dateIn(headers: Readonly<Record<string, string>>): string | null {
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function requestIdIn(headers: Readonly<Record<string, string>>, safeText: (text: string) => string): string | null {
  const id = requestIdHeaders.map((name) => headers[name]).find((value) => value !== undefined);
  return id !== undefined && /^[\w:=+/.-]{1,200}$/.test(id) ? safeText(id) : null;
}
