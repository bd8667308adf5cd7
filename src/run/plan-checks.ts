import type { z } from 'zod';
import type { Check } from '../model/check.ts';
import type { Control } from '../model/control.ts';
import { digestOf } from '../seal/digest.ts';
import type { Registries } from './registries.ts';

/** A check with one set of resolved parameters, and which controls rely on it: what is evaluated. */
export interface PlannedCheck {
  readonly check: Check;
  readonly parameters: Readonly<Record<string, z.core.util.JSONType>>;
  readonly parametersDigest: string;
  readonly logic: string;
  readonly controls: readonly string[];
}

/**
 * Every check with every set of parameters that some control gives it, once each; a check no control uses runs with its defaults.
 * Sorted by check id, then parameters digest. Parameters were validated when the controls were loaded.
 */
export function planChecks(registries: Pick<Registries, 'checks' | 'logicOf'>, controls: readonly Control[]): readonly PlannedCheck[] {
  const uses = new Map<string, { check: Check; parameters: PlannedCheck['parameters']; parametersDigest: string; controls: Set<string> }>();
  const add = (check: Check, given: Readonly<Record<string, unknown>>, control?: string) => {
    const parameters = check.parameters.parse(given) as PlannedCheck['parameters'];
    const parametersDigest = digestOf(parameters);
    const key = `${check.id} ${parametersDigest}`;
    const use = uses.get(key) ?? { check, parameters, parametersDigest, controls: new Set<string>() };
    if (control !== undefined) use.controls.add(control);
    uses.set(key, use);
  };
  const byId = new Map(registries.checks.map((check) => [check.id, check]));
  const used = new Set<string>();
  for (const control of controls) {
    if (control.status === 'retired') continue;
    for (const use of control.checks) {
      const id = typeof use === 'string' ? use : use.check;
      const check = byId.get(id);
      if (check === undefined) throw new TypeError(`control ${control.id} names the check ${id}, which is not registered`);
      used.add(id);
      add(check, typeof use === 'string' ? {} : use.parameters, control.id);
    }
  }
  for (const check of registries.checks) if (!used.has(check.id)) add(check, {});
  return [...uses.values()]
    .map(({ controls: ids, ...use }) => ({ ...use, logic: registries.logicOf('check', use.check.id), controls: [...ids].sort() }))
    .sort((a, b) => (a.check.id === b.check.id ? compare(a.parametersDigest, b.parametersDigest) : compare(a.check.id, b.check.id)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
