import type { CheckDescription } from '../../model/bundle-content.ts';
import { assessmentAssets, list, metadataOf, Names, type OscalObject, reviewedControls } from './document-parts.ts';
import type { OscalFacts } from './facts.ts';
import { lineOf, property, proseOf } from './words.ts';

/** What was going to be observed, and how: one activity per check, over the whole period. */
export function oscalAssessmentPlan(facts: OscalFacts): OscalObject {
  const names = new Names(facts);
  const { history } = facts;
  const description = names.of('resource', 'system-description');
  const catalog = names.inPeriod('resource', 'catalog');
  const end = new Date(Date.parse(history.period.to) - 1).toISOString();
  const activities = facts.checks.map((check) => activityOf(check, facts, names));
  return {
    'assessment-plan': {
      uuid: names.inPeriod('assessment-plan'),
      metadata: {
        ...metadataOf(facts, names, 'Plan of observation'),
        links: [{ href: `#${catalog}`, rel: 'reference', text: 'Catalog of what is referred to' }],
      },
      'import-ssp': {
        href: `#${description}`,
        remarks:
          'There is no system security plan: the system is described by management in its own words, in its description of the system.',
      },
      ...(activities.length === 0 ? {} : { 'local-definitions': { activities } }),
      'reviewed-controls': reviewedControls(facts),
      'assessment-subjects': [
        {
          type: 'component',
          description: 'Every account and organisation that the configuration names, as listed in the results.',
          'include-all': {},
        },
      ],
      'assessment-assets': assessmentAssets(facts, names),
      tasks: [
        {
          uuid: names.inPeriod('task', 'observe'),
          type: 'action',
          title: lineOf(`Observe throughout ${history.period.start} to ${history.period.end}`),
          description: 'Collect, seal and judge on schedule; a run that did not happen is recorded as a gap.',
          timing: { 'within-date-range': { start: history.period.from, end } },
          ...list(
            'associated-activities',
            facts.checks.map(({ id }) => ({
              'activity-uuid': names.of('activity', id),
              subjects: [{ type: 'component', 'include-all': {} }],
            })),
          ),
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: description,
            title: 'Description of the system',
            description: 'Management’s own document; it is not part of this bundle.',
          },
          { uuid: catalog, title: 'Catalog', rlinks: [{ href: 'catalog.json', 'media-type': 'application/json' }] },
        ],
      },
    },
  };
}

function activityOf(check: CheckDescription, { history }: OscalFacts, names: Names): OscalObject {
  const controls = history.controls
    .filter(({ series }) => series.some(({ key }) => key.check === check.id))
    .map(({ control }) => control.id);
  return {
    uuid: names.of('activity', check.id),
    title: lineOf(check.claim),
    description: proseOf(check.rationale),
    // The names OSCAL's own catalogs use for how something is assessed.
    props: [
      { name: 'method', value: 'EXAMINE' },
      { name: 'method', value: 'TEST' },
      property('check', check.id),
      property('severity', check.severity),
      property('subject-type', check.subjectType),
    ],
    ...(controls.length === 0 ? {} : { 'related-controls': reviewedControls({ history }, { controls }) }),
  };
}
