/** What is known of one operation; all of them only look. */
export interface Operation {
  /** OAuth scope that lets a service app ask, which is also Okta's word for the right (`okta.users.read`). */
  readonly permission: string;
  /** Limit bucket: Okta counts by the kind of address. */
  readonly bucket: 'users' | 'apps' | 'other';
  /** Items asked for per page, where the operation has pages; the most Okta recommends. */
  readonly pageSize?: number;
}

const users = 'okta.users.read';
const groups = 'okta.groups.read';
const apps = 'okta.apps.read';
const roles = 'okta.roles.read';
const policies = 'okta.policies.read';

/**
 * Routes in Okta's own words; a fixed query belongs to the route when it makes the answer another list. Without a filter Okta leaves
 * deactivated users out.
 */
const routes: Readonly<Record<string, Operation>> = {
  'GET /api/v1/users': { permission: users, bucket: 'users', pageSize: 200 },
  'GET /api/v1/users?filter=status eq "DEPROVISIONED"': { permission: users, bucket: 'users', pageSize: 200 },
  'GET /api/v1/users/{userId}/factors': { permission: users, bucket: 'users' },
  'GET /api/v1/groups': { permission: groups, bucket: 'other', pageSize: 200 },
  'GET /api/v1/groups/{groupId}/users': { permission: groups, bucket: 'other', pageSize: 1000 },
  'GET /api/v1/apps': { permission: apps, bucket: 'apps', pageSize: 200 },
  'GET /api/v1/apps/{appId}/users': { permission: apps, bucket: 'other', pageSize: 500 },
  'GET /api/v1/apps/{appId}/groups': { permission: apps, bucket: 'other', pageSize: 200 },
  'GET /api/v1/iam/assignees/users': { permission: roles, bucket: 'other', pageSize: 100 },
  'GET /api/v1/users/{userId}/roles': { permission: roles, bucket: 'users' },
  'GET /api/v1/groups/{groupId}/roles': { permission: roles, bucket: 'other' },
  'GET /api/v1/iam/roles/{roleId}/permissions': { permission: roles, bucket: 'other' },
  'GET /api/v1/policies?type=OKTA_SIGN_ON': { permission: policies, bucket: 'other' },
  'GET /api/v1/policies?type=ACCESS_POLICY': { permission: policies, bucket: 'other' },
  'GET /api/v1/policies?type=PASSWORD': { permission: policies, bucket: 'other' },
  'GET /api/v1/policies?type=MFA_ENROLL': { permission: policies, bucket: 'other' },
  'GET /api/v1/policies/{policyId}/rules': { permission: policies, bucket: 'other' },
};

export function findOperation(operation: string): Operation | undefined {
  return Object.hasOwn(routes, operation) ? routes[operation] : undefined;
}

/**
 * Path and query of a request: `{userId}` filled in from the input, the rest of the input as query.
 * Throws TypeError when a part of the path is missing: a bug.
 */
export function addressOf(operation: string, input: Readonly<Record<string, unknown>>): string {
  const [, path = '', fixed] = /^GET ([^?]+)(?:\?(.*))?$/.exec(operation) ?? [];
  const used = new Set<string>();
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    const value = input[name];
    if (typeof value !== 'string' || value === '') throw new TypeError(`${operation} was asked for without ${name}`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  if (fixed !== undefined) query.set(fixed.slice(0, fixed.indexOf('=')), fixed.slice(fixed.indexOf('=') + 1));
  for (const [name, value] of Object.entries(input)) if (!used.has(name) && value !== null) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
