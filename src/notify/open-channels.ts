import type { ChannelSetting } from '../config/notify-settings.ts';
import { type Channel, DeliveryError } from './contract.ts';
import type { Env } from './secret-of.ts';

export interface ChannelOptions {
  readonly env: Env;
  readonly version: string;
  /** ISO-8601 UTC: for the timestamps of signatures. */
  readonly now: () => string;
}

/**
 * Opens every configured channel; each loads its SDK by itself. A secret is looked up when something is delivered and kept nowhere:
 * where it is missing, that channel takes nothing and says why, and no other is kept back.
 */
export async function openChannels(settings: readonly ChannelSetting[], options: ChannelOptions): Promise<readonly Channel[]> {
  return await Promise.all(settings.map((setting) => openChannel(setting, options)));
}

async function openChannel(setting: ChannelSetting, { env, version, now }: ChannelOptions): Promise<Channel> {
  switch (setting.kind) {
    case 'slack': {
      const { slackChannel } = await import('./slack.ts');
      return slackChannel(setting, env);
    }
    case 'webhook': {
      const { webhookChannel } = await import('./webhook.ts');
      return webhookChannel(setting, env, { version, now });
    }
    default:
      return {
        name: setting.name,
        kind: setting.kind,
        threads: 'none',
        deliver: () => Promise.reject(new DeliveryError(`${setting.kind} is not there yet`, { retryable: false })),
      };
  }
}
