import { IncomingWebhook } from '@slack/webhook';
import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Channel } from './contract.ts';
import { describeMessage } from './describe-message.ts';
import { type Reach, reach } from './reach.ts';
import { type Env, missingOf, secretOf, targetUrl } from './secret-of.ts';
import { slackBlocks, slackDigestLimits, slackLimits } from './slack-blocks.ts';

/** An incoming webhook of Slack, or of what speaks like it: says things, keeps nothing and can look at nothing. */
export function slackChannel(
  setting: Extract<ChannelSetting, { kind: 'slack' }>,
  env: Env,
  limits: Pick<Reach, 'timeoutMs' | 'lookup'> = {},
): Channel {
  const { name, privateNetwork } = setting;
  return {
    name,
    kind: 'slack',
    threads: 'none',
    obstacle: () => missingOf([setting.webhook], env),
    async deliver({ message }, signal) {
      const url = targetUrl(secretOf(setting.webhook, env), privateNetwork);
      const brief = message.kind === 'digest';
      const rendering = slackBlocks(describeMessage(message, brief ? slackDigestLimits : slackLimits), { brief });
      await reach({ ...limits, privateNetwork }, signal, async (fetch) => {
        const webhook = new IncomingWebhook(url.href, { fetch, retryConfig: { retries: 0 } });
        await webhook.send({ ...rendering, unfurl_links: false, unfurl_media: false });
      });
      return { reference: null };
    },
  };
}
