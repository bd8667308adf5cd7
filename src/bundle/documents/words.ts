import type { BundleContent } from '../../model/bundle-content.ts';
import { notAuthenticated } from '../../model/decision.ts';
import type { Sla } from '../../model/engagement.ts';
import type { ControlHistory, Deviation, PeriodState } from '../../model/history.ts';
import type { Outcome } from '../../model/outcome.ts';
import { printDay } from './print-time.ts';

/** Stands on every page of everything we render. */
export const marking = 'Prepared by management · not an opinion';

export const stateWords: Readonly<Record<PeriodState, string>> = {
  'failures-observed': 'failures observed',
  'no-evidence': 'no evidence',
  'no-failures-observed': 'no failures observed',
  'did-not-operate': 'did not operate',
};
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'not applicable',
  empty: 'empty population',
  'no-evidence': 'no evidence',
  waived: 'waived (failing underneath)',
};
export const gradeWords: Readonly<Record<ControlHistory['grade'], string>> = {
  'source-direct': 'source-direct: as the source itself answered',
  'entity-built-logic': 'entity-built logic: made by a query or script of the entity',
  uploaded: 'uploaded: provided by a person as a file',
  attested: 'attested: stated by a person',
  none: 'none: there is no evidence',
};
export const markerWords: Readonly<Record<Deviation['markers'][number], string>> = {
  recurs: 'the same cause came back',
  concentrated: 'concentrated in one person or subsystem',
  'rate-above-5-percent': 'more than 5 % of the occurrences',
  persists: 'throughout the period',
  design: 'in the design of the control',
};
export const dispositionWords = {
  candidate: 'candidate: nobody has decided on it',
  confirmed: 'confirmed by management',
  'false-positive': 'called a false positive by management; for the auditor to accept',
} as const;

/** `zofia.zielinski`, or with the words that must stand beside whoever did not sign. */
export function actorWords(actor: { readonly name: string; readonly authentication: string } | null): string {
  if (actor === null) return 'nobody on record';
  return actor.authentication === 'none' ? `${actor.name} (${notAuthenticated})` : actor.name;
}
export const slaWords = (sla: Sla): string => ('hours' in sla ? `${sla.hours} h` : `${sla.businessDays} business days`);

/** `SOC 2 Type 2`. */
export function reportWords(content: BundleContent): string {
  const { engagement } = content.history.period;
  return `${engagement.report === 'soc2' ? 'SOC 2' : 'SOC 1'} Type ${engagement.type}`;
}
/** `1 April 2025 to 31 March 2026`, or the as-of date. */
export function periodWords(content: BundleContent): string {
  const { engagement, start, end } = content.history.period;
  return engagement.type === 1 ? `as of ${printDay(start)}` : `${printDay(start)} to ${printDay(end)}`;
}
/** What the report's topics are called. */
export function topicWord(content: BundleContent): { readonly one: string; readonly many: string } {
  return content.history.period.engagement.report === 'soc2'
    ? { one: 'criterion', many: 'criteria' }
    : { one: 'control objective', many: 'control objectives' };
}
