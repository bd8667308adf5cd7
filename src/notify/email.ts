import { readFileSync } from 'node:fs';
import { createTransport, type SentMessageInfo } from 'nodemailer';
import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Message } from '../model/notification.ts';
import { sha256 } from '../seal/digest.ts';
import { type Channel, DeliveryError } from './contract.ts';
import { describeMessage } from './describe-message.ts';
import { emailHtml } from './email-html.ts';
import { plainMessage } from './plain-message.ts';
import { oneLine } from './plain-text.ts';
import { type Env, missingOf, secretOf } from './secret-of.ts';

type Setting = Extract<ChannelSetting, { kind: 'email' }>;
const sections = 20;

/**
 * Mail over SMTP, encrypted or not at all (but to this machine). Its Message-ID follows from the message, so that a mail that came twice
 * is one to every reader that looks; mails about one condition refer to it and stand together.
 */
export function emailChannel(setting: Setting, env: Env, { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Channel {
  return {
    name: setting.name,
    kind: 'email',
    threads: 'none',
    obstacle: () => missingOf([setting.password], env),
    async deliver({ message }, signal) {
      const pass = setting.password === undefined ? undefined : secretOf(setting.password, env);
      const transport = createTransport({
        host: setting.host,
        port: setting.port,
        secure: setting.security === 'tls',
        requireTLS: setting.security === 'starttls',
        ignoreTLS: setting.security === 'none',
        ...(setting.user === undefined || pass === undefined ? {} : { auth: { user: setting.user, pass } }),
        tls: { minVersion: 'TLSv1.2', ...(setting.caFile === undefined ? {} : { ca: certificatesIn(setting.caFile) }) },
        connectionTimeout: Math.min(timeoutMs, 10_000),
        greetingTimeout: Math.min(timeoutMs, 10_000),
        socketTimeout: timeoutMs,
        // What a message says is text: nothing in it is taken for a file or an address to read.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const stopped = Promise.withResolvers<never>();
      // Of the two only the first is waited for: what the other still says must not end the process.
      stopped.promise.catch(() => {});
      const stop = () => {
        transport.close();
        stopped.reject(new DeliveryError('stopped before it was answered', { retryable: true, uncertain: true }));
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const sent = transport.sendMail(mailOf(message, setting)) as Promise<SentMessageInfo>;
        sent.catch(() => {});
        const { rejected = [] } = await Promise.race([sent, stopped.promise]);
        if (rejected.length > 0)
          throw new DeliveryError(`took it, and refused ${rejected.length} of ${setting.to.length} recipients`, { retryable: false });
        return { reference: null };
      } catch (error) {
        throw smtpFailure(error, timeoutMs);
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}

function mailOf(message: Message, { from, to }: Setting) {
  const described = describeMessage(message, { sections });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const conditions = new Set(message.notices.map(({ condition }) => condition));
  const [only] = conditions.size === 1 ? conditions : [];
  // The first mail refers to it as well: readers put together what refers to the same, whether or not they have it.
  const thread =
    only === undefined
      ? undefined
      : `<episode-${Buffer.from(sha256(Buffer.from(only)))
          .toString('hex')
          .slice(0, 32)}@${domain}>`;
  return {
    from: { name: 'Proofline', address: from },
    to,
    subject: oneLine(`${message.demonstration ? 'Demonstration: ' : ''}${described.headline}`),
    text: plainMessage(described),
    html: emailHtml(described),
    messageId: `<${message.id}@${domain}>`,
    date: new Date(message.at),
    headers: { 'auto-submitted': 'auto-generated', 'x-proofline-message': message.id },
    ...(thread === undefined ? {} : { inReplyTo: thread, references: [thread] }),
  };
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new DeliveryError('the certificates of its `caFile` cannot be read', { retryable: false });
  }
}

/** Nothing was sent: the connection never stood, or was not trusted. */
const unsent = /^(?:ECONNREFUSED|ENOTFOUND|EDNS|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const untrusted = /CERT|SELF_SIGNED|ALTNAME|^ERR_(?:TLS|SSL)/;

/** Names the reply and the network's code; the rest of the error has addresses in it, and what the server wrote. */
function smtpFailure(error: unknown, timeoutMs: number): unknown {
  if (error instanceof DeliveryError || !(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const reply = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const isSignIn = ['EAUTH', 'ENOAUTH', 'EOAUTH2'].includes(error.code);
  if (error.code === 'ETLS') return new DeliveryError('the mail server offers no encryption (ETLS)', { retryable: false });
  if (reply !== undefined) {
    return new DeliveryError(`the mail server answered ${reply}${isSignIn ? ' to the sign-in' : ''}`, { retryable: reply < 500 });
  }
  if (isSignIn) return new DeliveryError('the mail server lets nobody sign in as configured', { retryable: false });
  const code = 'originalCode' in error && typeof error.originalCode === 'string' ? error.originalCode : error.code;
  if (untrusted.test(code)) return new DeliveryError(`its certificate is not trusted (${code})`, { retryable: false });
  if (unsent.test(code)) return new DeliveryError(`could not be reached (${code})`, { retryable: true });
  // A connection that breaks or falls silent does not say how far it came: a server may have taken the text.
  if (code === 'ETIMEDOUT') return new DeliveryError(`did not answer within ${timeoutMs / 1000} s`, { retryable: true, uncertain: true });
  return new DeliveryError(`the connection broke (${code})`, { retryable: true, uncertain: true });
}
