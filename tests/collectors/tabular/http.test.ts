import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from './read-table.ts';

const secret = 'tok-planted-9f8e7d6c5b4a';
const everybody = Array.from({ length: 25 }, (_, at) => ({
  key: `T-${at + 1}`,
  fields: { by: `p${at}`, amount: 0.1 },
  extra: 'not declared',
}));

type Answer = (request: IncomingMessage, url: URL, response: ServerResponse) => unknown;
let server: Server;
let other: Server;
let base = '';
let elsewhere = '';
let answer: Answer = () => ({});
let asked: { url: string; headers: IncomingMessage['headers'] }[] = [];
let askedElsewhere = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', base);
    asked.push({ url: request.url ?? '', headers: request.headers });
    const body = answer(request, url, response);
    if (!response.writableEnded)
      response.setHeader('content-type', 'application/json').end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  other = createServer((_, response) => {
    askedElsewhere += 1;
    response.end('[]');
  });
  const listening = (one: Server) =>
    new Promise<string>((resolve) => one.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(one.address() as AddressInfo).port}`)));
  [base, elsewhere] = await Promise.all([listening(server), listening(other)]);
});
afterAll(() => {
  server.close();
  other.close();
});

const tickets = {
  name: 'tickets',
  as: 'ticket.change',
  path: 'rest/tickets',
  list: 'issues',
  key: ['ticket'],
  columns: { ticket: { from: 'key' }, author: { from: 'fields.by' }, amount: { from: 'fields.amount', type: 'decimal' } },
};
async function read(answers: Answer, table: object = {}, source: object = {}) {
  answer = answers;
  asked = [];
  askedElsewhere = 0;
  return await readTable(
    { name: 'desk', kind: 'http', url: `${base}/api/`, credentials: { env: 'X' }, ...source, tables: [{ ...tickets, ...table }] },
    { secret },
  );
}
const codes = (of: { gaps: readonly { code?: string | undefined }[] }) => of.gaps.map(({ code }) => code);
const slice = (from: number, size = 10) => everybody.slice(from, from + size);

describe('a list over HTTP', () => {
  const ways: readonly (readonly [string, object, Answer])[] = [
    ['in one answer', {}, () => ({ issues: everybody })],
    [
      'by a link in the header',
      { paging: { kind: 'link' } },
      (_, url, response) => {
        const from = Number(url.searchParams.get('from') ?? 0);
        if (from + 10 < 25) response.setHeader('link', `</first>; rel="first", <${base}/api/rest/tickets?from=${from + 10}>; rel="next"`);
        return { issues: slice(from) };
      },
    ],
    [
      'by an address in the answer',
      { paging: { kind: 'next', field: 'links.next' } },
      (_, url) => {
        const from = Number(url.searchParams.get('from') ?? 0);
        return { issues: slice(from), links: { next: from + 10 < 25 ? `?from=${from + 10}` : null } };
      },
    ],
    [
      'by a cursor',
      { paging: { kind: 'cursor', field: 'meta.cursor', parameter: 'c' } },
      (_, url) => {
        const from = Number(url.searchParams.get('c')?.slice(1) ?? 0);
        return { issues: slice(from), meta: from + 10 < 25 ? { cursor: `c${from + 10}` } : {} };
      },
    ],
    [
      'by numbered pages',
      { paging: { kind: 'page', parameter: 'page' } },
      (_, url) => ({ issues: slice((Number(url.searchParams.get('page')) - 1) * 10) }),
    ],
    // The source hands out seven at a time, whatever it is asked for.
    [
      'by offset',
      { paging: { kind: 'offset', parameter: 'startAt' } },
      (_, url) => ({ issues: slice(Number(url.searchParams.get('startAt')), 7) }),
    ],
  ];

  it.each(ways)('is read to its end %s', async (_, table, answers) => {
    const seen = await read(answers, table);
    expect(codes(seen)).toEqual([]);
    expect(seen.complete).toBe(true);
    expect(seen.resources).toHaveLength(25);
    expect(seen.of('T-25')?.fields).toMatchObject({ ticket: 'T-25', author: 'p24', values: { amount: '0.1' } });
    expect(seen.whole).toMatchObject({ undeclared: ['extra'] });
    for (const { headers } of asked) expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(JSON.stringify(seen.evidence)).not.toContain(secret);
    expect(JSON.stringify(seen.evidence.items)).not.toContain('not declared');
  });

  it.each(ways.slice(1))('that breaks off %s is not complete, and what came before is kept', async (_, table, answers) => {
    let calls = 0;
    const seen = await read((request, url, response) => {
      calls += 1;
      if (calls > 1) response.statusCode = 500;
      return answers(request, url, response);
    }, table);
    expect(seen.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: 'http-500' }]);
    expect(seen.resources.length).toBeGreaterThan(0);
    expect(seen.incomplete).toEqual([{ type: 'ticket.change', reason: 'source-unavailable' }]);
  });

  it('is asked for again where the source was asked too often', async () => {
    let calls = 0;
    const seen = await read((_request, _url, response) => {
      calls += 1;
      if (calls === 1) response.statusCode = 429;
      return { issues: everybody };
    });
    expect(seen.complete).toBe(true);
    expect(seen.evidence.requests.map(({ status }) => status)).toEqual([429, 200, 200]);
  });

  it.each<[string, Answer, object, string, string]>([
    ['a refusal', (_, __, response) => Object.assign(response, { statusCode: 401 }) && {}, {}, 'access-denied', 'http-401'],
    [
      'a redirect',
      (_, __, response) => Object.assign(response.setHeader('location', elsewhere), { statusCode: 302 }) && {},
      {},
      'malformed-reply',
      'http-302',
    ],
    ['no JSON', () => '<html>sign in</html>', {}, 'malformed-reply', 'not-json'],
    ['no list', () => ({ issue: [] }), {}, 'malformed-reply', 'list-missing'],
    ['a list that is none', () => ({ issues: {} }), {}, 'malformed-reply', 'list-missing'],
    [
      'a next page on another host',
      () => ({ issues: slice(0), next: `${elsewhere}/x` }),
      { paging: { kind: 'next', field: 'next' } },
      'malformed-reply',
      'other-host-refused',
    ],
    [
      'a next page that is the same one',
      () => ({ issues: slice(0), next: 'same' }),
      { paging: { kind: 'cursor', field: 'next', parameter: 'c' } },
      'truncated',
      'going-in-circles',
    ],
    [
      'an address that is not there',
      (_, __, response) => Object.assign(response, { statusCode: 404 }) && {},
      {},
      'source-unavailable',
      'http-404',
    ],
  ])('with %s is not complete', async (_, answers, table, reason, code) => {
    const seen = await read(answers, table);
    expect(seen.gaps.map((gap) => [gap.reason, gap.code])).toContainEqual([reason, code]);
    expect(seen.incomplete).toHaveLength(1);
    expect(askedElsewhere).toBe(0);
    expect(JSON.stringify(seen.evidence)).not.toContain(secret);
  });

  it('is held against the number that the source gives, in the same answer or at another address', async () => {
    const within = { totals: [{ field: 'total' }] };
    expect((await read(() => ({ total: 25, issues: everybody }), within)).complete).toBe(true);
    expect(codes(await read(() => ({ total: 26, issues: everybody }), within))).toEqual(['reconciliation']);
    expect(codes(await read(() => ({ issues: everybody }), within))).toEqual(['total-unreadable']);
    const beside = {
      totals: [
        { path: 'rest/count', field: 'n' },
        { sum: 'amount', path: 'rest/sum', field: 's' },
      ],
    };
    const counting =
      (count: number): Answer =>
      (_, url) =>
        url.pathname === '/api/rest/count' ? { n: count } : url.pathname === '/api/rest/sum' ? '{"s":2.50}' : { issues: everybody };
    const agreed = await read(counting(25), beside);
    expect(codes(agreed)).toEqual([]);
    expect(agreed.whole).toMatchObject({
      totals: [{ agrees: true }, { of: 'sum of amount', expected: '2.50', seen: '2.5', agrees: true }],
    });
    expect(codes(await read(counting(24), beside))).toEqual(['reconciliation']);
  });

  it('signs in with a name and password, or with a header of its own', async () => {
    await read(() => ({ issues: everybody }), {}, { user: 'reader' });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`reader:${secret}`).toString('base64')}`);
    const seen = await read(() => ({ issues: everybody }), {}, { header: 'X-Api-Key' });
    expect(asked[0]?.headers['x-api-key']).toBe(secret);
    expect(asked[0]?.headers['user-agent']).toBe('proofline/0.0.0 session/proofline-test');
    expect(JSON.stringify(seen.evidence)).not.toContain(secret);
  });
});
