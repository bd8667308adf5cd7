import { didYouMean } from '../../config/nearest-name.ts';
import { ProoflineError } from '../../model/errors.ts';
import { DeliveryError } from '../../notify/contract.ts';
import type { Composition } from '../composition.ts';
import { type AttemptOutcome, describeAttempt } from './describe-attempt.ts';
import { derivedId } from './split-threads.ts';

export interface TestedChannel {
  readonly channel: string;
  readonly channelKind: string;
  readonly message: string;
  readonly delivered: boolean;
  /** Why not, without addresses and secrets. */
  readonly reason: string | null;
  /** Trying again may help. */
  readonly retryable: boolean;
  /** Log entry of the attempt; null: there is no log yet. */
  readonly entry: number | null;
}

const timeLimitMs = 30_000;

/** Sends a message that says it is a test, and records the attempt. @throws ProoflineError `usage` when there is no such channel */
export async function testChannel(app: Composition, name: string): Promise<TestedChannel> {
  const channels = await app.channels();
  const channel = channels.find((candidate) => candidate.name === name);
  if (channel === undefined) {
    const names = channels.map((known) => known.name);
    const known =
      names.length === 0
        ? ': the configuration names none under notify.channels'
        : `${didYouMean(name, names)}: there are ${names.join(', ')}`;
    throw new ProoflineError('usage', `there is no channel "${name}"${known}`);
  }
  const at = app.now();
  const { entity } = app.configuration;
  const message = {
    id: derivedId(app.newId(), { test: name }),
    kind: 'test' as const,
    channel: name,
    route: null,
    at,
    entity: entity.name,
    demonstration: app.demonstration,
    because: null,
    notices: [],
  };
  let failure: DeliveryError | undefined;
  try {
    await channel.deliver({ message, thread: null, attempt: 1, uncertain: false }, AbortSignal.timeout(timeLimitMs));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    failure = error;
  }
  const outcome: AttemptOutcome = {
    attempt: 1,
    outcome: failure === undefined ? 'delivered' : 'given-up',
    reason: failure?.message ?? null,
    fallback: null,
  };
  return {
    channel: name,
    channelKind: channel.kind,
    message: message.id,
    delivered: failure === undefined,
    reason: outcome.reason,
    retryable: failure?.retryable ?? false,
    entry: await record(app, describeAttempt(message, channel.kind, outcome)),
  };
}

async function record(app: Composition, draft: ReturnType<typeof describeAttempt>): Promise<number | null> {
  if (!app.hasStore()) return null;
  const store = await app.openStore();
  try {
    return (await store.append<'delivery'>(draft)).index;
  } finally {
    await store.close();
  }
}
