import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { describeLiveness } from '../../src/http/describe-liveness.ts';
import { describeReadiness } from '../../src/http/describe-readiness.ts';
import { type HttpOptions, type HttpServer, serveHttp } from '../../src/http/serve-http.ts';
import type { DaemonHealth } from '../../src/run/daemon/health.ts';
import { createMetrics } from '../../src/run/daemon/metrics.ts';
import { parseExposition } from './parse-exposition.ts';

const well: DaemonHealth = {
  role: 'serve',
  version: '1.2.3',
  startedAt: '2026-03-01T00:00:00.000Z',
  stopping: false,
  loop: { sinceMs: 200, everyMs: 1000 },
  log: { open: true, writable: true, entries: 12 },
  queue: { kind: 'redis', reachable: true, counts: { waiting: 0, active: 0, delayed: 0, failed: 0 } },
  late: [],
};

describe('the server of the daemon', () => {
  let server: HttpServer | undefined;
  let health: DaemonHealth | undefined = well;
  const errors: unknown[] = [];
  const open = async (of: Partial<HttpOptions> = {}) => {
    const metrics = createMetrics({ version: '1.2.3', now: () => '2026-03-01T12:00:00.000Z', health: () => health, process: false });
    server = await serveHttp({
      listen: '127.0.0.1:0',
      version: '1.2.3',
      health: () => health,
      metrics,
      onError: (error) => errors.push(error),
      ...of,
    });
    return server.url;
  };
  const get = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  };
  afterEach(async () => {
    await server?.close();
    server = undefined;
    health = well;
    errors.length = 0;
  });

  it('says that it lives while its loop comes round', async () => {
    const url = await open();
    const alive = await get(`${url}/healthz`);
    expect(alive.status).toBe(200);
    expect(alive.body).toEqual({ alive: true, version: '1.2.3', startedAt: '2026-03-01T00:00:00.000Z', loopSeconds: 0 });
    expect(alive.headers.get('cache-control')).toBe('no-store');
    health = { ...well, loop: { sinceMs: 121_000, everyMs: 1000 } };
    expect(await get(`${url}/healthz`)).toMatchObject({ status: 503, body: { alive: false, loopSeconds: 121 } });
    // A source, Redis or the disk that does not answer is no reason to be started again.
    health = { ...well, log: { open: false, writable: true, entries: 0 }, queue: { kind: 'redis', reachable: false, counts: null } };
    expect((await get(`${url}/healthz`)).status).toBe(200);
  });

  it('bears with a loop that is meant to be slow', () => {
    expect(describeLiveness('1', { ...well, loop: { sinceMs: 290_000, everyMs: 30_000 } }).alive).toBe(true);
    expect(describeLiveness('1', { ...well, loop: { sinceMs: 310_000, everyMs: 30_000 } }).alive).toBe(false);
  });

  it('says that it is ready, and else everything that is in the way', async () => {
    const url = await open();
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 200, body: { ready: true, reasons: [], entries: 12 } });
    health = {
      ...well,
      stopping: true,
      log: { open: false, writable: true, entries: 12 },
      queue: { kind: 'redis', reachable: false, counts: null },
      late: [{ schedule: 'production/critical', due: '2026-03-01T00:00:00.000Z', lateMs: 30_000_000, limitMs: 28_800_000 }],
    };
    const unready = await get(`${url}/readyz`);
    expect(unready.status).toBe(503);
    expect(unready.body).toEqual({
      ready: false,
      reasons: [
        { code: 'stopping' },
        { code: 'log-not-open' },
        { code: 'queue-unreachable' },
        {
          code: 'schedule-late',
          schedule: 'production/critical',
          due: '2026-03-01T00:00:00.000Z',
          lateSeconds: 30_000,
          limitSeconds: 28_800,
        },
      ],
      queue: { kind: 'redis', reachable: false, counts: null },
      entries: 12,
    });
    health = undefined;
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 503, body: { reasons: [{ code: 'starting' }] } });
    expect((await get(`${url}/healthz`)).status).toBe(200);
  });

  it('gives one reason where there is one', () => {
    const codes = (of: Partial<DaemonHealth>) => describeReadiness({ ...well, ...of }).reasons.map(({ code }) => code);
    expect(codes({})).toEqual([]);
    expect(codes({ stopping: true })).toEqual(['stopping']);
    expect(codes({ log: { open: false, writable: true, entries: 0 } })).toEqual(['log-not-open']);
    expect(codes({ log: { open: true, writable: false, entries: 12 } })).toEqual(['log-not-writable']);
    expect(codes({ queue: { kind: 'redis', reachable: false, counts: null } })).toEqual(['queue-unreachable']);
  });

  it('is scraped as Prometheus scrapes', async () => {
    const url = await open();
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseExposition(await response.text());
    expect(families.get('proofline_log_entries')?.samples).toEqual([{ name: 'proofline_log_entries', labels: {}, value: 12 }]);
    expect(families.get('proofline_build_info')?.samples[0]?.labels).toEqual({ version: '1.2.3', node: process.versions.node });
  });

  it('shows nobody what went wrong inside', async () => {
    const broken = new Error('redis://user:hunter2@10.0.0.1 said no');
    const url = await open({ metrics: { contentType: 'text/plain', text: () => Promise.reject(broken) } });
    const { status, body } = await get(`${url}/metrics`);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(errors).toEqual([broken]);
    expect(await get(`${url}/nothing`)).toMatchObject({ status: 404, body: { error: 'there are /healthz, /readyz and /metrics' } });
    expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x'.repeat(4096) })).status).toBe(413);
    expect(errors).toHaveLength(1);
  });

  it('says which address is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(open({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
      name: 'ProoflineError',
      code: 'configuration',
      message: expect.stringMatching(new RegExp(`^serve\\.listen: 127\\.0\\.0\\.1:${port} is taken by another program`)),
    });
    other.close();
    await expect(open({ listen: '192.0.2.1:9464' })).rejects.toMatchObject({
      code: 'configuration',
      message: 'serve.listen: 192.0.2.1:9464 is no address of this machine',
    });
  });

  it('listens on IPv6 addresses too', async () => {
    expect(await open({ listen: '[::1]:0' })).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  it('closes while a scraper keeps its connection, and lets what is under way end', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const text = () => {
      asked.resolve();
      return answer.promise;
    };
    const url = await open({ metrics: { contentType: 'text/plain', text } });
    const { port } = new URL(url);
    const idle = connect(Number(port), '127.0.0.1');
    idle.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(idle, 'data');
    const underWay = fetch(`${url}/metrics`);
    await asked.promise;
    const closed = server?.close();
    answer.resolve('late 1\n');
    expect(await (await underWay).text()).toBe('late 1\n');
    await closed;
    await once(idle, 'close');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    server = undefined;
  });
});
