import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from '../../src/keys/key-files.ts';
import { createStore, openStore } from '../../src/store/embedded.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { origin, owner, type Place, place } from './fixtures.ts';

/** How often a writer is killed. */
const kills = process.env['CI'] ? 200 : 40;

const child = fileURLToPath(new URL('children/append-loop.ts', import.meta.url));
const clock = { now: () => new Date().toISOString(), newId: () => crypto.randomUUID() };

let at: Place;
let running: ChildProcess[];
beforeEach(() => {
  at = place();
  running = [];
});
afterEach(() => {
  for (const one of running) one.kill('SIGKILL');
  at.remove();
});

function start(name: string, count?: number): { process: ChildProcess; durable: () => number; errors: () => string } {
  const started = spawn(process.execPath, [child, at.dataDir, at.keysDir, name, ...(count === undefined ? [] : [String(count)])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(started);
  let output = '';
  let errors = '';
  started.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  started.stderr.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  return {
    process: started,
    // The last line may be cut off by the kill.
    durable: () => Math.max(0, ...output.split('\n').slice(0, -1).map(Number)),
    errors: () => errors,
  };
}

async function failures(): Promise<unknown[]> {
  const store = await openStore({ dataDir: at.dataDir, keys: createdKeys(), ...clock });
  try {
    await store.checkpoint();
    return (await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL');
  } finally {
    await store.close();
  }
}
let createdKeys: () => ReturnType<typeof createKeys>;

async function begin(): Promise<void> {
  const keys = createKeys(at.keysDir, owner);
  createdKeys = () => keys;
  const store = await createStore({ dataDir: at.dataDir, keys, ...owner, origin, ...clock });
  await store.close();
}

describe('two processes on one store', () => {
  it('append to one log, one after the other', async () => {
    await begin();
    const writers = [start('one', 200), start('two', 200)];
    const codes = await Promise.all(writers.map(async ({ process: of }) => (await once(of, 'exit'))[0] as number));
    expect(writers.map(({ errors }) => errors()).join('')).toBe('');
    expect(codes).toEqual([0, 0]);
    const store = await openStore({ dataDir: at.dataDir, keys: createdKeys(), ...clock });
    const statements = [...store.entries()].map(
      ({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as { kind: string; event?: string; collector?: string },
    );
    // Every fourth turn of a writer is a checkpoint, which is no entry.
    expect(statements).toHaveLength(1 + 2 * 150);
    for (const name of ['one', 'two']) {
      expect(statements.filter(({ event }) => event === name)).toHaveLength(50);
      expect(statements.filter(({ collector }) => collector === `aws/${name}`)).toHaveLength(100);
      expect(store.items(`aws/${name}`, 'aws:111122223333')).toHaveLength(5);
    }
    await store.close();
    expect(await failures()).toEqual([]);
  });
});

describe('a writer that is killed', () => {
  it(`${kills} times at any moment, never loses what it said was durable, never leaves half a statement`, {
    timeout: 900_000,
  }, async () => {
    await begin();
    const keys = createdKeys();
    // The next writer starts while the one before is looked at: starting is most of the time.
    let next = start('loop');
    let seed = 12_345;
    for (let n = 0; n < kills; n++) {
      const writer = next;
      while (writer.durable() === 0 && writer.process.exitCode === null) await pause(2);
      expect(writer.errors()).toBe('');
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      await pause((seed % 1000) / 25);
      const exit = once(writer.process, 'exit');
      writer.process.kill('SIGKILL');
      await exit;
      next = start('loop');
      const store = await openStore({ dataDir: at.dataDir, keys, ...clock });
      expect(store.size()).toBeGreaterThanOrEqual(writer.durable());
      expect(store.warnings).toEqual([]);
      // Every item that the log commits to opens.
      expect(store.items('aws/loop', 'aws:111122223333').length).toBe(store.latest('collection') === undefined ? 0 : 5);
      await store.close();
      if (n % 20 === 19) expect(await failures()).toEqual([]);
    }
    next.process.kill('SIGKILL');
    await once(next.process, 'exit');
    expect(await failures()).toEqual([]);
  });
});
