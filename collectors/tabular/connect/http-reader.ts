import { type Json, type JsonObject, SourceError } from '../../../src/authoring.ts';
import type { RawRow } from '../client.ts';
import { exactJson, memberAt, pickCells, undeclaredIn } from './json-cells.ts';
import { type Answer, bytesOf, type ConnectedTable, type TableReader } from './reader.ts';

export interface HttpPlace {
  /** Base address, without credentials. */
  readonly url: string;
  /** How a request signs in. Kept in memory alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who reads, in words that are no secret. */
  readonly principal: string | null;
  readonly userAgent: string;
}

interface Reply {
  readonly json: Json;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: URL;
}

const timeoutMs = 55_000;
const largestReply = 128 * 1024 * 1024;
const keptHeaders = /^(?:date|etag|link|retry-after|last-modified|x-request-id|x-ratelimit-.+)$/;

/** Reads a list that a system hands out as JSON, page by page. Nothing is asked of any other host than the configured one. */
export function httpReader(place: HttpPlace, connected: ConnectedTable): TableReader {
  const { table, list, paging } = connected;
  const base = new URL(place.url);
  const { host } = base;
  let position = 0;
  let asOf: string | null = null;
  let undeclared = new Set<string>();
  let first: Json = null;

  const below = (path: string): URL => {
    const url = new URL(`${place.url.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
    for (const [name, value] of base.searchParams) url.searchParams.set(name, value);
    return url;
  };
  const sameHost = (address: string, from: URL, operation: string): URL => {
    const next = URL.parse(address, from.href);
    // Whoever is asked is shown the credentials.
    if (next?.origin !== base.origin || next.username !== '') {
      throw new SourceError('malformed-reply', operation, { sourceCode: 'other-host-refused', host });
    }
    return next;
  };

  async function ask(operation: string, url: URL): Promise<Reply> {
    let response: Response;
    let bytes: Uint8Array;
    try {
      response = await fetch(url.href, {
        headers: { accept: 'application/json', 'user-agent': place.userAgent, ...place.headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      bytes = await bodyOf(response, operation, host);
    } catch (cause) {
      if (cause instanceof SourceError) throw cause;
      if (!(cause instanceof DOMException) && !(cause instanceof TypeError)) throw cause;
      throw new SourceError('source-unavailable', operation, { cause, sourceCode: networkCode(cause), host });
    }
    const headers = Object.fromEntries([...response.headers].filter(([name]) => keptHeaders.test(name)));
    const { status } = response;
    const seen = { status, headers, host };
    if (status === 401 || status === 403) throw new SourceError('access-denied', operation, { ...seen, sourceCode: `http-${status}` });
    if (status === 429) throw new SourceError('rate-limited', operation, { ...seen, sourceCode: 'http-429' });
    if (status >= 500 || status === 404 || status === 408 || status === 410) {
      throw new SourceError('source-unavailable', operation, { ...seen, sourceCode: `http-${status}` });
    }
    // A redirect would take the credentials along.
    if (status !== 200) throw new SourceError('malformed-reply', operation, { ...seen, sourceCode: `http-${status}` });
    try {
      return { json: exactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), bytes, headers, url };
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof TypeError)) throw cause;
      throw new SourceError('malformed-reply', operation, { ...seen, cause, sourceCode: 'not-json' });
    }
  }

  function addressOf(after: string | undefined): URL {
    const url = below(connected.path ?? '');
    if (paging === undefined || paging.kind === 'link' || paging.kind === 'next') {
      return after === undefined ? url : sameHost(after, url, 'tabular:rows');
    }
    const start = paging.kind === 'page' ? String(paging.first) : paging.kind === 'offset' ? '0' : undefined;
    const value = after ?? start;
    if (value !== undefined) url.searchParams.set(paging.parameter, value);
    return url;
  }

  function nextOf(reply: Reply, rows: number, after: string | undefined): string | null {
    if (paging === undefined) return null;
    if (paging.kind === 'link') {
      const address = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(reply.headers['link'] ?? '')?.[1];
      return address === undefined ? null : sameHost(address, reply.url, 'tabular:rows').href;
    }
    if (paging.kind === 'next' || paging.kind === 'cursor') {
      const value = memberAt(reply.json, paging.field);
      if (value === undefined || value === null || value === '' || value === false) return null;
      if (typeof value !== 'string') throw new SourceError('malformed-reply', 'tabular:rows', { sourceCode: 'next-malformed', host });
      return paging.kind === 'next' ? sameHost(value, reply.url, 'tabular:rows').href : value;
    }
    // A source may hand out fewer than it was asked for: only an empty page is the end.
    if (rows === 0) return null;
    return paging.kind === 'page' ? String(Number(after ?? paging.first) + 1) : String(Number(after ?? 0) + rows);
  }

  return {
    host,
    principal: async () => place.principal,
    async page(after) {
      const reply = await ask('tabular:rows', addressOf(after));
      if (after === undefined) {
        position = 0;
        undeclared = new Set();
        first = reply.json;
        asOf = instantOf(reply.headers['last-modified'] ?? reply.headers['date']);
      }
      const found = list === undefined ? reply.json : memberAt(reply.json, list);
      if (!Array.isArray(found)) throw new SourceError('malformed-reply', 'tabular:rows', { sourceCode: 'list-missing', host });
      const rows = (found as readonly Json[]).map((record, index): RawRow => {
        const line = position + index + 1;
        if (typeof record !== 'object' || record === null || Array.isArray(record)) {
          return { line, broken: { code: 'no-object', expected: 'expected a JSON object' } };
        }
        for (const name of undeclaredIn(table, record as JsonObject)) undeclared.add(name);
        return { line, cells: pickCells(table, record as JsonObject) };
      });
      position += rows.length;
      const { headers, bytes } = reply;
      return { output: { rows, next: nextOf(reply, rows.length, after), missing: [] }, bytes, headers, status: 200 };
    },
    async facts() {
      const output = { asOf, undeclared: [...undeclared].sort(), facts: {} };
      return { output, bytes: bytesOf(output) };
    },
    async total(total): Promise<Answer<{ readonly value: string | null }>> {
      const path = connected.totalPaths[table.totals.indexOf(total)];
      const reply = path === undefined ? undefined : await ask('tabular:total', below(path));
      const value = memberAt(reply?.json ?? first, total.field ?? '');
      const output = { value: typeof value === 'string' ? value : null };
      return { output, bytes: reply?.bytes ?? bytesOf(output), ...(reply === undefined ? {} : { headers: reply.headers }) };
    },
    close: () => {},
  };
}

async function bodyOf(response: Response, operation: string, host: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > largestReply) throw new SourceError('malformed-reply', operation, { sourceCode: 'reply-too-large', host });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function instantOf(text: string | undefined): string | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function networkCode(error: Error): string {
  if (error instanceof DOMException) return error.name;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'fetch-failed';
}
