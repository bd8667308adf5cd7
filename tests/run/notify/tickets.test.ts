import { rmSync } from 'node:fs';
import { Octokit } from '@octokit/rest';
import type { Emulator } from 'emulate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { openChannels } from '../../../src/notify/open-channels.ts';
import { startEmulator } from '../../live/emulator.ts';
import { Toys } from '../toy-source.ts';
import { collect, notifyWhile, quick, toySettings } from './toy-channel.ts';

/** The whole way: a source, the log, the outbox, and somebody else's GitHub. */
const token = 'planted-issues-token';
const at = { owner: 'proofline-bot', repo: 'security' };
let github: Emulator;
let toys: Toys;
beforeAll(async () => {
  github = await startEmulator('github', {
    tokens: { [token]: { login: at.owner, scopes: ['repo'] } },
    github: { users: [{ login: at.owner }], repos: [{ owner: at.owner, name: at.repo, auto_init: true }] },
  });
});
afterAll(() => github.close());
beforeEach(() => {
  github.reset();
  toys = new Toys();
});
afterEach(() => rmSync(toys.directory, { recursive: true, force: true }));

const doorsAre = (locked: Record<string, boolean>): void => {
  const Doors = Object.entries(locked).map(([Name, Locked]) => ({ Name, Locked }));
  toys.answers = { ...toys.answers, 'toy:Doors': () => ({ Doors }) };
};

describe('tickets of failing checks', () => {
  it('are opened, updated, opened again when closed by hand, closed on recovery, and opened again on relapse', async () => {
    const settings = toySettings([], {
      channels: [
        { name: 'tickets', kind: 'github-issues', repository: `${at.owner}/${at.repo}`, token: { env: 'TOKEN' }, apiUrl: github.url },
      ],
      damping: { times: 50 },
    });
    toys.settings = { notify: settings };
    const options = { env: { TOKEN: token }, version: '0.0.0', now: () => new Date().toISOString() };
    toys.channels = [...(await openChannels(settings.channels, options))];
    const reader = new Octokit({ auth: token, baseUrl: github.url, log: { debug() {}, info() {}, warn() {}, error() {} } });
    const issues = async () => (await reader.rest.issues.listForRepo({ ...at, state: 'all' })).data;
    const comesTo = async (holds: (found: Awaited<ReturnType<typeof issues>>) => boolean, what: string) => {
      const end = performance.now() + 30_000;
      while (!holds(await issues())) {
        if (performance.now() > end) throw new Error(`it never came to ${what}: ${JSON.stringify(await issues())}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const only = (state: string, words: RegExp) => (found: Awaited<ReturnType<typeof issues>>) =>
      found.length === 1 && found[0]?.state === state && words.test(`${found[0]?.title}\n${found[0]?.body}`);

    const app = toys.composition();
    doorsAre({ front: true, back: false });
    await notifyWhile(
      app,
      async () => {
        await collect(app);
        await comesTo(only('open', /The door is locked[\s\S]*back/), 'a ticket');
        doorsAre({ front: false, back: false });
        await collect(app);
        await comesTo(only('open', /front/), 'a second resource in the same ticket');
        const [ticket] = await issues();
        await reader.rest.issues.update({ ...at, issue_number: ticket?.number ?? 0, state: 'closed' });
        await comesTo(only('open', /front/), 'the ticket open again, since it still fails');
        doorsAre({ front: true, back: true });
        await collect(app);
        await comesTo(only('closed', /The door is locked/), 'the ticket closed');
        doorsAre({ front: true, back: false });
        await collect(app);
        await comesTo(only('open', /back/), 'the ticket open again after a relapse');
      },
      { ...quick, tendEveryMs: 300 },
    );
    const [ticket] = await issues();
    await reader.rest.issues.update({ ...at, issue_number: ticket?.number ?? 0, state: 'closed' });
    const untilOpen = () => comesTo(only('open', /back/), 'a ticket open again that was closed while nobody told');
    await notifyWhile(app, untilOpen, { ...quick, tendEveryMs: 3_600_000 });
  });
});
