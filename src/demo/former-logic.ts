import type { Registries } from '../run/registries.ts';
import { digestOf } from '../seal/digest.ts';

/**
 * Until this day one check of the described company ran another logic: an earlier release, as far as the log can tell. What that logic was
 * nobody can install, so its digest is of these words, and recompute says that it has another.
 */
const formerly = {
  check: 'aws/kms-key-rotates',
  until: '2025-10-01T00:00:00.000Z',
  logic: digestOf({ demonstration: 'aws/kms-key-rotates as it was before 1 October 2025; described, and never installed' }),
} as const;

const former = new WeakMap<Registries, Registries>();

/** The registries as they were at `instant` (ISO-8601 UTC); the same object for the same stretch. */
export function registriesAt(registries: Registries, instant: string): Registries {
  if (instant >= formerly.until) return registries;
  const known = former.get(registries) ?? {
    ...registries,
    logicOf: (unit: 'check' | 'collector', id: string) =>
      unit === 'check' && id === formerly.check ? formerly.logic : registries.logicOf(unit, id),
  };
  former.set(registries, known);
  return known;
}
