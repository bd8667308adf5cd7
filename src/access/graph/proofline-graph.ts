import { z } from 'zod';
import type { Hop, PermissionPattern } from '../../model/access.ts';
import type { Person } from '../../model/decision.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { GraphAccount } from './accounts.ts';
import { accountNode, type Holding } from './graph.ts';

/** Who runs this tool and whose controls it looks at, as the settings of duties name them. */
const Tool = z.looseObject({
  tool: z
    .looseObject({
      operators: z.array(z.string()).default([]),
      deciders: z.array(z.string()).default([]),
      controlOwners: z.array(z.looseObject({ control: z.string(), persons: z.array(z.string()) })).default([]),
    })
    .nullish(),
});

type ProoflinePattern = Extract<PermissionPattern, { system: 'proofline' }>;

/** By persons: whoever an account belongs to may do in this tool what he may. */
export function prooflineHoldings(
  input: DerivedInput,
  accounts: readonly GraphAccount[],
  { permission }: ProoflinePattern,
): ReadonlyMap<string, readonly Holding[]> {
  const tool = Tool.safeParse(input.settings['separation'] ?? {}).data?.tool ?? null;
  const registered = registeredPersons(input);
  const found = new Map<string, Holding[]>();
  for (const account of accounts) {
    const says: string[] = [];
    const owner = account.owner;
    const person = registered.find(({ id, email }) => id === owner || (email !== undefined && account.emails.includes(email)));
    if (permission === 'operate' && owner !== null && tool?.operators.includes(owner)) says.push('runs this tool or keeps its keys');
    if (permission === 'decide') {
      if (owner !== null && tool?.deciders.includes(owner)) says.push('decides in this tool');
      if (person?.roles.some((role) => role !== 'auditor'))
        says.push(`is registered as ${person.id} to decide: ${person.roles.join(', ')}`);
    }
    if (permission === 'own-control') {
      const owned =
        tool?.controlOwners.filter(({ persons }) => owner !== null && persons.includes(owner)).map(({ control }) => control) ?? [];
      if (owned.length > 0) says.push(`owns ${owned.sort().join(', ')}`);
      if (person?.roles.includes('control-owner')) says.push(`is registered as ${person.id}, an owner of controls`);
    }
    if (says.length === 0) continue;
    found.set(
      accountNode(account.id),
      says.map((sentence): Holding => {
        const hop: Hop = { kind: 'administrator', id: 'proofline', name: permission, says: sentence };
        return { system: 'proofline', permission, on: null, hops: [hop], notEvaluated: [] };
      }),
    );
  }
  return found;
}

/** As they stand after all decisions: a registration is undone by a revocation of the whole person. */
function registeredPersons({ decisions }: DerivedInput): readonly Person[] {
  const persons = new Map<string, Person>();
  for (const { payload } of decisions) {
    if (payload.type === 'register-person') persons.set(payload.person.id, payload.person);
    if (payload.type === 'revoke-person' && payload.key === null) persons.delete(payload.person);
  }
  return [...persons.values()];
}
