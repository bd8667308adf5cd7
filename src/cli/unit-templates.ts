/** `bucket-has-owner-tag` -> `BucketHasOwnerTag`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
const words = (name: string) => name.replaceAll('-', ' ');

export interface CheckTemplate {
  readonly source: string;
  readonly name: string;
  /** `aws/s3-buckets`, or a dataset of one's own when `own` is set. */
  readonly dataset: string;
  /** Names of the resource type and of a good example in the dataset's resource.ts. */
  readonly type: string;
  readonly example: string | undefined;
}

/** A check that can be run at once: it judges the display name, which every resource has. */
export function checkText({ source, name, dataset, type, example }: CheckTemplate): string {
  const good = example ?? 'exampleSubject';
  const imports = example === undefined ? type : [type, example].sort().join(', ');
  const own =
    example === undefined
      ? `\n/** A subject as the collector makes it. Fill in every field that \`${type}\` has. */\nconst exampleSubject = { id: '${source}:1/example', display: 'production-data' };\n`
      : '';
  return `import { defineCheck, fail, pass, z } from 'proofline/authoring';
import { ${imports} } from 'proofline/resources/${dataset}';
${own}
export default defineCheck({
  id: 'own/${source}/${name}',
  // The sentence that a pass makes true. Say no more than the check sees.
  claim: 'The name says what it is for (${words(name)})',
  subject: ${type},
  severity: 'low',
  rationale: 'Why it matters, for the engineer who is to mend it.',
  remediation: { console: 'Where to click.', cli: 'what to run', terraform: 'what to write' },
  references: [],
  // What a control may set differently. Every parameter has a default.
  parameters: z.object({ refused: z.array(z.string()).default(['test', 'tmp']) }),
  // Pure: no clock, no network. A field that was not read gives "no evidence" by itself.
  test(subject, { parameters }) {
    const found = parameters.refused.find((word) => subject.display.split('-').includes(word));
    return found === undefined ? pass('the name says what it is for') : fail(\`the name says "\${found}"\`);
  },
  examples: {
    pass: { 'a telling name': { ...${good}, display: 'production-data' } },
    fail: { 'a test': { ...${good}, display: 'test-data' } },
  },
});
`;
}

export function resourceText(source: string, dataset: string): string {
  return `import { defineResource, z } from 'proofline/authoring';

export const ${pascal(dataset)} = defineResource({
  type: '${source}.own.${dataset}',
  title: '${words(dataset)}',
  shape: {
    name: z.string(),
    enabled: z.boolean(),
  },
});

/** A good one, for the examples of checks. */
export const example${pascal(dataset)} = { id: '${source}:1/${dataset}/1', display: 'one', name: 'one', enabled: true };
`;
}

/** Per source an operation that is there, so that the collector runs at once. */
const operations = {
  aws: {
    call: "client.pages('rds:DescribeDBInstances')",
    operation: 'rds:DescribeDBInstances',
    permission: 'rds:DescribeDBInstances',
    scope: 'region',
    rule: "{ list: 'DBInstances', key: 'DbiResourceId', keep: ['DbiResourceId', 'DBInstanceIdentifier', 'AutoMinorVersionUpgrade'] }",
    shape: 'z.object({ DbiResourceId: z.string(), DBInstanceIdentifier: z.string(), AutoMinorVersionUpgrade: z.boolean() })',
    id: 'body.DbiResourceId',
    name: 'body.DBInstanceIdentifier',
    enabled: 'body.AutoMinorVersionUpgrade',
    output: { DBInstances: [{ DbiResourceId: 'db-1', DBInstanceIdentifier: 'ledger', AutoMinorVersionUpgrade: true }] },
    display: 'ledger',
  },
  github: {
    call: "client.pages('GET /orgs/{org}/outside_collaborators')",
    operation: 'GET /orgs/{org}/outside_collaborators',
    permission: 'members:read',
    scope: 'organisation',
    rule: "{ list: 'items', key: 'node_id', keep: ['node_id', 'login', 'site_admin'] }",
    shape: 'z.object({ node_id: z.string(), login: z.string(), site_admin: z.boolean() })',
    id: 'body.node_id',
    name: 'body.login',
    enabled: '!body.site_admin',
    output: { items: [{ node_id: 'U_1', login: 'octocat', site_admin: false }] },
    display: 'octocat',
  },
} as const;

export function collectorText(source: 'aws' | 'github', dataset: string): string {
  const { call, operation, permission, scope, rule, shape, id, name, enabled } = operations[source];
  return `import { defineCollector, type Reply, z } from 'proofline/authoring';
import { ${pascal(dataset)} } from './resource.ts';

/** What this collector uses of the source's client. */
interface Client {
  pages(operation: string): AsyncIterable<Reply>;
}

export default defineCollector<Client>({
  id: 'own/${source}/${dataset}',
  title: '${words(dataset)}',
  kind: 'state',
  scope: '${scope}',
  yields: [${pascal(dataset)}],
  permissions: ['${permission}'],
  // Per operation how its replies become items, and the only fields that are kept. Nothing else can be called.
  // proofline catalog collectors --json lists the operations there are.
  items: {
    '${operation}': ${rule},
  },
  async *collect(client) {
    yield* ${call};
  },
  // Pure: the same items make the same resources, in seven years too.
  normalise: (view) =>
    view.each('${operation}', ${shape}, (body) =>
      ${pascal(dataset)}.draft({ id: view.id('${dataset}', ${id}), display: ${name} }, { name: ${name}, enabled: ${enabled} }),
    ),
});
`;
}

/** What the source answers, for \`proofline test\`. */
export function replayText(source: 'aws' | 'github', dataset: string): string {
  const { operation, output, display, scope } = operations[source];
  const replay = {
    ...(scope === 'region' ? { region: 'eu-central-1' } : {}),
    exchanges: [{ operation, output }],
    resources: [{ type: `${source}.own.${dataset}`, display, fields: { name: display, enabled: true } }],
    complete: true,
  };
  return `${JSON.stringify(replay, null, 2)}\n`;
}
