import type { Message, Thread } from '../model/notification.ts';

export const channelKinds = ['slack', 'slack-bot', 'email', 'webhook', 'github-issues'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** One thing to be said over one channel. */
export interface Dispatch {
  readonly message: Message;
  /** Of a channel that keeps threads: the one this is about; the message then has only the notices of that thread. */
  readonly thread: Thread | null;
  /** 1 for the first. */
  readonly attempt: number;
  /** An earlier attempt may have come through without our knowing: look before saying it again, where the channel lets one look. */
  readonly uncertain: boolean;
}
export interface Delivered {
  /** The channel's own id of what it keeps, for later updates; null: it keeps nothing. */
  readonly reference: string | null;
}

/**
 * Somewhere people read. One file each, one contract suite (tests/contracts/channel.contract.ts). Renders by itself, from the same words
 * (`describe-message.ts`); knows no store and no clock.
 */
export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  /** `none`: every message stands alone. `episode`: what began together stays together until it ends. `check-owner`: one per failing check and owner. */
  readonly threads: 'none' | 'episode' | 'check-owner';
  /** What keeps it from taking anything as things stand (a secret that is not there); null: nothing is known. Asks nobody. */
  obstacle?(): string | null;
  /** @throws DeliveryError */
  deliver(dispatch: Dispatch, signal: AbortSignal): Promise<Delivered>;
  /** Whether what it keeps still stands as we left it: `closed` by somebody, or `gone`. Only of channels that can tell. @throws DeliveryError */
  look?(reference: string, signal: AbortSignal): Promise<'open' | 'closed' | 'gone'>;
}

/** A channel did not take it. The message never repeats an address or a secret. */
export class DeliveryError extends Error {
  /** Trying again may help. False: refused for what it is (401, 404, an address that is not allowed). */
  readonly retryable: boolean;
  /** The channel asked to wait so long. */
  readonly retryAfterMs: number | null;
  /** It may have come through all the same (the connection broke after it was sent). */
  readonly uncertain: boolean;
  constructor(message: string, options: { retryable: boolean; retryAfterMs?: number | null; uncertain?: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DeliveryError';
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.uncertain = options.uncertain ?? false;
  }
}
