/** The GitHub organisation as it was when the described year began. Times are ISO-8601 UTC. */
export interface GithubState {
  readonly login: string;
  readonly createdAt: string;
  readonly outsideCollaborators: {
    readonly login: string;
    readonly factor: 'secure' | 'insecure' | 'none';
    readonly grants: { readonly repository: string; permission: 'READ' | 'WRITE' | 'ADMIN' }[];
  }[];
  readonly teams: {
    readonly slug: string;
    readonly name: string;
    readonly grants: { readonly repository: string; readonly permission: 'READ' | 'WRITE' | 'MAINTAIN' | 'ADMIN' }[];
  }[];
  readonly repositories: Repository[];
  readonly actions: { allowed: 'all' | 'local_only' | 'selected'; token: 'read' | 'write'; approves: boolean };
  readonly dependabotAlerts: DependabotAlert[];
  readonly secretAlerts: SecretAlert[];
}
export interface ClassicProtection {
  approvals: number;
  dismissesStale: boolean;
  lastPushApproval: boolean;
  statusChecks: string[];
}
export interface Repository {
  readonly name: string;
  readonly visibility: 'PUBLIC' | 'PRIVATE';
  readonly createdAt: string;
  archived: boolean;
  readonly fork: boolean;
  readonly defaultBranch: string;
  readonly releases: string[];
  /** Whether the organisation's ruleset covers it. */
  baseline: boolean;
  classic: ClassicProtection | null;
  readonly environments: string[];
  secretScanning: boolean;
  pushProtection: boolean;
  dependabot: boolean;
}
export interface DependabotAlert {
  readonly number: number;
  readonly repository: string;
  readonly package: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly advisory: string;
  readonly createdAt: string;
}
export interface SecretAlert {
  readonly number: number;
  readonly repository: string;
  readonly type: string;
  readonly createdAt: string;
}

export const organisationLogin = 'northwind-payroll';

function repository(name: string, createdAt: string, options: Partial<Repository> = {}): Repository {
  return {
    name,
    visibility: 'PRIVATE',
    createdAt,
    archived: false,
    fork: false,
    defaultBranch: 'main',
    releases: [],
    baseline: true,
    classic: null,
    environments: [],
    secretScanning: true,
    pushProtection: true,
    dependabot: true,
    ...options,
  };
}

export function githubOrganisation(): GithubState {
  const strict = (): ClassicProtection => ({
    approvals: 2,
    dismissesStale: true,
    lastPushApproval: true,
    statusChecks: ['build', 'payroll-regression'],
  });
  const plain = (): ClassicProtection => ({ approvals: 1, dismissesStale: true, lastPushApproval: true, statusChecks: ['build'] });
  const deployed = ['staging', 'production'];
  const repositories = [
    repository('payroll-engine', '2021-03-04T09:12:00Z', { classic: strict(), environments: [...deployed] }),
    repository('bank-gateway', '2021-03-18T14:02:00Z', { classic: strict(), environments: [...deployed], releases: ['release/2025.1'] }),
    repository('tax-tables', '2021-04-07T08:44:00Z', { classic: strict() }),
    repository('payslip-renderer', '2021-05-19T11:30:00Z', { classic: plain(), environments: [...deployed] }),
    repository('customer-portal', '2021-07-26T13:15:00Z', { environments: [...deployed] }),
    repository('admin-console', '2021-09-02T10:05:00Z', { environments: [...deployed] }),
    repository('infrastructure', '2021-09-14T07:50:00Z', { classic: strict(), environments: ['production'] }),
    repository('public-api', '2022-01-11T15:20:00Z', { environments: [...deployed] }),
    repository('statement-templates', '2022-03-30T09:00:00Z'),
    repository('design-system', '2022-06-08T12:40:00Z'),
    repository('mobile-app', '2023-02-20T09:25:00Z', { environments: ['production'] }),
    repository('developer-docs', '2023-05-05T16:00:00Z', { visibility: 'PUBLIC' }),
    repository('payroll-engine-v1', '2021-03-02T12:00:00Z', {
      archived: true,
      baseline: false,
      secretScanning: false,
      pushProtection: false,
      dependabot: false,
      defaultBranch: 'master',
    }),
    repository('iban-validator', '2022-11-23T10:10:00Z', { visibility: 'PUBLIC', fork: true, defaultBranch: 'master' }),
  ];
  const writes = (names: readonly string[]) => names.map((name) => ({ repository: name, permission: 'WRITE' as const }));
  return {
    login: organisationLogin,
    createdAt: '2021-03-02T11:20:00Z',
    outsideCollaborators: [
      { login: 'studio-verne', factor: 'secure', grants: [{ repository: 'statement-templates', permission: 'WRITE' }] },
    ],
    teams: [
      {
        slug: 'platform',
        name: 'Platform',
        grants: ['infrastructure', 'payroll-engine', 'bank-gateway'].map((name) => ({ repository: name, permission: 'MAINTAIN' as const })),
      },
      {
        slug: 'engineering',
        name: 'Engineering',
        grants: writes(repositories.filter((one) => !one.archived && one.name !== 'infrastructure').map((one) => one.name)),
      },
      { slug: 'security', name: 'Security', grants: repositories.map((one) => ({ repository: one.name, permission: 'READ' as const })) },
    ],
    repositories,
    actions: { allowed: 'selected', token: 'read', approves: false },
    dependabotAlerts: [
      {
        number: 41,
        repository: 'customer-portal',
        package: 'vite',
        severity: 'medium',
        advisory: 'GHSA-4r4m-qw57-chr8',
        createdAt: '2025-03-28T06:00:00Z',
      },
    ],
    secretAlerts: [],
  };
}
