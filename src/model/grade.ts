/** How near to the source evidence is, best first. A control shows the weakest of what it rests on. */
export const evidenceGrades = ['source-direct', 'entity-built-logic', 'uploaded', 'attested'] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];

/** The weaker of two. */
export function weakerGrade(one: EvidenceGrade, other: EvidenceGrade): EvidenceGrade {
  return evidenceGrades.indexOf(one) < evidenceGrades.indexOf(other) ? other : one;
}
