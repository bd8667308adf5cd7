import type { DerivedInput } from '../../model/derived.ts';
import type { JsonObject } from '../../model/json.ts';
import { accessGraph } from '../graph/access-graph.ts';
import { readAccounts } from '../graph/accounts.ts';
import { applicationPart } from '../graph/application-graph.ts';
import { Unseen } from '../graph/read-resources.ts';
import type { ConflictInput } from './find-conflicts.ts';
import { rosterPersonOf } from './mitigations.ts';
import { readHolders } from './read-holders.ts';
import { SeparationSettings } from './settings.ts';

/** What rules of separation are held against: everything that is known of who can do what; null where no separation is configured. */
export function readSeparation(input: DerivedInput): (ConflictInput & { readonly unreadable: number }) | null {
  const configured = input.settings['separation'] ?? null;
  if (configured === null) return null;
  const settings = settingsOf(configured as JsonObject);
  const { accounts, persons, unreadable } = readHolders(input);
  const graph = accessGraph(input, readAccounts(input));
  const registered = registeredRoles(input, persons);
  const users = Map.groupBy(applicationPart(input, new Unseen()).users, ({ fields }) => fields.table);
  return {
    settings,
    accounts,
    persons,
    unreadable,
    view: graph,
    sight: (pattern) => {
      if (pattern.system !== 'proofline') return graph.unseen(pattern);
      // Who decides the register says; who runs it, nobody but the entity can.
      const isSaid = settings.tool !== null || (pattern.permission === 'decide' && registered.deciders.length > 0);
      return isSaid ? [] : [{ what: 'who runs this tool and owns its controls (tool, in the separation file)', reason: null }];
    },
    rolesIn: (table) => (users.get(table) ?? []).flatMap(({ fields }) => fields.roles),
    registered,
  };
}

/** The same object while the same is configured: what was worked out under it is kept with it. */
function settingsOf(configured: JsonObject): SeparationSettings {
  const known = read.get(configured);
  if (known !== undefined) return known;
  const text = JSON.stringify(configured);
  if (latest?.text !== text) latest = { text, settings: SeparationSettings.parse(configured) };
  read.set(configured, latest.settings);
  return latest.settings;
}
const read = new WeakMap<JsonObject, SeparationSettings>();
let latest: { readonly text: string; readonly settings: SeparationSettings } | undefined;

/** Persons of the roster among those who are registered here, by what they may do. */
function registeredRoles({ decisions }: Pick<DerivedInput, 'decisions'>, persons: ConflictInput['persons']): ConflictInput['registered'] {
  const roles = new Map<string, readonly string[]>();
  for (const { payload } of decisions) {
    if (payload.type === 'register-person') roles.set(payload.person.id, payload.person.roles);
    if (payload.type === 'revoke-person' && payload.key === null) roles.delete(payload.person);
  }
  const withRole = (wanted: (role: string) => boolean) =>
    [...roles]
      .filter(([, held]) => held.some(wanted))
      .flatMap(([id]) => rosterPersonOf(id, decisions, persons) ?? [])
      .sort();
  return { deciders: withRole((role) => role !== 'auditor'), controlOwners: withRole((role) => role === 'control-owner') };
}
