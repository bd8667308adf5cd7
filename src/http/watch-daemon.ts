import type { Composition } from '../run/composition.ts';
import type { Daemon, DaemonEvent } from '../run/daemon/daemon-contract.ts';
import { keepStanding } from '../run/daemon/keep-standing.ts';
import { createMetrics } from '../run/daemon/metrics.ts';
import { readStanding } from '../run/daemon/read-standing.ts';
import { serveHttp } from './serve-http.ts';

export interface DaemonWatch {
  /** Where it listens. */
  readonly url: string;
  /** Belongs into the daemon's `onEvent`. */
  onEvent(event: DaemonEvent): void;
  /** From now on what is answered is of this daemon. */
  watch(daemon: Daemon): void;
  close(): Promise<void>;
}

/**
 * Answers `/healthz`, `/readyz` and `/metrics` for a daemon. It listens before the daemon begins, so that an address that is taken is found
 * before anything is recorded; until then it says that it is starting.
 * @throws ProoflineError `configuration` when the address cannot be listened on
 */
export async function watchDaemon(
  app: Composition,
  options: { readonly listen: string; readonly onError: (error: unknown) => void },
): Promise<DaemonWatch> {
  let daemon: Daemon | undefined;
  const health = () => daemon?.health();
  const metrics = createMetrics({ version: app.version, now: app.now, health });
  const standing = keepStanding({
    read: () => readStanding(daemon?.app() ?? app),
    entries: () => health()?.log.entries ?? 0,
    metrics,
    monotonic: app.monotonic,
    onError: options.onError,
  });
  const { url, close } = await serveHttp({ listen: options.listen, version: app.version, health, metrics, onError: options.onError });
  return {
    url,
    onEvent(event) {
      metrics.event(event);
      if (daemon !== undefined && (event.kind === 'sealed' || event.kind === 'counts')) standing.look();
    },
    watch(begun) {
      daemon = begun;
      standing.look();
    },
    async close() {
      await close();
      await standing.settled();
    },
  };
}
