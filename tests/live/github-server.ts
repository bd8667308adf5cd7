import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, toResponse, type World } from '../collectors/github/world.ts';

/** The described GitHub behind a socket of this machine, so that the real transport is used to the last byte. */
export async function listen(
  world: World,
  prefix = '',
): Promise<{ readonly server: Server; readonly baseUrl: string; close(): Promise<void> }> {
  let server: Server | undefined;
  const http = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = new Headers(
        Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : [])),
      );
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
      // An Enterprise Server has GraphQL beside its REST prefix, not below it.
      if (prefix !== '' && url.pathname === '/api/graphql') url.pathname = `${prefix}/graphql`;
      const reply = toResponse(server!.handle(request.method ?? 'GET', url, headers, Buffer.concat(chunks).toString()));
      void reply.arrayBuffer().then((body) => {
        response.writeHead(reply.status, Object.fromEntries(reply.headers));
        response.end(Buffer.from(body));
      });
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}${prefix}`;
  server = createServer(world, { baseUrl });
  return {
    server,
    baseUrl,
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
}
