import { type Block, heading, joined, muted, type Page, paragraph, type Text } from '../blocks.ts';
import { counted, printCount } from '../print-figures.ts';
import { printDay, printTime } from '../print-time.ts';
import { linksOf } from '../tables/index-table.ts';
import { actorWords, periodWords, reportWords, stateWords, topicWord } from '../words.ts';
import type { Frame } from './page-frame.ts';

const marking = 'Prepared by management · draft for management to complete · not an opinion';
type Form = 'html' | 'pdf';

/** Management's own papers. Everything that only management can say is an empty field. */
export function managementPages(frame: Frame, form: Form): Page[] {
  const page = (name: string, title: string, lead: string, blocks: Iterable<Block>): Page =>
    frame.page({ path: `management/${name}.${form}`, kicker: 'Prepared by management', title, lead, marking, blocks });
  return [
    page(
      'assertion-draft',
      'Management’s assertion',
      'A draft. Management completes it, takes out what does not hold, and signs it; it is an assertion only then.',
      assertion(frame),
    ),
    page(
      'system-information',
      'System information',
      'What monitoring can contribute to management’s description of its system: components, incidents, changes of controls, and controls assumed elsewhere.',
      system(frame),
    ),
    page(
      'bridge-letter-draft',
      'Bridge letter',
      'A draft for the time after the period. It is management’s own letter: no auditor attests to it, and it does not replace the report.',
      bridge(frame),
    ),
  ];
}

const signature: Block = {
  kind: 'fields',
  fields: [{ label: 'Name' }, { label: 'Title' }, { label: 'Signature' }, { label: 'Date' }],
};

function* assertion(frame: Frame): Generator<Block> {
  const { content } = frame;
  const { engagement } = content.history.period;
  const topics = topicWord(content);
  const carved = engagement.subserviceOrganisations.filter((one) => one.method === 'carve-out').map((one) => one.name);
  yield paragraph(
    `We, the management of ${content.cover.entity}, are responsible for designing, implementing and operating controls within ${engagement.systems.map((one) => one.name).join(' and ') || '[name of the system]'}, ${engagement.type === 1 ? '' : 'throughout the period '}${periodWords(content)}, and for the description of that system.`,
  );
  yield paragraph('We assert, to the extent that we complete and sign the following, that:');
  yield {
    kind: 'list',
    items: [
      '[ ] the description presents the system that was designed and implemented, in accordance with its description criteria;',
      `[ ] the controls stated in the description were suitably designed, so that, if they operated as described, ${engagement.report === 'soc2' ? 'our service commitments and system requirements would be met on the applicable criteria' : 'the control objectives would be met'};`,
      ...(engagement.type === 2
        ? ['[ ] the controls operated as described throughout the period, except for the deviations listed below.']
        : []),
    ],
  };
  if (engagement.commitments.length > 0) {
    yield heading('Principal service commitments');
    yield { kind: 'list', items: engagement.commitments };
  }
  const asserted = content.history.controls.filter((one) => linksOf(one, engagement.report).length > 0);
  yield heading('What our monitoring observed');
  yield paragraph(`Recorded by Proofline for ${reportWords(content)}; it is neither a conclusion of ours nor of an auditor’s.`);
  yield {
    kind: 'table',
    caption: counted(asserted.length, 'control'),
    columns: [
      { title: 'Control', weight: 1 },
      { title: 'Statement', weight: 6 },
      { title: 'Observed', weight: 2.4 },
      { title: 'Deviations', weight: 1.1, align: 'right' },
    ],
    rows: asserted.map((one) => [
      { strong: one.control.id },
      one.control.statement,
      { state: one.state },
      printCount(one.deviations.length),
    ]),
    empty: 'No control was adopted.',
  };
  const others = content.history.controls.filter((one) => !asserted.includes(one));
  if (others.length > 0)
    yield muted(
      `Not part of this assertion, because they speak to no ${topics.one} of this report: ${others.map((one) => one.control.id).join(', ')}.`,
    );
  const without = content.history.topics.filter((topic) => topic.uncovered);
  if (without.length > 0)
    yield {
      kind: 'notice',
      tone: 'attention',
      title: `To be settled: ${topics.many} that no control speaks to directly`,
      text: [without.map((topic) => topic.id).join(', ')],
    };
  yield heading('Assumed elsewhere');
  yield paragraph(
    carved.length === 0
      ? 'No subservice organisation is carved out.'
      : `The description leaves out the controls of ${carved.join(' and ')} (carve-out). Some ${topics.many} can be met only if the complementary controls there, and those of user entities, operate as well.`,
  );
  yield { kind: 'fields', fields: [{ label: 'Deviations that management adds, explains or does not accept', tall: true }] };
  yield signature;
}

function* system(frame: Frame): Generator<Block> {
  const { content } = frame;
  const { management, history } = content;
  const { engagement } = history.period;
  yield heading('Systems');
  yield {
    kind: 'table',
    caption: 'As the engagement names them',
    columns: [
      { title: 'System', weight: 3 },
      { title: 'Description', weight: 6 },
      { title: 'Sources', weight: 2.4 },
    ],
    rows: engagement.systems.map((one) => [{ strong: one.name }, one.description, one.sources.join(', ') || { muted: 'all' }]),
    empty: 'The engagement names no system.',
  };
  yield heading('Components (description criterion 3)');
  yield {
    kind: 'table',
    caption: 'By type; every component with its dates is in component-inventory.csv',
    columns: [
      { title: 'Type', weight: 4 },
      { title: 'At the start', weight: 1.4, align: 'right' },
      { title: 'At the end', weight: 1.4, align: 'right' },
      { title: 'Ever in the period', weight: 1.6, align: 'right' },
    ],
    rows: management.inventorySummary.map((one) => [
      { code: one.type },
      printCount(one.atStart),
      printCount(one.atEnd),
      printCount(one.ever),
    ]),
    empty: 'No component was recorded.',
  };
  yield heading('Incidents (description criterion 4)');
  yield {
    kind: 'table',
    caption: 'Significant incidents as the sources record them; which of them are significant is for management to say',
    columns: [
      { title: 'Incident', weight: 1.6 },
      { title: 'Title', weight: 4 },
      { title: 'Opened', weight: 2 },
      { title: 'Closed', weight: 2 },
      { title: 'Source', weight: 2 },
    ],
    rows: management.incidents.map((one) => [
      one.id,
      [one.title, ' ', { muted: one.detail }],
      printTime(one.openedAt),
      one.closedAt === null ? 'open' : printTime(one.closedAt),
      one.source,
    ]),
    empty: 'The sources that were asked record none. That is a result only where the question is recorded, below.',
  };
  yield {
    kind: 'table',
    caption: 'Questions that were answered with no rows',
    columns: [
      { title: 'What', weight: 2 },
      { title: 'Query', weight: 4 },
      { title: 'Window', weight: 3 },
      { title: 'Asked', weight: 2 },
      { title: 'Rows', weight: 0.8, align: 'right' },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: management.zeroRowPulls.map((one) => [
      [one.what, ' ', { muted: `${one.collector}, ${one.scope}` }],
      { code: one.query },
      `${printTime(one.from)} to ${printTime(one.to)}`,
      printTime(one.at),
      '0',
      printCount(one.index),
    ]),
    empty: 'No such question was recorded: that there were no incidents is not shown by this bundle.',
  };
  yield { kind: 'fields', fields: [{ label: 'Incidents that management adds', tall: true }] };
  yield heading('Changes of controls (description criterion 9)');
  yield {
    kind: 'table',
    caption: counted(management.controlChanges.length, 'change'),
    columns: [
      { title: 'At', weight: 2 },
      { title: 'Control', weight: 1.1 },
      { title: 'Change', weight: 5 },
      { title: 'Decided by', weight: 2.4 },
    ],
    rows: management.controlChanges.map((one) => [
      printTime(one.at),
      { strong: one.control },
      one.change,
      one.by === null
        ? { muted: 'no decision on record' }
        : `${actorWords(one.by)}${one.decision === null ? '' : ` (log ${printCount(one.decision)})`}`,
    ]),
    empty: 'No control was changed within the period.',
  };
  yield heading('Subservice organisations');
  yield {
    kind: 'table',
    caption: 'With the date through which their own report was read',
    columns: [
      { title: 'Organisation', weight: 2.4 },
      { title: 'Services', weight: 4 },
      { title: 'Method', weight: 1.3 },
      { title: 'Report through', weight: 1.6 },
      { title: 'Reviewed on', weight: 1.6 },
    ],
    rows: engagement.subserviceOrganisations.map((one) => [
      { strong: one.name },
      one.services,
      one.method,
      one.reportThrough === undefined ? { muted: 'not on record' } : printDay(one.reportThrough),
      one.reviewedOn === undefined ? { muted: 'not on record' } : printDay(one.reviewedOn),
    ]),
    empty: 'The engagement names none.',
  };
  yield assumed(
    'Complementary controls assumed at subservice organisations',
    engagement.subserviceOrganisations.flatMap((one) => one.csocs.map((csoc) => ({ ...csoc, at: one.name }))),
  );
  yield assumed(
    'Complementary controls assumed at user entities',
    engagement.cuecs.map((one) => ({ ...one, at: 'user entities' })),
  );
}

function assumed(
  caption: string,
  rows: readonly { readonly id: string; readonly text: string; readonly supports: readonly string[]; readonly at: string }[],
): Block {
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'Id', weight: 1.1 },
      { title: 'Where', weight: 2 },
      { title: 'Control', weight: 6 },
      { title: 'Supports', weight: 2 },
    ],
    rows: rows.map((one) => [one.id, one.at, one.text, one.supports.join(', ')]),
    empty: `${caption}: the engagement names none.`,
  };
}

function* bridge(frame: Frame): Generator<Block> {
  const { content } = frame;
  const { management, history } = content;
  const { sinceEnd } = management;
  yield { kind: 'fields', fields: [{ label: 'Addressed to' }, { label: 'Date' }] };
  yield paragraph(
    `Our ${reportWords(content)} report covers ${periodWords(content)}. This letter speaks of the time since then, through [date]. Management gives it on its own responsibility; the auditor has performed no procedures on it.`,
  );
  yield heading('What our monitoring recorded since the end of the period');
  if (sinceEnd === null)
    yield paragraph('Nothing was looked at after the end of the period: this letter cannot be given from monitoring alone.');
  else {
    yield paragraph(
      `Changes of plan and configuration that the log has, through ${printTime(sinceEnd.through)}. It is no statement on whether controls operated since: states after the period are not judged in this bundle.`,
    );
    yield { kind: 'list', items: sinceEnd.changes.length === 0 ? ['No change of plan or configuration was recorded.'] : sinceEnd.changes };
  }
  const open = history.deviations.filter((one) => one.openAtEnd);
  yield {
    kind: 'table',
    caption: 'Deviations that were open when the period ended',
    columns: [
      { title: 'Deviation', weight: 2 },
      { title: 'What', weight: 6 },
      { title: 'Since', weight: 2.2 },
    ],
    rows: open.map((one) => [one.id, [{ strong: one.display }, ' ', one.because], printTime(one.from)]),
    empty: 'No deviation was open when the period ended.',
  };
  const unseen = history.controls.filter((one) => one.state === 'no-evidence');
  if (unseen.length > 0)
    yield muted([
      `Controls with ${stateWords['no-evidence']}, of which this letter can say nothing from monitoring: `,
      ...joined(
        unseen.map((one): Text => ({ strong: one.control.id })),
        ', ',
      ),
    ]);
  yield heading('What management represents');
  yield {
    kind: 'list',
    items: [
      '[ ] There were no material changes to the system or its controls since the end of the period, other than those above and: [list]',
      '[ ] User entities remain responsible for the complementary controls named in the report.',
      '[ ] This letter does not replace the report, and ends when the next report is issued.',
    ],
  };
  yield { kind: 'fields', fields: [{ label: 'Changes that management adds', tall: true }] };
  yield signature;
}
