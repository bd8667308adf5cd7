import { fail } from '../../../src/authoring.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Composition } from '../../../src/run/composition.ts';
import type { Registries } from '../../../src/run/registries.ts';
import { doorIsLocked } from '../toy-source.ts';

const other = `sha256:${'1'.repeat(64)}`;

/** A check of the same id as that of the toys, which nothing passes. */
export const neverGood = { ...doorIsLocked, test: () => fail('never good enough') };

/** The same composition as a later release: units by id in place of those there are, each with logic of its own; null: gone. */
export async function laterRelease(app: Composition, units: Readonly<Record<string, unknown>>, version = '0.1.0'): Promise<Composition> {
  const registries = await app.registries();
  const replaced = <T extends { readonly id: string }>(all: readonly T[]): T[] =>
    all.flatMap((one) => (units[one.id] === undefined ? [one] : units[one.id] === null ? [] : [units[one.id] as T]));
  const known = new Set([...registries.checks, ...registries.collectors].map(({ id }) => id));
  const added = Object.entries(units).flatMap(([id, unit]) => (unit === null || known.has(id) ? [] : [unit as Check]));
  const next: Registries = {
    ...registries,
    checks: [...replaced(registries.checks), ...added],
    collectors: replaced(registries.collectors),
    logicOf: (unit, id) => (Object.hasOwn(units, id) ? other : registries.logicOf(unit, id)),
  };
  return { ...app, version, registries: async () => next };
}
