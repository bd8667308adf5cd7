/**
 * Resources of these services have policies of their own: they let in whom no identity policy does, and keep out whom one lets in. They are not
 * evaluated, so that both a right and its absence are said with them.
 */
const policies: ReadonlyMap<string, string> = new Map([
  ['backup', 'policies of backup vaults'],
  ['dynamodb', 'table policies (DynamoDB)'],
  ['kms', 'key policies and grants (KMS)'],
  ['lambda', 'function policies (Lambda)'],
  ['s3', 'bucket policies and access points (S3)'],
  ['secretsmanager', 'policies of secrets'],
  ['sns', 'topic policies (SNS)'],
  ['sqs', 'queue policies (SQS)'],
]);

/** Policies that decide on some of these actions beside those of who does them. */
export function resourcePoliciesOf(actions: readonly string[]): readonly string[] {
  return [...new Set(actions.flatMap((action) => policies.get(action.slice(0, action.indexOf(':')).toLowerCase()) ?? []))].sort();
}
