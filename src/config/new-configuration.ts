import { stringify } from 'yaml';
import type { ReportKind, TrustService } from './configuration.ts';

/** What `init` asks for. */
export interface InitAnswers {
  readonly entity: string;
  readonly tenant: string;
  readonly reports: readonly ReportKind[];
  readonly trustServices: readonly TrustService[];
  readonly aws?:
    | {
        readonly name: string;
        readonly profile?: string | undefined;
        readonly roleArn?: string | undefined;
        readonly externalId?: string | undefined;
        readonly accounts?: readonly string[] | undefined;
        readonly discover?: boolean | undefined;
        readonly role?: string | undefined;
        readonly endpointUrl?: string | undefined;
      }
    | undefined;
  readonly github?:
    | { readonly name: string; readonly organisations: readonly string[]; readonly tokenEnv: string; readonly baseUrl?: string | undefined }
    | undefined;
  readonly timestampUrl?: string | undefined;
  readonly anchorPath?: string | undefined;
}

/** A short name of a company for the origin of its log: `Northwind Payroll Ltd` -> `northwind-payroll-ltd`. */
export function tenantFrom(entity: string): string {
  return entity
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}

const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
const line = (indent: string, key: string, value: unknown) => (value === undefined ? '' : `${indent}${key}: ${flow(value)}\n`);

/** A commented `proofline.yaml` that says what was answered and how to go on. */
export function configurationText(answers: InitAnswers): string {
  const { aws, github } = answers;
  const sources: string[] = [];
  if (aws !== undefined) {
    sources.push(
      `  aws:\n    - name: ${flow(aws.name)}\n`,
      aws.profile === undefined && aws.roleArn === undefined
        ? '      # credentials: the default chain (environment, shared files, instance role)\n'
        : '',
      line('      ', 'profile', aws.profile),
      line('      ', 'roleArn', aws.roleArn),
      line('      ', 'accounts', aws.accounts),
      aws.discover === true ? '      discover: organizations   # every account that AWS Organizations lists\n' : '',
      line('      ', 'role', aws.role),
      line('      ', 'externalId', aws.externalId),
      line('      ', 'endpointUrl', aws.endpointUrl),
      '      regions: all   # every region the account has enabled\n',
    );
  }
  if (github !== undefined) {
    sources.push(
      `  github:\n    - name: ${flow(github.name)}\n      organisations: ${flow(github.organisations)}\n`,
      `      token: { env: ${github.tokenEnv} }   # or an App: app: { appId: ..., installationId: ..., privateKey: { file: ... } }\n`,
      line('      ', 'baseUrl', github.baseUrl),
      "      productionBranches: []   # further branches that reach production, e.g. ['release/*']; the default branch always counts\n",
    );
  }
  const anchors: string[] = [];
  if (answers.timestampUrl !== undefined) {
    anchors.push(
      `  - { name: timestamps, kind: rfc3161, url: ${flow(answers.timestampUrl)} }   # add caFile: its root certificates, to check its answers\n`,
    );
  }
  if (answers.anchorPath !== undefined) anchors.push(`  - { name: kept-elsewhere, kind: file, path: ${flow(answers.anchorPath)} }\n`);
  return `# proofline.yaml: what Proofline reads, where it keeps what it saw, and for which report.
# Paths are relative to this file. Secrets never stand here: { env: NAME } or { file: PATH } says where they are.
# Every key, with comments: config/proofline.example.yaml of Proofline.
version: 1

entity:
  name: ${flow(answers.entity)}
  tenant: ${flow(answers.tenant)}   # in the origin of the log; never change it once something is collected

# soc2: the trust services criteria. soc1: control objectives of your own, for your customers' financial statements.
reports: ${flow(answers.reports)}
trustServices: ${flow(answers.trustServices)}   # SOC 2; security is always part of it

store:
  data: .proofline/data   # the evidence log; back it up with proofline backup
  keys: .proofline/keys   # three keys; back them up elsewhere, never together with the data

sources:${sources.length === 0 ? ' {}   # nothing to read yet: see config/proofline.example.yaml' : ''}
${sources.join('')}
# Who else sees the head of the log. Without any it is recorded by the entity alone and nobody else saw it.
anchors:${anchors.length === 0 ? ' []' : ''}
${anchors.join('')}
controls: [controls.yaml]   # library controls you take up, and your own: proofline controls adopt
scope: scope.yaml           # what is out of scope and why, and what does not exist here: proofline scope preview
engagements: engagements.yaml   # what the auditors are engaged to examine: proofline period create
extensions: []              # directories with your own checks/ and collectors/: proofline new check
`;
}

/** The control and scope files that a new configuration names. */
export const newControlsText = `# Your own controls: library controls taken up or changed, and your own. Each entry is dated and says why.
# Until you take one up it is a suggestion: proofline controls adopt AC-02 --because "approved by ..."
version: 1
controls: []
`;
export const newScopeText = `# What is out of scope and why, and what does not exist here. What no rule names is in.
# See config/scope.example.yaml of Proofline, and look at what it does: proofline scope preview
version: 1
environments: []
rules: []
absent: []
`;
/** The engagements of a new configuration: one of Type 2 for each report that is wanted. */
export function newEngagementsText({ reports, trustServices }: Pick<InitAnswers, 'reports' | 'trustServices'>): string {
  const entries = reports.map((report) =>
    report === 'soc2'
      ? `  - { id: soc2, report: soc2, type: 2, trustServices: ${flow(trustServices)} }\n`
      : '  - { id: soc1, report: soc1, type: 2 }   # objectives: those in scope; none named: all\n',
  );
  return `# What the auditors are engaged to examine, and how a period is measured where it differs from the defaults.
# See config/engagements.example.yaml of Proofline. What stands here when a period is opened is frozen with it:
# proofline period create --engagement ${reports[0] ?? 'soc2'} --start 2026-01-01 --end 2026-12-31 --zone Europe/Berlin
version: 1
engagements:
${entries.join('')}`;
}
