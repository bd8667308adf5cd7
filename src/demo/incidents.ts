/** What was planted in the described year, so that whoever reads a bundle, or tests one, knows what must be in it. */
export interface Incident {
  readonly id: string;
  readonly what: string;
  /** Login of who did it or let it happen; null: nobody in particular. */
  readonly who: string | null;
  /** ISO-8601 UTC, half-open. */
  readonly from: string;
  readonly to: string;
  readonly kind:
    | 'episode-within-tolerance'
    | 'deviation'
    | 'occurrence'
    | 'gap'
    | 'waiver'
    | 'bypass'
    | 'change-of-rules'
    | 'population'
    | 'disposition';
  /** Check that shows it, part of the display of its subject, and the controls it is held against. */
  readonly check?: string;
  readonly subject?: string;
  readonly controls?: readonly string[];
  /** Only the sources' own records of changes show it: it began and ended between two collections. */
  readonly betweenReadings?: true;
}

export const incidents: readonly Incident[] = [
  {
    id: 'mfa-off',
    what: 'The break-glass user had no second factor for three days',
    who: 'amara-okafor',
    from: '2025-07-08T07:00:00.000Z',
    to: '2025-07-11T09:30:00.000Z',
    kind: 'deviation',
    check: 'aws/console-user-has-mfa',
    subject: 'break-glass',
    controls: ['AC-02'],
  },
  {
    id: 'protection-lifted',
    what: 'Protection of the bank gateway was lifted for 70 minutes around a merge',
    who: 'henrik-solberg',
    from: '2025-10-14T15:05:00.000Z',
    to: '2025-10-14T16:15:00.000Z',
    kind: 'episode-within-tolerance',
    check: 'github/default-branch-requires-approval',
    subject: 'bank-gateway',
    controls: ['CM-01'],
  },
  {
    id: 'merge-while-lifted',
    what: 'A change of the bank gateway was merged without an approval while its protection was lifted',
    who: 'henrik-solberg',
    from: '2025-10-14T15:40:00.000Z',
    to: '2025-10-14T15:40:00.000Z',
    kind: 'occurrence',
    check: 'github/change-approved-by-another',
    subject: 'bank-gateway',
    controls: ['CM-02'],
  },
  {
    id: 'public-bucket',
    what: 'The bucket of payslip exports was public for two hours and ten minutes',
    who: 'henrik-solberg',
    from: '2025-11-04T14:10:00.000Z',
    to: '2025-11-04T16:20:00.000Z',
    kind: 'episode-within-tolerance',
    check: 'aws/s3-bucket-is-not-public',
    subject: 'northwind-payslip-exports',
    controls: ['DP-05'],
  },
  {
    id: 'trail-stopped',
    what: 'The trail of staging did not record for 47 minutes',
    who: 'samir-benali',
    from: '2025-09-03T11:12:00.000Z',
    to: '2025-09-03T11:59:00.000Z',
    kind: 'deviation',
    check: 'aws/trail-is-logging',
    subject: 'northwind-staging',
    controls: ['OP-01'],
    betweenReadings: true,
  },
  {
    id: 'ssh-for-vendor',
    what: 'SSH to the staging bastion was open to the internet for three days, for a vendor',
    who: 'dmitri-volkov',
    from: '2025-05-06T13:05:00.000Z',
    to: '2025-05-09T08:20:00.000Z',
    kind: 'disposition',
    check: 'aws/security-group-no-admin-ports-from-internet',
    subject: 'staging-bastion',
    controls: ['DP-06'],
  },
  {
    id: 'ssh-flapping',
    what: 'A script opened SSH to the staging bastion three times in a day, and drift correction closed it each time',
    who: 'samir-benali',
    from: '2025-07-29T08:05:00.000Z',
    to: '2025-07-29T17:50:00.000Z',
    kind: 'episode-within-tolerance',
    check: 'aws/security-group-no-admin-ports-from-internet',
    subject: 'staging-bastion',
    controls: ['DP-06'],
  },
  {
    id: 'ssh-open',
    what: 'SSH to the staging bastion was open to the internet for three weeks',
    who: 'tobias-brenner',
    from: '2026-02-24T09:15:00.000Z',
    to: '2026-03-18T10:00:00.000Z',
    kind: 'deviation',
    check: 'aws/security-group-no-admin-ports-from-internet',
    subject: 'staging-bastion',
    controls: ['DP-06'],
  },
  {
    id: 'collector-outage',
    what: 'Nothing was collected for five days: the machine that collects was being moved',
    who: null,
    from: '2025-08-04T00:00:00.000Z',
    to: '2025-08-09T00:00:00.000Z',
    kind: 'gap',
  },
  {
    id: 'expired-waiver',
    what: 'The waiver for the key of the old deployment user expired before the key was replaced',
    who: 'henrik-solberg',
    from: '2025-06-20T09:00:00.000Z',
    to: '2025-09-01T00:00:00.000Z',
    kind: 'waiver',
    check: 'aws/access-key-rotated',
    subject: 'ci-deploy-legacy',
    controls: ['AC-06'],
  },
  {
    id: 'key-too-old',
    what: 'The key of the old deployment user was not replaced a second time',
    who: 'amara-okafor',
    from: '2026-01-05T14:00:00.000Z',
    to: '2026-03-24T09:00:00.000Z',
    kind: 'deviation',
    check: 'aws/access-key-rotated',
    subject: 'ci-deploy-legacy',
    controls: ['AC-06'],
  },
  {
    id: 'known-at-onboarding',
    what: 'What failed when Proofline came was accepted in bulk for thirty days',
    who: 'amara-okafor',
    from: '2025-04-01T09:00:00.000Z',
    to: '2025-05-01T00:00:00.000Z',
    kind: 'waiver',
  },
  {
    id: 'second-account',
    what: 'A change of the administration console was approved by praman-dev, an account outside of the organisation. The accounts differ; that both are one person is for the access review to find',
    who: 'priya-raman',
    from: '2025-08-26T10:20:00.000Z',
    to: '2025-08-26T10:20:00.000Z',
    kind: 'population',
    check: 'github/outside-collaborator-has-two-factor',
    subject: 'praman-dev',
    controls: ['AC-02'],
  },
  {
    id: 'direct-push',
    what: 'A commit was pushed to the main branch of the webhooks without a pull request',
    who: 'yuki-tanabe',
    from: '2025-05-21T15:22:00.000Z',
    to: '2025-05-21T15:22:00.000Z',
    kind: 'occurrence',
    check: 'github/change-came-through-pull-request',
    subject: 'webhook-relay',
    controls: ['CM-02'],
  },
  {
    id: 'born-unprotected',
    what: 'The repository for webhooks was made and needed no approval for three days',
    who: 'henrik-solberg',
    from: '2025-05-20T10:00:00.000Z',
    to: '2025-05-23T09:00:00.000Z',
    kind: 'deviation',
    check: 'github/default-branch-requires-approval',
    subject: 'webhook-relay',
    controls: ['CM-01'],
  },
  {
    id: 'bypass',
    what: 'A commit was pushed to the infrastructure past the ruleset',
    who: 'henrik-solberg',
    from: '2026-01-15T22:31:00.000Z',
    to: '2026-01-15T22:31:00.000Z',
    kind: 'bypass',
    check: 'github/change-came-through-pull-request',
    subject: 'infrastructure',
    controls: ['CM-02'],
  },
  {
    id: 'stale-approval',
    what: 'A change of the payslip renderer was approved before its last commit, and not after it',
    who: 'marcus-lindqvist',
    from: '2025-07-17T13:40:00.000Z',
    to: '2025-07-17T13:40:00.000Z',
    kind: 'occurrence',
    check: 'github/change-approved-by-another',
    subject: 'payslip-renderer',
    controls: ['CM-02'],
  },
  {
    id: 'night-correction',
    what: 'The payroll engine needed no approval for a night, and was changed in it',
    who: 'amara-okafor',
    from: '2025-12-09T19:48:00.000Z',
    to: '2025-12-10T07:15:00.000Z',
    kind: 'episode-within-tolerance',
    check: 'github/default-branch-requires-approval',
    subject: 'payroll-engine',
    controls: ['CM-01'],
  },
  {
    id: 'renderer-unprotected',
    what: 'The payslip renderer needed no approval for eight days',
    who: 'dmitri-volkov',
    from: '2026-03-09T17:45:00.000Z',
    to: '2026-03-17T14:00:00.000Z',
    kind: 'deviation',
    check: 'github/default-branch-requires-approval',
    subject: 'payslip-renderer',
    controls: ['CM-01'],
  },
  {
    id: 'key-rotation-off',
    what: 'The logs key did not rotate for a week',
    who: 'henrik-solberg',
    from: '2025-08-19T12:00:00.000Z',
    to: '2025-08-26T08:45:00.000Z',
    kind: 'deviation',
    check: 'aws/kms-key-rotates',
    subject: 'alias/logs',
    controls: ['DP-03'],
  },
  {
    id: 'permission-lost',
    what: 'The evidence role could not read the policy of one bucket for a day',
    who: null,
    from: '2025-11-18T08:00:00.000Z',
    to: '2025-11-19T08:00:00.000Z',
    kind: 'gap',
    check: 'aws/s3-bucket-requires-tls',
    subject: 'northwind-bank-files',
    controls: ['DP-02'],
  },
  {
    id: 'malformed-reply',
    what: 'S3 answered with a form of encryption that is not documented, for a day',
    who: null,
    from: '2025-10-28T01:00:00.000Z',
    to: '2025-10-28T22:00:00.000Z',
    kind: 'gap',
    check: 'aws/s3-bucket-encrypted',
    subject: 'northwind-artifacts',
    controls: ['DP-01'],
  },
  {
    id: 'tolerance-changed',
    what: 'DP-05 allows four hours instead of a day',
    who: 'ines-carvalho',
    from: '2025-12-01T00:00:00.000Z',
    to: '2025-12-01T00:00:00.000Z',
    kind: 'change-of-rules',
    controls: ['DP-05'],
  },
  {
    id: 'logic-changed',
    what: 'The logic of the check of key rotation changed',
    who: null,
    from: '2025-10-01T00:00:00.000Z',
    to: '2025-10-01T00:00:00.000Z',
    kind: 'change-of-rules',
    check: 'aws/kms-key-rotates',
    controls: ['DP-03'],
  },
  {
    id: 'ruler-loosened',
    what: 'The ruler of the SOC 2 period was loosened by two people: a roster may be unseen for fourteen days instead of ten',
    who: 'amara-okafor',
    from: '2025-09-16T10:15:00.000Z',
    to: '2025-09-16T10:15:00.000Z',
    kind: 'change-of-rules',
  },
  {
    id: 'single-zone',
    what: 'The database of staging ran in one zone when the control for it came into force, and still does',
    who: null,
    from: '2025-09-01T00:00:00.000Z',
    to: '2026-03-31T22:00:00.000Z',
    kind: 'deviation',
    check: 'aws/rds-instance-multi-az',
    subject: 'staging-payroll',
    controls: ['OP-11'],
  },
  {
    id: 'member-without-factor',
    what: 'A new engineer was a member of the organisation for three days without a second factor',
    who: 'jonas-weber',
    from: '2025-06-17T10:00:00.000Z',
    to: '2025-06-20T15:40:00.000Z',
    kind: 'deviation',
    check: 'github/member-has-two-factor',
    subject: 'jonas-weber',
    controls: ['AC-02'],
  },
];

const named = (id: string): Incident => {
  const found = incidents.find((incident) => incident.id === id);
  if (found === undefined) throw new TypeError(`there is no incident ${id}`);
  return found;
};

/** Hours around an incident in which the schedule looks every few hours, as one in production would all the time. */
export const closerLooks: readonly { readonly from: string; readonly to: string; readonly everyHours: number }[] = [
  { from: '2025-07-29T07:40:00.000Z', to: '2025-07-29T19:40:00.000Z', everyHours: 1 },
  { from: '2025-09-03T08:40:00.000Z', to: '2025-09-03T14:40:00.000Z', everyHours: 2 },
  { from: '2025-10-14T13:40:00.000Z', to: '2025-10-14T17:40:00.000Z', everyHours: 2 },
  { from: '2025-11-04T12:40:00.000Z', to: '2025-11-04T18:40:00.000Z', everyHours: 2 },
  { from: '2025-12-09T18:40:00.000Z', to: '2025-12-10T08:40:00.000Z', everyHours: 2 },
];
/** Stretches in which nothing was collected at all. Half-open, ISO-8601 UTC. */
export const outages: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [named('collector-outage')].map(
  ({ from, to, what }) => ({ from, to, because: what }),
);
