import { createHmac } from 'node:crypto';
import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Message } from '../model/notification.ts';
import { severities } from '../model/outcome.ts';
import { type WebhookBody, webhookNotices } from '../model/webhook-body.ts';
import type { Channel } from './contract.ts';
import { describeMessage } from './describe-message.ts';
import { plainNotice } from './plain-text.ts';
import { type Reach, reach } from './reach.ts';
import { type Env, missingOf, secretOf, targetUrl } from './secret-of.ts';

/**
 * A signed webhook. `Proofline-Signature: v1=<hex>` is HMAC-SHA-256 over `<Proofline-Timestamp>.<body>`; the timestamp is in seconds and
 * new at every attempt, so that a receiver refuses what is old; `Proofline-Id` is the same at every attempt, so that he need not do it twice.
 */
export function webhookChannel(
  setting: Extract<ChannelSetting, { kind: 'webhook' }>,
  env: Env,
  options: { readonly version: string; readonly now: () => string } & Pick<Reach, 'timeoutMs' | 'lookup'>,
): Channel {
  const { name, privateNetwork } = setting;
  const { version, now, ...limits } = options;
  return {
    name,
    kind: 'webhook',
    threads: 'none',
    obstacle: () => missingOf([setting.secret, typeof setting.url === 'string' ? undefined : setting.url], env),
    async deliver({ message, attempt }, signal) {
      const url = targetUrl(typeof setting.url === 'string' ? setting.url : secretOf(setting.url, env), privateNetwork);
      const secret = secretOf(setting.secret, env);
      const body = JSON.stringify(bodyOf(message));
      const timestamp = String(Math.floor(Date.parse(now()) / 1000));
      await reach({ ...limits, privateNetwork }, signal, async (fetch) => {
        await fetch(url, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': `proofline/${version}`,
            'proofline-id': message.id,
            'proofline-attempt': String(attempt),
            'proofline-timestamp': timestamp,
            'proofline-signature': `v1=${signatureOf(secret, timestamp, body)}`,
          },
        });
      });
      return { reference: null };
    },
  };
}

function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

function bodyOf(message: Message): WebhookBody {
  const { id, kind, at, entity, demonstration, channel, route, because, notices } = message;
  const count = (severity: string) => notices.filter((notice) => notice.severity === severity).length;
  return {
    version: 1,
    id,
    kind,
    at,
    entity,
    demonstration,
    channel,
    route,
    because,
    headline: describeMessage(message, { sections: 1 }).headline,
    counts: {
      notices: notices.length,
      bySeverity: Object.fromEntries(severities.map((severity) => [severity, count(severity)])) as WebhookBody['counts']['bySeverity'],
    },
    notices: notices.slice(0, webhookNotices).map(plainNotice),
    omitted: Math.max(0, notices.length - webhookNotices),
  };
}
