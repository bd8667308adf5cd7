import { defineCollector, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { coversAction, granteesOf, isPublic, PolicyText, type Statement } from '../policy-document.ts';
import { AwsKmsKey } from './resource.ts';

const Key = z.object({ KeyId: z.string(), KeyArn: z.string() });
const Metadata = z.object({
  KeyId: z.string(),
  Arn: z.string(),
  KeyManager: z.enum(['AWS', 'CUSTOMER']),
  KeyState: z.string(),
  KeySpec: z.string(),
  KeyUsage: z.string().optional(),
  Origin: z.string(),
  CreationDate: z.string(),
  DeletionDate: z.string().optional(),
  MultiRegionConfiguration: z.object({ MultiRegionKeyType: z.enum(['PRIMARY', 'REPLICA']) }).optional(),
});
type Metadata = z.output<typeof Metadata>;
const Described = z.object({ KeyMetadata: Metadata });
const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string().optional() });
const Rotation = z.object({ KeyRotationEnabled: z.boolean(), RotationPeriodInDays: z.int().optional() });
const Policy = z.object({ Policy: PolicyText });

const administering = ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'] as const;
const using = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:Sign', 'kms:GenerateMac'] as const;

function kindOf(key: Metadata) {
  if (key.Origin === 'EXTERNAL_KEY_STORE') return 'external-key-store' as const;
  if (key.Origin === 'AWS_CLOUDHSM') return 'custom-key-store' as const;
  if (key.Origin === 'EXTERNAL') return 'imported' as const;
  if (key.KeySpec.startsWith('HMAC_')) return 'hmac' as const;
  return key.KeySpec === 'SYMMETRIC_DEFAULT' ? ('symmetric' as const) : ('asymmetric' as const);
}

export default defineCollector<AwsClient>({
  id: 'aws/kms-keys',
  title: 'KMS keys',
  kind: 'state',
  scope: 'region',
  yields: [AwsKmsKey],
  permissions: ['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeKey', 'kms:GetKeyRotationStatus', 'kms:GetKeyPolicy'],
  items: {
    'kms:ListKeys': { list: 'Keys', key: 'KeyId', keep: ['KeyId', 'KeyArn'] },
    'kms:ListAliases': { namesSubjects: false, list: 'Aliases', key: 'AliasName', keep: ['AliasName', 'AliasArn', 'TargetKeyId'] },
    'kms:DescribeKey': {
      keep: [
        ...['KeyId', 'Arn', 'KeyManager', 'KeyState', 'Enabled', 'KeySpec', 'KeyUsage', 'Origin', 'CreationDate', 'DeletionDate'],
        ...['PendingDeletionWindowInDays', 'MultiRegion', 'MultiRegionConfiguration', 'CustomKeyStoreId', 'ExpirationModel', 'ValidTo'],
      ].map((field) => `KeyMetadata.${field}`),
    },
    'kms:GetKeyRotationStatus': {
      keep: ['KeyId', 'KeyRotationEnabled', 'RotationPeriodInDays', 'NextRotationDate', 'OnDemandRotationStartDate'],
      volatile: ['NextRotationDate'],
    },
    'kms:GetKeyPolicy': { keep: ['Policy', 'PolicyName'] },
  },
  async *collect(client) {
    const ids: string[] = [];
    for await (const page of client.pages('kms:ListKeys')) {
      yield page;
      const keys = z.object({ Keys: z.array(Key) }).safeParse(page.output);
      if (keys.success) ids.push(...keys.data.Keys.map((key) => key.KeyId));
      else client.miss('malformed-reply', 'kms:ListKeys');
    }
    if (ids.length === 0) return;
    yield* client.pages('kms:ListAliases');
    yield* client.each(ids, async (KeyId) => {
      const about = { subject: KeyId };
      const described = await client.call('kms:DescribeKey', { KeyId }, about);
      const found = Described.safeParse(described?.output);
      // Policy and rotation of AWS's own keys are AWS's; of the others, only a symmetric key made by KMS has a rotation to ask for.
      if (!found.success || found.data.KeyMetadata.KeyManager === 'AWS') return [described];
      return [
        described,
        kindOf(found.data.KeyMetadata) === 'symmetric' ? await client.call('kms:GetKeyRotationStatus', { KeyId }, about) : undefined,
        await client.call('kms:GetKeyPolicy', { KeyId, PolicyName: 'default' }, about),
      ];
    });
  },
  normalise(view) {
    const aliases = view.list('kms:ListAliases', Alias).map(({ body }) => body);
    const aliasGap = view.gapIn('kms:ListAliases');
    return view.each('kms:ListKeys', Key, ({ KeyId: keyId, KeyArn: arn }) => {
      const names = aliases.filter((alias) => alias.TargetKeyId === keyId).map((alias) => alias.AliasName);
      const key = read(view.part('kms:DescribeKey', keyId, Described), (found) => found?.KeyMetadata ?? unread('malformed-reply'));
      const of = <T>(fn: (metadata: Metadata) => Reading<T>): Reading<T> => read(key, fn);
      const canRotate = of((metadata) => metadata.KeyManager === 'AWS' || kindOf(metadata) === 'symmetric');
      const rotation = of((metadata) => {
        if (metadata.KeyManager === 'AWS') return { KeyRotationEnabled: true, RotationPeriodInDays: 365 };
        if (kindOf(metadata) !== 'symmetric') return { KeyRotationEnabled: false };
        return read(view.part('kms:GetKeyRotationStatus', keyId, Rotation), (found) => found ?? unread('malformed-reply'));
      });
      const policy = of((metadata): Reading<readonly Statement[]> => {
        if (metadata.KeyManager === 'AWS') return [];
        return read(view.part('kms:GetKeyPolicy', keyId, Policy), (found) => found?.Policy ?? unread('malformed-reply'));
      });
      const principals = (actions: readonly string[]) => read(policy, (statements) => principalsOf(statements, actions, view.tenant));
      return AwsKmsKey.draft(
        { id: view.id('kms-key', keyId), display: names[0] ?? keyId },
        {
          keyId,
          arn,
          aliases: aliasGap ? unread(aliasGap) : names,
          customerManaged: of((metadata) => metadata.KeyManager === 'CUSTOMER'),
          state: of((metadata) => metadata.KeyState),
          createdAt: of((metadata) => metadata.CreationDate),
          usage: of((metadata) => metadata.KeyUsage ?? unread('malformed-reply')),
          canRotate,
          kind: of(kindOf),
          replica: of((metadata) => metadata.MultiRegionConfiguration?.MultiRegionKeyType === 'REPLICA'),
          rotates: read(rotation, (found) => found.KeyRotationEnabled),
          rotationPeriod: read(rotation, (found) => found.RotationPeriodInDays ?? null),
          deletionDate: of((metadata) => metadata.DeletionDate ?? null),
          policyIsPublic: read(policy, isPublic),
          administrators: principals(administering),
          users: principals(using),
        },
      );
    });
  },
});

/**
 * Principals a key policy itself lets do one of the actions. The account as a whole is left out: naming it hands the decision to
 * IAM policies, which are judged as such.
 */
function principalsOf(statements: readonly Statement[], actions: readonly string[], account: string): string[] {
  const granting = statements.filter((statement) => actions.some((action) => coversAction(statement, action)));
  const named = granting.flatMap((statement) =>
    granteesOf(statement)
      .filter(({ kind }) => kind !== 'service')
      .map(({ principal }) => principal)
      .filter((principal) => principal !== account && !new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(principal)),
  );
  return [...new Set(named)].sort();
}
