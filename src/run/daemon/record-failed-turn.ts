import type { TurnJob } from '../../model/schedule.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import type { Composition } from '../composition.ts';
import { evaluateMember, readMember } from '../evaluate-members.ts';
import { knownMembers } from '../known-members.ts';
import { leaseNames } from '../lease-names.ts';
import type { OpenedLog } from '../opened-log.ts';
import { preparePlan } from '../prepare-plan.ts';
import { withinLease } from '../within-lease.ts';
import { failedTurn, settleEarlier } from './settle-earlier.ts';
import { turnStanding } from './turn-standing.ts';

/** A job of which no further attempt will be made. */
export interface FailedJob {
  readonly job: TurnJob;
  readonly attempts: number;
  readonly reason: string;
}

const leaseWaitMs = 75_000;

/**
 * Records, once, that a turn or a run that was asked for has finally failed; and judges what is known of its source by what is sealed of it:
 * what has become stale meanwhile is no evidence from now on, and the log says so.
 * @returns whether the log did not know it yet
 */
export async function recordFailedTurn(app: Composition, log: OpenedLog, failed: FailedJob): Promise<boolean> {
  const { job, attempts, reason } = failed;
  const { turn } = job;
  const recorded = await withinLease(log.store, leaseNames.turn(turn?.schedule ?? job.id), { waitMs: leaseWaitMs }, async () => {
    if (turn === null) {
      const subject = `run ${job.id}${job.source === null ? '' : ` of ${job.source}`}`;
      if (hasGap(log, subject)) return false;
      const of = { kind: 'turn', name: job.source ?? job.kind } as const;
      await log.store.append<'gap'>({ kind: 'gap', subject, reason, from: app.now(), to: null, of, attempts });
      return true;
    }
    const { kind } = turnStanding(log.store, turn, app.now());
    if (kind !== 'open' && kind !== 'partial') return false;
    const schedule = (await app.schedules()).find(({ id }) => id === turn.schedule);
    if (schedule !== undefined) await settleEarlier(log, schedule, turn, app.now());
    await log.store.append<'gap'>(failedTurn(turn, attempts, reason));
    return true;
  });
  if (!recorded) return false;
  if (job.source !== null) await judgeAsItIs(app, log, job.source);
  await log.store.checkpoint();
  return true;
}

/** Judges the accounts or organisations of a source by their latest collections, without asking it anything. */
async function judgeAsItIs(app: Composition, { store, collections, verdicts }: OpenedLog, source: string): Promise<void> {
  const [registries, scope, { checks }] = await Promise.all([app.registries(), app.scope(), preparePlan(app)]);
  const plan = store.latest('plan')?.index;
  if (plan === undefined) return;
  const known = await knownMembers(app, store, registries, collections, ({ name }) => name === source);
  for (const { member, regions } of known) {
    if (store.latestEvaluation(member.id) === undefined) continue;
    await withinLease(store, leaseNames.judging(member.id), { waitMs: leaseWaitMs }, () =>
      evaluateMember(readMember(store, registries, { member, regions, unlisted: [] }, collections), {
        store,
        registries,
        checks,
        scope,
        plan,
        now: app.now(),
        staleAfterMs: app.configuration.collect.staleAfterHours * 3_600_000,
        cache: verdicts,
      }),
    );
  }
}

/** Of the last ones: it is told while its job is known to the queue, which forgets as well. */
function hasGap({ store }: OpenedLog, subject: string): boolean {
  return store
    .indexesOf('gap')
    .slice(-lastGaps)
    .some((index) => {
      const entry = store.entry(index);
      const gap = entry === undefined ? undefined : (parseCanonical(entry.bytes) as { readonly subject?: string });
      return gap?.subject === subject;
    });
}
const lastGaps = 2000;
