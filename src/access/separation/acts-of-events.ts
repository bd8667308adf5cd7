import { type ChangeFields, ChangeFields as Fields } from '../../model/change.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { HeldAccount } from './access-view.ts';
import type { ReadChange } from './acts-of-changes.ts';
import type { Doer } from './compare-doers.ts';
import type { Act } from './judge-act.ts';
import type { WhoDid } from './who-did.ts';

/** Records of changes that are read here. */
export const eventTypes = ['aws.cloudtrail.event', 'aws.cloudtrail.file-event', 'github.change-event'] as const;

const aws = (service: string, ...names: string[]) => names.map((name) => `${service}.amazonaws.com:${name}`);
/** What alters the record of what is done. */
const logEvents = new Set(aws('cloudtrail', 'StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'));
/** The same when it is done to a bucket that holds logs. */
const logBucketEvents = new Set([
  ...aws('s3', 'PutBucketPolicy', 'DeleteBucketPolicy', 'DeleteBucket', 'PutBucketVersioning', 'PutBucketLifecycle'),
  ...aws('s3', 'PutBucketLifecycleConfiguration', 'PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration'),
]);
const backupEvents = new Set([...aws('ec2', 'DeleteSnapshot'), ...aws('rds', 'DeleteDBSnapshot', 'DeleteDBClusterSnapshot')]);
/** Rights that are given to somebody by name. */
const grantEvents = new Set([
  ...aws('iam', 'AddUserToGroup', 'AttachUserPolicy', 'PutUserPolicy', 'AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy'),
  ...['team.add_member', 'team.promote_maintainer', 'org.add_member', 'org.update_member', 'org.add_outside_collaborator'].map(
    (name) => `github:${name}`,
  ),
  ...['repo.add_member', 'repo.update_member'].map((name) => `github:${name}`),
]);
/** The protection of a branch was taken off, narrowed or passed. */
const liftEvents = new Set(
  [
    ...['destroy', 'policy_override', 'update_admin_enforced', 'update_pull_request_reviews_enforcement_level', 'dismiss_stale_reviews'],
    ...['update_required_approving_review_count', 'update_required_status_checks_enforcement_level', 'branch_allowances'],
  ]
    .map((name) => `github:protected_branch.${name}`)
    .concat('github:repository_ruleset.destroy', 'github:repository_ruleset.update'),
);
/** How long after the protection was lifted a merge counts as made through the gap. */
const liftedForMs = 24 * 3_600_000;

interface Recorded {
  readonly id: string;
  readonly display: string;
  readonly member: string;
  readonly fields: ChangeFields;
}

/** What the sources' own records of changes say of who altered logs, deleted backups, gave rights and lifted protection. */
export function actsOfEvents(
  input: Pick<DerivedInput, 'events' | 'missing'>,
  changes: readonly ReadChange[],
  accounts: readonly HeldAccount[],
  who: WhoDid,
): readonly Act[] {
  const unseenMerges = mergesNotSeen(input);
  return recorded(input).flatMap((event): Act[] => {
    const { name } = event.fields;
    const did = doerOf(event, who);
    if (did === undefined) return [];
    const act = { object: event.id, display: event.display, at: event.fields.at, untold: {} };
    if (logEvents.has(name) || (logBucketEvents.has(name) && event.fields.about.some((about) => /trail|log/i.test(about))))
      return [{ ...act, kind: 'log-change', parts: { 'log-change.changed': [did] } }];
    if (backupEvents.has(name)) return [{ ...act, kind: 'backup-deletion', parts: { 'backup-deletion.deleted': [did] } }];
    if (grantEvents.has(name)) return [grantAct(event, act, did, accounts, who)];
    if (liftEvents.has(name)) return [liftAct(event, act, did, changes, unseenMerges.get(event.member), who)];
    return [];
  });
}

/** Each event once, whichever of two records has it; what was refused changed nothing. */
function recorded({ events }: Pick<DerivedInput, 'events'>): readonly Recorded[] {
  const found = new Map<string, Recorded>();
  for (const { type, member, resources } of events) {
    if (!(eventTypes as readonly string[]).includes(type)) continue;
    for (const { id, display, fields } of resources) {
      const read = Fields.safeParse(fields);
      if (!read.success || read.data.refused) continue;
      const key = `${member} ${read.data.eventId}`;
      if (!found.has(key)) found.set(key, { id, display, member, fields: read.data });
    }
  }
  return [...found.values()];
}

/** undefined: a service of the cloud did it, and no person. */
function doerOf({ member, fields: { actor, name } }: Recorded, who: WhoDid): Doer | undefined {
  if (actor === null) return { account: `${member} unnamed`, name: 'somebody whom the record does not name', person: null, bot: false };
  if (/\.amazonaws\.com$|\/AWSServiceRole|aws-service-role\//.test(actor)) return undefined;
  return name.startsWith('github:') ? who.ofLogin(member, actor) : who.ofAws(member, actor);
}

type Begun = Pick<Act, 'object' | 'display' | 'at' | 'untold'>;

function grantAct({ member, fields }: Recorded, act: Begun, did: Doer, accounts: readonly HeldAccount[], who: WhoDid): Act {
  const { about, name, actor } = fields;
  const isGithub = name.startsWith('github:');
  const named = accounts.filter(({ system, login }) => system === member && about.includes(login));
  const given = named.map(({ login }) => (isGithub ? who.ofLogin(member, login) : who.ofAws(member, login)));
  // A role that somebody has assumed and whose rights he changes is himself.
  const role = /:assumed-role\/([^/]+)\//.exec(actor ?? '')?.[1];
  const own = (role !== undefined && about.includes(role)) || (isGithub && actor !== null && about.includes(actor)) ? [did] : [];
  const beneficiaries = [...given, ...own];
  const parts = { 'access-grant.granted': [did] };
  if (beneficiaries.length > 0) return { ...act, kind: 'access-grant', parts: { ...parts, 'access-grant.beneficiary': beneficiaries } };
  const isRole = name.includes('Role');
  // Who may assume a role of another account is no one person: to whom it was given is not a question that has an answer.
  if (isRole) return { ...act, kind: 'access-grant', parts };
  return {
    ...act,
    kind: 'access-grant',
    parts,
    untold: { 'access-grant.beneficiary': 'whom it was given to is no account that is known' },
  };
}

function liftAct(
  { member, fields }: Recorded,
  act: Begun,
  did: Doer,
  changes: readonly ReadChange[],
  unseen: string | undefined,
  who: WhoDid,
): Act {
  const from = Date.parse(fields.at);
  const through = changes.filter(
    (change) =>
      change.member === member &&
      fields.about.includes(change.change.repository) &&
      Date.parse(change.at) >= from &&
      Date.parse(change.at) <= from + liftedForMs,
  );
  const merged = through.flatMap(({ change: { mergedBy, authors, pullRequest } }) =>
    (pullRequest === null ? (authors ?? []) : mergedBy === null || mergedBy === undefined ? [] : [mergedBy]).map((account) =>
      who.ofGithub(member, account),
    ),
  );
  return {
    ...act,
    kind: 'protection-lift',
    parts: { 'protection-lift.lifted': [did], 'protection-lift.merged': merged },
    untold: unseen === undefined ? {} : { 'protection-lift.merged': unseen },
  };
}

/** Members whose merges were not seen whole, with why. */
function mergesNotSeen({ events, missing }: Pick<DerivedInput, 'events' | 'missing'>): ReadonlyMap<string, string> {
  const gaps = [
    ...events
      .filter(({ type, incomplete }) => type === 'github.change' && incomplete !== null)
      .map(({ member, incomplete }) => [member, incomplete] as const),
    ...missing.filter(({ type }) => type === 'github.change').map(({ member, reason }) => [member, reason] as const),
  ];
  return new Map(gaps.map(([member, reason]) => [member, `what was merged was not seen whole (${reason})`]));
}
