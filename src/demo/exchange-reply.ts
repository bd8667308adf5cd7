import { hash } from 'node:crypto';
import type { ExchangeReply } from '../model/collector.ts';

const timeText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Dates as an SDK parses them, in a copy of `value`; the company keeps its times as text. */
export function withDates(value: unknown): unknown {
  if (typeof value === 'string') return timeText.test(value) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDates(inner)]));
}

/** A good answer with what a transport adds to it. */
export function answered(
  output: unknown,
  seen: {
    readonly host: string;
    readonly now: string;
    readonly requestIdHeader: string;
    readonly of: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): ExchangeReply {
  const bytes = new TextEncoder().encode(
    JSON.stringify(output, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)),
  );
  return {
    output,
    status: 200,
    headers: {
      date: new Date(seen.now).toUTCString(),
      [seen.requestIdHeader]: requestId(`${seen.now} ${seen.of}`),
      ...seen.headers,
    },
    bytes,
    host: seen.host,
  };
}

export function requestId(of: string): string {
  const hex = hash('sha256', `request ${of}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
