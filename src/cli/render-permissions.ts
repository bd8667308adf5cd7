import type { TabularSource } from '../config/tabular-settings.ts';

/** A permission in the source's own name, and the collectors that need it. */
export interface NeededPermission {
  readonly permission: string;
  readonly collectors: readonly string[];
}

export function permissionsOf(collectors: readonly { readonly id: string; readonly permissions: readonly string[] }[]): NeededPermission[] {
  const needed = new Map<string, string[]>();
  for (const { id, permissions } of collectors) {
    for (const permission of new Set(permissions)) needed.set(permission, [...(needed.get(permission) ?? []), id]);
  }
  return [...needed]
    .map(([permission, ids]) => ({ permission, collectors: ids.sort() }))
    .sort((a, b) => (a.permission < b.permission ? -1 : 1));
}

export function list(needed: readonly NeededPermission[]): string {
  const width = Math.max(0, ...needed.map(({ permission }) => permission.length));
  return needed.map(({ permission, collectors }) => `${permission.padEnd(width)}  ${collectors.join(', ')}`).join('\n');
}

/** The entity as a whole is worked out of the log: no source is asked. */
export const entityNeedsNothing =
  'Nothing: people, accounts, duties, reviews, records and documents are read from the log, and no request leaves this machine.';

/** What whoever reads the configured tables has to be given, table by table; nothing of it writes. Credentials are not told, only whose they are. */
export function tableAccess(sources: readonly TabularSource[]): string {
  if (sources.length === 0) {
    return [
      'No table is configured (sources.tabular). By kind, the least that reads one:',
      'csv, jsonl         the file may be read; in a bucket: s3:GetObject on its key, and s3:GetObjectVersion where the bucket has versions',
      'http               GET at its address, with a token that can only read',
      'postgresql, mysql  a role of its own that can only SELECT from what the query names',
      'sqlite             the file may be read',
    ].join('\n');
  }
  const lines = sources.flatMap((source) =>
    source.tables.map((table) => [`${source.name}.${table.name}`, accessTo(source, table)] as const),
  );
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, access]) => `${name.padEnd(width)}  ${access}`).join('\n');
}
function accessTo(source: TabularSource, { path, query, totals }: TabularSource['tables'][number]): string {
  const paths = [path, ...totals.map((total) => total.path)].filter((one) => one !== undefined);
  switch (source.kind) {
    case 'csv':
    case 'jsonl':
      if (source.bucket === undefined) return `may be read: ${paths.join(', ')}`;
      return `s3:GetObject on ${paths.map((key) => `arn:aws:s3:::${source.bucket}/${key}`).join(', ')}; s3:GetObjectVersion where the bucket has versions`;
    case 'sqlite':
      return `may be read: ${source.file ?? 'its file'}; the query is ${query ?? ''}`;
    case 'http':
      return `GET ${[source.url, ...(paths.length === 0 ? [''] : paths)].join(' ').trim()}, with a token that can only read`;
    case 'postgresql':
    case 'mysql':
      return `${source.user ?? 'a role'} may SELECT from what is named in ${[query, ...totals.map((total) => total.query)].filter((one) => one !== undefined).join(' and ')}, and may do nothing else`;
  }
}

const roleName = 'ProoflineReadOnly';
/** Rights over what a bucket holds, and the only objects we ever ask for: those that CloudTrail itself writes. */
export const onlyTrailFiles: Readonly<Record<string, object>> = {
  's3:GetObject': { Resource: 'arn:aws:s3:::*/AWSLogs/*' },
  's3:ListBucket': { Resource: '*', Condition: { StringLike: { 's3:prefix': '*AWSLogs/*' } } },
};
const actions = (needed: readonly NeededPermission[]) =>
  needed.map(({ permission }) => permission).filter((permission) => !Object.hasOwn(onlyTrailFiles, permission));
const trailFiles = (needed: readonly NeededPermission[]) => needed.filter(({ permission }) => Object.hasOwn(onlyTrailFiles, permission));

/** An IAM policy document: reading only, every resource, because most of these actions take no resource. */
export function iamPolicy(needed: readonly NeededPermission[]): string {
  const objects = trailFiles(needed).map(({ permission }, at) => ({
    Sid: `ProoflineTrailFiles${at === 0 ? '' : at + 1}`,
    Effect: 'Allow',
    Action: [permission],
    ...onlyTrailFiles[permission],
  }));
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [{ Sid: 'ProoflineReadOnly', Effect: 'Allow', Action: actions(needed), Resource: '*' }, ...objects],
    },
    null,
    2,
  );
}

export function cloudFormation(needed: readonly NeededPermission[]): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: The role Proofline reads this account through. Least privilege, generated from its collectors; nothing can be changed with it.
Parameters:
  TrustedPrincipalArn:
    Type: String
    Description: ARN of the role or user that runs Proofline
  ExternalId:
    Type: String
    Description: externalId of the source in proofline.yaml
    MinLength: 2
Resources:
  ProoflineReadOnlyRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ${roleName}
      MaxSessionDuration: 3600
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: !Ref TrustedPrincipalArn }
            Action: sts:AssumeRole
            Condition: { StringEquals: { sts:ExternalId: !Ref ExternalId } }
      Policies:
        - PolicyName: ${roleName}
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Resource: '*'
                Action:
${actions(needed)
  .map((action) => `                  - ${action}`)
  .join('\n')}${trailFiles(needed)
  .map(
    ({ permission }) => `
              # Only where trailFiles is on.
              - Effect: Allow
                Action: ${permission}
${
  permission === 's3:GetObject'
    ? `                Resource: !Sub 'arn:\${AWS::Partition}:s3:::*/AWSLogs/*'`
    : "                Resource: '*'\n                Condition: { StringLike: { s3:prefix: '*AWSLogs/*' } }"
}`,
  )
  .join('')}
Outputs:
  RoleArn:
    Value: !GetAtt ProoflineReadOnlyRole.Arn`;
}

export function terraform(needed: readonly NeededPermission[]): string {
  return `# The role Proofline reads this account through. Least privilege, generated from its collectors; nothing can be changed with it.
variable "trusted_principal_arn" {
  type        = string
  description = "ARN of the role or user that runs Proofline"
}

variable "external_id" {
  type        = string
  description = "externalId of the source in proofline.yaml"
}

data "aws_iam_policy_document" "proofline_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_principal_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

data "aws_iam_policy_document" "proofline_read" {
  statement {
    resources = ["*"]
    actions = [
${actions(needed)
  .map((action) => `      "${action}",`)
  .join('\n')}
    ]
  }
${trailFiles(needed)
  .map(
    ({ permission }) => `
  # Only where trailFiles is on.
  statement {
    actions   = ["${permission}"]
    resources = ["${permission === 's3:GetObject' ? 'arn:aws:s3:::*/AWSLogs/*' : '*'}"]
${
  permission === 's3:ListBucket'
    ? `    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["*AWSLogs/*"]
    }
`
    : ''
}  }
`,
  )
  .join('')}}

resource "aws_iam_role" "proofline" {
  name                 = "${roleName}"
  assume_role_policy   = data.aws_iam_policy_document.proofline_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "proofline" {
  name   = "${roleName}"
  role   = aws_iam_role.proofline.id
  policy = data.aws_iam_policy_document.proofline_read.json
}

output "role_arn" {
  value = aws_iam_role.proofline.arn
}`;
}

/** The manifest of a GitHub App: every permission at the level the collectors need it. */
export function githubApp(needed: readonly NeededPermission[]): string {
  const permissions = new Map<string, string>();
  for (const { permission } of needed) {
    const [name = permission, level = 'read'] = permission.split(':');
    if (permissions.get(name) !== 'write') permissions.set(name, level);
  }
  const manifest = {
    name: 'Proofline evidence',
    url: 'https://example.com/replace-with-your-own-page',
    public: false,
    default_permissions: Object.fromEntries([...permissions].sort(([a], [b]) => (a < b ? -1 : 1))),
    default_events: [],
  };
  return JSON.stringify(manifest, null, 2);
}
