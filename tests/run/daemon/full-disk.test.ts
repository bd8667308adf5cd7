import { expect, test } from 'vitest';
import { describeReadiness } from '../../../src/http/describe-readiness.ts';
import { ProoflineError } from '../../../src/model/errors.ts';
import { Toys } from '../toy-source.ts';
import { startToyDaemon } from './toy-daemon.ts';

test('a daemon that cannot write in its data directory is not ready, until it can again', async () => {
  const toys = new Toys();
  const disk = { full: false };
  const { openState } = toys.composition();
  const { daemon, events, idle } = await startToyDaemon(toys, {
    app: {
      openState(options) {
        const state = openState(options);
        const { values } = state;
        const set: typeof values.set = (key, value) => {
          if (disk.full) throw new ProoflineError('disk-full', 'no space left');
          values.set(key, value);
        };
        return { ...state, values: { ...values, set } };
      },
    },
  });
  const codes = () => describeReadiness(daemon.health()).reasons.map(({ code }) => code);
  try {
    await daemon.look();
    await idle();
    expect(codes()).toEqual([]);
    disk.full = true;
    await daemon.look();
    expect(codes()).toEqual(['log-not-writable']);
    expect(events.filter(({ kind }) => kind === 'trouble')).toMatchObject([{ message: expect.stringContaining('no space left') }]);
    disk.full = false;
    await daemon.look();
    expect(codes()).toEqual([]);
  } finally {
    disk.full = false;
    await daemon.stop('the test ends');
    await daemon.ended;
  }
});
