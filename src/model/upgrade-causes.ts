/** Why a verdict may change by an upgrade. `program`: nothing that has a digest is other, so it is what judges, or what it runs on. */
export const upgradeCauses = [
  'check-logic',
  'collector-logic',
  'parameters',
  'check-new',
  'check-gone',
  'scope',
  'stale-after',
  'program',
] as const;
export type UpgradeCause = (typeof upgradeCauses)[number];
