import { NotifySettings } from '../../config/notify-settings.ts';
import type { Message, Tracked } from '../../model/notification.ts';
import { describeMessage } from '../../notify/describe-message.ts';
import { plainMessage } from '../../notify/plain-message.ts';
import { planDispatches } from '../../notify/plan-dispatches.ts';
import { takeRoutes } from '../../notify/take-routes.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Composition } from '../composition.ts';
import { readCollections } from '../read-collections.ts';
import { failingSince } from './failing-since.ts';
import { LogFollower } from './follow-log.ts';
import { stillConfigured } from './still-configured.ts';

export interface PreviewOptions {
  /** Only over this channel. */
  readonly channel?: string | undefined;
  /** Only what has been untrue since then (ISO-8601 UTC), or what this log entry or a later one shows. */
  readonly since?: string | number | undefined;
}
export interface NoticePreview {
  readonly messages: readonly { readonly message: Message; readonly channelKind: string; readonly text: string }[];
  /** Conditions nobody would be told of, by why. */
  readonly untold: readonly { readonly reason: string; readonly count: number }[];
  /** The configuration names no channel: it is shown as one would say it. */
  readonly invented: boolean;
}

/** Conditions of one message that are written out; the rest is counted. */
const sections = 20;
/** Longer than any batch, digest or quiet night: everything is due. */
const longAgoMs = 15 * 24 * 60 * 60_000;

/** What would be said now of all that is untrue, and to whom. Writes and sends nothing. @throws ProoflineError `store-*` */
export async function previewNotices(app: Composition, store: EmbeddedStore, options: PreviewOptions): Promise<NoticePreview> {
  const configured = app.configuration.notify;
  const invented = configured === undefined || configured.channels.length === 0;
  const settings = invented ? inventedSettings(configured) : configured;
  const now = app.now();
  const holding = (await holdingNow(app, store, settings)).filter((condition) => isSince(condition, options.since));
  const told = holding.filter(({ waiver }) => waiver === null);
  const foundAt = new Date(Date.parse(now) - longAgoMs).toISOString();
  const { waiting, untold } = takeRoutes(
    told.map(({ notice }) => notice),
    settings,
    foundAt,
  );
  const { messages, settled } = planDispatches({
    waiting,
    settings,
    now,
    entity: app.configuration.entity.name,
    demonstration: app.demonstration,
    waiverOver: () => null,
  });
  const kinds = new Map(settings.channels.map(({ name, kind }) => [name, kind]));
  const waived = holding.flatMap(({ waiver }) => (waiver === null ? [] : [`waiver ${waiver} lies over it`]));
  const reasons = [...waived, ...untold.map(({ reason }) => reason), ...settled.flatMap(({ reason }) => reason ?? [])];
  return {
    messages: messages
      .filter(({ channel }) => options.channel === undefined || channel === options.channel)
      .map((message) => ({
        message,
        channelKind: kinds.get(message.channel) ?? 'unknown',
        text: plainMessage(describeMessage(message, { sections })),
      })),
    untold: [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({ reason, count: all.length })),
    invented,
  };
}

function inventedSettings(configured: NotifySettings | undefined): NotifySettings {
  return NotifySettings.parse({
    ...configured,
    channels: [{ name: 'example', kind: 'slack', webhook: { env: 'SLACK_WEBHOOK' } }],
    routes: [],
    escalate: [],
  });
}

/** As the outbox has it; where none was ever begun, as the log has it. */
async function holdingNow(app: Composition, store: EmbeddedStore, settings: NotifySettings): Promise<readonly Tracked[]> {
  const outbox = app.openOutbox({ readOnly: true });
  try {
    if (outbox.cursor() !== undefined) return outbox.tracked().filter(({ ended }) => ended === null);
    const [registries, schedules] = await Promise.all([app.registries(), app.schedules()]);
    const names = settings.channels.map(({ name }) => name);
    const follower = new LogFollower({
      app,
      store,
      collections: readCollections(),
      registries,
      outbox,
      settings,
      configured: stillConfigured(app, schedules, names),
    });
    return follower.takeIn(await failingSince(store, app.configuration.store.data)).conditions;
  } finally {
    outbox.close();
  }
}

function isSince({ since, notice }: Tracked, bound: string | number | undefined): boolean {
  if (bound === undefined) return true;
  return typeof bound === 'number' ? notice.evidence.index >= bound : since >= bound;
}
