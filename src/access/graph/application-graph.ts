import { z } from 'zod';
import type { Hop, PermissionPattern } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import { accountNode, type Holding } from './graph.ts';
import { type Found, readResources, type Unseen } from './read-resources.ts';

const User = z.looseObject({ table: z.string(), login: z.string(), roles: z.array(z.string()) });
export const applicationTypes = ['app.portal-user', 'app.user', 'bank.user'] as const;

export interface ApplicationPart {
  readonly users: readonly Found<z.output<typeof User>>[];
}
export function applicationPart(input: DerivedInput, unseen: Unseen): ApplicationPart {
  return { users: applicationTypes.flatMap((type) => readResources(input, type, User, unseen)) };
}

type ApplicationPattern = Extract<PermissionPattern, { system: 'application' }>;

export function applicationHoldings({ users }: ApplicationPart, pattern: ApplicationPattern): ReadonlyMap<string, readonly Holding[]> {
  const found = new Map<string, Holding[]>();
  for (const { id, member, fields } of users) {
    if (fields.table !== pattern.table) continue;
    for (const role of fields.roles) {
      if (!pattern.roles.some((name) => matchesWildcard(name, role))) continue;
      const hop: Hop = { kind: 'application', id: `${fields.table} ${role}`, name: role, says: `has the role ${role} in ${fields.table}` };
      const node = accountNode(id);
      const list = found.get(node) ?? [];
      found.set(node, list);
      list.push({ system: member, permission: role, on: fields.table, hops: [hop], notEvaluated: [] });
    }
  }
  return found;
}
