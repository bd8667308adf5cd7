import type { Logger } from 'pino';
import type { StatementOf } from '../model/statement.ts';
import type { DaemonEvent } from '../run/daemon/daemon-contract.ts';

/** One line per thing that happens: a static sentence, values beside it. Nothing of it comes from a source but counts. */
export function noteDaemon(log: Logger, event: DaemonEvent): void {
  switch (event.kind) {
    case 'started': {
      const { role, run, version, configuration, by } = event.process;
      log.info({ role, run, version, configuration, by }, 'started');
      return;
    }
    case 'sealed':
      noteStatement(log, event);
      return;
    case 'queue':
      noteQueue(log, event.event);
      return;
    case 'turn-started':
      log.info({ job: event.job.id, attempt: event.attempt }, 'turn begins');
      return;
    case 'turn-ended': {
      const { job, attempt, outcome, reason, durationMs } = event;
      const values = { job: job.id, attempt, reason, durationMs: Math.round(durationMs) };
      if (outcome === 'done') log.info(values, 'turn done');
      else if (outcome === 'known') log.info(values, 'turn was known already');
      else log.warn(values, 'attempt failed');
      return;
    }
    case 'turn-deferred':
      log.info({ job: event.job.id, after: event.after }, 'turn waits for others');
      return;
    case 'turn-progress':
      noteProgress(log, event);
      return;
    case 'notifier':
      noteNotifier(log, event.event);
      return;
    case 'clock-moved':
      log.warn({ byMs: event.byMs }, 'clock moved');
      return;
    case 'configuration':
      if (event.outcome === 'reloaded') log.info({ outcome: event.message }, 'configuration read again');
      else log.error({ problems: event.message.split('\n') }, 'configuration is wrong and the former one stays in force');
      return;
    case 'trouble':
      log.error({ during: event.during, reason: event.message }, 'something failed and will be tried again');
      return;
    case 'stopping':
      log.info({ why: event.why, withinMs: event.withinMs, underWay: event.underWay }, 'stopping');
      return;
    case 'stopped':
      log.info({ unfinished: event.unfinished }, 'stopped');
      return;
    case 'counts':
      log.trace({ ...event.counts }, 'jobs');
      return;
  }
}

function noteStatement(log: Logger, { index, statement }: Extract<DaemonEvent, { kind: 'sealed' }>): void {
  switch (statement.kind) {
    case 'schedule-miss': {
      const { schedule, from, to, count, reason, late } = statement;
      log.warn({ entry: index, schedule, from, to, count, reason, late }, 'turns were missed');
      return;
    }
    case 'gap':
      log.warn({ entry: index, subject: statement.subject, reason: statement.reason }, 'gap recorded');
      return;
    case 'lifecycle':
      // Every process follows the same log: of whom it speaks must be said.
      log.info({ entry: index, event: statement.event, of: ofWhom(statement), detail: statement.detail }, 'recorded');
      return;
    case 'config-change':
      log.info({ entry: index, by: statement.actor.name, to: statement.to }, 'configuration change recorded');
      return;
    default:
      log.debug({ entry: index, kind: statement.kind }, 'entry sealed');
  }
}

function ofWhom({ process }: StatementOf<'lifecycle'>): { readonly role: string; readonly run: string } | undefined {
  return process === undefined ? undefined : { role: process.role, run: process.run };
}

function noteQueue(log: Logger, event: Extract<DaemonEvent, { kind: 'queue' }>['event']): void {
  switch (event.kind) {
    case 'retrying':
      log.warn({ job: event.job.id, attempt: event.attempt, reason: event.reason, inMs: event.inMs }, 'turn will be tried again');
      return;
    case 'failed':
      log.error({ job: event.job.id, attempts: event.attempts, reason: event.reason }, 'turn has finally failed');
      return;
    case 'stalled':
      log.warn({ job: event.job.id }, 'its worker is gone and the turn is in line again');
      return;
    case 'unavailable':
      log.error({ reason: event.reason }, 'queue does not answer');
      return;
    case 'available':
      log.info({}, 'queue answers again');
      return;
    case 'emptied':
      log.warn({}, 'queue has forgotten what was in line');
      return;
    default:
      log.debug({ job: event.job.id }, event.kind === 'started' ? 'job taken' : 'job done');
  }
}

function noteProgress(log: Logger, { job, progress }: Extract<DaemonEvent, { kind: 'turn-progress' }>): void {
  switch (progress.kind) {
    case 'collected': {
      const { collector, scope, items, changed, completeness } = progress;
      if (completeness.kind === 'complete') log.debug({ job: job.id, collector, scope, items, changed }, 'collected');
      else log.warn({ job: job.id, collector, scope, items, reasons: completeness.reasons }, 'collection incomplete');
      return;
    }
    case 'unreachable':
      log.warn({ job: job.id, source: progress.source, reason: progress.reason }, 'source could not be read');
      return;
    case 'forgotten':
      log.warn(
        { job: job.id, collector: progress.collector, scope: progress.scope, from: progress.from, to: progress.to },
        'record forgotten by its source',
      );
      return;
    case 'evaluated':
      log.info({ job: job.id, source: progress.source, results: progress.results, judged: progress.judged }, 'judged');
      return;
    case 'anchor-failed':
      log.warn({ anchor: progress.anchor }, 'anchor failed');
      return;
    case 'anchored':
      log.info({ anchor: progress.anchor, at: progress.at }, 'anchored');
      return;
    default:
  }
}

function noteNotifier(log: Logger, event: Extract<DaemonEvent, { kind: 'notifier' }>['event']): void {
  switch (event.kind) {
    case 'attempt': {
      const { channel, message, attempt, outcome, reason } = event;
      if (outcome === 'delivered') log.info({ channel, message, attempt }, 'message delivered');
      else log.warn({ channel, message, attempt, outcome, reason }, 'message not delivered');
      return;
    }
    case 'standing-by':
      log.info({ heldBy: event.heldBy }, 'another process notifies');
      return;
    case 'warning':
      log.warn({ warning: event.message }, 'notifying needs attention');
      return;
    default:
      log.debug({ event: event.kind }, 'notifier');
  }
}
