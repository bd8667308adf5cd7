import { fastify } from 'fastify';
import { ProoflineError } from '../model/errors.ts';
import type { DaemonHealth } from '../run/daemon/health.ts';
import { describeLiveness } from './describe-liveness.ts';
import { describeReadiness } from './describe-readiness.ts';
import { listenAddress } from './listen-address.ts';

export interface HttpOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly version: string;
  /** Answers at once, from memory. Undefined: the process is still beginning. */
  readonly health: () => DaemonHealth | undefined;
  /** Text of the Prometheus exposition format, and its media type. */
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** A request could not be answered: a bug, which whoever asked is not shown. */
  readonly onError: (error: unknown) => void;
}
export interface HttpServer {
  /** Where it listens: `http://127.0.0.1:9464`. */
  readonly url: string;
  /** Takes no more requests and lets those under way end. */
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics`. None of them asks for a password and none carries a secret, what a source said, or who
 * somebody is; they listen on this machine alone unless the configuration says otherwise.
 * @throws ProoflineError `configuration` when the address cannot be listened on
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const server = fastify({
    // What happens to the daemon is in its own log lines; a scrape every few seconds is nothing that happens.
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    // A scraper keeps its connection; closing must not wait for it.
    forceCloseConnections: 'idle',
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'there are /healthz, /readyz and /metrics' }));
  server.setErrorHandler(async (error, _request, reply) => {
    const { statusCode } = error as { readonly statusCode?: number };
    // A request that nobody could have answered is not ours to report.
    if (statusCode !== undefined && statusCode < 500) return reply.code(statusCode).send({ error: 'this request cannot be read' });
    options.onError(error);
    return reply.code(500).send({ error: 'this could not be answered; the log lines say why' });
  });
  server.get('/healthz', async (_request, reply) => {
    const liveness = describeLiveness(options.version, options.health());
    return reply.code(liveness.alive ? 200 : 503).send(liveness);
  });
  server.get('/readyz', async (_request, reply) => {
    const readiness = describeReadiness(options.health());
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get('/metrics', async (_request, reply) => reply.type(options.metrics.contentType).send(await options.metrics.text()));

  try {
    const url = await server.listen(listenAddress(options.listen));
    return { url, close: () => server.close() };
  } catch (cause) {
    await server.close();
    const why = whyNotListening(cause);
    if (why === undefined) throw cause;
    throw new ProoflineError('configuration', `serve.listen: ${options.listen} ${why}`, { cause });
  }
}

function whyNotListening(error: unknown): string | undefined {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return 'is taken by another program (another `proofline serve`?); stop it, or name another port';
    case 'EADDRNOTAVAIL':
      return 'is no address of this machine';
    case 'EACCES':
      return 'may not be listened on by this user; ports below 1024 are the system’s';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'is not a name this machine knows an address for';
    default:
      return undefined;
  }
}
