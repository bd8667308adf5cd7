import { Octokit } from '@octokit/rest';
import { WebClient } from '@slack/web-api';
import type { Emulator } from 'emulate';
import { afterAll, beforeAll, describe } from 'vitest';
import { emailChannel } from '../../../src/notify/email.ts';
import { githubIssuesChannel } from '../../../src/notify/github-issues.ts';
import { slackChannel } from '../../../src/notify/slack.ts';
import { slackBotChannel } from '../../../src/notify/slack-bot.ts';
import { webhookChannel } from '../../../src/notify/webhook.ts';
import { channelContract, factsInWords } from '../../contracts/channel.contract.ts';
import { freePort, startEmulator } from '../../live/emulator.ts';
import { faultyFront } from './faulty-front.ts';
import { ownCertificate, startMailServer } from './mail-server.ts';
import { startReceiver } from './receiver.ts';

const names = { fallback: undefined };
/** Where markup is taken off a text, the stars in it go too. */
const withoutStars = factsInWords.map((fact) => fact.replaceAll('*', ''));
const closedAddress = async () => `http://127.0.0.1:${await freePort()}`;

describe('signed webhook', () => {
  const secret = 'planted-key-of-the-signature';
  channelContract(
    async () => {
      const receiver = await startReceiver(secret, () => Date.parse('2026-11-28T02:15:00.000Z') / 1000);
      const front = await faultyFront(receiver.url);
      return {
        secrets: [secret, 'planted-path'],
        async open({ timeoutMs, unreachable, withoutSecret } = {}) {
          const url = `${unreachable ? await closedAddress() : front.url}/planted-path`;
          return webhookChannel(
            { ...names, name: 'hook', kind: 'webhook', url: { env: 'URL' }, secret: { env: 'KEY' }, privateNetwork: true },
            withoutSecret ? { URL: url } : { URL: url, KEY: secret },
            { version: '0.0.0', now: () => '2026-11-28T02:14:30.000Z', ...(timeoutMs === undefined ? {} : { timeoutMs }) },
          );
        },
        read: async () => receiver.received.map(({ body }) => JSON.stringify(JSON.parse(body)).replaceAll('\\"', '"')),
        fault: (fault) => front.fault(fault),
        async end() {
          await front.close();
          await receiver.close();
        },
      };
    },
    {
      kind: 'webhook',
      asksToWait: true,
      looks: false,
      facts: factsInWords
        .filter((fact) => !/UTC|Recorded|proofline evidence|by the tag/.test(fact))
        .concat('2026-11-28T02:12:40.000Z', '2026-11-29T02:12:40.000Z', '"by":"tag"', '"index":4182'),
    },
  );
});

describe('email', () => {
  const password = 'planted-password-of-mail';
  let certificate: ReturnType<typeof ownCertificate>;
  beforeAll(() => {
    certificate = ownCertificate();
  });
  afterAll(() => certificate.remove());
  channelContract(
    async () => {
      const server = await startMailServer(certificate, password);
      return {
        secrets: [password, 'planted-words-of-the-server'],
        open: async ({ timeoutMs, unreachable, withoutSecret } = {}) =>
          emailChannel(
            {
              ...names,
              name: 'mail',
              kind: 'email',
              host: '127.0.0.1',
              port: unreachable ? await freePort() : server.port,
              security: 'starttls',
              user: 'proofline',
              password: { env: 'MAIL' },
              caFile: certificate.caFile,
              from: 'proofline@northwind.example',
              to: ['oncall@northwind.example', 'security@northwind.example'],
            },
            withoutSecret ? {} : { MAIL: password },
            timeoutMs === undefined ? {} : { timeoutMs },
          ),
        read: async () =>
          server.mails.map(({ text, html, subject, messageId }) => {
            const shown = String(html)
              .replaceAll(/<br>|<[^>]+>/g, (tag) => (tag === '<br>' ? '\n' : ''))
              .replaceAll('&lt;', '<')
              .replaceAll('&gt;', '>')
              .replaceAll('&quot;', '"')
              .replaceAll('&amp;', '&');
            return [subject, messageId, text, shown].join('\n');
          }),
        fault: (fault) => server.fault(fault),
        end: () => server.close(),
      };
    },
    { kind: 'email', asksToWait: false, looks: false, facts: factsInWords },
  );
});

const plainSlack = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll(/\*|`/g, '');
interface SlackMessage {
  readonly ts?: string;
  readonly text?: string;
  readonly blocks?: readonly { readonly text?: { readonly text: string }; readonly elements?: readonly { readonly text?: string }[] }[];
}
const shownInSlack = ({ text, blocks }: SlackMessage) =>
  plainSlack(
    [text, ...(blocks ?? []).flatMap((block) => [block.text?.text, ...(block.elements ?? []).map((element) => element.text)])].join('\n'),
  );

describe('Slack', () => {
  const token = 'xoxb-1234567890-plantedtoken';
  let slack: Emulator;
  let reader: WebClient;
  let channel: string;
  beforeAll(async () => {
    const scopes = ['chat:write', 'channels:history', 'channels:read'];
    slack = await startEmulator('slack', {
      tokens: { [token]: { login: 'proofline', scopes } },
      slack: { users: [{ name: 'proofline' }] },
    });
  });
  afterAll(() => slack.close());
  const begin = async () => {
    slack.reset();
    reader = new WebClient(token, { slackApiUrl: `${slack.url}/api/` });
    const { channels } = await reader.conversations.list();
    channel = channels?.find(({ name }) => name === 'general')?.id ?? '';
    const before = new Set((await reader.conversations.history({ channel })).messages?.map(({ ts }) => ts));
    const front = await faultyFront(slack.url);
    const read = async () => {
      const { messages } = await reader.conversations.history({ channel, limit: 200 });
      const roots = (messages ?? []).filter(({ ts }) => !before.has(ts)).toReversed();
      return await Promise.all(
        roots.map(async ({ ts }) => {
          const replies = await reader.conversations.replies({ channel, ts: ts ?? '' });
          return ((replies.messages ?? []) as unknown as SlackMessage[]).map(shownInSlack).join('\n');
        }),
      );
    };
    return { front, read };
  };

  describe('incoming webhook', () => {
    channelContract(
      async () => {
        const { front, read } = await begin();
        return {
          secrets: ['planted-path'],
          async open({ timeoutMs, unreachable, withoutSecret } = {}) {
            const url = `${unreachable ? await closedAddress() : front.url}/services/T000000001/B000000001/planted-path`;
            return slackChannel(
              { ...names, name: 'slack', kind: 'slack', webhook: { env: 'URL' }, privateNetwork: true },
              withoutSecret ? {} : { URL: url },
              timeoutMs === undefined ? {} : { timeoutMs },
            );
          },
          read,
          fault: (fault) => front.fault(fault),
          end: () => front.close(),
        };
      },
      { kind: 'slack', asksToWait: true, looks: false, facts: withoutStars },
    );
  });

  describe('bot', () => {
    channelContract(
      async () => {
        const { front, read } = await begin();
        return {
          secrets: [token, '1234567890'],
          open: async ({ timeoutMs, unreachable, withoutSecret } = {}) =>
            slackBotChannel(
              {
                ...names,
                name: 'bot',
                kind: 'slack-bot',
                token: { env: 'TOKEN' },
                channel,
                apiUrl: `${unreachable ? await closedAddress() : front.url}/api/`,
              },
              withoutSecret ? {} : { TOKEN: token },
              timeoutMs === undefined ? {} : { timeoutMs },
            ),
          read,
          fault: (fault) => front.fault(fault),
          end: () => front.close(),
        };
      },
      { kind: 'slack-bot', asksToWait: true, looks: true, facts: withoutStars },
    );
  });
});

describe('GitHub issues', () => {
  const token = 'planted-issues-token';
  let github: Emulator;
  beforeAll(async () => {
    github = await startEmulator('github', {
      tokens: { [token]: { login: 'proofline-bot', scopes: ['repo'] } },
      github: {
        users: [{ login: 'proofline-bot' }, { login: 'ann' }],
        repos: [{ owner: 'proofline-bot', name: 'security', auto_init: true }],
      },
    });
  });
  afterAll(() => github.close());
  channelContract(
    async () => {
      github.reset();
      const reader = new Octokit({ auth: token, baseUrl: github.url });
      const at = { owner: 'proofline-bot', repo: 'security' };
      const front = await faultyFront(github.url);
      const plain = (text: string) =>
        text
          .replaceAll('\u2060', '')
          .replaceAll(/\\(?=[^\w\s])/g, '')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
          .replaceAll(/[*`]/g, '');
      return {
        secrets: [token],
        open: async ({ timeoutMs, unreachable, withoutSecret } = {}) =>
          githubIssuesChannel(
            {
              ...names,
              name: 'tickets',
              kind: 'github-issues',
              repository: 'proofline-bot/security',
              token: { env: 'TOKEN' },
              labels: ['proofline'],
              assign: { payments: ['ann'] },
              apiUrl: unreachable ? await closedAddress() : front.url,
            },
            withoutSecret ? {} : { TOKEN: token },
            { version: '0.0.0', ...(timeoutMs === undefined ? {} : { timeoutMs }) },
          ),
        async read() {
          const issues = await reader.paginate(reader.rest.issues.listForRepo, { ...at, state: 'all', sort: 'created', direction: 'asc' });
          return await Promise.all(
            issues.map(async ({ number, title, body }) => {
              const comments = await reader.paginate(reader.rest.issues.listComments, { ...at, issue_number: number });
              return plain([title, body, ...comments.map((comment) => comment.body)].join('\n'));
            }),
          );
        },
        fault: (fault) => front.fault(fault, fault === 'lost-answer' ? /^POST .*\/issues$/ : /./),
        end: () => front.close(),
      };
    },
    { kind: 'github-issues', asksToWait: true, looks: true, facts: withoutStars },
  );
});
