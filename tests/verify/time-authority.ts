import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/seal/digest.ts';
import { readTimestampReply, timestampRequest } from '../../src/seal/timestamp.ts';

/** Whether a program these tests need is there; with PROOFLINE_REQUIRE_SERVERS=1 it has to be. */
export function has(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (cause) {
    if (process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error(`${program} is required`, { cause });
    process.stderr.write(`SKIPPED: ${program} is not there; tests that need it do not run\n`);
    return false;
  }
}

/** A time-stamping authority of our own, by openssl: a root and one certificate. */
export class TimeAuthority {
  readonly directory = mkdtempSync(join(tmpdir(), 'proofline-tsa-'));
  readonly rootPem: string;

  constructor(kind: 'rsa' | 'ec' = 'ec', extendedKeyUsage = 'critical,timeStamping') {
    const key = kind === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    this.#run(
      'req',
      '-x509',
      ...key,
      '-nodes',
      '-keyout',
      'root.key',
      '-out',
      'root.pem',
      '-days',
      '3650',
      '-subj',
      '/O=Test/CN=Test root',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
    this.#run('req', '-new', ...key, '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/O=Test/CN=Test time');
    writeFileSync(
      join(this.directory, 'extensions'),
      `extendedKeyUsage=${extendedKeyUsage}\nkeyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n`,
    );
    this.#run(
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-days',
      '3000',
      '-extfile',
      'extensions',
      '-out',
      'tsa.pem',
    );
    writeFileSync(
      join(this.directory, 'tsa.cnf'),
      '[t]\nserial=./serial\ndefault_policy=1.3.6.1.4.1.99999.1\ndigests=sha256,sha512\ness_cert_id_chain=no\ness_cert_id_alg=sha256\nsigner_digest=sha256\n',
    );
    writeFileSync(join(this.directory, 'serial'), '01\n');
    this.rootPem = join(this.directory, 'root.pem');
  }

  /** DER of the root certificate. */
  get root(): Uint8Array {
    return derOf(readFileSync(this.rootPem, 'utf8'));
  }

  /** A reply (DER) to a request (DER), or what `stamp` would send. */
  reply(request: Uint8Array): Uint8Array {
    writeFileSync(join(this.directory, 'query.tsq'), request);
    this.#run(
      'ts',
      '-reply',
      '-config',
      'tsa.cnf',
      '-section',
      't',
      '-queryfile',
      'query.tsq',
      '-signer',
      'tsa.pem',
      '-inkey',
      'tsa.key',
      '-out',
      'reply.tsr',
    );
    return readFileSync(join(this.directory, 'reply.tsr'));
  }

  stamp(bytes: Uint8Array): { token: Uint8Array; time: string } {
    const { token, info } = readTimestampReply(this.reply(timestampRequest(sha256(bytes), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))));
    return { token, time: info.time };
  }

  /** A token over what `stamped` stamps, signed by this authority’s key with its certificate, whatever that may be used for. */
  sign(stamped: Uint8Array): Uint8Array {
    writeFileSync(join(this.directory, 'stamped.der'), stamped);
    this.#run('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'stamped.der', '-binary', '-out', 'info.der');
    const content = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-in', 'info.der', '-binary', '-nodetach', '-cades'];
    this.#run(
      'cms',
      '-sign',
      ...content,
      '-md',
      'sha256',
      '-signer',
      'tsa.pem',
      '-inkey',
      'tsa.key',
      '-outform',
      'DER',
      '-out',
      'signed.der',
    );
    return readFileSync(join(this.directory, 'signed.der'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #run(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.directory, stdio: ['ignore', 'ignore', 'ignore'] });
  }
}

export function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[^-]*-----/g, ''), 'base64');
}
