import { hash } from 'node:crypto';
import { decisionNamespace, type Person } from '../model/decision.ts';
import type { DecisionSigner } from '../run/decisions/record-decision.ts';
import { type SshSigner, sshKeyLine, sshSignerOf } from '../seal/ssh-signature.ts';

/**
 * Who decides at Northwind Payroll. Their keys are made from a text that anyone can read, so that they authenticate nobody outside of the
 * demonstration; the name of each key's holder says so.
 */
const deciding = {
  'ines-carvalho': { name: 'Inês Carvalho', roles: ['management', 'reviewer'] },
  'amara-okafor': { name: 'Amara Okafor', roles: ['control-owner'] },
  'henrik-solberg': { name: 'Henrik Solberg', roles: ['control-owner'] },
  'eva-richter': { name: 'Eva Richter', roles: ['management', 'reviewer'] },
  'hannah-weiss': { name: 'Hannah Weiss', roles: ['control-owner', 'reviewer'] },
  'bettina-krause': { name: 'Bettina Krause', roles: ['control-owner', 'reviewer'] },
  'j-lindholm': { name: 'Jonna Lindholm, Lindholm Assurance', roles: ['auditor'] },
} as const satisfies Readonly<Record<string, Pick<Person, 'name' | 'roles'> | { name: string; roles: readonly string[] }>>;
export type DecidingPerson = keyof typeof deciding;
export const decidingPeople = Object.keys(deciding) as readonly DecidingPerson[];

const seedPrefix = '302e020100300506032b657004220420';
const keys = new Map<DecidingPerson, SshSigner>();
function keyOf(id: DecidingPerson): SshSigner {
  const known = keys.get(id);
  if (known !== undefined) return known;
  const der = Buffer.from(seedPrefix + hash('sha256', `proofline demonstration key of ${id}: guards nothing`, 'hex'), 'hex');
  const made = sshSignerOf(`-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`);
  keys.set(id, made);
  return made;
}

/** As the register takes them. */
export function registeredPerson(id: DecidingPerson): Person {
  const { name, roles } = deciding[id];
  return {
    id,
    name: `${name} (demonstration key)`,
    email: `${id}@${id === 'j-lindholm' ? 'lindholm-assurance' : 'northwind-payroll'}.example`,
    roles: [...roles],
    keys: [sshKeyLine(keyOf(id).publicKey)],
  };
}
export function signerOf(id: DecidingPerson): DecisionSigner {
  const key = keyOf(id);
  return {
    person: id,
    fingerprint: key.publicKey.fingerprint,
    sign: async (text) => key.sign(new TextEncoder().encode(text), decisionNamespace),
  };
}
