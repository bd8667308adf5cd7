import { describe, expect, it } from 'vitest';
import { plain } from '../../src/cli/cli.ts';
import { exitCodeOf, worstExitCode } from '../../src/cli/exit-codes.ts';
import { nextSteps } from '../../src/cli/next-steps.ts';
import { afterVerb } from '../../src/cli/program.ts';
import { renderCollect } from '../../src/cli/render-collect.ts';
import { cloudFormation, githubApp, iamPolicy, permissionsOf, terraform } from '../../src/cli/render-permissions.ts';
import { durationText, nextProgress, noProgress, progressLine, progressText } from '../../src/cli/render-progress.ts';
import { renderResults } from '../../src/cli/render-results.ts';
import { renderStatus } from '../../src/cli/render-status.ts';
import { renderTable } from '../../src/cli/render-table.ts';
import { renderVerify } from '../../src/cli/render-verify.ts';
import { problemText } from '../../src/cli/report-error.ts';
import type { ControlRow, ResultRow, StatusOutput } from '../../src/cli/shapes.ts';
import { ageOf, outcomeCounts } from '../../src/cli/words.ts';
import { errorCodes } from '../../src/model/errors.ts';
import type { CollectProgress } from '../../src/run/progress.ts';

const none = { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };
const noFailures = { critical: 0, high: 0, medium: 0, low: 0 };
const control = (id: string, more: Partial<ControlRow> = {}): ControlRow => ({
  id,
  statement: `What ${id} says.`,
  status: 'proposed',
  owner: null,
  automation: 'full',
  state: 'no-failures-observed',
  counts: { ...none, pass: 3 },
  failures: noFailures,
  checks: ['aws/x'],
  evidenceAsOf: '2026-01-01T11:00:00.000Z',
  reasons: [],
  ...more,
});
const status: StatusOutput = {
  v: 1,
  at: '2026-01-01T12:00:00.000Z',
  entity: 'Northwind',
  demonstration: false,
  log: { origin: 'proofline.log/northwind', entries: 1234, signedTo: 1234, dataDirectory: '/data' },
  anchors: { configured: [], latest: null, sentence: 'Recorded by the entity alone; nobody else saw this log.' },
  sources: [
    {
      source: 'aws:111122223333',
      display: 'production',
      collections: 12,
      incomplete: [{ collector: 'aws/kms-keys', scope: 'aws:111122223333/eu-west-1', reasons: ['access-denied'] }],
      oldest: '2026-01-01T11:00:00.000Z',
      newest: '2026-01-01T11:01:00.000Z',
      results: { ...none, pass: 3, fail: 1 },
    },
  ],
  counts: { ...none, pass: 3, fail: 1 },
  failures: { ...noFailures, high: 1 },
  controls: [
    control('AC-02', {
      status: 'adopted',
      state: 'failures-observed',
      counts: { ...none, fail: 1, pass: 2, empty: 4 },
      failures: { ...noFailures, high: 1 },
      reasons: ['aws/x: 1 subject fails', 'idp.user is not collected'],
    }),
    control('AC-11', { automation: 'partial' }),
    control('DP-01', { state: 'no-evidence', counts: none, evidenceAsOf: null, reasons: ['aws.sqs.queue is not collected'] }),
    control('GV-02', { automation: 'manual', state: 'no-evidence', checks: [], counts: none, evidenceAsOf: null }),
    control('NW-1', { state: 'did-not-operate', counts: { ...none, empty: 1 } }),
    control('OP-99x', { status: 'retired' }),
  ],
  coverage: [{ report: 'soc2', total: 33, covered: 2, proposed: 30, open: ['CC9.9'] }],
  operation: { turns: { done: 0, failed: 0, missed: 0, late: 0 }, lastMissed: null, lastFailed: null, daemon: null },
  warnings: ['In 1 collections the clocks differed too much to rely on the times.'],
  nextSteps: [{ text: 'Look.', command: 'proofline doctor' }],
};
const view = { colours: plain, columns: 100, all: false };

describe('how the collecting itself goes', () => {
  const daemon = {
    run: 'r1',
    host: 'node-1',
    version: '0.2.0',
    startedAt: '2026-01-01T02:00:00.000Z',
    heardAt: '2026-01-01T11:59:30.000Z',
  };
  const operation = { turns: { done: 1, failed: 0, missed: 0, late: 0 }, lastMissed: null, lastFailed: null, daemon: null };
  const said = (more: Partial<StatusOutput['operation']>) =>
    renderStatus({ ...status, operation: { ...operation, ...more } }, view)
      .split('\n')
      .filter((line) => /Daemon|Schedules|last (missed|failed)/.test(line));
  it('says nothing of schedules where nothing is scheduled', () => {
    expect(said({ turns: { done: 0, failed: 0, missed: 0, late: 0 } })).toEqual([]);
  });
  it('says whether a daemon runs, stopped, or ended unseen', () => {
    expect(said({ daemon: { ...daemon, state: 'running' } })).toEqual([
      'Daemon 0.2.0 on node-1: running since 2026-01-01T02:00:00.000Z',
      'Schedules: 1 turn taken, none missed or failed',
    ]);
    expect(said({ daemon: { ...daemon, state: 'stopped' } })[0]).toBe(
      'Daemon 0.2.0 on node-1: not running, stopped at 2026-01-01T11:59:30.000Z',
    );
    expect(said({ daemon: { ...daemon, state: 'ended-unseen', heardAt: '2026-01-01T09:00:00.000Z' } })[0]).toBe(
      'Daemon 0.2.0 on node-1: not running, ended unseen after 2026-01-01T09:00:00.000Z, 3 h ago',
    );
  });
  it('counts what was missed and what failed, with the last of each', () => {
    const lastMissed = {
      schedule: 'production/critical',
      from: '2026-01-01T04:00:00.000Z',
      to: '2026-01-01T08:00:00.000Z',
      count: 2,
      reason: 'not-running' as const,
      late: true,
    };
    const lastFailed = {
      schedule: 'production/events',
      due: '2026-01-01T10:10:00.000Z',
      attempts: 3,
      reason: 'the role cannot be assumed',
    };
    expect(said({ turns: { done: 1200, failed: 1, missed: 2, late: 1 }, lastMissed, lastFailed })).toEqual([
      'Schedules: 1,200 turns taken, 2 missed (1 of them done late), 1 finally failed',
      '  last missed: production/critical, 2 turns due up to 2026-01-01T08:00:00.000Z (no daemon was running)',
      '  last failed: production/events, due 2026-01-01T10:10:00.000Z, after 3 attempts: the role cannot be assumed',
    ]);
  });
});

describe('the control table', () => {
  it('says how each control stands, grouped, with everything that must be said beside it', () => {
    expect(renderStatus(status, view)).toMatchInlineSnapshot(`
      "Northwind: controls as of 2026-01-01T12:00:00.000Z

      aws:111122223333 production: 12 collections, 1 collection incomplete, oldest 1 h old; 1 fail, 3 pass
        access-denied  aws/kms-keys  aws:111122223333/eu-west-1

      Access
        AC-02  adopted   failures observed              1 h  1 fail (1 high), 2 pass
               What AC-02 says.
               aws/x: 1 subject fails, and 1 more
        AC-11  proposed  no failures observed, in part  1 h  3 pass
               What AC-11 says.

      Data protection
        DP-01  proposed  no evidence
               What DP-01 says.
               aws.sqs.queue is not collected

      Own controls
        NW-1   proposed  did not operate                1 h
               What NW-1 says.

      1 control that only people can evidence: status --all

      1 adopted control, 4 proposed: a library control counts in a report once someone adopts it.
      SOC 2 criteria: 2 of 33 covered by adopted controls, 30 by proposed ones; no control speaks to CC9.9.
      Log proofline.log/northwind: 1,234 entries, head signed at 1234, in /data
      Recorded by the entity alone; nobody else saw this log.
      In 1 collections the clocks differed too much to rely on the times.
      What is shown is what monitoring observed; the conclusion is the auditor’s.

      Next
        Look.
          proofline doctor"
    `);
  });
  it('shows what only people can evidence when asked, and never a retired control', () => {
    const all = renderStatus(status, { ...view, all: true });
    expect(all).toContain('GV-02');
    expect(all).not.toContain('OP-99x');
    expect(all).not.toContain('only people can evidence');
  });
  it('never speaks for the auditor', () => {
    expect(renderStatus(status, { ...view, all: true })).not.toMatch(/\b(compliant|certified|passed|effective)\b/i);
  });
});

describe('next steps', () => {
  it('begin with the worst failure and name the command that goes on', () => {
    expect(nextSteps(status, { program: 'proofline', options: ' --data x' }).map(({ command }) => command)).toEqual([
      'proofline results --outcome fail --severity high --data x',
      'proofline doctor --data x',
      'proofline scope preview --data x',
      null,
    ]);
  });
  it('of an empty log are to look and to collect', () => {
    expect(nextSteps({ ...status, sources: [] }).map(({ command }) => command)).toEqual(['proofline doctor', 'proofline collect']);
  });
});

describe('results', () => {
  const row: ResultRow = {
    check: 'aws/key-is-young',
    parameters: { maxAgeDays: 60 },
    severity: 'high',
    claim: 'The key is young',
    controls: ['AC-06'],
    source: 'aws:1',
    subject: 'aws:1/user/A',
    display: 'alice',
    outcome: 'fail',
    message: 'is 70 days old',
    reason: null,
    until: null,
    asOf: '2026-01-01T11:00:00.000Z',
    remediation: { console: 'Click.', cli: 'aws iam x', terraform: 'a = 1\nb = 2' },
  };
  it('are grouped by check with how to mend what fails, and alike ones are said once', () => {
    const unseen = ['b', 'c', 'd', 'e'].map(
      (name): ResultRow => ({
        ...row,
        outcome: 'no-evidence',
        display: name,
        subject: `aws:1/user/${name}`,
        message: 'was not read',
        reason: 'access-denied',
      }),
    );
    expect(renderResults({ v: 1, total: 9, results: [row, ...unseen] }, plain)).toMatchInlineSnapshot(`
      "fail  The key is young  high  AC-06
        aws/key-is-young  maxAgeDays: 60
          alice: is 70 days old
            aws:1/user/A
        To mend it:
          console    Click.
          command    aws iam x
          terraform  a = 1
                     b = 2

      no evidence  The key is young  high  AC-06
        aws/key-is-young  maxAgeDays: 60
          4 subjects: was not read (access-denied)
            b, c, d, e

      5 results of 9 (--limit)"
    `);
  });
  it('that are none are said to be none', () => {
    expect(renderResults({ v: 1, total: 0, results: [] }, plain)).toBe('No result matches.');
  });
});

describe('progress', () => {
  const events: CollectProgress[] = [
    { kind: 'source', source: 'aws:1', display: 'production', collections: 10 },
    { kind: 'collecting', collector: 'aws/kms-keys', scope: 'aws:1/eu-west-1' },
    { kind: 'calls', source: 'aws:1', calls: 40 },
    { kind: 'collected', collector: 'aws/a', scope: 'aws:1', items: 5, changed: true, completeness: { kind: 'complete' }, done: 4, of: 10 },
    {
      kind: 'collected',
      collector: 'aws/b',
      scope: 'aws:1/eu-west-1',
      items: 2,
      changed: false,
      completeness: { kind: 'incomplete', reasons: ['access-denied'] },
      done: 5,
      of: 10,
    },
  ];
  it('counts sources, collections, calls and items, and guesses the time left', () => {
    const state = events.reduce(nextProgress, noProgress);
    expect(progressLine(state, 10_000, 200)).toBe(
      'production: 5/10 collections, 40 calls, 7 items, 1 incomplete, about 10 s left  aws/kms-keys aws:1/eu-west-1',
    );
    expect(progressLine(state, 10_000, 30)).toHaveLength(30);
    expect(progressLine(noProgress, 0, 100)).toBe('connecting: 0/0 collections, 0 calls, 0 items');
  });
  it('is one plain line per thing where nobody watches', () => {
    expect(events.map(progressText)).toEqual([
      'source aws:1 production: 10 collections to do',
      undefined,
      undefined,
      'collected aws/a aws:1: 5 items, changed [4/10]',
      'collected aws/b aws:1/eu-west-1: 2 items INCOMPLETE (access-denied) [5/10]',
    ]);
    expect(progressText({ kind: 'anchor-failed', anchor: 'tsa', message: 'no answer' })).toBe('anchor tsa failed: no answer');
  });
  it('tells durations and ages plainly', () => {
    expect([0, 59_400, 61_000].map(durationText)).toEqual(['0 s', '59 s', '1 min 1 s']);
    const now = '2026-01-03T12:00:00.000Z';
    expect(
      ['2026-01-03T11:59:50.000Z', '2026-01-03T11:20:00.000Z', '2026-01-02T12:00:00.000Z', '2025-12-30T12:00:00.000Z'].map((time) =>
        ageOf(time, now),
      ),
    ).toEqual(['now', '40 min', '24 h', '4 days']);
  });
});

describe('the end of a collection', () => {
  const run = {
    v: 1 as const,
    startedAt: '2026-01-01T12:00:00.000Z',
    finishedAt: '2026-01-01T12:01:05.000Z',
    complete: false,
    interrupted: false,
    sources: [],
    unreachable: [{ source: 'prod', kind: 'aws', reason: 'access-denied' as const, message: 'access-denied at sts:GetCallerIdentity' }],
    failures: { ...noFailures, low: 2 },
    anchors: [{ anchor: 'tsa', time: null, error: 'no answer' }],
    head: { size: 9, root: 'x' },
  };
  it('says what was not seen, and that it is never a pass', () => {
    expect(renderCollect(run, plain)).toBe(`aws "prod" could not be read: access-denied at sts:GetCallerIdentity
Failures: 2 low
Anchor tsa failed: no answer; the head is anchored with the next run
Done in 1 min 5 s, log at entry 9. Not everything was seen: what is missing gives no evidence, never a pass. \`proofline doctor\` says why.`);
  });
});

describe('a verification', () => {
  it('lists every claim and what no verification shows', () => {
    const claims = [
      { claim: 'log-root', result: 'PASS' as const, detail: 'size 3', findings: [] },
      {
        claim: 'blobs',
        result: 'FAIL' as const,
        detail: 'entry 1: gone, and 1 more',
        findings: [
          { entry: 1, message: 'gone' },
          { entry: null, message: 'torn' },
        ],
      },
    ];
    expect(renderVerify({ v: 1, what: 'x', ok: false, claims, notes: ['That it is true.'] }, plain)).toBe(`Verified x

PASS  log-root  size 3
FAIL  blobs     entry 1: gone, and 1 more
        entry 1: gone
        torn

1 of 2 claims do not hold.

What no verification shows:
  That it is true.`);
  });
});

describe('tables', () => {
  it('wrap the flexible column at words and keep the width', () => {
    const table = renderTable(
      [{ title: 'Id' }, { title: 'Text', flexible: true }, { title: 'N', align: 'right' }],
      [['a', 'one two three four five six seven eight', '1']],
      40,
    );
    expect(table.split('\n').every((line) => line.length <= 40)).toBe(true);
    expect(table.replaceAll(/\s+/g, ' ')).toBe('Id Text N a one two three four five six 1 seven eight');
  });
  it('count large numbers in groups', () => {
    expect(outcomeCounts({ ...none, pass: 1_234_567 }, plain)).toBe('1,234,567 pass');
  });
});

describe('what every verb takes', () => {
  it('may also stand before the verb', () => {
    expect(afterVerb(['--config', 'a b', '--data=x', '--demonstration', 'status', '--all'])).toEqual([
      'status',
      '--all',
      '--config',
      'a b',
      '--data=x',
      '--demonstration',
    ]);
    expect(afterVerb(['--data', 'x', 'test', '--', 'id'])).toEqual(['test', '--data', 'x', '--', 'id']);
    expect(afterVerb(['--help'])).toEqual(['--help']);
    expect(afterVerb(['status', '--data', 'x'])).toEqual(['status', '--data', 'x']);
  });
});

describe('exit codes', () => {
  it('follow 2, 1, 4, 3, 5 when several apply', () => {
    expect(worstExitCode([])).toBe(0);
    expect(worstExitCode([5, 3])).toBe(3);
    expect(worstExitCode([3, 4, 5])).toBe(4);
    expect(worstExitCode([5, 4, 1])).toBe(1);
    expect(worstExitCode([1, 2, 3, 4, 5])).toBe(2);
  });
  it('are given to every error there is', () => {
    expect(Object.fromEntries(errorCodes.map((code) => [code, exitCodeOf(code)]))).toMatchObject({
      usage: 2,
      configuration: 2,
      'verification-failed': 4,
      'store-busy': 1,
      'disk-full': 1,
    });
  });
  it('come with problems that name file, line and path', () => {
    expect(problemText({ file: 'a.yaml', line: 3, path: 'x[0]', message: 'wrong' })).toBe('a.yaml:3: x[0]: wrong');
    expect(problemText({ message: 'wrong' })).toBe('wrong');
  });
});

describe('permissions', () => {
  const needed = permissionsOf([
    { id: 'aws/b', permissions: ['s3:ListAllMyBuckets', 'iam:ListUsers'] },
    { id: 'aws/a', permissions: ['iam:ListUsers', 'iam:ListUsers'] },
  ]);
  it('are the union of what the collectors need, each once', () => {
    expect(needed).toEqual([
      { permission: 'iam:ListUsers', collectors: ['aws/a', 'aws/b'] },
      { permission: 's3:ListAllMyBuckets', collectors: ['aws/b'] },
    ]);
    expect(JSON.parse(iamPolicy(needed)).Statement[0].Action).toEqual(['iam:ListUsers', 's3:ListAllMyBuckets']);
  });
  it('reach no object but those that CloudTrail writes', () => {
    const files = permissionsOf([{ id: 'aws/c', permissions: ['s3:GetObject', 's3:ListBucket', 'iam:ListUsers'] }]);
    expect(JSON.parse(iamPolicy(files)).Statement.map(({ Action, Resource }: Record<string, unknown>) => [Action, Resource])).toEqual([
      [['iam:ListUsers'], '*'],
      [['s3:GetObject'], 'arn:aws:s3:::*/AWSLogs/*'],
      [['s3:ListBucket'], '*'],
    ]);
    expect(cloudFormation(files)).toContain(`Resource: !Sub 'arn:\${AWS::Partition}:s3:::*/AWSLogs/*'`);
    expect(terraform(files)).toContain('resources = ["arn:aws:s3:::*/AWSLogs/*"]');
  });
  it('of a GitHub App are names with levels', () => {
    const app = githubApp([
      { permission: 'members:read', collectors: [] },
      { permission: 'metadata:read', collectors: [] },
    ]);
    expect(JSON.parse(app).default_permissions).toEqual({ members: 'read', metadata: 'read' });
  });
});
