import type { PermissionPattern, Reached } from '../../model/access.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { Doer } from './compare-doers.ts';
import { findConflicts } from './find-conflicts.ts';
import { judgeAct } from './judge-act.ts';
import { type ActRole, actRoles, type Duty, type ExampleRight, kindOfRole, type RuleExample, type SeparationRule } from './settings.ts';

/** Whether a rule finds a conflict in an example. It is shown one person with one account, or one thing that happened. */
export function runExample(rule: SeparationRule, duties: readonly Duty[], example: RuleExample): boolean {
  return 'can' in example ? runCan(rule, duties, example.can) : runDid(rule, duties, example);
}

function runCan(rule: SeparationRule, duties: readonly Duty[], rights: readonly ExampleRight[]): boolean {
  const isNamed = (permission: string) => rights.some((right) => 'proofline' in right && right.proofline === permission);
  const [outcome] = findConflicts({
    settings: {
      v: 1,
      duties: [...duties],
      rules: [{ ...rule, origin: 'own', because: null }],
      disabled: [],
      processes: [],
      tool: {
        operators: isNamed('operate') ? ['somebody'] : [],
        deciders: isNamed('decide') ? ['somebody'] : [],
        controlOwners: isNamed('own-control') ? [{ control: 'AC-01', persons: ['somebody'] }] : [],
      },
      notes: [],
    },
    accounts: [
      {
        id: 'account',
        system: 'example',
        login: 'somebody',
        kind: 'person',
        owner: 'somebody',
        sharedWith: [],
        answeredBy: null,
        candidates: [],
        closed: false,
      },
    ],
    persons: [{ id: 'somebody', name: 'Somebody', emails: [] }],
    view: { reaching: (pattern) => new Map([['account', rights.flatMap((right) => reachedBy(right, pattern))]]) },
    sight: () => [],
    registered: { deciders: [], controlOwners: [] },
  });
  return outcome?.separations.some(({ conflict }) => conflict === true) ?? false;
}

function reachedBy(right: ExampleRight, pattern: PermissionPattern): Reached[] {
  const reached = (permission: string, system: string, on: string | undefined): Reached[] => [
    {
      account: 'account',
      system,
      permission,
      on: on ?? null,
      path: [{ kind: 'account', id: 'account', name: 'somebody', says: `may ${permission}` }],
      notEvaluated: [],
    },
  ];
  if (pattern.system === 'aws' && 'aws' in right) {
    const isAction = pattern.actions.some((action) => matchesWildcard(action, right.aws));
    return isAction && isOn(pattern.on, right.on) ? reached(right.aws, right.in ?? 'aws:111122223333', right.on) : [];
  }
  if (pattern.system === 'github' && 'github' in right) {
    if (right.github !== pattern.permission) return [];
    const [repository, environment] = right.on?.includes(' ') === true ? right.on.split(' ') : [right.on, right.on];
    const isHere = isOn(pattern.repositories, repository) && isOn(pattern.environments, environment);
    return isHere ? reached(right.github, right.in ?? 'github:9919', right.on) : [];
  }
  if (pattern.system === 'idp' && 'idp' in right)
    return right.idp === pattern.permission && isOn(pattern.applications, right.on)
      ? reached(right.idp, right.in ?? 'okta:acme', right.on)
      : [];
  if (pattern.system === 'application' && 'app' in right) {
    const isHeld = right.app === pattern.table && pattern.roles.some((role) => matchesWildcard(role, right.role));
    return isHeld ? reached(right.role, right.in ?? `tabular:${right.app}`, right.on) : [];
  }
  return [];
}
const isOn = (wanted: readonly string[] | undefined, on: string | undefined): boolean =>
  wanted === undefined || on === undefined || wanted.some((pattern) => matchesWildcard(pattern, on));
function runDid(rule: SeparationRule, duties: readonly Duty[], { did, holding = {} }: Extract<RuleExample, { did: unknown }>): boolean {
  const kind = actRoles.map((role) => (did[role] === undefined ? undefined : kindOfRole(role))).find((found) => found !== undefined);
  if (kind === undefined) return false;
  const parts: Partial<Record<ActRole, Doer[]>> = {};
  for (const role of actRoles) {
    const names = did[role];
    // Whoever is not named had no part: an example tells all of it.
    if (kindOfRole(role) === kind) parts[role] = (names ?? []).map((name) => ({ account: name, name, person: name, bot: false }));
  }
  const act = { kind, object: 'example', display: 'example', at: '2026-01-15T12:00:00.000Z', parts, untold: {} };
  const judged = judgeAct(rule, new Map(duties.map((duty) => [duty.id, duty])), act, (duty) => ({
    holders: new Set(holding[duty] ?? []),
    isWhole: true,
  }));
  return judged?.conflict === true;
}
