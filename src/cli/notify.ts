import { type Command, InvalidArgumentError } from 'commander';
import type { PreviewOptions } from '../run/notify/preview-notices.ts';
import type { Outbox } from '../store/outbox.ts';
import { appOptions, type Cli, type CommonOptions, common, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { NotifyListOutput, NotifyPreviewOutput } from './shapes.ts';

interface PreviewVerbOptions extends ReadingOptions {
  readonly channel?: string;
  readonly since?: string | number;
}

export function addNotify(program: Command, cli: Cli): void {
  const notify = program.command('notify').description('who is told what changed: channels, messages, what waits');
  common(notify.command('test'))
    .description('send a message that says it is a test over one channel, and record the attempt')
    .argument('<channel>', 'name of the channel in the configuration')
    .action(async (channel: string, options: CommonOptions) => test(cli, channel, options));
  reading(notify.command('preview'))
    .description('what would be said now of everything that is untrue, and to whom; sends nothing')
    .option('--channel <name>', 'only over this channel')
    .option('--since <index|time>', 'only what has been untrue since then, or what this log entry or a later one shows', since)
    .action(async (options: PreviewVerbOptions) => preview(cli, options));
  reading(notify.command('list'))
    .description('what is untrue now, which messages wait, and how the channels are')
    .action(async (options: ReadingOptions) => list(cli, options));
}

function since(text: string): string | number {
  if (/^\d+$/.test(text) && text.length < 16) return Number(text);
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\d/.test(text)) {
    throw new InvalidArgumentError('expected the index of a log entry, or a time such as 2026-03-31 or 2026-03-31T08:00:00Z');
  }
  return new Date(time).toISOString();
}

async function test(cli: Cli, channel: string, options: CommonOptions): Promise<void> {
  const [{ openApp }, { testChannel }] = await Promise.all([import('../app.ts'), import('../run/notify/test-channel.ts')]);
  const tested = await testChannel(await openApp(appOptions(cli, options)), channel);
  const { channelKind, message, entry } = tested;
  if (tested.delivered) cli.out(`${cli.colours.green('delivered')}: test message ${message} over ${channel} (${channelKind})`);
  else {
    cli.out(`${cli.colours.red('not delivered')}: ${channel} (${channelKind}): ${tested.reason}`);
    cli.out(tested.retryable ? 'It may pass by itself: try again.' : 'Trying again will not help before something is changed.');
    cli.exit(exitCodes.error);
  }
  cli.out(entry === null ? 'There is no log yet: the attempt is recorded nowhere.' : `Recorded as log entry ${entry}.`);
}

async function preview(cli: Cli, options: PreviewVerbOptions): Promise<void> {
  const [{ openApp }, { previewNotices }] = await Promise.all([import('../app.ts'), import('../run/notify/preview-notices.ts')]);
  const app = await openApp(appOptions(cli, options));
  if (options.channel !== undefined) {
    const names = (app.configuration.notify?.channels ?? []).map(({ name }) => name);
    if (!names.includes(options.channel)) await refuseChannel(options.channel, names);
  }
  const store = await app.openStore({ readOnly: true });
  try {
    const wanted: PreviewOptions = { channel: options.channel, since: options.since };
    const { messages, untold, invented } = await previewNotices(app, store, wanted);
    const output: NotifyPreviewOutput = {
      v: 1,
      at: app.now(),
      invented,
      messages: messages.map(({ message, channelKind, text }) => ({
        channel: message.channel,
        channelKind,
        route: message.route,
        because: message.because,
        notices: message.notices.length,
        text,
      })),
      untold: untold.map((one) => ({ ...one })),
    };
    if (options.json === true) printJson(cli, output);
    else {
      const { renderPreview } = await import('./render-notify.ts');
      cli.out(renderPreview(output, cli.colours));
    }
  } finally {
    await store.close();
  }
}

async function refuseChannel(channel: string, names: readonly string[]): Promise<never> {
  const [{ ProoflineError }, { didYouMean }] = await Promise.all([import('../model/errors.ts'), import('../config/nearest-name.ts')]);
  const known = names.length === 0 ? 'the configuration names none' : `there are ${names.join(', ')}`;
  throw new ProoflineError('usage', `there is no channel "${channel}"${didYouMean(channel, names)}: ${known}`);
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const { openApp } = await import('../app.ts');
  const app = await openApp(appOptions(cli, options));
  const outbox = app.openOutbox({ readOnly: true });
  try {
    const channels = (app.configuration.notify?.channels ?? []).map(({ name, kind }) => ({ name, kind }));
    const output = listed(outbox, app.now(), channels);
    for (const warning of outbox.warnings) cli.err(`proofline: ${warning}`);
    if (options.json === true) printJson(cli, output);
    else {
      const { renderNotifyList } = await import('./render-notify.ts');
      cli.out(renderNotifyList(output, { colours: cli.colours, columns: cli.columns }));
    }
  } finally {
    outbox.close();
  }
}

function listed(outbox: Outbox, at: string, channels: readonly { readonly name: string; readonly kind: string }[]): NotifyListOutput {
  return {
    v: 1,
    at,
    followed: outbox.cursor()?.next ?? null,
    conditions: outbox
      .tracked()
      .filter(({ ended }) => ended === null)
      .map(({ key, kind, since: from, notice, waiver }) => ({
        key,
        kind,
        severity: notice.severity,
        source: notice.source?.name ?? null,
        check: notice.check?.id ?? null,
        subject: notice.subject,
        message: notice.message,
        owner: notice.owner.name,
        since: from,
        due: notice.due,
        waiver,
        evidence: notice.evidence.index,
      })),
    held: outbox.countPlacements('waiting'),
    dispatches: outbox.openDispatches().map(({ message, thread, state, attempts, next, made, reason, after }) => ({
      message: message.id,
      channel: message.channel,
      route: message.route,
      thread,
      notices: message.notices.length,
      state,
      attempts,
      next,
      made,
      reason,
      after: [...after],
    })),
    channels: channels.map(({ name, kind }) => {
      const health = outbox.channel(name);
      return {
        name,
        kind,
        lastDelivered: health?.lastDelivered ?? null,
        failingSince: health?.failingSince ?? null,
        reason: health?.reason ?? null,
      };
    }),
  };
}
