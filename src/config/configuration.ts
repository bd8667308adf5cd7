import { z } from 'zod';
import { NotifySettings } from './notify-settings.ts';
import { OktaSource } from './okta-settings.ts';
import { PeopleSettings } from './people-settings.ts';
import { QueueSettings, ScheduleSettings, ServeSettings } from './schedule-settings.ts';
import { SecretReference } from './secret.ts';
import { TabularSource } from './tabular-settings.ts';

export const reportKinds = ['soc1', 'soc2'] as const;
export type ReportKind = (typeof reportKinds)[number];
export const trustServices = ['security', 'availability', 'processing-integrity', 'confidentiality', 'privacy'] as const;
export type TrustService = (typeof trustServices)[number];
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
/** HTTPS anywhere, HTTP only to this machine: what an address in the configuration may be. */
export const Address = z.string().refine(
  (text) => {
    const url = URL.parse(text);
    return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  },
  { error: 'expected an https address (http is taken for this machine alone)' },
);
const TimestampAddress = z.string().refine((text) => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''), {
  error: 'expected an http or https address',
});
const Text = z.string().trim().min(1, 'must not be empty');
const SourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens')
  .meta({ description: 'What you call this source; unique in this file' });
const AccountId = z.string().regex(/^\d{12}$/, 'expected an AWS account id: 12 digits, in quotes');
const RoleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'expected the ARN of a role: arn:aws:iam::<account>:role/<name>');
const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as eu-central-1');
const Login = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/, 'expected the login of a GitHub organisation, as in its address');

export const AwsSource = z
  .strictObject({
    name: SourceName,
    profile: Text.optional().meta({ description: 'A profile of the shared AWS files; without it the default credential chain decides' }),
    roleArn: RoleArn.optional().meta({ description: 'A role to assume before anything is read' }),
    externalId: Text.optional().meta({ description: 'Sent with every role that is assumed' }),
    sessionDuration: z.int().min(900).max(43_200).optional().meta({ description: 'Seconds a role session lasts; default 3600' }),
    accounts: z
      .array(z.union([AccountId, z.strictObject({ id: AccountId, name: Text.optional(), roleArn: RoleArn.optional() })]))
      .min(1, 'expected at least one account')
      .optional()
      .meta({ description: 'Accounts to read; without it the account of the credentials alone' }),
    discover: z.literal('organizations').optional().meta({ description: 'Read every account that AWS Organizations lists' }),
    role: z
      .string()
      .regex(/^[\w+=,.@/-]{1,128}$/, 'expected the name of a role')
      .optional()
      .meta({ description: 'Name of the role to assume in each listed or discovered account' }),
    region: Region.optional().meta({ description: 'Asked for what has no region; default AWS_REGION, then us-east-1' }),
    regions: z
      .union([z.literal('all'), z.array(Region).min(1, 'expected at least one region')])
      .default('all')
      .meta({ description: '`all`: every region the account has enabled. A list leaves the others unseen, and says so' }),
    logBuckets: z
      .array(Text)
      .default([])
      .meta({ description: 'Buckets that receive the CloudTrail log files of other accounts: read in the account that owns them' }),
    trailFiles: z.boolean().default(false).meta({
      description: 'Read the log and digest files of the account’s own trails and verify them; needs the right to read those objects',
    }),
    endpointUrl: Address.optional().meta({
      description: 'An emulator or private endpoint. AWS_ENDPOINT_URL of the environment is ignored',
    }),
  })
  .meta({ description: 'One way into AWS' });
export type AwsSource = z.infer<typeof AwsSource>;

export const GithubSource = z
  .strictObject({
    name: SourceName,
    organisations: z.array(Login).min(1, 'expected at least one organisation'),
    token: SecretReference.optional().meta({ description: 'A token: { env: NAME } or { file: PATH }' }),
    app: z
      .strictObject({
        appId: z.union([z.int().positive(), Text]),
        installationId: z.int().positive().meta({ description: 'The number at the end of the address of the installation' }),
        privateKey: SecretReference,
      })
      .optional()
      .meta({ description: 'A GitHub App, instead of a token' }),
    baseUrl: Address.optional().meta({ description: 'API address of GitHub Enterprise; default https://api.github.com' }),
    productionBranches: z
      .array(Text)
      .default([])
      .meta({ description: 'Further branches that reach production, by name or pattern (release/*); the default branch always counts' }),
    productionEnvironments: z.array(Text).optional().meta({
      description:
        'Deployment environments that are production, by name or pattern; default production, production-*, prod, prod-* and live',
    }),
  })
  .meta({ description: 'One way into GitHub: a token or an App, for one or more organisations' });
export type GithubSource = z.infer<typeof GithubSource>;

export const AnchorSetting = z
  .discriminatedUnion('kind', [
    z.strictObject({
      name: SourceName,
      kind: z.literal('rfc3161'),
      url: TimestampAddress,
      caFile: Text.optional().meta({ description: 'Root certificates (PEM) that tokens of this authority are checked against' }),
    }),
    z.strictObject({
      name: SourceName,
      kind: z.literal('file'),
      path: Text.meta({ description: 'A directory that others keep: another machine, a shared drive' }),
    }),
  ])
  .meta({ description: 'Someone or something else that sees the head of the log' });
export type AnchorSetting = z.infer<typeof AnchorSetting>;

/** The user's file as it is written. Paths are relative to the file. */
export const ConfigurationFile = z
  .strictObject({
    version: z.literal(1),
    entity: z.strictObject({
      name: Text.meta({ description: 'The company, as a report names it' }),
      tenant: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'expected 2 to 63 small letters, digits and hyphens')
        .meta({ description: 'Short name in the origin of the log; never change it' }),
    }),
    reports: z.array(z.enum(reportKinds)).min(1, 'expected at least one of soc1, soc2'),
    trustServices: z
      .array(z.enum(trustServices))
      .min(1, 'expected at least security')
      .default(['security'])
      .meta({ description: 'SOC 2: which trust services the report covers; security always' }),
    store: z
      .strictObject({
        data: Text.default('.proofline/data').meta({ description: 'Directory of the log and its index' }),
        keys: Text.default('.proofline/keys').meta({ description: 'Directory of the three keys; never inside the data directory' }),
        witness: Text.optional().meta({
          description:
            'Directory in which the furthest head of the log is remembered; default: that of the keys. Set it where the keys can only be read; never inside the data directory',
        }),
      })
      .prefault({}),
    sources: z
      .strictObject({
        aws: z.array(AwsSource).default([]),
        github: z.array(GithubSource).default([]),
        okta: z.array(OktaSource).optional(),
        tabular: z.array(TabularSource).optional(),
      })
      .prefault({})
      .meta({ description: 'What is read' }),
    anchors: z.array(AnchorSetting).default([]).meta({ description: 'Who else sees the head of the log; none means nobody' }),
    controls: z.array(Text).default([]).meta({ description: 'Your own control files: adoptions, changes, additions' }),
    objectives: Text.optional().meta({ description: 'SOC 1: your own control objectives, added to the template or in place of it by id' }),
    scope: Text.optional().meta({ description: 'File of scope rules and declarations' }),
    engagements: Text.optional().meta({ description: 'File of what the auditors were engaged to examine: SOC 1, SOC 2, of either type' }),
    people: PeopleSettings.optional(),
    separation: z.array(Text).optional().meta({
      description: 'Your own files of duties and rules of separation, beside the shipped ones; an empty list takes the shipped ones alone',
    }),
    reviews: Text.optional().meta({ description: 'File of the access reviews that are due, who reviews and how often' }),
    records: z.array(Text).optional().meta({ description: 'Files of what is examined record by record: payments, entries, approvals' }),
    documents: Text.optional().meta({ description: 'File of the evidence that people hand in: what, from whom, how often' }),
    extensions: z
      .array(Text)
      .default([])
      .meta({ description: 'Directories with your own checks/ and collectors/: trusted code, run as it is' }),
    collect: z
      .strictObject({
        concurrency: z.int().min(1).max(64).default(8).meta({ description: 'Requests in flight at once per collection' }),
        staleAfterHours: z
          .number()
          .positive()
          .max(8760)
          .default(72)
          .meta({ description: 'A collection older than this says nothing about today: no evidence' }),
      })
      .prefault({}),
    schedules: ScheduleSettings.optional(),
    queue: QueueSettings.optional(),
    notify: NotifySettings.optional(),
    serve: ServeSettings.optional(),
    log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  })
  .meta({ title: 'Proofline configuration', description: 'proofline.yaml' });
export type ConfigurationFile = z.infer<typeof ConfigurationFile>;

/** The configuration as the rooms use it: every path absolute, secrets still references. */
export interface Configuration extends ConfigurationFile {
  /** Absolute path of the file and the directory its paths are relative to. */
  readonly file: string;
  readonly directory: string;
  /** What is worth knowing and wrong with nothing, e.g. an ambient setting that is ignored. */
  readonly notices: readonly string[];
  /** As written, with defaults filled in, paths as they stand: what its digest is taken of. */
  readonly declared: ConfigurationFile;
}
