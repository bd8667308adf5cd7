import type { ChannelSetting } from './notify-settings.ts';
import type { SecretReference } from './secret.ts';

/** A channel whose files lie where its configuration file means them to. */
export function placedChannel(
  setting: ChannelSetting,
  place: (path: string) => string,
  secret: (reference: SecretReference) => SecretReference,
): ChannelSetting {
  switch (setting.kind) {
    case 'slack':
      return { ...setting, webhook: secret(setting.webhook) };
    case 'slack-bot':
    case 'github-issues':
      return { ...setting, token: secret(setting.token) };
    case 'webhook':
      return { ...setting, url: typeof setting.url === 'string' ? setting.url : secret(setting.url), secret: secret(setting.secret) };
    case 'email':
      return {
        ...setting,
        ...(setting.password === undefined ? {} : { password: secret(setting.password) }),
        ...(setting.caFile === undefined ? {} : { caFile: place(setting.caFile) }),
      };
  }
}
