import type { RenderedDocument } from '../model/bundle-content.ts';
import { oscalAssessmentPlan } from './oscal/assessment-plan.ts';
import { oscalAssessmentResults } from './oscal/assessment-results.ts';
import { oscalCatalog } from './oscal/catalog.ts';
import type { OscalFacts } from './oscal/facts.ts';

export type { OscalFacts } from './oscal/facts.ts';

/**
 * The period as NIST's OSCAL 1.2 in JSON, for programs that read it: what the criteria and controls are, what was going to be observed,
 * and what was. Pure and deterministic; the files refer to each other and, by `../`, to the rest of the bundle.
 */
export function* oscalDocuments(facts: OscalFacts): Iterable<RenderedDocument> {
  const documents = [
    ['catalog', oscalCatalog],
    ['assessment-plan', oscalAssessmentPlan],
    ['assessment-results', oscalAssessmentResults],
  ] as const;
  for (const [name, make] of documents) {
    yield { path: `oscal/${name}.json`, bytes: Buffer.from(`${JSON.stringify(make(facts), null, 1)}\n`) };
  }
}
