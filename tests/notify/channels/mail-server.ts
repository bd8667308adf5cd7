import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { ChannelFault } from '../../contracts/channel.contract.ts';

/** A key and a certificate of its own for this machine; `ca` is what a client must trust. */
export function ownCertificate() {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-mail-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return {
    key: readFileSync(key),
    cert: readFileSync(cert),
    caFile: cert,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** An SMTP server on this machine that wants to be signed in to, over TLS alone. */
export async function startMailServer(
  certificate: { readonly key: Buffer; readonly cert: Buffer },
  password: string,
  options: { readonly secure?: boolean; readonly withoutTls?: boolean } = {},
) {
  const mails: ParsedMail[] = [];
  const sessions: { readonly encrypted: boolean }[] = [];
  let waiting: ChannelFault | undefined;
  const take = (...faults: ChannelFault[]) => {
    if (waiting === undefined || !faults.includes(waiting)) return undefined;
    const fault = waiting;
    waiting = undefined;
    return fault;
  };
  const answer = (code: number) => Object.assign(new Error('planted-words-of-the-server'), { responseCode: code });
  const server = new SMTPServer({
    ...certificate,
    secure: options.secure === true,
    authOptional: options.withoutTls === true,
    ...(options.withoutTls === true ? { disabledCommands: ['STARTTLS', 'AUTH'] } : {}),
    onAuth(auth, _session, callback) {
      if (take('refused')) return callback(answer(535));
      if (auth.username !== 'proofline' || auth.password !== password) return callback(answer(535));
      callback(null, { user: 'proofline' });
    },
    onMailFrom(_address, _session, callback) {
      if (take('silence')) return;
      callback(take('too-many') ? answer(451) : null);
    },
    onRcptTo(_address, _session, callback) {
      callback(take('gone') ? answer(550) : null);
    },
    onData(stream, session, callback) {
      const broken = take('server-error');
      const lost = take('lost-answer');
      void simpleParser(stream).then((mail) => {
        if (broken) return callback(answer(421));
        mails.push(mail);
        sessions.push({ encrypted: session.secure });
        if (lost)
          for (const connection of server.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
        else callback(null);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    sessions,
    fault: (fault: ChannelFault) => {
      waiting = fault;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const connection of server.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
        server.close(() => resolve());
      }),
  };
}
