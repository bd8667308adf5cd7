import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { DeliveryError } from '../../../src/notify/contract.ts';
import { whoseAddress } from '../../../src/notify/guarded-agent.ts';
import { reach } from '../../../src/notify/reach.ts';
import { targetUrl } from '../../../src/notify/secret-of.ts';
import { faultyFront } from './faulty-front.ts';

const never = () => new AbortController().signal;
const answerWith =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function failure(url: string, options: Parameters<typeof reach>[0]): Promise<DeliveryError> {
  try {
    await reach({ timeoutMs: 3000, ...options }, never(), (fetch) => fetch(url, { method: 'POST', body: 'x' }));
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
  throw new Error('it went through');
}

test('every address is public, private, or never asked', () => {
  const table: Record<string, readonly string[]> = {
    public: ['93.184.215.14', '2606:4700::1111', '64:ff9b::5db8:d70e'],
    private: [
      '127.0.0.1',
      '::1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      'fd12:3456::1',
      '100.64.0.1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
    ],
    never: [
      ...['169.254.169.254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', 'fd20:ce::254'],
      ...[
        '100.100.100.200',
        '168.63.129.16',
        '0.0.0.0',
        '::',
        '224.0.0.1',
        '255.255.255.255',
        '192.0.2.1',
        '240.0.0.1',
        '2002:a9fe:a9fe::1',
      ],
      ...['2001:db8::1', 'ff02::1', 'not an address', ''],
    ],
  };
  for (const [whose, addresses] of Object.entries(table)) {
    for (const address of addresses) expect([address, whoseAddress(address)]).toEqual([address, whose]);
  }
});

test('a private address is reached when the configuration says so, and a metadata address never', async () => {
  const front = await faultyFront('http://127.0.0.1:1');
  front.fault('server-error');
  const port = new URL(front.url).port;
  try {
    // In a URL an address may be written in one number, in octal or hexadecimal, or as an IPv6 address around it.
    for (const host of ['127.0.0.1', '2130706433', '0177.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]']) {
      expect(await failure(`http://${host}:${port}/`, { privateNetwork: false })).toMatchObject({
        retryable: false,
        message: 'leads to an address that messages are not sent to',
      });
    }
    expect(front.asked).toEqual([]);
    expect(await failure(front.url, { privateNetwork: true })).toMatchObject({ message: 'answered 500' });
    for (const host of ['169.254.169.254', '2852039166', '[fd00:ec2::254]', '0.0.0.0']) {
      expect((await failure(`http://${host}:${port}/`, { privateNetwork: true })).message).toContain('not sent to');
    }
  } finally {
    await front.close();
  }
});

test('a name that leads to a forbidden address is not connected to, whatever else it leads to', async () => {
  const front = await faultyFront('http://127.0.0.1:1');
  const { port } = new URL(front.url);
  try {
    const url = `http://metadata.example:${port}/`;
    expect((await failure(url, { privateNetwork: false, lookup: answerWith('127.0.0.1', '169.254.169.254') })).message).toContain(
      'not sent to',
    );
    expect((await failure(url, { privateNetwork: true, lookup: answerWith('169.254.169.254') })).message).toContain('not sent to');
    expect(front.asked).toEqual([]);
    front.fault('server-error');
    // Of several addresses those are taken that may be.
    expect((await failure(url, { privateNetwork: true, lookup: answerWith('169.254.169.254', '127.0.0.1') })).message).toBe('answered 500');
  } finally {
    await front.close();
  }
});

test('a redirect to another host is refused, on the same host the method and the body go along', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`);
      if (request.url === '/moved') response.writeHead(307, { location: '/here' }).end();
      else if (request.url === '/away') response.writeHead(302, { location: 'http://127.0.0.2/steal' }).end();
      else if (request.url === '/circle') response.writeHead(308, { location: '/circle' }).end();
      else if (request.url === '/flood') {
        response.writeHead(200);
        const part = Buffer.alloc(1024 * 1024);
        const pour = () => {
          while (!response.destroyed && response.write(part));
        };
        response.on('drain', pour);
        pour();
      } else response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const text = await reach({ privateNetwork: true }, never(), async (fetch) => {
      const reply = await fetch(`${base}/moved`, { method: 'POST', body: 'x' });
      return await reply.text();
    });
    expect([text, ...seen]).toEqual(['ok', 'POST /moved x', 'POST /here x']);
    expect(await failure(`${base}/away`, { privateNetwork: true })).toMatchObject({
      retryable: false,
      message: expect.stringContaining('302'),
    });
    expect(await failure(`${base}/circle`, { privateNetwork: true })).toMatchObject({ retryable: false });
    expect(seen.filter((line) => line.includes('circle'))).toHaveLength(4);
    expect((await failure(`${base}/flood`, { privateNetwork: true, timeoutMs: 20_000 })).message).toContain('more than 8 MB');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('an address with credentials, of another protocol or in the open is not taken', () => {
  expect(targetUrl('https://hooks.example.com/x', false).host).toBe('hooks.example.com');
  expect(targetUrl('http://10.0.0.1/x', true).host).toBe('10.0.0.1');
  for (const bad of ['http://hooks.example.com/planted', 'ftp://x/planted', 'planted', 'https://user:planted@x.example/'])
    expect(() => targetUrl(bad, false)).toThrow(
      expect.objectContaining({ retryable: false, message: expect.not.stringContaining('planted') }),
    );
});
