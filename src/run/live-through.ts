import { ProoflineError } from '../model/errors.ts';
import type { Composition } from './composition.ts';
import type { DescribedLife, DescribedStep } from './described-life.ts';
import { type OpenedLog, openLog } from './opened-log.ts';
import { runUnsigned, signAndAnchor } from './run-collection.ts';

export interface LiveThroughOptions {
  /** Where bundles go. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LifeProgress) => void;
}
/** How far it got, for whoever watches. */
export interface LifeProgress {
  /** ISO-8601 UTC: what the described clock shows. */
  readonly at: string;
  readonly done: number;
  readonly of: number;
  readonly collections: number;
  /** What was decided or written; undefined for a collection. */
  readonly said?: string | undefined;
}

/** What a described life came to in this process. */
export interface Lived {
  /** Steps done now, and those an earlier process had done or the log had gone past. */
  readonly done: number;
  readonly before: number;
  readonly collections: number;
  readonly interrupted: boolean;
  readonly log: { readonly size: number };
}

/** A schedule runs it, not whoever started the process. */
const trigger = { name: 'schedule', authentication: 'schedule' } as const;

/**
 * Lives through what is described, from where an earlier process stopped: puts the clock to each step and does it, with the collectors,
 * the sealing and the judging of any other run. The log stays open and is signed and anchored once a day; nothing is repeated.
 * @throws ProoflineError like `runCollection`, and what an act throws
 */
export async function liveThrough(app: Composition, life: DescribedLife, options: LiveThroughOptions): Promise<Lived> {
  const { steps } = life;
  const lived = life.livedThrough();
  const [first] = steps;
  // Before there is a log: it begins when the life does.
  if (first !== undefined && !app.hasStore()) life.setClock(first.at);
  const log = await openLog(app, { relaxed: true });
  const written = latestTimeIn(log);
  if (lived === undefined && first !== undefined && isPast(first.at, written)) {
    await log.close();
    throw new ProoflineError(
      'usage',
      `the log at ${app.configuration.store.data} was begun at ${written}, after what is to be lived through: name another directory with --data`,
    );
  }
  const due = steps.filter(({ at }) => (lived === undefined || at > lived) && !isPast(at, written));
  const before = steps.length - due.length;
  let done = 0;
  let collections = 0;
  const report = (said?: string) =>
    options.onProgress({ at: app.now(), done: before + done, of: steps.length, collections, ...(said === undefined ? {} : { said }) });
  try {
    for (const step of due) {
      if (options.signal.aborted) break;
      life.setClock(step.at);
      collections += await doStep(app, log, step, options, report);
      // Broken off in the middle of a collection: what was not seen is in the log as that, and the next process takes it up again.
      if (options.signal.aborted && step.kind === 'collect') break;
      const next = due[done + 1];
      // Once a described day, as often as somebody else looks.
      if (next === undefined || next.at.slice(0, 10) !== step.at.slice(0, 10)) await signAndAnchor(app, log.store);
      life.markLived(step.at);
      done += 1;
      report();
    }
    return { done, before, collections, interrupted: options.signal.aborted, log: { size: log.store.size() } };
  } finally {
    await log.close();
  }
}

async function doStep(
  app: Composition,
  log: OpenedLog,
  step: DescribedStep,
  options: LiveThroughOptions,
  report: (said: string) => void,
): Promise<number> {
  if (step.kind === 'act') {
    await step.act({ app, log, out: options.out, say: report });
    return 0;
  }
  const run = await runUnsigned(app, {
    log,
    trigger,
    signal: options.signal,
    onProgress: () => {},
    ...(step.collectors === undefined ? {} : { collectors: step.collectors }),
  });
  return run.members.reduce((sum, member) => sum + member.collections, 0);
}

/** Somebody has collected at a later described time: what was to be done before can no longer be, and is a gap like any other. */
function isPast(at: string, written: string | undefined): boolean {
  return written !== undefined && at < written && Date.parse(written) - Date.parse(at) > graceMs;
}
/** A step that was broken off has written a little past its own instant. */
const graceMs = 30 * 60_000;

function latestTimeIn(log: OpenedLog): string | undefined {
  const size = log.store.size();
  const last = size === 0 ? undefined : log.store.entry(size - 1);
  const statement = last === undefined ? undefined : (JSON.parse(new TextDecoder().decode(last.bytes)) as { readonly at?: string });
  return statement?.at;
}
