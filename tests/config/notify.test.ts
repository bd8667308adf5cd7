import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const least = `version: 1
entity: { name: Northwind, tenant: northwind }
reports: [soc2]
sources: { github: [{ name: code, organisations: [acme], token: { env: T } }] }
`;
const load = (text: string) => loadConfiguration(join(directoryWith({ 'proofline.yaml': text }), 'proofline.yaml'), {});
const refuse = async (text: string) => problemLines(await refusalOf(() => load(text)));

test('files of channels are relative to the configuration file, and secrets stay references', () => {
  const { notify, directory } = load(`${least}notify:
  channels:
    - { name: bot, kind: slack-bot, token: { file: slack.token }, channel: C1 }
    - { name: hook, kind: webhook, url: { file: hook.url }, secret: { env: HOOK } }
    - { name: mail, kind: email, host: mx.example.com, user: me, password: { file: mail.password }, caFile: ca.pem, from: a@b.co, to: [c@d.co] }
`);
  expect(notify?.channels).toMatchObject([
    { token: { file: join(directory, 'slack.token') } },
    { url: { file: join(directory, 'hook.url') }, secret: { env: 'HOOK' }, privateNetwork: false },
    { password: { file: join(directory, 'mail.password') }, caFile: join(directory, 'ca.pem'), security: 'starttls', port: 587 },
  ]);
});

test('everything that does not fit together is told at once, with its line', async () => {
  const problems = await refuse(`${least}notify:
  zone: Europe/Berln
  escalate: [pagr]
  quiet: { from: '22:00', to: '22:00' }
  owners: { checks: { 'AWS s3': platform } }
  channels:
    - { name: a, kind: slack, webhook: { env: A }, fallback: b }
    - { name: b, kind: slack, webhook: { env: B }, fallback: a }
    - { name: b, kind: email, host: mx.example.com, security: none, from: a@b.co, to: [c@d.co] }
    - { name: c, kind: email, host: localhost, security: none, user: me, from: a@b.co, to: [c@d.co] }
    - { name: d, kind: webhook, url: 'http://10.0.0.1/x', secret: { env: S } }
    - { name: e, kind: webhook, url: 'https://127.0.0.1/x', secret: { env: S } }
    - { name: f, kind: github-issues, repository: o/r, token: { env: G }, apiUrl: 'http://ghe.example.com/api/v3' }
    - { name: pager, kind: slack, webhook: { env: A }, fallback: nobody }
  routes:
    - { name: r, channels: [a, z], sources: [cod], checks: ['aws/s3 *'] }
    - { name: r, channels: [a] }
`);
  const expected = [
    /^6 notify.zone: .*Europe\/Berln.*Europe\/Berlin/,
    /^7 notify.escalate\[0\]: there is no channel "pagr".*pager/,
    /^8 notify.quiet.to: begins and ends/,
    /^9 .*AWS s3/,
    /^11 notify.channels\[0\].fallback: leads back .*a to b to a/,
    /^12 notify.channels\[1\].fallback: leads back/,
    /^13 notify.channels\[2\].name: .*taken/,
    /^13 notify.channels\[2\].security: `none`/,
    /^14 notify.channels\[3\]: .*belong together/,
    /^15 notify.channels\[4\].url: expected an https/,
    /^16 notify.channels\[5\].url: leads to this machine/,
    /^17 notify.channels\[6\].apiUrl: expected an https/,
    /^18 notify.channels\[7\].fallback: there is no channel "nobody"/,
    /^20 notify.routes\[0\].channels\[1\]: there is no channel "z"/,
    /^20 notify.routes\[0\].sources\[0\]: there is no source "cod".*code/,
    /^20 notify.routes\[0\].checks\[0\]: "aws\/s3 \*" is no id/,
    /^21 notify.routes\[1\].name: .*taken/,
  ];
  for (const pattern of expected) expect(problems).toContainEqual(expect.stringMatching(pattern));
  expect(problems).toHaveLength(expected.length);
});

test('what stays within is taken when the configuration says so', () => {
  const within = load(`${least}notify:
  channels:
    - { name: d, kind: webhook, url: 'http://10.0.0.1/x', secret: { env: S }, privateNetwork: true }
    - { name: f, kind: github-issues, repository: o/r, token: { env: G }, apiUrl: 'http://127.0.0.1:8080' }
    - { name: m, kind: email, host: 127.0.0.1, security: none, from: a@b.co, to: [c@d.co] }
`);
  expect(within.notify?.channels).toHaveLength(3);
});

test('a secret that stands there as text is refused and not repeated', async () => {
  const problems = await refuse(`${least}notify:
  channels:
    - { name: a, kind: slack, webhook: 'https://hooks.slack.com/services/T0/B0/planted' }
    - { name: b, kind: slack-bot, token: 'xoxb-1234567890-planted', channel: C1 }
    - { name: c, kind: webhook, url: 'https://x.example.com', secret: planted }
    - { name: d, kind: webhook, url: 'https://user:planted@x.example.com', secret: { env: S } }
`);
  expect(problems.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
    expect.arrayContaining([
      '7 notify.channels[0].webhook:',
      '8 notify.channels[1].token:',
      '9 notify.channels[2].secret:',
      '10 notify.channels[3].url:',
    ]),
  );
  expect(problems.join('\n')).not.toContain('planted');
});

test('the part of the shipped example that is commented out is one that loads', () => {
  const example = readFileSync(join(libraryDirectory(), 'proofline.example.yaml'), 'utf8');
  const part = /^# notify:\n(?:#.*\n)+/m.exec(example)?.[0].replaceAll(/^# ?/gm, '');
  const { notify } = load(`${least}${part}`);
  expect(notify?.channels.map(({ kind }) => kind)).toEqual(['slack-bot', 'email', 'github-issues', 'webhook']);
  expect(notify?.routes).toHaveLength(3);
});
