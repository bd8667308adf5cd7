import { z } from 'zod';
import { durationMs } from '../model/compare-rulers.ts';
import { Engagement, type Ruler } from '../model/engagement.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import type { Frameworks } from './frameworks.ts';
import { findLiteralSecrets } from './load-configuration.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath } from './read-yaml.ts';

/** What the auditors were engaged to examine, in a file of its own. */
export const EngagementsFile = z
  .strictObject({ version: z.literal(1), engagements: z.array(Engagement) })
  .meta({ title: 'Proofline engagements', description: 'SOC 1 and SOC 2 examinations, several at once over the same evidence' });

/**
 * How a period is measured unless its engagement says otherwise (audit domain, sections 3.2 and 8.2). SOC standards set no thresholds:
 * these are proposals to agree on with the auditor, and are printed with every bundle.
 */
export const defaultRuler: Ruler = {
  thresholds: {
    critical: { lateAfter: 'PT24H', gapAfter: 'PT72H', materialAfter: 'P7D' },
    standard: { lateAfter: 'PT36H', gapAfter: 'PT72H', materialAfter: 'P7D' },
    roster: { lateAfter: 'PT48H', gapAfter: 'P7D', materialAfter: 'P31D' },
    // Shorter than any source keeps its record; a window that is lost is material at once.
    events: { lateAfter: 'PT48H', gapAfter: 'P7D', materialAfter: 'P7D' },
  },
  flappingWithin: 'PT24H',
  graceForNew: null,
  sla: { critical: { hours: 24 }, high: { hours: 72 }, medium: { businessDays: 10 }, low: { businessDays: 30 } },
  calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [] },
  sampleSizes: [
    { frequency: 'annual', upTo: null, size: 1 },
    { frequency: 'semi-annual', upTo: null, size: 2 },
    { frequency: 'quarterly', upTo: null, size: 2 },
    { frequency: 'monthly', upTo: null, size: 3 },
    { frequency: 'weekly', upTo: null, size: 8 },
    { frequency: 'daily', upTo: null, size: 25 },
    { frequency: 'many per day', upTo: null, size: 40 },
    { frequency: 'ad hoc', upTo: 10, size: 'all' },
    { frequency: 'ad hoc', upTo: 50, size: 8 },
    { frequency: 'ad hoc', upTo: 250, size: 15 },
    { frequency: 'ad hoc', upTo: null, size: 25 },
    { frequency: 'continuous', upTo: null, size: 1 },
  ],
};

/** The ruler of an engagement: the defaults, with what it sets in their place member by member. */
export function rulerOf(engagement: Engagement): Ruler {
  const own = Object.entries(engagement.ruler).filter(([, value]) => value !== undefined);
  return { ...defaultRuler, ...Object.fromEntries(own) };
}

/** What engagements may refer to. */
export interface EngagementCatalog {
  readonly frameworks: Frameworks;
  /** Names of the configured sources. */
  readonly sources: readonly string[];
  /** Ids of the collectors. */
  readonly collectors: readonly string[];
}

/**
 * Reads the engagements.
 * @throws ProoflineError `configuration` with every problem at once, with line: unknown objectives, criteria, sources and collectors
 * among them.
 */
export function loadEngagements(file: string, catalog: EngagementCatalog): readonly Engagement[] {
  const { source, problems: syntax } = readYaml(file);
  const parsed = EngagementsFile.safeParse(source.value);
  const problems: Problem[] = [...syntax];
  if (syntax.length === 0) problems.push(...findLiteralSecrets(source));
  if (syntax.length === 0 && !parsed.success) problems.push(...explainIssues(EngagementsFile, source, parsed.error.issues));
  if (parsed.success) {
    const say = (path: YamlPath, message: string) => problems.push({ file, line: source.lineOf(path), path: pathText(path), message });
    const seen = new Set<string>();
    for (const [index, engagement] of parsed.data.engagements.entries()) {
      const at = ['engagements', index];
      if (seen.has(engagement.id)) say([...at, 'id'], `the id "${engagement.id}" is taken`);
      seen.add(engagement.id);
      findUnknown(engagement, catalog, (path, message) => say([...at, ...path], message));
    }
  }
  if (!parsed.success || problems.length > 0) {
    const ordered = orderProblems(problems);
    throw new ProoflineError('configuration', `${file}: ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`}`, {
      problems: ordered,
    });
  }
  return parsed.data.engagements;
}

function findUnknown(engagement: Engagement, catalog: EngagementCatalog, say: (path: YamlPath, message: string) => void): void {
  const objectives = catalog.frameworks.objectives.map(({ id }) => id);
  const topics = engagement.report === 'soc1' ? objectives : catalog.frameworks.criteria.map(({ id }) => id);
  const what = engagement.report === 'soc1' ? 'control objective' : 'SOC 2 criterion';
  const refuseUnknown = (id: string, known: readonly string[], kind: string, path: YamlPath): void => {
    if (!known.includes(id)) say(path, `there is no ${kind} "${id}"${didYouMean(id, known)}`);
  };
  if (engagement.report === 'soc2') {
    if (!engagement.trustServices.includes('security')) say(['trustServices'], 'security is part of every SOC 2 report: add it');
    if (engagement.objectives.length > 0) say(['objectives'], 'a SOC 2 report is about criteria: objectives belong to SOC 1');
  }
  const named = new Set<string>();
  for (const [index, { id }] of engagement.objectives.entries()) {
    if (engagement.report === 'soc1') refuseUnknown(id, objectives, 'control objective', ['objectives', index, 'id']);
    if (named.has(id)) say(['objectives', index, 'id'], `"${id}" is named twice`);
    named.add(id);
  }
  for (const [index, { sources }] of engagement.systems.entries()) {
    for (const [place, name] of sources.entries()) refuseUnknown(name, catalog.sources, 'source', ['systems', index, 'sources', place]);
  }
  for (const [index, { supports }] of engagement.cuecs.entries()) {
    for (const [place, id] of supports.entries()) refuseUnknown(id, topics, what, ['cuecs', index, 'supports', place]);
  }
  for (const [index, { csocs }] of engagement.subserviceOrganisations.entries()) {
    for (const [inner, { supports }] of csocs.entries()) {
      for (const [place, id] of supports.entries()) {
        refuseUnknown(id, topics, what, ['subserviceOrganisations', index, 'csocs', inner, 'supports', place]);
      }
    }
  }
  for (const [index, id] of engagement.redaction.withholdItemsOf.entries()) {
    refuseUnknown(id, catalog.collectors, 'collector', ['redaction', 'withholdItemsOf', index]);
  }
  const ruler = rulerOf(engagement);
  for (const [kind, { lateAfter, gapAfter, materialAfter }] of Object.entries(ruler.thresholds)) {
    const [late, gap, material] = [lateAfter, gapAfter, materialAfter].map(durationMs) as [number, number, number];
    if (late > gap || gap > material)
      say(
        ['ruler', 'thresholds', kind],
        'late comes before a gap, and a gap before a material one: expected lateAfter <= gapAfter <= materialAfter',
      );
  }
}
