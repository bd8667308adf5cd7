import { ProoflineError } from '../../model/errors.ts';
import type { Composition } from '../composition.ts';
import { leaseNames } from '../lease-names.ts';
import { openLog } from '../opened-log.ts';
import type { Daemon, DaemonOptions } from './daemon-contract.ts';
import { describeProcess } from './process-life.ts';
import { RunningProcess } from './running-process.ts';

const leaseMs = 60_000;

/**
 * Collects by schedule until it is told to stop; one per data directory. Records its own life, what was missed, and turns that failed.
 * @throws ProoflineError `store-busy` with who has it, when another daemon works on this log; `configuration`, `store-*`, `key-*`
 */
export async function startDaemon(app: Composition, options: DaemonOptions): Promise<Daemon> {
  // What configuration can get wrong is found before anything is written.
  await Promise.all([app.schedules(), app.entitySettings()]);
  const log = await openLog(app);
  const process = describeProcess(app, 'serve', app.newId());
  try {
    const taken = log.state.leases.acquire(leaseNames.daemon, process.run, leaseMs, 0);
    if ('heldBy' in taken) {
      throw new ProoflineError('store-busy', `another daemon works on the log at ${app.configuration.store.data}: ${taken.heldBy}`);
    }
  } catch (error) {
    await log.close();
    throw error;
  }
  return await beginOrGiveBack(app, log, process, options);
}

/** Takes jobs that lie in Redis; keeps no schedules and tells nobody. @throws ProoflineError `usage` where jobs lie in the daemon itself */
export async function startWorker(app: Composition, options: DaemonOptions): Promise<Daemon> {
  if (app.configuration.queue?.redis === undefined) {
    throw new ProoflineError(
      'usage',
      'a worker takes jobs from Redis, and none is configured (queue.redis): without it jobs lie in the daemon itself, which takes them all',
    );
  }
  await app.schedules();
  return await beginOrGiveBack(app, await openLog(app), describeProcess(app, 'worker', app.newId()), options);
}

async function beginOrGiveBack(
  app: Composition,
  log: Awaited<ReturnType<typeof openLog>>,
  process: ReturnType<typeof describeProcess>,
  options: DaemonOptions,
): Promise<Daemon> {
  let running: RunningProcess | undefined;
  try {
    running = new RunningProcess(app, { role: process.role, log, queue: await app.openQueue(), process }, options);
    await running.begin();
    return running;
  } catch (error) {
    if (running === undefined) {
      log.state.leases.release(leaseNames.daemon, process.run);
      await log.close();
    } else {
      await running.stop('it could not begin');
    }
    throw error;
  }
}
