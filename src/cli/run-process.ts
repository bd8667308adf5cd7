import { ProoflineError } from '../model/errors.ts';
import type { Composition } from '../run/composition.ts';
import type { Daemon, DaemonOptions } from '../run/daemon/daemon-contract.ts';
import { appOptions, type Cli, type CommonOptions } from './cli.ts';

export interface ProcessOptions extends CommonOptions {
  readonly listen?: string;
}

/**
 * Runs a daemon or a worker until it is told to stop. SIGTERM and SIGINT stop it within `serve.stopWithin`, a second one ends the process at
 * once; SIGHUP reads the configuration again.
 * @param listenOn address of /healthz, /readyz and /metrics; undefined: nowhere
 */
export async function runProcess(
  cli: Cli,
  options: ProcessOptions,
  start: (app: Composition, options: DaemonOptions) => Promise<Daemon>,
  listenOn: (app: Composition) => string | undefined,
): Promise<void> {
  if (options.demonstration === true) {
    throw new ProoflineError(
      'usage',
      'the demonstration lives through a described year by itself (proofline demo); nothing of it runs continuously',
    );
  }
  const [{ openApp }, { pino }, { noteDaemon }, { watchDaemon }, { reasonOf }] = await Promise.all([
    import('../app.ts'),
    import('pino'),
    import('./note-daemon.ts'),
    import('../http/watch-daemon.ts'),
    import('../schedule/reason-of.ts'),
  ]);
  const open = async () => await openApp(appOptions(cli, options));
  const app = await open();
  const log = pino({ level: app.configuration.log.level }, pino.destination({ dest: 2, sync: true }));
  for (const notice of app.configuration.notices) log.warn({ notice }, 'setting ignored');
  const listen = listenOn(app);
  const onError = (error: unknown) => log.error({ reason: reasonOf(error) }, 'figures could not be worked out');
  const watched = listen === undefined ? undefined : await watchDaemon(app, { listen, onError });
  const signals = listenToSignals();
  try {
    const daemon = await start(app, {
      reload: open,
      onEvent(event) {
        if (event.kind === 'configuration' && event.app !== null) log.level = event.app.configuration.log.level;
        noteDaemon(log, event);
        watched?.onEvent(event);
      },
    });
    watched?.watch(daemon);
    if (watched !== undefined) log.info({ url: watched.url }, 'listening');
    signals.hand(daemon);
    await daemon.ended;
  } finally {
    signals.end();
    await watched?.close();
  }
}

/** From the beginning on: what comes before the daemon is there is handed to it when it is. */
function listenToSignals(): { hand(daemon: Daemon): void; end(): void } {
  let daemon: Daemon | undefined;
  let stopping: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping !== undefined) process.exit(130);
    stopping = signal;
    void daemon?.stop(signal);
  };
  const reload = (signal: NodeJS.Signals) => void daemon?.reload(signal);
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  return {
    hand(begun) {
      daemon = begun;
      if (stopping !== undefined) void begun.stop(stopping);
    },
    end: () => void process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload),
  };
}
