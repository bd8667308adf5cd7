import type { ControlHistory, TopicHistory } from '../../model/history.ts';
import { controlId, list, metadataOf, Names, type OscalObject, statementOf, topicId } from './document-parts.ts';
import type { OscalFacts } from './facts.ts';
import { hrefTo, lineOf, property, proseOf, tokenOf } from './words.ts';

/**
 * Criteria or control objectives in our own words, and the entity's controls, as a catalog: there is no public OSCAL catalog of either.
 * Findings point at the statements in it.
 */
export function oscalCatalog(facts: OscalFacts): OscalObject {
  const names = new Names(facts);
  const { topics, controls, period } = facts.history;
  const soc2 = period.engagement.report === 'soc2';
  const areas = Map.groupBy(topics, ({ area }) => area);
  return {
    catalog: {
      uuid: names.inPeriod('catalog'),
      metadata: metadataOf(facts, names, soc2 ? 'Criteria and controls' : 'Control objectives and controls'),
      groups: [
        ...[...areas].map(([area, members]) => ({
          id: `area.${tokenOf(area)}`,
          class: 'area',
          title: lineOf(area),
          controls: members.map((topic) => topicControl(topic, soc2)),
        })),
        {
          id: 'controls',
          class: 'controls',
          title: 'Controls of the entity',
          ...list(
            'controls',
            controls.map((history) => entityControl(history, facts)),
          ),
        },
      ],
    },
  };
}

function topicControl(topic: TopicHistory, soc2: boolean): OscalObject {
  const id = topicId(topic.id);
  return {
    id,
    class: soc2 ? 'criterion' : 'control-objective',
    title: lineOf(topic.id),
    props: [{ name: 'label', value: topic.id.trim() }, property('covered', !topic.uncovered)],
    ...list(
      'links',
      topic.controls.map((control) => ({
        href: `#${controlId(control.id)}`,
        rel: control.as === 'primary' ? 'related' : 'supporting',
        text: lineOf(control.because === null ? control.id : `${control.id}: ${control.because}`),
      })),
    ),
    parts: [{ id: statementOf(id), name: 'statement', prose: proseOf(topic.text) }],
  };
}

function entityControl({ control, versions }: ControlHistory, facts: OscalFacts): OscalObject {
  const id = controlId(control.id);
  const workpaper = facts.workpaperOf(control.id);
  const guidance = [control.narrative ?? '', control.testProcedure === undefined ? '' : `Procedure: ${control.testProcedure}`];
  return {
    id,
    class: 'control-activity',
    title: lineOf(control.id),
    props: [
      { name: 'label', value: control.id.trim() },
      property('frequency', control.frequency),
      property('automation', control.automation),
      ...(control.owner === undefined ? [] : [property('owner', control.owner)]),
      ...(control.tolerance?.detectAndFix === undefined ? [] : [property('detect-and-fix-within', control.tolerance.detectAndFix)]),
      property('versions-in-period', versions.length),
    ],
    ...list('links', workpaper === null ? [] : [{ href: hrefTo(workpaper), rel: 'reference', text: 'Workpaper' }]),
    parts: [
      { id: statementOf(id), name: 'statement', prose: proseOf(control.statement) },
      ...(guidance.join('') === '' ? [] : [{ id: `${id}_gdn`, name: 'guidance', prose: proseOf(...guidance) }]),
    ],
  };
}
