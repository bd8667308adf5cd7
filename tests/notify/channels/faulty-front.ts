import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `lost-answer`: it was done, and then the connection broke. */
export type Fault = 'too-many' | 'server-error' | 'silence' | 'refused' | 'gone' | 'lost-answer' | 'redirect';

export interface FaultyFront {
  readonly url: string;
  /** Of the next request; later ones go through again. `when`: only one whose method and path fit. */
  fault(fault: Fault, when?: RegExp): void;
  /** Method and path of everything that came, oldest first. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Stands before a server and answers in its place when told to. */
export async function faultyFront(target: string): Promise<FaultyFront> {
  const waiting: { fault: Fault; when: RegExp }[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      asked.push(line);
      const at = waiting.findIndex(({ when }) => when.test(line));
      const fault = at === -1 ? undefined : waiting.splice(at, 1)[0]?.fault;
      const forward = async () => {
        const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
        const reply = await fetch(`${target}${request.url}`, {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          redirect: 'manual',
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        });
        return { status: reply.status, headers: new Headers(reply.headers), body: Buffer.from(await reply.arrayBuffer()) };
      };
      const say = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end('{}');
      switch (fault) {
        case 'too-many':
          return say(429, { 'retry-after': '7' });
        case 'server-error':
          return say(500);
        case 'refused':
          return say(401);
        case 'gone':
          return say(404, { 'content-type': 'application/json' });
        case 'redirect':
          return say(307, { location: 'http://127.0.0.2:1/elsewhere' });
        case 'silence':
          return;
        case 'lost-answer':
          return void forward().then(() => response.destroy());
        default:
          return void forward().then(
            ({ status, headers, body }) => {
              headers.delete('content-encoding');
              headers.delete('transfer-encoding');
              headers.delete('content-length');
              response.writeHead(status, Object.fromEntries(headers)).end(body);
            },
            () => response.destroy(),
          );
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fault: (fault, when = /./) => void waiting.push({ fault, when }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
