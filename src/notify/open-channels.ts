import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Channel } from './contract.ts';
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
    case 'slack-bot': {
      const { slackBotChannel } = await import('./slack-bot.ts');
      return slackBotChannel(setting, env);
    }
    case 'email': {
      const { emailChannel } = await import('./email.ts');
      return emailChannel(setting, env);
    }
    case 'github-issues': {
      const { githubIssuesChannel } = await import('./github-issues.ts');
      return githubIssuesChannel(setting, env, { version });
    }
  }
}
