import { describe, expect, test } from 'vitest';
import codeowners from '../../../collectors/github/codeowners/collector.ts';
import { acme } from './described.ts';
import { runOn } from './run.ts';
import { createServer, type Repository, type World } from './world.ts';

const type = 'github.codeowners';
const holding = (files: Repository['files'], more: Partial<Repository> = {}): World => {
  const world = acme();
  const [first] = world.repositories;
  if (first === undefined || files === undefined) throw new Error('there is no repository');
  world.repositories = [{ ...first, files, ...more }, ...world.repositories.slice(1)];
  return world;
};
const read = async (world: World) => (await runOn(createServer(world), codeowners)).one(type, 'CODEOWNERS of acme/payroll');

describe('the CODEOWNERS of a repository', () => {
  test.each([
    ['.github first', { '.github/CODEOWNERS': '* @a', CODEOWNERS: '* @b', 'docs/CODEOWNERS': '* @c' }, '.github/CODEOWNERS', '* @a'],
    ['then the root', { CODEOWNERS: '* @b', 'docs/CODEOWNERS': '* @c' }, 'CODEOWNERS', '* @b'],
    ['then docs', { 'docs/CODEOWNERS': '* @c' }, 'docs/CODEOWNERS', '* @c'],
    ['and never a directory', { '.github/CODEOWNERS': null, CODEOWNERS: '* @b' }, 'CODEOWNERS', '* @b'],
  ])('is the one GitHub takes: %s', async (_, files, path, text) => {
    expect((await read(holding(files as Repository['files']))).fields).toMatchObject({ repository: 'acme/payroll', file: { path, text } });
  });

  test('is none where there is none, and keeps what GitHub cannot use of it', async () => {
    expect((await read(acme())).fields).toEqual({ repository: 'acme/payroll', archived: false, file: null, errors: [] });
    const errors = [{ kind: 'Unknown owner', line: 3 }];
    expect((await read(holding({ CODEOWNERS: '* @a' }, { codeownersErrors: errors }))).fields['errors']).toEqual(errors);
  });

  test('is not kept when nobody could be found in it, and is unknown then', async () => {
    const seen = await runOn(createServer(holding({ CODEOWNERS: `* @a\n${'# so long\n'.repeat(10_000)}` })), codeowners);
    expect(seen.one(type, 'CODEOWNERS of acme/payroll').unread).toEqual({ file: 'truncated' });
    expect(JSON.stringify(seen.items).length).toBeLessThan(20_000);
  });

  test('that may not be read is denied, and no later file stands for it', async () => {
    const server = createServer(holding({ '.github/CODEOWNERS': '* @a', CODEOWNERS: '* @b' }));
    server.fault = (request, answer) => {
      if (request.graphql?.query.includes('inGithub') !== true) return undefined;
      const reply = answer();
      const answered = reply.body as { data: { organization: { repositories: { nodes: Record<string, unknown>[] } } } };
      const [node] = answered.data.organization.repositories.nodes;
      if (node !== undefined) node['inGithub'] = null;
      const path = ['organization', 'repositories', 'nodes', 0, 'inGithub'];
      return { ...reply, body: { ...answered, errors: [{ type: 'FORBIDDEN', path, message: 'Resource not accessible' }] } };
    };
    const seen = await runOn(server, codeowners);
    expect(seen.one(type, 'CODEOWNERS of acme/payroll').unread).toEqual({ file: 'access-denied' });
    expect(seen.gaps).toMatchObject([{ reason: 'access-denied' }]);
  });

  test('costs one request per fifty repositories', async () => {
    const [first] = acme().repositories;
    const repositories = Array.from({ length: 120 }, (_, n) => ({ ...first, name: `r${n}`, id: n + 1 }));
    const seen = await runOn(createServer(acme({ repositories })), codeowners);
    expect(seen.of(type)).toHaveLength(120);
    expect(seen.requests.filter(({ operation }) => operation === 'graphql:codeowners')).toHaveLength(3);
  });
});
