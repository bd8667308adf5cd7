import { describe, expect, it } from 'vitest';
import type { Standing } from '../../../src/run/daemon/figures/show-standing.ts';
import { keepStanding } from '../../../src/run/daemon/keep-standing.ts';
import { readStanding } from '../../../src/run/daemon/read-standing.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { Toys } from '../toy-source.ts';

const nothing: Standing = { at: '2026-03-01T00:00:00.000Z', results: [], resources: [], controls: [], anchors: [] };

describe('what stands, beside the scrapes', () => {
  const kept = () => {
    const seen = { time: 0, entries: 5, reads: 0, shown: 0, failed: 0, errors: [] as unknown[] };
    let read = async () => nothing;
    const standing = keepStanding({
      read: () => {
        seen.reads += 1;
        return read();
      },
      entries: () => seen.entries,
      metrics: {
        standing() {
          seen.shown += 1;
        },
        standingFailed() {
          seen.failed += 1;
        },
      },
      monotonic: () => seen.time,
      onError: (error) => seen.errors.push(error),
    });
    const look = async (time: number) => {
      seen.time = time;
      standing.look();
      await standing.settled();
    };
    const reading = (next: typeof read) => {
      read = next;
    };
    return { seen, look, standing, reading };
  };

  it('is worked out at once, then when the log grew, at most once a minute', async () => {
    const { seen, look } = kept();
    await look(0);
    expect(seen).toMatchObject({ reads: 1, shown: 1 });
    seen.entries = 6;
    await look(59_999);
    expect(seen.reads).toBe(1);
    await look(60_000);
    expect(seen.reads).toBe(2);
  });

  it('is worked out by time alone too: evidence grows stale in a log that does not grow', async () => {
    const { seen, look } = kept();
    await look(0);
    await look(599_999);
    expect(seen.reads).toBe(1);
    await look(600_000);
    expect(seen.reads).toBe(2);
  });

  it('is never worked out twice at once', async () => {
    const { seen, standing, reading } = kept();
    const slow = Promise.withResolvers<Standing>();
    reading(() => slow.promise);
    standing.look();
    seen.time = 10_000_000;
    standing.look();
    expect(seen.reads).toBe(1);
    slow.resolve(nothing);
    await standing.settled();
    standing.look();
    expect(seen.reads).toBe(2);
  });

  it('says that it failed, and is tried again', async () => {
    const { seen, look, reading } = kept();
    const busy = new Error('busy');
    reading(() => Promise.reject(busy));
    await look(0);
    expect(seen).toMatchObject({ shown: 0, failed: 1, errors: [busy] });
    reading(async () => nothing);
    seen.entries += 1;
    await look(60_000);
    expect(seen).toMatchObject({ shown: 1, failed: 1 });
  });

  it('is what `status` says', async () => {
    const toys = new Toys();
    const app = toys.composition();
    await runCollection(app, {
      trigger: { name: 'somebody', authentication: 'none' },
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    const { results, resources, anchors } = await readStanding(app);
    // One door of two is open; the lamps of both regions are lit.
    expect(results.map(({ severity, counts: { pass, fail } }) => ({ severity, pass, fail }))).toEqual([
      { severity: 'high', pass: 1, fail: 1 },
      { severity: 'high', pass: 2, fail: 0 },
    ]);
    expect(resources).toEqual([{ source: 'toy:1', count: 6 }]);
    expect(anchors).toEqual([]);
  });
});
