import {
  defineCollector,
  type GapReason,
  type ItemView,
  isUnread,
  type JsonObject,
  type Reading,
  type Reply,
  read,
  readAll,
  unread,
  z,
} from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import {
  type Answer,
  anyone,
  deniesInsecureTransport,
  grantsOutside,
  isOpen,
  type PolicyStatement,
  readPolicy,
} from '../resource-policy.ts';
import { body, given } from '../stated.ts';
import { AwsS3Bucket } from './resource.ts';

const Bucket = body({ Name: z.string(), CreationDate: z.iso.datetime(), BucketRegion: z.string().optional() });
const Block = body({
  PublicAccessBlockConfiguration: body({ IgnorePublicAcls: given(z.boolean()), RestrictPublicBuckets: given(z.boolean()) }),
});
const Encryption = body({
  ServerSideEncryptionConfiguration: body({
    Rules: z
      .array(body({ ApplyServerSideEncryptionByDefault: body({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() }) }))
      .length(1),
  }),
});
/** S3 leaves out what was never configured, and says so in its reference: absence means something here. */
const Versioning = body({ Status: z.enum(['Enabled', 'Suspended']).optional(), MFADelete: z.enum(['Enabled', 'Disabled']).optional() });
const Logging = body({ LoggingEnabled: body({ TargetBucket: z.string(), TargetPrefix: z.string().optional() }).optional() });
const Policy = body({ Policy: z.string() });
const PolicyStatus = body({ PolicyStatus: body({ IsPublic: z.boolean() }) });
const Ownership = body({
  OwnershipControls: body({
    Rules: z.array(body({ ObjectOwnership: z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']) })).length(1),
  }),
});
const Grantee = body({ Type: z.string(), URI: z.string().optional() }).refine(
  ({ Type, URI: group }) => Type !== 'Group' || group !== undefined,
);
const Acl = body({ Grants: z.array(body({ Grantee, Permission: z.string() })) });
const Lifecycle = body({
  Rules: z.array(
    body({
      ID: z.string().optional(),
      Status: z.enum(['Enabled', 'Disabled']),
      Prefix: z.string().optional(),
      Filter: z.record(z.string(), z.json()).optional(),
      // Days, a date, or only what deletions leave behind.
      Expiration: body({
        Days: z.int().positive().optional(),
        Date: z.string().optional(),
        ExpiredObjectDeleteMarker: z.boolean().optional(),
      })
        .refine(({ Days, Date: date, ExpiredObjectDeleteMarker: markers }) => (Days ?? date ?? markers) !== undefined)
        .optional(),
      NoncurrentVersionExpiration: body({ NoncurrentDays: z.int().positive() }).optional(),
    }),
  ),
});
const ObjectLock = body({
  ObjectLockConfiguration: body({
    ObjectLockEnabled: z.literal('Enabled'),
    Rule: body({
      DefaultRetention: body({
        Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
        // One of the two; the other is absent, or zero.
        Days: z.int().nonnegative().optional(),
        Years: z.int().nonnegative().optional(),
      }),
    }).optional(),
  }),
});

/**
 * Only this region knows when a bucket was made: elsewhere its date is that of the last change to its settings, which would make
 * another subject of it with every change. It lists the buckets of all regions.
 */
const homeRegion = 'us-east-1';
/** Partitions of their own (China, GovCloud) do not know that region; there a bucket is known by its name alone. */
function listingRegion(settings: JsonObject): { readonly region?: string } {
  const { region } = settings;
  return typeof region === 'string' && /^(?:cn|us-gov|us-iso[a-z]*|eu-iso[a-z]*|eusc)-/.test(region) ? {} : { region: homeRegion };
}

/** Grantees by which an ACL means everybody, and everybody who has any AWS account. */
const publicGroups = /^https?:\/\/acs\.amazonaws\.com\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;

/**
 * Calls for N buckets: 2 + 5N (encryption, public access block, versioning, logging, policy) + N for the lifecycle + N for Object Lock.
 * Further ones only for a bucket whose readable state leaves a question open: ownership, and then the ACL, where neither the
 * account's nor the bucket's block makes S3 ignore public ACLs; S3's own judgement of a policy where its public access is not
 * restricted and we cannot tell from its text whether it lets everybody in. ListBuckets gives the region, so GetBucketLocation is never asked.
 */
export default defineCollector<AwsClient>({
  id: 'aws/s3-buckets',
  title: 'S3 buckets',
  kind: 'state',
  scope: 'account',
  yields: [AwsS3Bucket],
  permissions: [
    's3:ListAllMyBuckets',
    's3:GetAccountPublicAccessBlock',
    's3:GetBucketPublicAccessBlock',
    's3:GetEncryptionConfiguration',
    's3:GetBucketVersioning',
    's3:GetBucketLogging',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketOwnershipControls',
    's3:GetBucketAcl',
    's3:GetLifecycleConfiguration',
    's3:GetBucketObjectLockConfiguration',
  ],
  items: {
    's3:ListBuckets': { list: 'Buckets', key: 'Name', keep: ['Name', 'CreationDate', 'BucketRegion'] },
    's3control:GetPublicAccessBlock': { keep: ['PublicAccessBlockConfiguration'], absent: ['NoSuchPublicAccessBlockConfiguration'] },
    's3:GetPublicAccessBlock': { keep: ['PublicAccessBlockConfiguration'], absent: ['NoSuchPublicAccessBlockConfiguration'] },
    's3:GetBucketEncryption': {
      keep: ['ServerSideEncryptionConfiguration'],
      absent: ['ServerSideEncryptionConfigurationNotFoundError'],
    },
    's3:GetBucketVersioning': { keep: ['Status', 'MFADelete'] },
    's3:GetBucketLogging': { keep: ['LoggingEnabled.TargetBucket', 'LoggingEnabled.TargetPrefix'] },
    's3:GetBucketPolicy': { keep: ['Policy'], absent: ['NoSuchBucketPolicy'] },
    's3:GetBucketPolicyStatus': { keep: ['PolicyStatus'], absent: ['NoSuchBucketPolicy'] },
    's3:GetBucketOwnershipControls': { keep: ['OwnershipControls'], absent: ['OwnershipControlsNotFoundError'] },
    's3:GetBucketAcl': { keep: ['Grants.Grantee.Type', 'Grants.Grantee.URI', 'Grants.Grantee.ID', 'Grants.Permission'] },
    's3:GetBucketLifecycleConfiguration': { keep: ['Rules'], absent: ['NoSuchLifecycleConfiguration'] },
    's3:GetObjectLockConfiguration': { keep: ['ObjectLockConfiguration'], absent: ['ObjectLockConfigurationNotFoundError'] },
  },
  async *collect(client) {
    const account = await client.call('s3control:GetPublicAccessBlock', { AccountId: client.account }, { subject: client.account });
    if (account) yield account;
    const byAccount = blockIn(account);
    for await (const page of client.pages('s3:ListBuckets', {}, listingRegion(client.settings))) {
      yield page;
      yield* client.each(bucketsIn(page), async ({ name, region }) => {
        const options = { subject: name, ...(region === undefined ? {} : { region }) };
        const ask = (operation: string) => client.call(operation, { Bucket: name }, options);
        const replies = await Promise.all(
          [
            's3:GetPublicAccessBlock',
            's3:GetBucketPolicy',
            's3:GetBucketEncryption',
            's3:GetBucketVersioning',
            's3:GetBucketLogging',
            's3:GetBucketLifecycleConfiguration',
            's3:GetObjectLockConfiguration',
          ].map(ask),
        );
        const [ownBlock, policy] = replies;
        const byBucket = blockIn(ownBlock);
        if (!byAccount.ignoresPublicAcls && !byBucket.ignoresPublicAcls) {
          const ownership = await ask('s3:GetBucketOwnershipControls');
          replies.push(ownership);
          if (!turnsAclsOff(ownership)) replies.push(await ask('s3:GetBucketAcl'));
        }
        if (!byAccount.restrictsPublicPolicy && !byBucket.restrictsPublicPolicy && isUndecided(policy)) {
          replies.push(await ask('s3:GetBucketPolicyStatus'));
        }
        return replies;
      });
    }
  },
  normalise(view) {
    const accountBlock = view.part('s3control:GetPublicAccessBlock', view.tenant, Block);
    const logTargets = targetsOfAccessLogs(view);
    return view.each('s3:ListBuckets', Bucket, ({ Name: name, CreationDate, BucketRegion: region }, { region: listedIn }) => {
      const createdAt = listedIn === homeRegion ? CreationDate : null;
      const block = view.part('s3:GetPublicAccessBlock', name, Block);
      const publicAclsIgnored = either(flag(accountBlock, 'IgnorePublicAcls'), flag(block, 'IgnorePublicAcls'));
      const publicPolicyRestricted = either(flag(accountBlock, 'RestrictPublicBuckets'), flag(block, 'RestrictPublicBuckets'));
      const ownership = read(publicAclsIgnored, (ignored) => (ignored ? 'not-needed' : ownershipOf(view, name)));
      const policy = policyOf(view, name);
      return AwsS3Bucket.draft(
        // A bucket made anew under the name of another is another bucket.
        { id: view.id('s3-bucket', name, ...(createdAt === null ? [] : [createdAt])), display: name },
        {
          name,
          region: region ?? null,
          createdAt,
          encryption: read(view.part('s3:GetBucketEncryption', name, Encryption), (found) => {
            const applied = found?.ServerSideEncryptionConfiguration.Rules[0]?.ApplyServerSideEncryptionByDefault;
            return applied ? { algorithm: applied.SSEAlgorithm, kmsKeyId: applied.KMSMasterKeyID ?? null } : null;
          }),
          publicAclsIgnored,
          publicPolicyRestricted,
          hasPolicy: read(view.part('s3:GetBucketPolicy', name, Policy), (found) => found !== null),
          insecureTransportDenied: read(policy, (statements) => certain(deniesInsecureTransport(statements, name))),
          policyIsPublic: read(policy, (statements) => publicityOf(statements, view, name)),
          grantedOutside: readAll<[readonly PolicyStatement[], boolean], string[]>(
            [policy, publicPolicyRestricted],
            (statements, restricted) => {
              const outside = grantsOutside(statements, view.tenant);
              if (outside === undefined) return unread('malformed-reply');
              // What S3 restricts reaches nobody outside the account: the whole policy, as soon as a part of it is public.
              return outside.includes(anyone) && restricted ? [] : [...outside];
            },
          ),
          objectOwnership: ownership,
          aclIsPublic: read(ownership, (owner) => (owner === 'not-needed' || owner === 'BucketOwnerEnforced' ? false : aclOf(view, name))),
          versioning: read(view.part('s3:GetBucketVersioning', name, Versioning), (found) =>
            found === null ? unread('malformed-reply') : (found.Status ?? 'never'),
          ),
          mfaDelete: read(view.part('s3:GetBucketVersioning', name, Versioning), (found) =>
            found === null ? unread('malformed-reply') : found.MFADelete === 'Enabled',
          ),
          accessLogs: read(loggingOf(view, name), (found) =>
            found ? { bucket: found.TargetBucket, prefix: found.TargetPrefix ?? '' } : null,
          ),
          receivesAccessLogs: logTargets.known.has(name) ? true : logTargets.gap === undefined ? false : unread(logTargets.gap),
          lifecycle: read(view.part('s3:GetBucketLifecycleConfiguration', name, Lifecycle), (found) => rulesOf(found)),
          objectLock: read(view.part('s3:GetObjectLockConfiguration', name, ObjectLock), (found) => {
            const retention = found?.ObjectLockConfiguration.Rule?.DefaultRetention;
            if (found === null) return null;
            const days = retention?.Days || (retention?.Years ? retention.Years * 365 : null);
            return { mode: retention?.Mode ?? null, days };
          }),
        },
      );
    });
  },
});

function bucketsIn(page: Reply): { readonly name: string; readonly region: string | undefined }[] {
  const list = page.output?.['Buckets'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const bucket = Bucket.safeParse(entry);
    return bucket.success ? [{ name: bucket.data.Name, region: bucket.data.BucketRegion }] : [];
  });
}
/** What a block is known to close. An unread block closes nothing, so the questions behind it are asked. */
function blockIn(reply: Reply | undefined): { readonly ignoresPublicAcls: boolean; readonly restrictsPublicPolicy: boolean } {
  const block = Block.safeParse(reply?.output);
  const flags = block.success ? block.data.PublicAccessBlockConfiguration : {};
  return { ignoresPublicAcls: flags.IgnorePublicAcls === true, restrictsPublicPolicy: flags.RestrictPublicBuckets === true };
}
function turnsAclsOff(reply: Reply | undefined): boolean {
  const ownership = Ownership.safeParse(reply?.output);
  return ownership.success && ownership.data.OwnershipControls.Rules[0]?.ObjectOwnership === 'BucketOwnerEnforced';
}
/** Whether a policy was read of which the text alone does not say if it is public. */
function isUndecided(reply: Reply | undefined): boolean {
  const policy = Policy.safeParse(reply?.output);
  if (!policy.success) return false;
  const statements = readPolicy(policy.data.Policy);
  return statements === undefined || isOpen(statements) === 'unclear';
}

type Flags = z.output<typeof Block>['PublicAccessBlockConfiguration'];
/** Without a block nothing is blocked: that is what S3 says by its error. */
function flag(
  block: Reading<z.output<typeof Block> | null>,
  name: keyof Flags & ('IgnorePublicAcls' | 'RestrictPublicBuckets'),
): Reading<boolean> {
  return read(block, (found) => (found === null ? false : (found.PublicAccessBlockConfiguration[name] ?? unread('malformed-reply'))));
}
/** S3 applies the stricter of the two, so one that is on decides even when the other was not read. */
function either(one: Reading<boolean>, other: Reading<boolean>): Reading<boolean> {
  if (one === true || other === true) return true;
  return isUnread(one) ? one : other;
}
const certain = (answer: Answer): Reading<boolean> => (answer === 'unclear' ? unread('malformed-reply') : answer === 'yes');

/** No policy is a policy without statements. */
function policyOf(view: ItemView, bucket: string): Reading<readonly PolicyStatement[]> {
  return read(view.part('s3:GetBucketPolicy', bucket, Policy), (found) =>
    found === null ? [] : (readPolicy(found.Policy) ?? unread('malformed-reply')),
  );
}
function publicityOf(statements: readonly PolicyStatement[], view: ItemView, bucket: string): Reading<boolean> {
  const answer = isOpen(statements);
  if (answer !== 'unclear') return answer === 'yes';
  return read(view.part('s3:GetBucketPolicyStatus', bucket, PolicyStatus), (found) =>
    found === null ? unread('malformed-reply') : found.PolicyStatus.IsPublic,
  );
}
function ownershipOf(view: ItemView, bucket: string) {
  return read(view.part('s3:GetBucketOwnershipControls', bucket, Ownership), (found) =>
    found === null ? null : (found.OwnershipControls.Rules[0]?.ObjectOwnership ?? unread('malformed-reply')),
  );
}
function aclOf(view: ItemView, bucket: string): Reading<boolean> {
  return read(view.part('s3:GetBucketAcl', bucket, Acl), (found) =>
    found === null
      ? unread('malformed-reply')
      : found.Grants.some(({ Grantee: { URI: group } }) => group !== undefined && publicGroups.test(group)),
  );
}
function loggingOf(view: ItemView, bucket: string) {
  return read(view.part('s3:GetBucketLogging', bucket, Logging), (found) =>
    found === null ? unread('malformed-reply') : (found.LoggingEnabled ?? null),
  );
}
/** Buckets that others deliver their access logs to; with a gap there may be more of them. */
function targetsOfAccessLogs(view: ItemView): { readonly known: ReadonlySet<string>; readonly gap: GapReason | undefined } {
  const known = new Set<string>();
  let gap = view.gapIn('s3:ListBuckets');
  for (const { body: bucket } of view.list('s3:ListBuckets', Bucket)) {
    const logging = loggingOf(view, bucket.Name);
    if (isUnread(logging)) gap ??= logging.reason;
    else if (logging && logging.TargetBucket !== bucket.Name) known.add(logging.TargetBucket);
  }
  return { known, gap };
}
function rulesOf(found: z.output<typeof Lifecycle> | null) {
  return (found?.Rules ?? noRules).map((rule, index) => {
    const filter = Object.entries(rule.Filter ?? {}).filter(([name, value]) => !(name === 'Prefix' && value === ''));
    return {
      id: rule.ID ?? `rule ${index + 1}`,
      enabled: rule.Status === 'Enabled',
      wholeBucket: filter.length === 0 && (rule.Prefix === undefined || rule.Prefix === ''),
      expiresAfterDays: rule.Expiration?.Days ?? null,
      expiresOn: rule.Expiration?.Date ?? null,
      oldVersionsExpireAfterDays: rule.NoncurrentVersionExpiration?.NoncurrentDays ?? null,
    };
  });
}
/** S3 says by its error that there is no lifecycle configuration. */
const noRules: z.output<typeof Lifecycle>['Rules'] = [];
