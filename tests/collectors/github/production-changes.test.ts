import { describe, expect, test } from 'vitest';
import approved from '../../../checks/github/change-approved-by-another.ts';
import through from '../../../checks/github/change-came-through-pull-request.ts';
import succeeded from '../../../checks/github/change-checks-succeeded.ts';
import collector from '../../../collectors/github/production-changes/collector.ts';
import { evaluateCheck } from '../../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Result } from '../../../src/model/result.ts';
import { acme } from './described.ts';
import { asOf, runOn } from './run.ts';
import { type Commit, check, createServer, type Pull, type Repository, type Server } from './world.ts';

const settings = { productionBranches: ['release/*'] };
const at = (time: string) => `2026-01-14T${time}:00Z`;
const commit = (oid: string, author: Commit['authors'][number] = 'cyd', change: Partial<Commit> = {}): Commit => ({
  oid,
  at: at('08:00'),
  authors: [author],
  ...change,
});
/** Pull request 1 of cyd, approved by ann on its only commit and squashed by cyd. */
const pull = (change: Partial<Pull> = {}): Pull => ({
  number: 1,
  base: 'main',
  mergedAt: at('10:00'),
  mergeCommit: 'squash',
  author: 'cyd',
  commits: [commit('p1')],
  reviews: [review()],
  ...change,
});
type Review = NonNullable<Pull['reviews']>[number];
const review = (change: Partial<Review> = {}): Review => ({ by: 'ann', state: 'APPROVED', at: at('09:00'), commit: 'p1', ...change });
const squash = (change: Partial<Commit> = {}) => commit('squash', 'cyd', { at: at('10:00'), committer: 'github', pulls: [1], ...change });

function serverWith(history: Partial<Repository>): Server {
  const world = acme();
  const repository: Repository = { name: 'payroll', id: 1, branches: { main: {}, 'release/1.0': {} }, ...history };
  world.repositories = [repository, ...world.repositories.slice(1)];
  return createServer(world);
}
async function seenIn(commits: Commit[], pulls: Pull[] = []) {
  return await runOn(serverWith({ commits: { main: commits }, pulls }), collector, { settings });
}
type Seen = Awaited<ReturnType<typeof runOn>>;
function judged(check: unknown, seen: Seen, parameters: Record<string, unknown> = {}): Result[] {
  const incomplete = seen.incomplete.filter(({ type }) => type === 'github.change').map(({ reason }) => ({ scope: 'github:9919', reason }));
  return evaluateCheck(check as Check, { resources: seen.of('github.change'), incomplete }, { asOf, parameters });
}
const outcomes = (check: unknown, seen: Seen, parameters = {}) => judged(check, seen, parameters).map(({ outcome }) => outcome);

describe('who approved a change', () => {
  const cases: [string, 'pass' | 'fail' | 'no-evidence', Commit[], Pull[]][] = [
    ['another person, on the last commit', 'pass', [squash()], [pull()]],
    ['the author merges it after another approved', 'pass', [squash()], [pull({ mergedBy: 'cyd' })]],
    ['a bot merges it after a person approved', 'pass', [squash()], [pull({ mergedBy: 'queue[bot]' })]],
    ['the approver merges it', 'pass', [squash()], [pull({ mergedBy: 'ann' })]],
    [
      'a bot wrote it, a person approved',
      'pass',
      [squash({ authors: ['dependabot[bot]'] })],
      [pull({ author: 'dependabot[bot]', commits: [commit('p1', 'dependabot[bot]')] })],
    ],
    ['its author', 'fail', [squash()], [pull({ reviews: [review({ by: 'cyd' })] })]],
    ['nobody', 'fail', [squash()], [pull({ reviews: [] })]],
    ['a co-author by trailer', 'fail', [squash()], [pull({ commits: [commit('p1', 'cyd', { authors: ['cyd', 'ann'] })] })]],
    ['a co-author named only in the squash', 'fail', [squash({ authors: ['cyd', 'ann'] })], [pull()]],
    ['who wrote one of its commits', 'fail', [squash()], [pull({ commits: [commit('p0', 'ann'), commit('p1')] })]],
    ['who committed it for the author', 'fail', [squash()], [pull({ commits: [commit('p1', 'cyd', { committer: 'ann' })] })]],
    ['another, before the last commit', 'fail', [squash()], [pull({ commits: [commit('p1'), commit('p2')] })]],
    ['another, after the merge', 'fail', [squash()], [pull({ reviews: [review({ at: at('10:30') })] })]],
    [
      'another, and it was dismissed',
      'fail',
      [squash()],
      [pull({ reviews: [review({ state: 'DISMISSED', dismissed: { from: 'APPROVED', at: at('09:30'), by: 'cyd' } })] })],
    ],
    [
      'another, and it was dismissed after the merge',
      'pass',
      [squash()],
      [pull({ reviews: [review({ state: 'DISMISSED', dismissed: { from: 'APPROVED', at: at('10:30'), by: 'cyd' } })] })],
    ],
    [
      'another, who then asked for changes',
      'fail',
      [squash()],
      [pull({ reviews: [review(), review({ state: 'CHANGES_REQUESTED', at: at('09:30') })] })],
    ],
    ['another, who then commented', 'pass', [squash()], [pull({ reviews: [review(), review({ state: 'COMMENTED', at: at('09:30') })] })]],
    ['a bot', 'fail', [squash()], [pull({ reviews: [review({ by: 'approver[bot]' })] })]],
    ['an account that is gone', 'fail', [squash()], [pull({ reviews: [review({ by: null })] })]],
    ['another, of an author whose account is gone', 'fail', [squash()], [pull({ author: null })]],
    [
      'another, of an author of no account',
      'fail',
      [squash()],
      [pull({ commits: [commit('p1', { name: 'root', email: 'root@localhost' })] })],
    ],
    ['nobody: it was pushed', 'fail', [commit('pushed')], []],
    ['more reviewers than came with it', 'no-evidence', [squash()], [pull({ reviews: Array.from({ length: 101 }, () => review()) })]],
    [
      'another, of more commits than came with it',
      'no-evidence',
      [squash()],
      [pull({ commits: Array.from({ length: 101 }, (_, index) => commit(`p${index}`)) })],
    ],
  ];
  test.each(cases)('%s: %s', async (_, outcome, commits, pulls) => {
    const seen = await seenIn(commits, pulls);
    expect(outcomes(approved, seen), judged(approved, seen)[0]?.message).toEqual([outcome]);
  });

  test('what parameters allow', async () => {
    const early = await seenIn([squash()], [pull({ commits: [commit('p1'), commit('p2')] })]);
    expect(outcomes(approved, early, { approvalMustCoverLastCommit: false })).toEqual(['pass']);
    const nobody = await seenIn([squash()], [pull({ commits: [commit('p1', { name: 'root', email: 'root@localhost' })] })]);
    expect(outcomes(approved, nobody, { authorsWithoutAccount: 'accept' })).toEqual(['pass']);
  });
});

describe('how a change came to the branch', () => {
  test('a merge brings the commits of its branch, and who pressed the button wrote nothing', async () => {
    const commits = [
      commit('merge', 'ann', { at: at('10:00'), parents: 2, committer: 'github', pulls: [1] }),
      commit('p1', 'cyd', { pulls: [1] }),
    ];
    const seen = await seenIn(commits, [pull({ mergeCommit: 'merge', mergedBy: 'ann' })]);
    expect(outcomes(through, seen)).toEqual(['pass', 'pass']);
    expect(outcomes(approved, seen)).toEqual(['pass', 'pass']);
    const byHand = await seenIn(
      [commit('merge', 'ann', { at: at('10:00'), parents: 2, pulls: [1] })],
      [pull({ mergeCommit: 'merge', mergedBy: 'ann' })],
    );
    expect(judged(approved, byHand)).toMatchObject([{ outcome: 'fail', message: '#1 was approved by its own authors alone: ann' }]);
  });
  test('a rebase by whoever approved keeps its authors', async () => {
    const seen = await seenIn(
      [commit('rebased', 'cyd', { committer: 'ann', pulls: [1] })],
      [pull({ mergeCommit: 'rebased', mergedBy: 'ann' })],
    );
    expect(outcomes(approved, seen)).toEqual(['pass']);
  });
  test('a pull request into another branch does not bring a commit here, one that carries it on does', async () => {
    const develop = pull({ number: 7, base: 'develop', mergeCommit: 'squash' });
    const alone = await seenIn([squash({ pulls: [7] })], [develop]);
    expect(judged(through, alone)).toMatchObject([{ outcome: 'fail' }]);
    expect(judged(through, alone)[0]?.message).toMatch(/it also belongs to #7 into develop$/);
    const carried = pull({
      number: 8,
      base: 'main',
      author: 'bob',
      mergeCommit: 'merge',
      commits: [squash()],
      reviews: [review({ commit: 'squash' })],
    });
    const merge = commit('merge', 'bob', { at: at('11:00'), parents: 2, committer: 'github', pulls: [8] });
    const seen = await seenIn([merge, squash({ pulls: [7] })], [develop, carried]);
    expect(outcomes(through, seen)).toEqual(['pass', 'pass']);
    expect(outcomes(approved, seen)).toEqual(['pass', 'pass']);
  });
  test('a branch that was renamed is known by the merge commit', async () => {
    const seen = await seenIn([squash()], [pull({ base: 'master', baseGone: true })]);
    expect(outcomes(through, seen)).toEqual(['pass']);
    const other = await seenIn([squash()], [pull({ base: 'master', baseGone: true, mergeCommit: 'elsewhere' })]);
    expect(outcomes(through, other)).toEqual(['fail']);
  });
  test('an open pull request brought nothing', async () => {
    const seen = await seenIn([squash()], [pull({ state: 'OPEN', mergedAt: null })]);
    expect(judged(through, seen)[0]?.message).toMatch(/#1 \(open\)$/);
  });
  test('the first commit of a new repository is no change; a later history without parents is one', async () => {
    const first = commit('root', 'ann', { parents: 0 });
    expect(outcomes(through, await seenIn([first]))).toEqual(['fail']);
    const server = serverWith({ commits: { main: [first] } });
    server.fault = (request, answer) => {
      const given = answer();
      return request.graphql
        ? { ...given, body: JSON.parse(JSON.stringify(given.body).replaceAll('2024-01-01T00:00:00Z', at('07:30'))) }
        : given;
    };
    expect(outcomes(through, await runOn(server, collector, { settings }))).toEqual(['not-applicable']);
  });
});

describe('what was tested before the merge', () => {
  const cases: [string, string, Pull['checks']][] = [
    ['ended well before', 'pass', undefined],
    ['no check', 'fail', []],
    ['nothing was ever reported', 'fail', null],
    ['one failed', 'fail', [check('build', at('10:00')), check('lint', at('10:00'), { conclusion: 'FAILURE' })]],
    ['one ended too late', 'fail', [check('build', at('10:00'), { completedAt: at('10:05') })]],
    ['one is still running', 'fail', [check('build', at('10:00'), { status: 'IN_PROGRESS', conclusion: null, completedAt: null })]],
    ['a deployment after it failed', 'pass', [check('build', at('10:00')), check('deploy', at('11:00'), { conclusion: 'FAILURE' })]],
    ['a status of before', 'pass', [{ __typename: 'StatusContext', context: 'ci', state: 'SUCCESS', createdAt: at('09:59') }]],
    ['a status that is pending', 'fail', [{ __typename: 'StatusContext', context: 'ci', state: 'PENDING', createdAt: at('09:59') }]],
    ['more than came with it', 'no-evidence', Array.from({ length: 101 }, (_, index) => check(`c${index}`, at('10:00')))],
  ];
  test.each(cases)('%s: %s', async (_, outcome, checks) => {
    const seen = await seenIn([squash()], [pull(checks === undefined ? {} : { checks })]);
    expect(outcomes(succeeded, seen)).toEqual([outcome]);
  });
  test('a check that must be among them', async () => {
    expect(outcomes(succeeded, await seenIn([squash()], [pull()]), { required: ['build'] })).toEqual(['pass']);
    expect(outcomes(succeeded, await seenIn([squash()], [pull()]), { required: ['security'] })).toEqual(['fail']);
  });
});

describe('the population', () => {
  test('is half-open in whole seconds, on every production branch, by branch', async () => {
    const edge = (oid: string, time: string) => commit(oid, 'cyd', { at: time });
    const server = serverWith({
      commits: {
        main: [
          edge('after', '2026-01-15T00:00:00Z'),
          edge('last', '2026-01-14T23:59:59Z'),
          edge('first', '2026-01-14T00:00:00Z'),
          edge('before', '2026-01-13T23:59:59Z'),
        ],
        'release/1.0': [edge('last', '2026-01-14T23:59:59Z')],
      },
    });
    const seen = await runOn(server, collector, { settings });
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(seen.of('github.change').map(({ id }) => id)).toEqual([
      'github:9919/change/R_MQ/first',
      'github:9919/change/R_MQ/last',
      'github:9919/change/R_MQ/release%2F1.0/last',
    ]);
  });
  test('is recorded when it is empty', async () => {
    const seen = await runOn(createServer(acme({ repositories: [{ name: 'quiet', id: 1 }] })), collector, { settings });
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(outcomes(approved, seen)).toEqual(['empty']);
    expect(seen.requests.map(({ operation }) => operation)).not.toContain('graphql:branch-changes');
  });
  test('has what GitHub’s search counts beside it', async () => {
    const seen = await seenIn([squash()], [pull()]);
    expect(seen.one('github.merge-count', 'merged into main').fields).toEqual({ branch: 'main', merged: 1 });
    expect(seen.one('github.merge-count', 'merged into release/1.0').fields).toEqual({ branch: 'release/1.0', merged: 0 });
  });
  test('of a repository that may not be read is not whole', async () => {
    const server = serverWith({ commits: { main: [squash()] }, pulls: [pull()] });
    server.fault = ({ graphql }, answer) =>
      graphql?.query.includes('object(oid')
        ? { status: 200, body: { data: { node: null }, errors: [{ type: 'FORBIDDEN', path: ['node'], message: 'no' }] } }
        : answer();
    const seen = await runOn(server, collector, { settings });
    expect(judged(approved, seen)).toMatchObject([{ subject: '*', outcome: 'no-evidence', reason: 'access-denied' }]);
  });
  test('a pull request that may not be read leaves its change unjudged, and not unapproved', async () => {
    const server = serverWith({ commits: { main: [squash()] }, pulls: [pull()] });
    server.fault = ({ graphql }, answer) =>
      graphql?.query.includes('nodes(ids')
        ? { status: 200, body: { data: { nodes: [null] }, errors: [{ type: 'FORBIDDEN', path: ['nodes', 0], message: 'no' }] } }
        : answer();
    const seen = await runOn(server, collector, { settings });
    expect(outcomes(approved, seen)).toEqual(['no-evidence']);
    expect(outcomes(through, seen)).toEqual(['pass']);
    expect(outcomes(succeeded, seen)).toEqual(['no-evidence']);
  });
  test('asks for many pull requests at once', async () => {
    const numbers = Array.from({ length: 45 }, (_, index) => index + 1);
    const commits = numbers.map((number) => squash({ oid: `s${number}`, pulls: [number] }));
    const seen = await seenIn(
      commits,
      numbers.map((number) => pull({ number, mergeCommit: `s${number}` })),
    );
    expect(seen.of('github.change')).toHaveLength(45);
    expect(seen.requests.filter(({ operation }) => operation === 'graphql:change-pull-requests')).toHaveLength(3);
    expect(outcomes(approved, seen).every((outcome) => outcome === 'pass')).toBe(true);
  });
});
