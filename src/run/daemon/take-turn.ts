import { configuredSources } from '../../config/configured-sources.ts';
import type { TurnJob } from '../../model/schedule.ts';
import { type JobContext, JobRefused } from '../../schedule/contract.ts';
import type { Composition } from '../composition.ts';
import { formerPlan } from '../former-plan.ts';
import { leaseNames } from '../lease-names.ts';
import type { OpenedLog } from '../opened-log.ts';
import type { CollectProgress } from '../progress.ts';
import { runUnsigned, signAndAnchor } from '../run-collection.ts';
import { withinLease } from '../within-lease.ts';
import { settleEarlier } from './settle-earlier.ts';
import { type TurnStanding, turnStanding } from './turn-standing.ts';

export interface TurnContext extends JobContext {
  readonly onProgress: (progress: CollectProgress) => void;
}

/** What came of a job: it was done now, or the log had said before what became of it, and nothing was done. */
export type TurnTaken =
  | { readonly kind: 'done' }
  | { readonly kind: 'known'; readonly as: Exclude<TurnStanding['kind'], 'open' | 'partial'> | 'not-scheduled' };

/** Longer than a lease of a process that was killed elsewhere lasts. */
const leaseWaitMs = 75_000;

/**
 * Takes a turn of a schedule, or does what somebody asked for now: collects, judges and signs, or shows the head of the log to the anchors.
 * What the log knows of already is not done again, however often its job is delivered; of a turn that was broken off between two accounts
 * only what is missing is done. Collections that saw less than all are evidence of just that, and no reason to try again.
 * @throws TurnFailed when a source cannot be entered or every anchor failed; JobRefused when trying again would not help; ProoflineError
 * `store-busy` while another process does the same; whatever collecting throws.
 */
export async function takeTurn(app: Composition, log: OpenedLog, job: TurnJob, context: TurnContext): Promise<TurnTaken> {
  const { turn } = job;
  const wait = { waitMs: leaseWaitMs, signal: context.signal };
  return await withinLease(log.store, leaseNames.turn(turn?.schedule ?? job.id), wait, async () => {
    if (turn === null) {
      await doJob(app, log, job, context, new Set());
      return { kind: 'done' };
    }
    const schedule = (await app.schedules()).find(({ id }) => id === turn.schedule);
    if (schedule === undefined) return { kind: 'known', as: 'not-scheduled' };
    const standing = turnStanding(log.store, turn, app.now());
    if (standing.kind !== 'open' && standing.kind !== 'partial') return { kind: 'known', as: standing.kind };
    await settleEarlier(log, schedule, turn, app.now());
    await doJob(app, log, job, context, standing.kind === 'partial' ? standing.judged : new Set());
    return { kind: 'done' };
  });
}

/** An attempt came to nothing; another may not. */
export class TurnFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TurnFailed';
  }
}

async function doJob(app: Composition, log: OpenedLog, job: TurnJob, context: TurnContext, without: ReadonlySet<string>): Promise<void> {
  if (job.kind === 'anchor') await anchorTurn(app, log, job, context);
  else await collectTurn(app, log, job, context, without);
  context.signal.throwIfAborted();
}

async function collectTurn(
  app: Composition,
  log: OpenedLog,
  job: TurnJob,
  context: TurnContext,
  without: ReadonlySet<string>,
): Promise<void> {
  const { source } = job;
  if (source === null || !configuredSources(app.configuration).some(({ name }) => name === source)) {
    throw new JobRefused(`no source "${source ?? ''}" is configured`);
  }
  const run = await runUnsigned(app, {
    log,
    sources: [source],
    // Judged by a part of what there is to see, a source that was never seen would have no evidence of the rest, turn by turn.
    collectors: job.collectors === null || isNew(log, source) ? undefined : job.collectors,
    trigger: job.trigger,
    onProgress: context.onProgress,
    signal: context.signal,
    waitMs: leaseWaitMs,
    without,
    ...(job.turn === null ? {} : { turn: job.turn }),
  });
  const [unreachable] = run.unreachable;
  if (unreachable !== undefined) throw new TurnFailed(`source "${source}" cannot be entered: ${unreachable.message}`);
  if (run.members.length === 0 && without.size === 0 && !run.interrupted) {
    throw new TurnFailed(`source "${source}" names no account or organisation`);
  }
  await log.store.checkpoint();
}

/** Nothing of it was ever judged. */
function isNew({ store }: OpenedLog, source: string): boolean {
  const members = formerPlan(store)?.sources.find(({ name }) => name === source)?.members ?? [];
  return members.every((member) => store.latestEvaluation(member) === undefined);
}

async function anchorTurn(app: Composition, { store }: OpenedLog, job: TurnJob, { onProgress }: TurnContext): Promise<void> {
  const anchors = await signAndAnchor(app, store, job.turn ?? undefined);
  if (anchors.length === 0) throw new JobRefused('no anchor is configured');
  for (const anchored of anchors) {
    onProgress(
      anchored.kind === 'anchored'
        ? { kind: 'anchored', anchor: anchored.anchor, at: anchored.receiptTime }
        : { kind: 'anchor-failed', anchor: anchored.anchor, message: anchored.message },
    );
  }
  // One that failed is a gap of its own; where all did, there is nothing that the turn could be known by.
  const failed = anchors.flatMap((anchored) => (anchored.kind === 'failed' ? [`${anchored.anchor}: ${anchored.message}`] : []));
  if (failed.length === anchors.length) throw new TurnFailed(failed.join('; '));
}
