import { expect, test } from 'vitest';
import { ProoflineError } from '../../../src/model/errors.ts';
import { startWorker } from '../../../src/run/daemon/start-daemon.ts';
import { Toys } from '../toy-source.ts';
import { lifeOf, ofKind, startToyDaemon, statementsOf, turnsOf } from './toy-daemon.ts';

const minute = 60_000;
const everyHour = {
  schedules: {
    zone: 'UTC',
    jitter: 'PT0M',
    defaults: false,
    entries: [{ name: 'hourly', cron: '0 * * * *' }],
    anchors: { cron: '17 * * * *' },
  },
} satisfies Toys['settings'];

test('a configuration that is wrong is told whole, recorded once for whoever asks, and the former one stays', async () => {
  const toys = new Toys();
  let wrong = true;
  const { daemon, idle, events } = await startToyDaemon(toys, {
    reload: async () => {
      if (!wrong) return toys.composition();
      throw new ProoflineError('configuration', 'proofline.yaml: 2 problems', {
        problems: [
          { file: 'proofline.yaml', line: 3, path: 'serve.listen', message: 'expected host:port' },
          { file: 'proofline.yaml', line: 9, path: 'bogus', message: 'unknown key' },
        ],
      });
    },
  });
  await idle();
  const before = daemon.app();
  await daemon.reload('SIGHUP');
  expect(daemon.app()).toBe(before);
  const refused = events.find((event) => event.kind === 'configuration');
  expect(refused).toMatchObject({
    outcome: 'refused',
    app: null,
    message: 'proofline.yaml: 2 problems\nproofline.yaml:3: serve.listen: expected host:port\nproofline.yaml:9: bogus: unknown key',
  });
  wrong = false;
  await daemon.reload('SIGHUP');
  await daemon.stop('done');
  const statements = await statementsOf(toys);
  expect(lifeOf(statements)).toEqual(['started', 'configuration-refused', 'reloaded', 'stopped']);
  expect(ofKind(statements, 'lifecycle')[1]?.detail).toContain('serve.listen: expected host:port');
});

test('a file of duties, reviews, examinations or documents that is wrong leaves the former in force and says every problem', async () => {
  const toys = new Toys();
  let wrong = true;
  const { daemon, idle, events } = await startToyDaemon(toys, {
    reload: async () => {
      const next = toys.composition();
      const entitySettings = async () => {
        const problems = [{ file: 'sod.yaml', line: 4, path: 'rulez', message: 'unknown key' }];
        throw new ProoflineError('configuration', 'the separation of duties has 1 problem', { problems });
      };
      return wrong ? { ...next, entitySettings } : next;
    },
  });
  await idle();
  const before = daemon.app();
  await daemon.reload('SIGHUP');
  expect(daemon.app()).toBe(before);
  const message = 'the separation of duties has 1 problem\nsod.yaml:4: rulez: unknown key';
  expect(events.find((event) => event.kind === 'configuration')).toMatchObject({ outcome: 'refused', app: null, message });
  wrong = false;
  await daemon.reload('SIGHUP');
  await daemon.stop('done');
  expect(lifeOf(await statementsOf(toys))).toEqual(['started', 'configuration-refused', 'reloaded', 'stopped']);
});

test('an address to listen at that was changed is said to hold from the next start on', async () => {
  const toys = new Toys();
  const { daemon, idle, events } = await startToyDaemon(toys);
  await idle();
  toys.settings = { serve: { listen: '127.0.0.1:9999', stopWithin: 'PT1M' } };
  await daemon.reload('SIGHUP');
  await daemon.reload('SIGHUP');
  await daemon.stop('done');
  expect(events.flatMap((event) => (event.kind === 'configuration' ? [event.message] : []))).toEqual([
    'the configuration was changed; it listens at another address from its next start on (serve.listen)',
    'the configuration is the same; the files it names were read again',
  ]);
  expect(ofKind(await statementsOf(toys), 'lifecycle')[1]?.detail).toContain('from its next start on');
});

test('a good one is recorded with whose the file is, and its schedules are kept from then on', async () => {
  const toys = new Toys();
  const { daemon, idle, events } = await startToyDaemon(toys);
  await idle();
  toys.settings = everyHour;
  await daemon.reload('SIGHUP');
  expect(events.filter((event) => event.kind === 'configuration')).toMatchObject([
    { outcome: 'reloaded', message: 'the configuration was changed' },
  ]);
  await idle();
  toys.time += 130 * minute;
  await daemon.look();
  await idle();
  await daemon.stop('done');
  const statements = await statementsOf(toys);
  const [change] = ofKind(statements, 'config-change');
  expect(change?.actor.authentication).toBe('none');
  expect(change?.actor.name).not.toBe('schedule');
  expect(ofKind(statements, 'lifecycle').find(({ event }) => event === 'reloaded')?.process?.configuration).toBe(change?.to);
  // What was not yet said when it should have been done is not missed.
  expect(turnsOf(statements).filter((turn) => turn.startsWith('toys/hourly')).length).toBeGreaterThan(0);
  expect(ofKind(statements, 'schedule-miss').every(({ count }) => count <= 2)).toBe(true);
});

test('a configuration that was changed while nothing ran is recorded at the next start', async () => {
  const toys = new Toys();
  const first = await startToyDaemon(toys);
  await first.idle();
  await first.daemon.stop('away');
  toys.settings = everyHour;
  const next = await startToyDaemon(toys);
  await next.idle();
  await next.daemon.stop('done');
  const statements = await statementsOf(toys);
  const started = statements.findLastIndex((statement) => statement.kind === 'lifecycle' && statement.event === 'started');
  const changed = statements.findIndex(({ kind }) => kind === 'config-change');
  expect(changed).toBeGreaterThan(started);
  expect(statements[changed]).toMatchObject({ actor: { authentication: 'none' } });
});

test('another directory for the log is nothing that can be changed under a process', async () => {
  const toys = new Toys();
  const { daemon } = await startToyDaemon(toys, { reload: async () => new Toys().composition() });
  await daemon.reload('SIGHUP');
  await daemon.stop('done');
  expect(ofKind(await statementsOf(toys), 'lifecycle').find(({ event }) => event === 'configuration-refused')?.detail).toContain(
    'stop it and start it again',
  );
});

test('a worker without Redis is told why there is nothing for it', async () => {
  const toys = new Toys();
  const app = toys.composition();
  await expect(startWorker(app, { reload: async () => app, onEvent: () => {} })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('without it jobs lie in the daemon itself'),
  });
});
