import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Message, Thread } from '../model/notification.ts';
import { type Channel, DeliveryError } from './contract.ts';
import { type DescribedMessage, describeMessage, describeThread } from './describe-message.ts';
import { type Reach, reach } from './reach.ts';
import { type Env, missingOf, secretOf } from './secret-of.ts';
import { type SlackRendering, slackBlocks, slackDigestLimits, slackLimits } from './slack-blocks.ts';

type Setting = Extract<ChannelSetting, { kind: 'slack-bot' }>;

/** Slack's own words for what passes by itself. */
const passing = new Set(['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** The root of a thread is not there any more, or nobody may change it: the episode goes on in a new one. */
const gone = new Set(['message_not_found', 'thread_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive']);
const eventType = 'proofline_message';
const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => 'error' as never };

/**
 * A bot of Slack: one thread for each episode. Its first message always says how things stand now and is rewritten when that changes; what
 * changed is a reply below it. Each message carries its id as metadata, by which it is found again when nobody knows whether it came through.
 */
export function slackBotChannel(setting: Setting, env: Env, limits: Pick<Reach, 'timeoutMs' | 'lookup'> = {}): Channel {
  return {
    name: setting.name,
    kind: 'slack-bot',
    threads: 'episode',
    obstacle: () => missingOf([setting.token], env),
    async deliver({ message, thread, uncertain }, signal) {
      const token = secretOf(setting.token, env);
      // Where the API is named it is an emulator or an own server: the configuration says where.
      const options = { ...limits, privateNetwork: setting.apiUrl !== undefined };
      return await reach(options, signal, async (fetch) => {
        const client = new WebClient(token, {
          fetch,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
          allowAbsoluteUrls: false,
          logger: quiet,
          ...(setting.apiUrl === undefined ? {} : { slackApiUrl: setting.apiUrl }),
        });
        const bot = new Bot(client, setting.channel);
        try {
          return { reference: await bot.say(message, thread, uncertain) };
        } catch (error) {
          throw platformFailure(error);
        }
      });
    },
  };
}

/** The part of Slack that one delivery uses. */
class Bot {
  readonly #client: WebClient;
  readonly #channel: string;
  constructor(client: WebClient, channel: string) {
    this.#client = client;
    this.#channel = channel;
  }

  async say(message: Message, thread: Thread | null, uncertain: boolean): Promise<string | null> {
    const brief = message.kind === 'digest';
    const described = describeMessage(message, brief ? slackDigestLimits : slackLimits);
    if (thread === null) {
      const known = uncertain ? await this.#find(message.id) : undefined;
      if (known === undefined) await this.#post(slackBlocks(described, { brief }), message.id);
      return null;
    }
    const root = this.#rootOf(thread);
    if (root !== undefined && (await this.#update(root, thread, message))) {
      const known = uncertain ? await this.#find(message.id, root) : undefined;
      if (known === undefined && message.notices.length > 0)
        await this.#post(slackBlocks(described, { brief: false }), message.id, root, isLoud(message));
      return thread.reference;
    }
    const known = uncertain ? await this.#find(message.id) : undefined;
    const posted = known ?? (await this.#post(standing(thread, message), message.id));
    return `${this.#channel}:${posted}`;
  }

  /** `channel:ts`; a thread of another channel than the configured one is left alone. */
  #rootOf({ reference }: Thread): string | undefined {
    const [channel, ts] = reference?.split(':') ?? [];
    return channel === this.#channel ? ts : undefined;
  }

  async #post(rendering: SlackRendering, id: string, root?: string, loud = false): Promise<string> {
    const { ts } = await this.#client.chat.postMessage({
      channel: this.#channel,
      ...rendering,
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: eventType, event_payload: { id } },
      ...(root === undefined ? {} : loud ? { thread_ts: root, reply_broadcast: true as const } : { thread_ts: root }),
    });
    if (ts === undefined) throw new DeliveryError('answered without saying which message it made', { retryable: false, uncertain: true });
    return ts;
  }

  /** False: the first message is not there any more. */
  async #update(root: string, thread: Thread, message: Message): Promise<boolean> {
    try {
      await this.#client.chat.update({ channel: this.#channel, ts: root, ...standing(thread, message) });
      return true;
    } catch (error) {
      if (error instanceof WebAPIPlatformError && gone.has(error.data.error)) return false;
      throw error;
    }
  }

  /** The message that carries an id, among the latest of the channel or of a thread. */
  async #find(id: string, root?: string): Promise<string | undefined> {
    const messages = await this.#latest(root);
    return messages.flatMap((found) => {
      const carried = Carried.safeParse(found);
      return carried.success && carried.data.metadata.event_payload.id === id ? [carried.data.ts] : [];
    })[0];
  }

  async #latest(root: string | undefined): Promise<readonly unknown[]> {
    const where = { channel: this.#channel, limit: 200, include_all_metadata: true };
    try {
      const { conversations } = this.#client;
      const { messages } = root === undefined ? await conversations.history(where) : await conversations.replies({ ...where, ts: root });
      return messages ?? [];
    } catch (error) {
      // A bot that may not read cannot look: said twice is better than not at all.
      if (error instanceof WebAPIPlatformError && error.data.error === 'missing_scope') return [];
      throw error;
    }
  }
}
const Carried = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.literal(eventType), event_payload: z.object({ id: z.string() }) }),
});

/** The first message of a thread: how things stand. */
function standing(thread: Thread, message: Message): SlackRendering {
  const described: DescribedMessage = describeThread(thread, message, slackLimits);
  return slackBlocks(described, { brief: false, state: thread.open ? 'Open' : '✓ Closed: nothing of it is untrue any more' });
}

/** Told in the channel as well, and not only to who follows the thread. */
function isLoud({ notices }: Message): boolean {
  return notices.some(({ kind }) => kind === 'sla-passed');
}

function platformFailure(error: unknown): unknown {
  if (!(error instanceof WebAPIPlatformError)) return error;
  const word = /^[a-z][a-z_]{2,60}$/.exec(error.data.error)?.[0] ?? 'an error without a name';
  return new DeliveryError(`Slack answered ${word}`, { retryable: passing.has(word) });
}
