import { isUnread, type Reading, unread } from '../../../src/authoring.ts';
import { allows, isFullAdministration, type Statement } from '../policy-document.ts';

/** A policy that applies to a principal; statements are unread where the reply did not hold its document. */
export interface Policy {
  readonly name: string;
  readonly arn: string | null;
  readonly statements: Reading<readonly Statement[]>;
}
export interface RightsReading {
  readonly fullAdministration: Reading<boolean>;
  readonly administersIam: Reading<boolean>;
  readonly canStopTrails: Reading<boolean>;
  /** Names of the policies through which full administration comes. */
  readonly through: Reading<string[]>;
}

/** By each of these alone a principal can give itself whatever it lacks. */
const iamActions = [
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreatePolicyVersion',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
];
const trailActions = ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors'];

export const isAdministrator = isFullAdministration;

/** `sts:AssumeRole` on any role of any account of a partition (`aws`, `aws-cn`). */
export function assumesAnyRole(statements: readonly Statement[], partition: string): boolean {
  return allows(statements, 'sts:AssumeRole', `arn:${partition}:iam::000000000000:role/any-role-there-is`);
}

/**
 * What a principal may do by all its policies within its boundary. A policy whose document is missing makes unknown what the others
 * do not already give.
 */
export function rightsOf(policies: Reading<readonly Policy[]>, boundary: Policy | null, principalArn: string): RightsReading {
  const [, partition = '', , , account = ''] = principalArn.split(':');
  if (isUnread(policies)) return { fullAdministration: policies, administersIam: policies, canStopTrails: policies, through: policies };
  const unseen = policies.find((policy) => isUnread(policy.statements) && !isAdministratorAccess(policy));
  const why = unseen && isUnread(unseen.statements) ? unseen.statements : undefined;
  const statements = policies.flatMap((policy) => statementsOf(policy));
  const decide = (holds: (statements: readonly Statement[]) => boolean): Reading<boolean> => {
    const given = holds(statements);
    if (!given) return why ?? false;
    if (boundary === null) return true;
    return isUnread(boundary.statements) && !isAdministratorAccess(boundary)
      ? unread(boundary.statements.reason)
      : holds(statementsOf(boundary));
  };
  const canDo = (actions: readonly string[], resources: readonly string[]) => (all: readonly Statement[]) =>
    actions.some((action) => resources.some((resource) => allows(all, action, resource)));
  const fullAdministration = decide((all) => all.some(isFullAdministration) && !all.some(deniesEverything));
  const trailArns = [
    `arn:${partition}:cloudtrail:us-east-1:${account}:trail/any-trail`,
    // A policy that names one trail names one that is there to be stopped.
    ...statements
      .filter((statement) => statement.Effect === 'Allow')
      .flatMap((statement) => statement.Resource ?? [])
      .filter((resource) => /^arn:[^:]+:cloudtrail:/.test(resource)),
  ];
  return {
    fullAdministration,
    administersIam: decide(
      canDo(
        iamActions,
        ['role/any-role', 'user/any-user', 'group/any-group', 'policy/any-policy'].map(
          (name) => `arn:${partition}:iam::${account}:${name}`,
        ),
      ),
    ),
    canStopTrails: decide(canDo(trailActions, trailArns)),
    through: isUnread(fullAdministration)
      ? fullAdministration
      : fullAdministration
        ? policies.filter((policy) => statementsOf(policy).some(isFullAdministration)).map((policy) => policy.name)
        : [],
  };
}

/** What this one AWS-managed policy says is known without its document. */
function isAdministratorAccess(policy: Policy): boolean {
  return policy.arn !== null && /^arn:[^:]+:iam::aws:policy\/AdministratorAccess$/.test(policy.arn);
}
function statementsOf(policy: Policy): readonly Statement[] {
  if (!isUnread(policy.statements)) return policy.statements;
  return isAdministratorAccess(policy) ? [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] : [];
}
function deniesEverything(statement: Statement): boolean {
  return statement.Effect === 'Deny' && statement.Condition === undefined && isFullAdministration({ ...statement, Effect: 'Allow' });
}
