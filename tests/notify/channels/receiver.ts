import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As the README tells a receiver to: the time, then the signature over time and body, then the id. `now` in seconds. */
export function isFromProofline(headers: IncomingHttpHeaders, body: string, secret: string, now: number): boolean {
  const timestamp = String(headers['proofline-timestamp'] ?? '');
  if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > 300) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  return String(headers['proofline-signature'] ?? '')
    .split(',')
    .some((part) => {
      const given = Buffer.from(part.trim().replace(/^v1=/, ''), 'hex');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

/** A receiver of signed webhooks that keeps what it could verify, and refuses everything else. */
export async function startReceiver(secret: string, now: () => number) {
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (!isFromProofline(request.headers, body, secret, now())) return response.writeHead(401).end();
      received.push({ headers: request.headers, body });
      return response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
