import { z } from 'zod';
import type { Hop, PermissionPattern } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { GraphAccount } from './accounts.ts';
import { accountNode, type Holding, type Link } from './graph.ts';
import { type Found, readResources, Unseen } from './read-resources.ts';

const User = z.looseObject({ userId: z.string(), login: z.string(), emails: z.array(z.string()) });
const Group = z.looseObject({ groupId: z.string(), name: z.string(), members: z.array(z.string()) });
const Application = z.looseObject({ applicationId: z.string(), label: z.string(), active: z.boolean() });
const principal = { principalType: z.enum(['user', 'group']), principalId: z.string() };
const Assignment = z.looseObject({ applicationId: z.string(), application: z.string(), ...principal });
const Administrator = z.looseObject({
  ...principal,
  role: z.string(),
  unlimited: z.boolean(),
  may: z.array(z.enum(['administer', 'reset-factor', 'manage-groups'])),
  resourceSet: z.string().nullable(),
});
const CenterUser = z.looseObject({ userName: z.string(), emails: z.array(z.string()), external: z.boolean() });

export const idpTypes = ['idp.administrator', 'idp.application', 'idp.assignment', 'idp.group', 'idp.user'] as const;

export interface IdpPart {
  readonly links: readonly Link[];
  readonly administrators: readonly Found<z.output<typeof Administrator>>[];
  readonly assignments: readonly Found<z.output<typeof Assignment>>[];
  readonly active: ReadonlySet<string>;
  readonly nodeOf: (member: string, principal: { readonly principalType: 'user' | 'group'; readonly principalId: string }) => string;
}

const groupNode = (member: string, id: string) => `group ${member} ${id}`;
const userNode = (member: string, id: string) => `user ${member} ${id}`;
/** Whoever can sign in as anybody of an identity provider is here. */
const anybodyNode = (member: string) => `anybody ${member}`;

export function idpPart(input: DerivedInput, accounts: readonly GraphAccount[], unseen: Unseen): IdpPart {
  const users = readResources(input, 'idp.user', User, unseen);
  const groups = readResources(input, 'idp.group', Group, unseen);
  const applications = readResources(input, 'idp.application', Application, unseen);
  const assignments = readResources(input, 'idp.assignment', Assignment, unseen);
  const administrators = readResources(input, 'idp.administrator', Administrator, unseen);
  const known = new Set(accounts.map(({ id }) => id));
  const links: Link[] = [];
  const link = (from: string, to: string, hops: readonly Hop[], notEvaluated: readonly string[] = [], bundle: string | null = null) =>
    links.push({ from, to, hops, notEvaluated, bundle });

  for (const { id, member, fields } of users) if (known.has(id)) link(accountNode(id), userNode(member, fields.userId), []);
  for (const { id, member, fields } of groups) {
    const hop: Hop = { kind: 'group', id, name: fields.name, says: `is in the group ${fields.name} of the identity provider` };
    for (const user of fields.members) link(userNode(member, user), groupNode(member, fields.groupId), [hop]);
  }
  const nodeOf: IdpPart['nodeOf'] = (member, { principalType, principalId }) =>
    principalType === 'user' ? userNode(member, principalId) : groupNode(member, principalId);
  for (const { id, member, fields } of administrators) {
    const resets = fields.may.includes('administer') || fields.may.includes('reset-factor');
    if (!resets && !fields.may.includes('manage-groups')) continue;
    const says = resets
      ? `as ${fields.role} can reset the second factor of others, and so sign in as them`
      : `as ${fields.role} can put himself into groups, and so have what they have`;
    const hop: Hop = { kind: 'administrator', id, name: fields.role, says };
    const bound = fields.unlimited
      ? []
      : [`whom the role ${fields.role} is bound to${fields.resourceSet === null ? '' : ` (${fields.resourceSet})`}`];
    link(nodeOf(member, fields), anybodyNode(member), [hop], bound);
  }
  linkSignIns(input, users, accounts, link);
  return {
    links,
    administrators,
    assignments,
    active: new Set(applications.filter(({ fields }) => fields.active).map(({ member, fields }) => `${member} ${fields.applicationId}`)),
    nodeOf,
  };
}

/** Identity Center lets in whom its provider vouches for: who is anybody there is anybody here. */
function linkSignIns(
  input: DerivedInput,
  users: readonly Found<z.output<typeof User>>[],
  accounts: readonly GraphAccount[],
  link: (from: string, to: string, hops: readonly Hop[], notEvaluated: readonly string[], bundle: string) => void,
): void {
  const byName = new Map(
    users.flatMap((user) => [user.fields.login, ...user.fields.emails].map((name) => [name.toLowerCase(), user] as const)),
  );
  const known = new Set(accounts.map(({ id }) => id));
  for (const { id, fields } of readResources(input, 'aws.identity-center.user', CenterUser, new Unseen())) {
    if (!fields.external || !known.has(id)) continue;
    const user = [fields.userName, ...fields.emails].map((name) => byName.get(name.toLowerCase())).find((one) => one !== undefined);
    if (user === undefined) continue;
    const says = `signs in to Identity Center as ${fields.userName}, for whom the identity provider vouches`;
    link(anybodyNode(user.member), accountNode(id), [{ kind: 'account', id, name: fields.userName, says }], [], 'sign-in');
  }
}

type IdpPattern = Extract<PermissionPattern, { system: 'idp' }>;

export function idpHoldings(part: IdpPart, pattern: IdpPattern): ReadonlyMap<string, readonly Holding[]> {
  const found = new Map<string, Holding[]>();
  const add = (node: string, system: string, on: string | null, hop: Hop, notEvaluated: readonly string[]) => {
    const list = found.get(node) ?? [];
    found.set(node, list);
    list.push({ system, permission: pattern.permission, on, hops: [hop], notEvaluated });
  };
  if (pattern.permission === 'use') {
    for (const { id, member, fields } of part.assignments) {
      if (!part.active.has(`${member} ${fields.applicationId}`)) continue;
      if (!(pattern.applications?.some((name) => matchesWildcard(name, fields.application)) ?? true)) continue;
      const hop: Hop = { kind: 'application', id, name: fields.application, says: `is assigned the application ${fields.application}` };
      add(part.nodeOf(member, fields), member, fields.application, hop, []);
      add(anybodyNode(member), member, fields.application, { ...hop, says: `which others are assigned: ${fields.application}` }, []);
    }
    return found;
  }
  for (const { id, member, fields } of part.administrators) {
    if (!fields.may.includes(pattern.permission) && !fields.may.includes('administer')) continue;
    const says = `is ${fields.role} of the identity provider`;
    const bound = fields.unlimited
      ? []
      : [`whom the role ${fields.role} is bound to${fields.resourceSet === null ? '' : ` (${fields.resourceSet})`}`];
    add(part.nodeOf(member, fields), member, null, { kind: 'administrator', id, name: fields.role, says }, bound);
  }
  return found;
}
