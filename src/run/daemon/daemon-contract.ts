import type { TurnJob } from '../../model/schedule.ts';
import type { Statement, StatementOf } from '../../model/statement.ts';
import type { QueueCounts, QueueEvent } from '../../schedule/contract.ts';
import type { Composition } from '../composition.ts';
import type { NotifierEvent } from '../notify/notifier-contract.ts';
import type { CollectProgress } from '../progress.ts';
import type { DaemonHealth } from './health.ts';

/** Which process it is and what it runs with, as its records in the log say it. */
export type DaemonProcess = NonNullable<StatementOf<'lifecycle'>['process']>;

/** What a daemon or a worker does, for metrics and for its own log. Carries names, counts and times; never what a source said. */
export type DaemonEvent =
  /** Its start is recorded. `app`: what it works with from now on. */
  | { readonly kind: 'started'; readonly process: DaemonProcess; readonly app: Composition }
  /** Another entry of the log, whichever process appended it; in order, each once, beginning with this process's own start. */
  | {
      readonly kind: 'sealed';
      readonly index: number;
      readonly statement: Statement;
      /** Of a collection: requests that its source put off, of those whose records are kept. */
      readonly throttled: number;
    }
  /** What the queue says. With Redis also of jobs that other processes have. */
  | { readonly kind: 'queue'; readonly event: QueueEvent }
  /** How many jobs there are, at every look at what is due and whenever a job begins or ends. */
  | { readonly kind: 'counts'; readonly counts: QueueCounts }
  /** A job that this process has, from its beginning to its end. */
  | { readonly kind: 'turn-started'; readonly job: TurnJob; readonly attempt: number }
  /** It begins when the turns of these schedules were taken. Told once. */
  | { readonly kind: 'turn-deferred'; readonly job: TurnJob; readonly after: readonly string[] }
  | { readonly kind: 'turn-progress'; readonly job: TurnJob; readonly progress: CollectProgress }
  | {
      readonly kind: 'turn-ended';
      readonly job: TurnJob;
      readonly attempt: number;
      /** `known`: the log had it already, and nothing was done. `failed`: this attempt, not the turn. */
      readonly outcome: 'done' | 'known' | 'failed';
      readonly reason: string | null;
      readonly durationMs: number;
    }
  | { readonly kind: 'notifier'; readonly event: NotifierEvent }
  /** The clock of the machine was put forward (positive) or back, or the machine slept. */
  | { readonly kind: 'clock-moved'; readonly byMs: number }
  /** The files of the configuration were read again. `app` is null when they are wrong and the former ones stay in force. */
  | { readonly kind: 'configuration'; readonly outcome: 'reloaded' | 'refused'; readonly app: Composition | null; readonly message: string }
  /** Something of the daemon's own did not work and will be tried again (a full disk, a log that is busy). */
  | { readonly kind: 'trouble'; readonly during: string; readonly message: string }
  /** It takes no more jobs and waits for those under way. */
  | { readonly kind: 'stopping'; readonly why: string; readonly withinMs: number; readonly underWay: number }
  /** Its end is recorded; `unfinished` is due again. */
  | { readonly kind: 'stopped'; readonly unfinished: number };

export interface DaemonOptions {
  /** Reads the files of the configuration again. @throws ProoflineError `configuration` with every problem */
  readonly reload: () => Promise<Composition>;
  readonly onEvent: (event: DaemonEvent) => void;
  /** How often it says that it lives (5 s) and looks at what is due (1 min); 0: only when it is told to. */
  readonly pace?: { readonly beatMs?: number; readonly lookMs?: number };
}

/** A process that works until it is told to stop: `startDaemon`, `startWorker`. */
export interface Daemon {
  readonly process: DaemonProcess;
  /** The composition in force. */
  app(): Composition;
  health(): DaemonHealth;
  /** Looks at what is due now, as it does every minute. */
  look(): Promise<void>;
  /** Reads the configuration again now, as after SIGHUP. Never throws for what is wrong with the files: that is told and recorded. */
  reload(why: string): Promise<void>;
  /** Takes no more jobs, gives those under way `serve.stopWithin`, records the end and gives everything back. Called twice, it is one stop. */
  stop(why: string): Promise<void>;
  /** Resolves when it has stopped; rejects with what would be a bug, after giving everything back. */
  readonly ended: Promise<void>;
}
