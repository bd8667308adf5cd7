import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** How the authority behaves; tests turn it into a bad one. */
export interface Behaviour {
  /** Answers with these bytes instead. */
  reply?: (good: Uint8Array, request: Uint8Array) => Uint8Array;
  status?: number;
  redirect?: string;
  never?: boolean;
}
export interface Authority {
  readonly url: string;
  readonly caFile: string;
  readonly requests: Uint8Array[];
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

const config = (directory: string) => `
[ tsa ]
default_tsa = tsa_config
[ tsa_config ]
dir = ${directory}
serial = ${directory}/serial
crypto_device = builtin
signer_cert = ${directory}/tsa.pem
certs = ${directory}/ca.pem
signer_key = ${directory}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = Proofline test
[ ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[ stamp ]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, timeStamping
`;

/** A real time-stamping authority, made of openssl, behind a server on this machine. */
export async function startAuthority(directory: string): Promise<Authority> {
  mkdirSync(directory, { recursive: true });
  const at = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(at('openssl.cnf'), config(directory));
  writeFileSync(at('serial'), '01\n');
  const subject = (name: string) => ['-subj', `/CN=${name}/O=Proofline test`, '-config', at('openssl.cnf')];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '30',
    '-extensions',
    'ca',
    ...subject('Test root'),
  );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('tsa.key'), '-out', at('tsa.csr'), ...subject('Test authority'));
  openssl(
    'x509',
    '-req',
    '-in',
    at('tsa.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-out',
    at('tsa.pem'),
    '-days',
    '30',
    '-extfile',
    at('openssl.cnf'),
    '-extensions',
    'stamp',
  );

  const requests: Uint8Array[] = [];
  let behaviour: Behaviour = {};
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const request = Buffer.concat(parts);
      requests.push(request);
      if (behaviour.never === true) return;
      if (behaviour.redirect !== undefined) {
        // 307 keeps the method and the body: whoever follows it gets a good answer from somebody else.
        outgoing.writeHead(307, { location: behaviour.redirect }).end();
        return;
      }
      const number = requests.length;
      writeFileSync(at(`${number}.tsq`), request);
      openssl('ts', '-reply', '-config', at('openssl.cnf'), '-queryfile', at(`${number}.tsq`), '-out', at(`${number}.tsr`));
      const good = readFileSync(at(`${number}.tsr`));
      outgoing.writeHead(behaviour.status ?? 200, { 'content-type': 'application/timestamp-reply' });
      outgoing.end(behaviour.reply === undefined ? good : behaviour.reply(good, request));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    caFile: at('ca.pem'),
    requests,
    behave: (next) => {
      behaviour = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
