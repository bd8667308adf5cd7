import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message, Thread } from '../../src/model/notification.ts';
import { type Channel, DeliveryError, type Dispatch } from '../../src/notify/contract.ts';
import { digest, failing, many, messageOf, recovered, testMessage, threadOf } from '../notify/channels/fixture.ts';

export type ChannelFault = 'too-many' | 'server-error' | 'silence' | 'refused' | 'gone' | 'lost-answer';

/** What a channel hands to its contract: a real server, or one whose answers were recorded. */
export interface ChannelHarness {
  open(options?: { readonly timeoutMs?: number; readonly unreachable?: boolean; readonly withoutSecret?: boolean }): Promise<Channel>;
  /** Everything somebody reads there, oldest first, without markup. A thread is one text. */
  read(): Promise<readonly string[]>;
  /** The next thing it is asked ends like this. */
  fault(fault: ChannelFault): void;
  /** What must be nowhere: not in what is read, not in an error. */
  readonly secrets: readonly string[];
  end(): Promise<void>;
}
export interface ChannelTraits {
  readonly kind: Channel['kind'];
  /** What anybody must be able to read of the failing notice of the fixture. */
  readonly facts: readonly string[];
  /** The server can say how long to wait. */
  readonly asksToWait: boolean;
  /** Looks before it says something again. Others carry an id, by which the receiver knows it again. */
  readonly looks: boolean;
}

/** What the failing notice of the fixture says wherever people read it in words. */
export const factsInWords = [
  'Untrue',
  'The bucket lets nobody outside the account read it',
  '28 Nov 2026, 02:12 UTC',
  'payroll-exports',
  'Its policy lets everybody read objects (Principal "*")',
  'DP-02',
  'CC6.1',
  'CC6.6',
  'CO-LA3',
  'critical',
  'payments',
  'by the tag of the resource',
  '29 Nov 2026, 02:12 UTC',
  'S3 > the bucket > Permissions',
  'aws s3api put-public-access-block --bucket NAME',
  'resource "aws_s3_bucket_public_access_block" "this"',
  'Recorded in the log as entry 4182',
  '5b0c7f1e-6a57-4d0e-9f9b-0d3f2b1c9a44',
  'proofline evidence show 4182',
  'production',
  'Northwind Payroll Ltd',
];

const never = () => new AbortController().signal;

export function channelContract(start: () => Promise<ChannelHarness>, traits: ChannelTraits): void {
  let harness: ChannelHarness;
  beforeEach(async () => {
    harness = await start();
  });
  afterEach(() => harness.end());

  /** As whoever delivers would hand it over. */
  function dispatchOf(channel: Channel, message: Message, thread: Partial<Thread> = {}, uncertain = false): Dispatch {
    const standing = message.notices.filter(({ kind }) => kind === 'check-failing');
    const keeps = channel.threads !== 'none' && message.kind === 'notices';
    return { message, thread: keeps ? threadOf(standing, thread) : null, attempt: uncertain ? 2 : 1, uncertain };
  }
  async function failureOf(channel: Channel, dispatch: Dispatch, signal = never()): Promise<DeliveryError> {
    try {
      await channel.deliver(dispatch, signal);
    } catch (error) {
      for (const secret of harness.secrets) expect(inspect(error, { depth: 10 })).not.toContain(secret);
      if (error instanceof DeliveryError) return error;
      throw error;
    }
    throw new Error('it was delivered');
  }

  test('is what it says it is, and nothing is in its way', async () => {
    const channel = await harness.open();
    expect(channel.kind).toBe(traits.kind);
    expect(channel.obstacle?.()).toBeNull();
  });

  test('tells of a check that fails with everything that is needed to act, and with no secret', async () => {
    const channel = await harness.open();
    await channel.deliver(dispatchOf(channel, messageOf([failing()])), never());
    const read = await harness.read();
    expect(read).toHaveLength(1);
    for (const fact of traits.facts) expect(read[0]).toContain(fact);
    for (const secret of harness.secrets) expect(read[0]).not.toContain(secret);
    expect(read[0]).not.toMatch(/compliant|certified/i);
  });

  test('a digest of a thousand resources and a test message are taken', async () => {
    const channel = await harness.open();
    await channel.deliver(dispatchOf(channel, digest()), never());
    await channel.deliver(dispatchOf(channel, testMessage({ id: 'M-00000000000000000001' })), never());
    const read = await harness.read();
    expect(read).toHaveLength(2);
    expect(read[0]).toContain('640');
    expect(read[1]).toContain('Test message');
  });

  test('what a source calls its things is shown as it is and does nothing', async () => {
    const channel = await harness.open();
    const name = '<!channel> @everyone *b* `c` & "d" | e\nBcc: x@y.example';
    await channel.deliver(
      dispatchOf(
        channel,
        messageOf([failing({ subject: { id: 'aws:1/s3/odd', display: name }, message: `${name} and <script>alert(1)</script> -->` })]),
      ),
      never(),
    );
    const [text] = await harness.read();
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('aws:1/s3/odd');
  });

  test('no known kind of secret leaves, even when a source has it in a name', async () => {
    const channel = await harness.open();
    const planted = ['AKIAIOSFODNN7PLANTED', 'ghp_plantedplantedplantedplanted1234', 'xoxb-12345678901-planted'];
    await channel.deliver(dispatchOf(channel, messageOf([failing({ message: `its environment has ${planted.join(' and ')}` })])), never());
    const [text] = await harness.read();
    expect(text).toContain('withheld');
    for (const secret of planted) expect(text).not.toContain(secret);
  });

  test('of two hundred resources a bounded number is listed and the rest is counted', async () => {
    const channel = await harness.open();
    await channel.deliver(dispatchOf(channel, messageOf(many(200))), never());
    const [text] = await harness.read();
    expect(text).toContain('bucket-0001');
    expect(text).not.toContain('bucket-0101');
    expect(text).toContain(traits.kind === 'webhook' ? '"omitted":100' : traits.kind === 'github-issues' ? 'and 175 more' : 'and 190 more');
  });

  test('that something is too much, broken or silent is worth another attempt', async () => {
    const channel = await harness.open({ timeoutMs: 1500 });
    const dispatch = dispatchOf(channel, messageOf([failing()]));
    harness.fault('too-many');
    const tooMany = await failureOf(channel, dispatch);
    expect(tooMany).toMatchObject({ retryable: true, uncertain: false, retryAfterMs: traits.asksToWait ? 7000 : null });
    harness.fault('server-error');
    expect(await failureOf(channel, dispatch)).toMatchObject({ retryable: true });
    harness.fault('silence');
    expect(await failureOf(channel, dispatch)).toMatchObject({ retryable: true });
    await channel.deliver({ ...dispatch, uncertain: true }, never());
    expect(await harness.read()).toHaveLength(1);
  });

  test('that it is refused for what it is is not', async () => {
    const channel = await harness.open();
    const dispatch = dispatchOf(channel, messageOf([failing()]));
    harness.fault('refused');
    expect(await failureOf(channel, dispatch)).toMatchObject({ retryable: false });
    harness.fault('gone');
    expect(await failureOf(channel, dispatch)).toMatchObject({ retryable: false });
  });

  test('where nobody listens nothing came through, for certain', async () => {
    const channel = await harness.open({ unreachable: true });
    const failure = await failureOf(channel, dispatchOf(channel, messageOf([failing()])));
    expect(failure).toMatchObject({ retryable: true, uncertain: false });
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.message).not.toContain('127.0.0.1');
  });

  test('a delivery that is stopped ends at once, and may have come through', async () => {
    const channel = await harness.open();
    harness.fault('silence');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect(await failureOf(channel, dispatchOf(channel, messageOf([failing()])), stop.signal)).toMatchObject({
      retryable: true,
      uncertain: true,
    });
  });

  test('without its secret it takes nothing and says which one', async () => {
    const channel = await harness.open({ withoutSecret: true });
    expect(channel.obstacle?.()).toContain('is not set');
    const failure = await failureOf(channel, dispatchOf(channel, messageOf([failing()])));
    expect(failure).toMatchObject({ retryable: false, uncertain: false });
    expect(failure.message).toContain('is not set');
  });

  test('an answer that was lost makes no second message, or one that is known by its id', async () => {
    const channel = await harness.open();
    const message = messageOf([failing()]);
    harness.fault('lost-answer');
    expect(await failureOf(channel, dispatchOf(channel, message))).toMatchObject({ retryable: true, uncertain: true });
    await channel.deliver(dispatchOf(channel, message, {}, true), never());
    const read = await harness.read();
    if (traits.looks) expect(read).toHaveLength(1);
    else {
      expect(read).toHaveLength(2);
      if (traits.kind !== 'slack') for (const text of read) expect(text).toContain(message.id);
    }
  });

  test('a thread is opened, goes on, is closed and is opened again: it stays one', async () => {
    const channel = await harness.open();
    if (channel.threads === 'none') return;
    const began = messageOf([failing()]);
    const { reference } = await channel.deliver(dispatchOf(channel, began), never());
    expect(reference).not.toBeNull();
    const deliver = (message: Message, thread: Thread, uncertain = false) =>
      channel.deliver({ message, thread: { ...thread, reference }, attempt: 1, uncertain }, never());
    const second = failing({ subject: { id: 'aws:1/s3/second', display: 'second' }, condition: 'second' });
    await deliver(messageOf([second], { id: 'M-00000000000000000002' }), threadOf([failing(), second]));
    expect((await harness.read())[0]).toContain('second');

    const ended = messageOf([recovered(), recovered({ condition: 'second' })], { id: 'M-00000000000000000003' });
    expect(await deliver(ended, threadOf([]))).toEqual({ reference });
    expect(await harness.read()).toEqual([expect.stringMatching(/Closed: nothing of it is untrue any more[\s\S]*True again/)]);
    expect((await channel.look?.(reference!, never())) ?? 'closed').toBe('closed');

    const relapse = messageOf([failing({ since: '2026-11-29T01:00:00.000Z' })], { id: 'M-00000000000000000004' });
    await deliver(relapse, threadOf(relapse.notices));
    await deliver(relapse, threadOf(relapse.notices), true);
    const read = await harness.read();
    expect(read).toHaveLength(1);
    expect(read[0]).toContain('29 Nov 2026, 01:00 UTC');
    expect(read[0]?.split('Closed: nothing')).toHaveLength(1);
    expect((await channel.look?.(reference!, never())) ?? 'open').toBe('open');
    // Said once, although it was handed over twice.
    expect(read[0]?.split(traits.kind === 'slack-bot' ? 'Untrue for payroll-exports' : 'Opened again')).toHaveLength(
      traits.kind === 'slack-bot' ? 5 : 2,
    );
  });

  test('a thread that somebody took away is begun anew', async () => {
    const channel = await harness.open();
    if (channel.threads === 'none') return;
    const message = messageOf([failing()]);
    const dispatch = dispatchOf(channel, message, { reference: traits.kind === 'slack-bot' ? 'C000000001:1.000001' : '4711' });
    const { reference } = await channel.deliver(dispatch, never());
    expect(reference).not.toBe(dispatch.thread?.reference);
    expect(await harness.read()).toHaveLength(1);
    if (channel.look) expect(await channel.look('4711', never())).toBe('gone');
  });
}
