import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { describeMessage, describeThread } from '../../../src/notify/describe-message.ts';
import { emailHtml } from '../../../src/notify/email-html.ts';
import { issueBody } from '../../../src/notify/issue-body.ts';
import { plainMessage } from '../../../src/notify/plain-message.ts';
import { slackBlocks, slackDigestLimits } from '../../../src/notify/slack-blocks.ts';
import { webhookChannel } from '../../../src/notify/webhook.ts';
import { digest, failing, many, messageOf, recovered, threadOf } from './fixture.ts';
import { startReceiver } from './receiver.ts';

const golden = (name: string) => join(import.meta.dirname, '../../golden/notify', name);
const cases = { failing: messageOf([failing()]), recovered: messageOf([recovered()]), digest: digest() };

for (const [name, message] of Object.entries(cases)) {
  test(`${name}: what each channel says is what was looked at and found good`, async () => {
    const described = describeMessage(message, { sections: 10 });
    const brief = message.kind === 'digest';
    await expect(plainMessage(described)).toMatchFileSnapshot(golden(`${name}.mail.txt`));
    await expect(emailHtml(described)).toMatchFileSnapshot(golden(`${name}.mail.html`));
    await expect(`${JSON.stringify(slackBlocks(described, { brief }), null, 2)}\n`).toMatchFileSnapshot(golden(`${name}.slack.json`));
    const thread = threadOf(message.notices.filter(({ kind }) => kind === 'check-failing'));
    const issue = brief ? described : describeThread(thread, message, { sections: 10, resources: 25 });
    await expect(`${issueBody(issue)}\n`).toMatchFileSnapshot(golden(`${name}.issue.md`));
  });
}

test('five thousand results of sixty checks stay within what each channel takes', () => {
  const checks = Array.from({ length: 60 }, (_, index) => ({
    ...failing().check!,
    id: `aws/check-${index}`,
    claim: `${'Claim '.repeat(60)}${index}`,
  }));
  const message = digest({
    notices: checks.flatMap((check) =>
      many(84, {
        check,
        message: 'x'.repeat(2000),
        controls: many(1)[0]!.controls.map((control) => ({ ...control, statement: 'y'.repeat(5000) })),
      }),
    ),
  });
  const { blocks } = slackBlocks(describeMessage(message, slackDigestLimits), { brief: true });
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const block of blocks) {
    if (block.type === 'section') expect(block.text.text.length).toBeLessThanOrEqual(3000);
    if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
  }
  const inFull = slackBlocks(describeMessage({ ...message, kind: 'notices' }, { sections: 10 }), { brief: false });
  expect(inFull.blocks.length).toBeLessThanOrEqual(50);
  expect(issueBody(describeMessage(message, { sections: 30, resources: 25 })).length).toBeLessThan(65_536);
  const described = describeMessage(message, { sections: 20 });
  expect(described.opening.join(' ')).toContain('5,040 untrue (5,040 critical)');
  expect(described.more).toContain('and 40 more checks with 3,360 resources');
});

test('several changes are headed by the worst of what goes on, and by their source', () => {
  const low = { ...failing().check!, id: 'aws/other' };
  const notices = [failing({ severity: 'low', check: low }), failing({ severity: 'high' }), recovered({ severity: 'critical' })];
  const { headline } = describeMessage(messageOf(notices), { sections: 10 });
  expect(headline).toBe('[high] 2 checks fail, 1 check recovered (production)');
  expect(describeMessage(messageOf([recovered(), recovered({ check: low })]), { sections: 10 }).headline).toMatch(/^2 checks recovered/);
});

test('what no check says lasted, and was not untrue', () => {
  const back = recovered({ kind: 'permission-back', check: null });
  const labels = describeMessage(messageOf([back]), { sections: 10 }).sections[0]?.facts.map(({ label }) => label);
  expect(labels).toContain('Lasted');
  expect(labels).not.toContain('Was untrue');
});

test('a demonstration says so before anything else', () => {
  const described = describeMessage(messageOf([failing()], { demonstration: true }), { sections: 10 });
  expect(plainMessage(described)).toMatch(/^DEMONSTRATION/);
  expect(slackBlocks(described, { brief: false }).blocks[0]).toMatchObject({ type: 'context' });
  expect(issueBody(described)).toMatch(/^> \[!WARNING\]\n> \*\*Demonstration/);
  expect(described.sections[0]?.recorded.command).toBe('proofline evidence show 4182 --demonstration');
});

test('a webhook’s body has the documented shape, and its signature is over exactly these bytes and this time', async () => {
  const secret = 'key';
  const now = () => Date.parse('2026-11-28T02:15:00.000Z') / 1000;
  const receiver = await startReceiver(secret, now);
  const validate = formats
    .default(new Ajv2020({ strict: false }))
    .compile(JSON.parse(readFileSync(join(import.meta.dirname, '../../../config/webhook.schema.json'), 'utf8')) as object);
  const open = (key: string, at: string) =>
    webhookChannel(
      { name: 'hook', kind: 'webhook', url: receiver.url, secret: { env: 'KEY' }, privateNetwork: true },
      { KEY: key },
      { version: '1.2.3', now: () => at },
    );
  const deliver = (channel: ReturnType<typeof open>, message = cases.failing) =>
    channel.deliver({ message, thread: null, attempt: 3, uncertain: false }, new AbortController().signal);
  try {
    for (const message of Object.values(cases)) {
      await deliver(open(secret, '2026-11-28T02:14:30.000Z'), message);
      const body: unknown = JSON.parse(receiver.received.at(-1)?.body ?? '');
      expect([validate(body), validate.errors]).toEqual([true, null]);
    }
    expect(receiver.received[0]?.headers).toMatchObject({
      'proofline-id': cases.failing.id,
      'proofline-attempt': '3',
      'user-agent': 'proofline/1.2.3',
    });
    // Another key, or a message that somebody kept and sends again.
    await expect(deliver(open('other', '2026-11-28T02:14:30.000Z'))).rejects.toMatchObject({ retryable: false, message: 'answered 401' });
    await expect(deliver(open(secret, '2026-11-28T02:09:59.000Z'))).rejects.toMatchObject({ retryable: false });
    expect(receiver.received).toHaveLength(3);
  } finally {
    await receiver.close();
  }
});
