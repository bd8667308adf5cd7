import type { BundleContent } from '../../../model/bundle-content.ts';
import type { ControlHistory, TopicHistory } from '../../../model/history.ts';
import { type Block, heading, joined, muted, type Page, paragraph, type Text } from '../blocks.ts';
import { controlTablePath, workpaperPath } from '../paths.ts';
import { counted, printCount, printShare } from '../print-figures.ts';
import { linksOf } from '../tables/index-table.ts';
import { reportWords, topicWord } from '../words.ts';
import { coverBlocks, readingBlocks } from './cover-blocks.ts';
import { entityPages } from './entity/entity-parts.ts';
import type { Frame } from './page-frame.ts';

/** Registers and packs, with what each is for. */
export const registerFiles: readonly (readonly [path: string, title: string])[] = [
  ['registers/episodes.csv', 'Episodes: every stretch of failure'],
  ['registers/deviations.csv', 'Deviations: what the controls do not allow'],
  ['registers/waivers.csv', 'Waivers'],
  ['registers/scope.csv', 'Scope: what was kept out, by whom and why'],
  ['registers/not-collected.csv', 'What was not collected'],
  ['registers/decisions.csv', 'Decisions by people'],
  ['registers/outages.csv', 'Outages of collection'],
  ['registers/datasets.csv', 'Completeness and accuracy of every dataset'],
  ['registers/registers.xlsx', 'All registers as one workbook'],
  ['risk-and-control-matrix.xlsx', 'Risk and control matrix'],
  ['tests-of-controls.xlsx', 'Tests of controls, with empty columns for the auditor'],
  ['tool/index.html', 'General controls over Proofline itself'],
  ['tool/operation.html', 'How it was run: schedules, missed and failed turns, processes, messages'],
  ['management/system-information.html', 'Management’s pack: components, incidents, control changes, subservice organisations'],
  ['management/assertion-draft.html', 'Management’s assertion (draft)'],
  ['management/bridge-letter-draft.html', 'Bridge letter (draft)'],
];

/** The front page of the bundle: needs no server, no network and no script. */
export function indexPage(frame: Frame): Page {
  const { content } = frame;
  return frame.page({
    path: 'index.html',
    kicker: `${reportWords(content)} · evidence of the observation period`,
    title: content.cover.entity,
    blocks: blocks(frame),
  });
}

function* blocks(frame: Frame): Generator<Block> {
  const { content } = frame;
  yield* coverBlocks(frame);
  yield heading('Controls', 'controls');
  yield controlsTable(content);
  const topics = topicWord(content);
  yield heading(
    topics.many.replace(/^./, (letter) => letter.toUpperCase()),
    'topics',
  );
  yield topicsTable(content);
  if (content.requests.length > 0) {
    yield heading('Your request list', 'requests');
    yield {
      kind: 'table',
      caption: `${counted(content.requests.length, 'request')}; the same as request-list.csv`,
      columns: [
        { title: 'Request', weight: 1.2 },
        { title: 'Asked for', weight: 4 },
        { title: 'State', weight: 1.6 },
        { title: 'Files', weight: 4 },
      ],
      rows: content.requests.map((one) => [
        { strong: one.id },
        one.description,
        [one.state.replaceAll('-', ' '), ...(one.note === '' ? [] : [' ', { muted: one.note }])],
        one.files.length === 0
          ? { muted: 'none' }
          : joined(
              one.files.map((file): Text => ({ href: file, text: file })),
              ' · ',
            ),
      ]),
      empty: '',
    };
  }
  yield heading('Everything else in this folder', 'files');
  yield {
    kind: 'list',
    items: [
      [{ href: 'README.pdf', text: 'README.pdf' }, ': this page for printing'],
      [
        { href: 'index.xlsx', text: 'index.xlsx' },
        ' and ',
        { href: 'index.csv', text: 'index.csv' },
        `: controls with their ${topics.many}, evidence, results and files`,
      ],
      ...(content.entity === null ? [] : entityPages(content.entity)).map(
        ([path, title]): Text => [{ href: path, text: path }, `: ${title}`],
      ),
      ...registerFiles.map(([path, title]): Text => [{ href: path, text: path }, `: ${title}`]),
      [{ href: 'evidence-items/index.html', text: 'evidence-items/' }, ': what was sealed, readable'],
      ...content.populations.flatMap((one) =>
        one.files.map((file): Text => [{ href: file.path, text: file.path }, `: ${one.record.title}, ${file.title}`]),
      ),
      ...content.otherFiles.map((file): Text => [{ href: file.path, text: file.path }, `: ${file.title}`]),
    ],
  };
  yield* readingBlocks(frame);
}

function controlsTable(content: BundleContent): Block {
  const { report } = content.history.period.engagement;
  return {
    kind: 'table',
    caption: `${counted(content.history.controls.length, 'adopted control')}. Coverage: shares of the time its subjects existed, by the basis on which their state is known`,
    columns: [
      { title: 'Control', weight: 1 },
      { title: 'Statement', weight: 5 },
      { title: topicWord(content).many.replace(/^./, (letter) => letter.toUpperCase()), weight: 1.6 },
      { title: 'Observed', weight: 2.2 },
      { title: 'Deviations', weight: 1.5, align: 'right' },
      { title: 'Episodes', weight: 1.4, align: 'right' },
      { title: 'Coverage', weight: 3 },
      { title: 'Files', weight: 1.7 },
    ],
    rows: content.history.controls.map((one) => controlLine(one, report)),
    empty: 'No control was adopted in the period: there is nothing this bundle can speak for.',
    searchable: true,
    inFull: 'index.csv',
  };
}
/** The classes one after another, what is zero left out; a control of which nothing is known has one class only. */
function coverageWords(one: ControlHistory): string {
  const { corroborated, inferred, other, none } = one.metrics.coverage;
  const classes: [string, number][] = [
    ['corroborated', corroborated],
    ['inferred', inferred],
    ['on another basis', other],
    ['no evidence', none],
  ];
  return classes
    .filter(([, share]) => share > 0)
    .map(([words, share]) => `${printShare(share)} ${words}`)
    .join(', ');
}
function controlLine(one: ControlHistory, report: 'soc1' | 'soc2'): Text[] {
  const { id, statement } = one.control;
  return [
    { href: workpaperPath(id, 'html'), text: id },
    statement,
    linksOf(one, report).length === 0
      ? { muted: 'none of this report' }
      : linksOf(one, report)
          .map((link) => (link.as === 'primary' ? link.id : `${link.id} (supporting)`))
          .join(', '),
    { state: one.state },
    printCount(one.deviations.length),
    printCount(one.episodes.length),
    coverageWords(one),
    joined(
      [
        { href: workpaperPath(id, 'pdf'), text: 'PDF' },
        { href: controlTablePath(id, 'timeline'), text: 'timeline' },
        { href: controlTablePath(id, 'deviations'), text: 'deviations' },
      ],
      ' · ',
    ),
  ];
}

function topicsTable(content: BundleContent): Block {
  const topics = topicWord(content);
  return {
    kind: 'table',
    caption: `In our own words, not the standard’s. What is observed for one is the worst of its controls; it is no average`,
    columns: [
      { title: topics.one.replace(/^./, (letter) => letter.toUpperCase()), weight: 1.3 },
      { title: 'In our words', weight: 5 },
      { title: 'Observed', weight: 2.2 },
      { title: 'Controls', weight: 4 },
    ],
    rows: content.history.topics.map((topic) => [
      [{ strong: topic.id }, ' ', { muted: topic.area }],
      topic.text,
      { state: topic.state },
      topicControls(topic),
    ]),
    empty: `No ${topics.one} is in scope.`,
    searchable: content.history.topics.length > 12,
  };
}
function topicControls(topic: TopicHistory): Text {
  const links = joined(
    topic.controls.map(
      (link): Text => [{ href: workpaperPath(link.id, 'html'), text: link.id }, ...(link.as === 'supporting' ? [' (supporting)'] : [])],
    ),
    ', ',
  );
  return topic.uncovered ? [{ strong: 'No adopted control speaks to it directly. ' }, ...links] : links;
}

/** The first page for printing: the cover and how to read and check, nothing that only a screen can use. */
export function readmePage(frame: Frame): Page {
  const { content } = frame;
  return frame.page({
    path: 'README.pdf',
    kicker: `${reportWords(content)} · evidence of the observation period`,
    title: content.cover.entity,
    blocks: readme(frame),
  });
}
function* readme(frame: Frame): Generator<Block> {
  const { content } = frame;
  yield* coverBlocks(frame);
  yield* readingBlocks(frame);
  yield heading('Controls', 'controls');
  yield {
    kind: 'table',
    caption: `${counted(content.history.controls.length, 'adopted control')}. No evidence: share of the time of all its subjects together; the workpaper says of which, and why`,
    columns: [
      { title: 'Control', weight: 1 },
      { title: 'Statement', weight: 5.2 },
      { title: 'Observed', weight: 2.3 },
      { title: 'Deviations', weight: 1.1, align: 'right' },
      { title: 'Episodes', weight: 1, align: 'right' },
      { title: 'No evidence', weight: 1.2, align: 'right' },
    ],
    rows: content.history.controls.map((one) => [
      { strong: one.control.id },
      one.control.statement,
      { state: one.state },
      printCount(one.deviations.length),
      printCount(one.episodes.length),
      printShare(one.metrics.coverage.none),
    ]),
    empty: 'No control was adopted in the period.',
    inFull: 'index.csv',
  };
  if (content.history.deviations.length === 0) yield paragraph('No deviation was recorded.');
  else
    yield {
      kind: 'table',
      caption: `${counted(content.history.deviations.length, 'deviation')}; in full in each workpaper and in registers/deviations.csv`,
      columns: [
        { title: 'Deviation', weight: 1.9 },
        { title: 'Exception noted', weight: 5 },
        { title: 'Disposition', weight: 1.6 },
      ],
      rows: content.history.deviations.map((one) => [
        one.id,
        [{ strong: one.display }, ...(one.check === null ? [] : [' ', { muted: one.check }]), ' ', one.because],
        one.lifeCycle.disposition.replaceAll('-', ' '),
      ]),
      empty: '',
      inFull: 'registers/deviations.csv',
    };
  yield muted('The whole is in index.html.');
}
