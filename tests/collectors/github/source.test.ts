import { glob } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { findOperation, operationNames } from '../../../collectors/github/operations.ts';
import { queries } from '../../../collectors/github/queries.ts';
import source from '../../../collectors/github/source.ts';
import { collectors } from './collectors.ts';
import { publishedSchema } from './world.ts';

test.each(Object.entries(queries))('%s is valid in the schema GitHub publishes', (_, query) => {
  expect(validate(publishedSchema(), parse(query)).map((error) => error.message)).toEqual([]);
});

test.each(Object.entries(queries).filter(([, query]) => query.includes('$first')))('%s asks for the total of what it pages', (_, query) => {
  expect(query).toMatch(/first:\$first,after:\$after[^)]*\)\{\s*totalCount pageInfo\{hasNextPage endCursor\}/);
});

test('the list of collectors is whole', async () => {
  const folders = await Array.fromAsync(glob('collectors/github/*/collector.ts', { cwd: new URL('../../../', import.meta.url).pathname }));
  expect(collectors.map(({ id }) => `collectors/${id}/collector.ts`).sort()).toEqual(folders.sort());
});

test.each(collectors.map((collector) => [collector.id, collector] as const))(
  '%s declares exactly what its operations need',
  (_, collector) => {
    const needed = Object.keys(collector.items).map((operation) => source.permissionFor(operation));
    for (const permission of needed) expect(collector.permissions).toContain(permission);
    // GraphQL reads contents, metadata and statuses along the way; nothing else may be asked for that no operation names.
    const along = ['contents:read', 'metadata:read', 'statuses:read'];
    for (const permission of collector.permissions) expect([...needed, ...along]).toContain(permission);
  },
);

test('every operation is used, read-only, and known to the source', () => {
  const used = new Set(collectors.flatMap((collector) => Object.keys(collector.items)));
  expect([...operationNames].sort()).toEqual([...used].sort());
  for (const operation of operationNames) {
    expect(operation).toMatch(/^(?:GET \/|graphql:)/);
    expect(source.permissionFor(operation)).toMatch(/^[a-z_]+:read$/);
  }
  for (const query of Object.values(queries)) expect(query.trimStart()).toMatch(/^query\b/);
  expect(source.permissionFor('DELETE /orgs/{org}')).toBeUndefined();
  expect(source.permissionFor('graphql:toString')).toBeUndefined();
  expect(findOperation('constructor')).toBeUndefined();
});

test('stays within GitHub’s documented limits', () => {
  const { perSecond, bucket } = source.limitFor('GET /orgs/{org}/members') as { perSecond: number; bucket: string };
  expect(perSecond * 60).toBeLessThanOrEqual(900);
  expect(source.limitFor('GET /orgs/{org}/repos')).toMatchObject({ bucket });
  expect(source.limitFor('graphql:branches')).not.toMatchObject({ bucket });
});

test.each([
  ['api.github.com', true],
  ['API.GitHub.com', true],
  ['api.github.com:443', true],
  ['api.acme.ghe.com', true],
  ['acme.ghe.com', true],
  ['github.example.com', false],
  ['api.github.com.example.com', false],
  ['evilghe.com', false],
  ['ghe.com', false],
  ['api.github.com:8443', false],
  ['127.0.0.1:4000', false],
])('%s is official: %s', (host, expected) => {
  expect(source.isOfficialHost(host)).toBe(expected);
});

test('anyone can repeat a request', () => {
  const command = (operation: string, input: Record<string, string | number | boolean | null>) =>
    source.equivalentCommand(operation, input, {});
  expect(command('GET /orgs/{org}/members?filter=2fa_disabled', { org: 'acme', per_page: 100, page: 2 })).toBe(
    "gh api '/orgs/acme/members?filter=2fa_disabled&per_page=100&page=2'",
  );
  expect(
    command('GET /repos/{owner}/{repo}/branches/{branch}/protection', { owner: 'acme', repo: 'payroll', branch: "release/o'brien" }),
  ).toBe("gh api '/repos/acme/payroll/branches/release%2Fo'\\''brien/protection'");
  const graphql = command('graphql:teams', { organisation: 'acme', first: 50, after: '$token' });
  expect(graphql).toMatch(/^gh api graphql -f 'query=query\(\$organisation:String!.*' -f 'organisation=acme' -F 'first=50'$/);
  expect(graphql).not.toContain('$token');
});
