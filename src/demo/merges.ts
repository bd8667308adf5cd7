import { hash } from 'node:crypto';
import { nodeId } from './native-id.ts';

/** A commit that reached a production branch of Northwind Payroll, and by which pull request; null: it was pushed. */
export interface ReachedCommit {
  readonly repository: string;
  readonly branch: string;
  readonly oid: string;
  readonly headline: string;
  /** ISO-8601 UTC, whole seconds. */
  readonly at: string;
  readonly author: string;
  readonly parents: number;
  readonly pull: MergedPull | null;
}
export interface MergedPull {
  readonly id: string;
  readonly number: number;
  readonly author: string;
  readonly mergedBy: string;
  readonly commits: readonly { readonly oid: string; readonly at: string }[];
  readonly reviews: readonly { readonly id: string; readonly by: string; readonly at: string; readonly commit: string }[];
  readonly checks: readonly string[];
}

const oidOf = (name: string) => hash('sha1', `northwind ${name}`, 'hex');
const second = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
const minute = 60_000;
const day = 86_400_000;
/** The same number for the same name for ever, below `limit`. */
const pick = (name: string, limit: number) => Number.parseInt(hash('sha256', `pick ${name}`, 'hex').slice(0, 8), 16) % limit;

interface Planned {
  readonly repository: string;
  readonly mergedAt: string;
  readonly author: string;
  readonly mergedBy?: string;
  readonly headline: string;
  /** Who approved, and how long before the merge; `stale`: before the last commit. */
  readonly approvals: readonly { readonly by: string; readonly minutesBefore: number; readonly stale?: true }[];
}

/** Merged by squash: GitHub makes one commit of the pull request's own. */
function merged(number: number, planned: Planned): ReachedCommit {
  const { repository, author, headline } = planned;
  const at = Date.parse(planned.mergedAt);
  const name = `${repository} #${number}`;
  const stale = planned.approvals.some((approval) => approval.stale);
  const commits = [
    { oid: oidOf(`${name} first`), at: second(at - 26 * 60 * minute) },
    ...(stale || pick(name, 3) === 0 ? [{ oid: oidOf(`${name} second`), at: second(at - 95 * minute) }] : []),
  ];
  const last = commits.at(-1)?.oid ?? '';
  return {
    repository,
    branch: 'main',
    oid: oidOf(`${name} merge`),
    headline: `${headline} (#${number})`,
    at: second(at),
    author,
    parents: 1,
    pull: {
      id: nodeId('PR', name),
      number,
      author,
      mergedBy: planned.mergedBy ?? author,
      commits,
      reviews: planned.approvals.map(({ by, minutesBefore, stale: isStale }) => ({
        id: nodeId('PRR', `${name} ${by}`),
        by,
        at: second(at - minutesBefore * minute),
        commit: isStale === true ? (commits[0]?.oid ?? '') : last,
      })),
      checks: ['payroll-engine', 'bank-gateway', 'tax-tables', 'infrastructure'].includes(repository)
        ? ['build', 'payroll-regression']
        : ['build'],
    },
  };
}
function pushed(repository: string, at: string, author: string, headline: string, parents = 1): ReachedCommit {
  return {
    repository,
    branch: 'main',
    oid: oidOf(`${repository} pushed ${at}`),
    headline,
    at: second(Date.parse(at)),
    author,
    parents,
    pull: null,
  };
}

/** What the year turns on. */
const planted: readonly Planned[] = [
  {
    repository: 'payslip-renderer',
    mergedAt: '2025-07-17T13:40:00Z',
    author: 'marcus-lindqvist',
    headline: 'Print the employer number on every page',
    approvals: [{ by: 'clara-jensen', minutesBefore: 240, stale: true }],
  },
  {
    repository: 'admin-console',
    mergedAt: '2025-08-26T10:20:00Z',
    author: 'priya-raman',
    headline: 'Let support reset a customer’s bank details',
    approvals: [{ by: 'praman-dev', minutesBefore: 6 }],
  },
  {
    repository: 'bank-gateway',
    mergedAt: '2025-10-14T15:40:00Z',
    author: 'henrik-solberg',
    headline: 'Accept the bank’s new certificate',
    approvals: [],
  },
  {
    // The bot is his own, and it approves and merges what he writes.
    repository: 'public-api',
    mergedAt: '2025-11-18T09:45:00Z',
    author: 'samir-benali',
    mergedBy: 'northwind-merge[bot]',
    headline: 'Answer requests of retired versions',
    approvals: [{ by: 'northwind-merge[bot]', minutesBefore: 2 }],
  },
  {
    repository: 'payroll-engine',
    mergedAt: '2025-12-09T20:31:00Z',
    author: 'amara-okafor',
    headline: 'Correct the December bonus table',
    approvals: [],
  },
];
const pushes: readonly ReachedCommit[] = [
  pushed('webhook-relay', '2025-05-20T10:01:00Z', 'yuki-tanabe', 'Begin', 0),
  pushed('webhook-relay', '2025-05-21T15:22:00Z', 'yuki-tanabe', 'Deliver webhooks with a signature'),
  pushed('infrastructure', '2026-01-15T22:31:00Z', 'henrik-solberg', 'Raise the limit of the bank file queue'),
];

const teams: Readonly<Record<string, readonly string[]>> = {
  'payroll-engine': ['leila-haddad', 'tobias-brenner', 'hannah-weiss', 'marcus-lindqvist'],
  'bank-gateway': ['dmitri-volkov', 'tobias-brenner', 'rosa-jimenez', 'samir-benali'],
  'tax-tables': ['hannah-weiss', 'clara-jensen', 'leila-haddad'],
  'payslip-renderer': ['marcus-lindqvist', 'clara-jensen', 'grace-obrien'],
  'customer-portal': ['yuki-tanabe', 'oluwaseun-ade', 'priya-raman', 'grace-obrien'],
  'admin-console': ['priya-raman', 'oluwaseun-ade', 'samir-benali'],
  infrastructure: ['henrik-solberg', 'amara-okafor', 'dmitri-volkov'],
  'public-api': ['rosa-jimenez', 'yuki-tanabe', 'samir-benali'],
};
const subjects = ['Handle', 'Simplify', 'Correct', 'Test', 'Document', 'Speed up', 'Log', 'Validate'] as const;
const objects = [
  'late timesheets',
  'rounding of net pay',
  'the export for accountants',
  'bank holidays',
  'retries of the bank upload',
  'address changes',
  'the yearly statement',
  'part-time contracts',
  'church tax',
  'the sign-in page',
] as const;

/** Ordinary work: some three merges a week, each approved by a colleague on its last commit. */
function ordinary(): Planned[] {
  const names = Object.keys(teams);
  const found: Planned[] = [];
  for (let at = Date.parse('2025-04-01T00:00:00Z'); at < Date.parse('2026-04-01T00:00:00Z'); at += day) {
    const date = new Date(at).toISOString().slice(0, 10);
    const weekday = new Date(at).getUTCDay();
    if (weekday === 0 || weekday === 6 || pick(`${date} works`, 100) >= 57) continue;
    const repository = names[pick(`${date} repository`, names.length)] ?? '';
    const team = teams[repository] ?? [];
    const author = pick(`${date} author`, team.length);
    const approver = (author + 1 + pick(`${date} approver`, team.length - 1)) % team.length;
    found.push({
      repository,
      mergedAt: second(at + (8 * 60 + pick(`${date} minute`, 480)) * minute),
      author: team[author] ?? '',
      headline: `${subjects[pick(`${date} subject`, subjects.length)]} ${objects[pick(`${date} object`, objects.length)]}`,
      approvals: [{ by: team[approver] ?? '', minutesBefore: 5 + pick(`${date} before`, 80) }],
    });
  }
  return found;
}

/** Every commit that reached a production branch in the described year, oldest first. */
export const reachedCommits: readonly ReachedCommit[] = [
  ...[...ordinary(), ...planted].sort((a, b) => (a.mergedAt < b.mergedAt ? -1 : 1)).map((planned, index) => merged(410 + index, planned)),
  ...pushes,
].sort((a, b) => (a.at < b.at ? -1 : 1));

/** Pushes that went past the organisation's ruleset, as GitHub remembers them. */
export const bypasses = [{ at: '2026-01-15T22:31:00Z', by: 'henrik-solberg', repository: 'infrastructure' }] as const;
