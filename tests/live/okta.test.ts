import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeys } from '../../src/keys/key-files.ts';
import { prooflineHere } from '../cli/in-process.ts';
import { acme } from '../collectors/okta/described.ts';
import { listen, type OktaServer, token } from '../collectors/okta/server.ts';

/* The whole way from a configuration to a verdict, through the real composition and the real transport. */
let directory = '';
let server: OktaServer;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-okta-'));
  server = await listen(acme());
  writeFileSync(
    join(directory, 'proofline.yaml'),
    `version: 1
entity: { name: Acme, tenant: acme }
reports: [soc2]
sources:
  okta:
    - { name: staff, organisation: acme.okta.com, token: { env: OKTA_TOKEN }, baseUrl: '${server.baseUrl}' }
`,
  );
  createKeys(join(directory, '.proofline/keys'), { tenant: 'acme', demonstration: false });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const proofline = (...args: string[]) => prooflineHere([...args, '--config', join(directory, 'proofline.yaml')], { OKTA_TOKEN: token });

test('an organisation is collected, judged and made again from the log, and its token is in none of it', async () => {
  const collected = await proofline('collect', '--json');
  expect(collected.err).toBe('');
  const run = JSON.parse(collected.out) as { sources: { source: string; incomplete: unknown[] }[] };
  expect(run.sources).toMatchObject([{ source: 'okta:00o1acme', incomplete: [] }]);

  const results = await proofline('results', '--json');
  const rows = JSON.parse(results.out) as { results: { check: string; display: string; outcome: string }[] };
  const outcome = (check: string, display: string) => rows.results.find((row) => row.check === check && row.display === display)?.outcome;
  expect(outcome('okta/user-has-second-factor', 'ben@acme.example')).toBe('fail');
  expect(outcome('okta/sign-on-policy-requires-second-factor', 'Any two factors')).toBe('fail');
  expect(outcome('okta/password-policy-is-strong', 'Default Policy')).toBe('fail');
  expect(outcome('okta/administrator-is-approved', 'Operations: Super Administrator')).toBe('fail');

  const again = await proofline('recompute');
  expect(again.code, again.out + again.err).toBe(0);

  const kept = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(token));
  expect(kept).toEqual([]);
  expect(collected.out + collected.err + results.out + again.out).not.toContain(token);
});

test('a secret that is missing keeps this source out, and says which', async () => {
  const ended = await prooflineHere(['collect', '--config', join(directory, 'proofline.yaml')], {});
  expect(ended.code).not.toBe(0);
  expect(ended.out + ended.err).toMatch(/OKTA_TOKEN/);
});
