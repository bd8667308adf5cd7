import type { PeriodState } from '../../model/history.ts';
import type { OscalFacts } from './facts.ts';
import { lineOf, oscalVersion, plainLine, property, tokenOf, uuidOf } from './words.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };
export type OscalObject = { readonly [name: string]: Json };

/** Who prepared it. OSCAL speaks of assessors; this is management's own monitoring, and every document says so first. */
export const preparedByManagement =
  'Prepared by management from its own monitoring; not an opinion and not the work of an independent assessor. The conclusion is the auditor’s.';

/** Names that the documents of one log share. */
export class Names {
  readonly #origin: string;
  readonly #period: string;
  constructor({ cover, history }: OscalFacts) {
    this.#origin = cover.log.origin;
    this.#period = history.period.id;
  }
  /** Of something that is the same in every bundle of the log. */
  of(kind: string, ...name: readonly string[]): string {
    return uuidOf(this.#origin, kind, ...name);
  }
  /** Of something that belongs to this period. */
  inPeriod(kind: string, ...name: readonly string[]): string {
    return uuidOf(this.#origin, this.#period, kind, ...name);
  }
}

/** Entity and controls share one space of ids in the catalog; a control of the entity may be called like a criterion. */
export const topicId = (id: string): string => tokenOf(id);
export const controlId = (id: string): string => `control.${tokenOf(id)}`;
export const statementOf = (id: string): string => `${id}_smt`;

export function titleOf({ cover, history }: OscalFacts): string {
  const { engagement, start, end } = history.period;
  const report = `SOC ${engagement.report === 'soc2' ? 2 : 1} Type ${engagement.type}`;
  return `${cover.entity}, ${report}, ${engagement.type === 1 ? `as of ${end}` : `${start} to ${end}`}`;
}

/** Metadata of a document; `title` names what it is. */
export function metadataOf(facts: OscalFacts, names: Names, title: string): OscalObject {
  const { cover, history } = facts;
  const { engagement } = history.period;
  const entity = names.of('party', 'entity');
  return {
    title: lineOf(`${title}: ${titleOf(facts)}${cover.demonstration ? ' (demonstration)' : ''}`),
    published: cover.generatedAt,
    'last-modified': cover.generatedAt,
    version: plainLine(`${history.period.id}, log of ${history.logSize} entries`),
    'oscal-version': oscalVersion,
    props: [
      property('log-origin', cover.log.origin),
      property('log-size', cover.log.size),
      property('log-root', cover.log.root),
      property('report', engagement.report),
      property('report-type', engagement.type),
      property('period', history.period.id),
      property('demonstration', cover.demonstration),
    ],
    roles: [
      { id: 'prepared-by', title: 'Prepared by management' },
      ...(engagement.firm === undefined ? [] : [{ id: 'recipient', title: 'Examines' }]),
    ],
    parties: [
      { uuid: entity, type: 'organization', name: plainLine(cover.entity) },
      ...(engagement.firm === undefined
        ? []
        : [{ uuid: names.of('party', 'firm', engagement.firm), type: 'organization', name: plainLine(engagement.firm) }]),
    ],
    'responsible-parties': [
      { 'role-id': 'prepared-by', 'party-uuids': [entity] },
      ...(engagement.firm === undefined ? [] : [{ 'role-id': 'recipient', 'party-uuids': [names.of('party', 'firm', engagement.firm)] }]),
    ],
    remarks: preparedByManagement,
  };
}

/** Proofline as the tool that observed. */
export function assessmentAssets(facts: OscalFacts, names: Names): OscalObject {
  const tool = names.of('tool', 'proofline', facts.cover.version);
  return {
    components: [
      {
        uuid: tool,
        type: 'software',
        title: 'Proofline',
        description: 'Collects configuration and events, judges them with checks and keeps both in a tamper-evident log.',
        props: [property('version', facts.cover.version)],
        status: { state: 'operational' },
      },
    ],
    'assessment-platforms': [
      { uuid: names.of('platform', 'proofline'), title: 'Proofline at the entity', 'uses-components': [{ 'component-uuid': tool }] },
    ],
  };
}
export function originOf(facts: OscalFacts, names: Names): readonly OscalObject[] {
  return [{ actors: [{ type: 'tool', 'actor-uuid': names.of('tool', 'proofline', facts.cover.version) }] }];
}

/** Controls and topics of the report, in the order of the report. */
export function reviewedControls({ history }: Pick<OscalFacts, 'history'>, only?: { readonly controls: readonly string[] }): OscalObject {
  const ids =
    only === undefined
      ? [...history.topics.map(({ id }) => topicId(id)), ...history.controls.map(({ control }) => controlId(control.id))]
      : only.controls.map(controlId);
  const description = 'Criteria or control objectives in scope, and the controls that management performs for them.';
  return {
    ...(only === undefined ? { description } : {}),
    'control-selections': [ids.length === 0 ? { 'include-all': {} } : { 'include-controls': ids.map((id) => ({ 'control-id': id })) }],
  };
}

/** A list only where there is something: OSCAL knows no empty lists. */
export function list<Name extends string>(name: Name, values: readonly Json[]): { readonly [name: string]: Json } {
  return values.length === 0 ? {} : { [name]: values };
}

/**
 * OSCAL knows two states. `satisfied` stands for "no failures observed" and for nothing else: what nobody saw, and what did not operate,
 * is not satisfied, for the reason `other`.
 */
export function statusOf(state: PeriodState): { state: string; reason: string; remarks: string } {
  switch (state) {
    case 'no-failures-observed':
      return {
        state: 'satisfied',
        reason: 'pass',
        remarks: 'No failures were observed where it was observed. This is no conclusion on operating effectiveness.',
      };
    case 'failures-observed':
      return {
        state: 'not-satisfied',
        reason: 'fail',
        remarks: 'Failures were observed. Whether they matter to the report is for the auditor to say.',
      };
    case 'no-evidence':
      return {
        state: 'not-satisfied',
        reason: 'other',
        remarks: 'There is no evidence for some of the period or population; nothing is concluded from that.',
      };
    case 'did-not-operate':
      return {
        state: 'not-satisfied',
        reason: 'other',
        remarks: 'It did not operate: the recorded population is empty. Nothing could be observed of it.',
      };
  }
}
/** Our own word for a state, beside OSCAL's two. */
export const stateProperty = (state: PeriodState) => property('observed-state', state);
