import type { ControlPaper } from '../../../model/bundle-content.ts';
import { type ControlHistory, type ControlStretch, type SeriesHistory, whySilent } from '../../../model/history.ts';
import { type Block, heading, joined, muted, type Page, paragraph, type Span, subheading, type Text } from '../blocks.ts';
import { drawTimeline } from '../draw-timeline.ts';
import { controlTablePath, workpaperPath } from '../paths.ts';
import { counted, printCount, printDuration, printShare } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, topicWord } from '../words.ts';
import { datasetBlocks } from './dataset-blocks.ts';
import { controlEntityBlocks } from './entity/control-blocks.ts';
import { deviationBlocks, episodeBlocks, waiverBlocks } from './failure-blocks.ts';
import type { ItemGroup } from './item-pages.ts';
import type { Frame } from './page-frame.ts';
import { populationBlocks } from './population-blocks.ts';

/** One control's paper, in the order an auditor asks: rules, control, procedure, what was observed, why that can be relied on, conclusion. */
export function workpaper(
  frame: Frame,
  control: ControlHistory,
  paper: ControlPaper,
  form: 'html' | 'pdf',
  items: ReadonlyMap<string, ItemGroup>,
): Page {
  const { id, statement } = control.control;
  return frame.page({
    path: workpaperPath(id, form),
    title: `${id} workpaper`,
    kicker: 'Workpaper',
    state: control.state,
    lead: statement,
    blocks: blocks(frame, control, paper, items),
  });
}

function* blocks(frame: Frame, control: ControlHistory, paper: ControlPaper, items: ReadonlyMap<string, ItemGroup>): Generator<Block> {
  const { period } = frame.content.history;
  if (control.reasons.length > 0) yield { kind: 'list', items: control.reasons };
  yield* rulesBlocks(frame, control);
  yield* controlBlocks(frame, control, paper);
  yield* procedureBlocks(frame, control);
  yield heading('4  Timeline', 'timeline');
  yield { kind: 'timeline', drawing: drawTimeline(control, period) };
  yield muted([
    'Every stretch with its bounds and its evidence: ',
    { href: controlTablePath(control.control.id, 'timeline'), text: 'timeline.csv' },
    '.',
  ]);
  yield* coverageBlocks(frame, control);
  yield* deviationBlocks(frame, control);
  yield* episodeBlocks(frame, control);
  yield* waiverBlocks(frame, control);
  yield* controlEntityBlocks(frame, control);
  yield* populationBlocks(frame, control, paper);
  yield* datasetBlocks(frame, control, paper, items);
  yield* reperformBlocks(frame, control, paper);
  yield heading('12  For the auditor', 'auditor');
  yield paragraph('Left empty by management.');
  yield {
    kind: 'fields',
    fields: [
      { label: 'Procedure performed', tall: true },
      { label: 'Conclusion', tall: true },
      { label: 'Initials' },
      { label: 'Date' },
      { label: 'Working paper reference' },
      { label: 'Reviewed by' },
    ],
  };
}

function* rulesBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  yield heading('1  What changed in the rules', 'rules');
  const { amendments } = frame.content.cover;
  const { period } = frame.content.history;
  const [first] = control.versions;
  if (first !== undefined && first.from > period.from)
    yield paragraph([
      'The control came into force within the period, on ',
      ...(frame.time(first.from) as Span[]),
      '. Of the time before nothing is said.',
    ]);
  const last = control.versions.at(-1);
  if (last !== undefined && last.to < period.to)
    yield paragraph([
      'The control ended within the period, on ',
      ...(frame.time(last.to) as Span[]),
      '. Of the time after nothing is said.',
    ]);
  yield control.versions.length <= 1
    ? paragraph('Statement, mapping, parameters and logic were the same while it was in force in the period: one version.')
    : {
        kind: 'table',
        caption: `${counted(control.versions.length, 'version')} of the control within the period; each is a stretch of its own`,
        columns: [
          { title: 'Version', weight: 1 },
          { title: 'From', weight: 2.6 },
          { title: 'To', weight: 2.6 },
          { title: 'What is different from the one before', weight: 6 },
        ],
        rows: control.versions.map((version) => [
          `v${version.number}`,
          frame.time(version.from),
          frame.time(version.to),
          version.changes.length === 0 ? { muted: 'as the period began' } : version.changes.join(' '),
        ]),
        empty: '',
      };
  if (amendments.length > 0)
    yield paragraph([
      `The ruler of the whole period was amended ${counted(amendments.length, 'time')}: `,
      { href: 'index.html', text: 'see the first page' },
      '.',
    ]);
}

function mapping(control: ControlHistory, frame: Frame): Text[][] {
  const report = frame.content.history.period.engagement.report;
  const texts = new Map(frame.content.history.topics.map((topic) => [topic.id, topic.text]));
  return control.control.satisfies[report].map((link) => {
    const one = typeof link === 'string' ? { id: link, as: 'primary', because: undefined } : link;
    return [
      { strong: one.id },
      texts.get(one.id) ?? { muted: 'not in the scope of this report' },
      one.as,
      one.because ?? { muted: 'speaks to it directly' },
    ];
  });
}

function* controlBlocks(frame: Frame, control: ControlHistory, paper: ControlPaper): Generator<Block> {
  const { control: worded } = control;
  const topics = topicWord(frame.content);
  yield heading('2  The control', 'control');
  yield {
    kind: 'facts',
    rows: [
      ['Statement', worded.statement],
      ...(worded.narrative === undefined ? [] : [['How it works here', worded.narrative] as const]),
      ['Owner', worded.owner ?? { muted: 'nobody is named' }],
      ['Frequency', worded.frequency],
      [
        'Tolerance',
        worded.tolerance?.detectAndFix === undefined
          ? 'none: every failure is a deviation'
          : `detected and fixed within ${worded.tolerance.detectAndFix} (ISO 8601); a failure inside it is listed as an episode`,
      ],
      [
        'Speaks for',
        worded.covers.length === 0
          ? { muted: 'no resource type' }
          : joined(
              worded.covers.map((type) => ({ code: type })),
              ', ',
            ),
      ],
      ...(worded.evidence.length === 0
        ? []
        : [
            [
              'Evidence that people provide',
              joined(
                worded.evidence.map((one) => `${one.what} (from ${one.from}, ${one.frequency})`),
                '; ',
              ),
            ] as const,
          ]),
      ...(paper.requests.length === 0 ? [] : [['Answers requests', paper.requests.join(', ')] as const]),
    ],
  };
  yield {
    kind: 'table',
    caption: `Mapping to ${topics.many}; a supporting link alone never covers one`,
    columns: [
      { title: topics.one.replace(/^./, (letter) => letter.toUpperCase()), weight: 1.4 },
      { title: 'In our words', weight: 5 },
      { title: 'Link', weight: 1.8 },
      { title: 'Reason', weight: 4 },
    ],
    rows: mapping(control, frame),
    empty: `It is not mapped to any ${topics.one} of this report.`,
  };
}

const parameterWords = (parameters: Readonly<Record<string, unknown>>): Text => {
  const entries = Object.entries(parameters);
  return entries.length === 0
    ? { muted: 'none' }
    : joined(
        entries.map(([name, value]): Text => ({ code: `${name} = ${JSON.stringify(value)}` })),
        ', ',
      );
};

function* procedureBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  const described = new Map(frame.content.checks.map((check) => [check.id, check]));
  const latest: ControlStretch | undefined = control.versions.at(-1);
  yield heading('3  Our procedure', 'procedure');
  if (latest === undefined || latest.checks.length === 0) {
    yield paragraph('No automated check speaks for this control: what is known of it comes from people, or is not known.');
  } else {
    yield paragraph(
      'Each check claims one sentence and judges one subject at a time; nothing it was not shown can pass. As last worded in the period:',
    );
    for (const use of latest.checks) {
      const check = described.get(use.id);
      const logic = [
        ...new Set(
          control.series.filter((series) => series.key.check === use.id).flatMap((series) => series.logic.map((one) => one.digest)),
        ),
      ];
      yield subheading(check?.claim ?? use.id);
      yield {
        kind: 'facts',
        rows: [
          [
            'Check',
            [
              { code: use.id },
              check === undefined ? '' : `, severity ${check.severity}, judges `,
              ...(check === undefined ? [] : [{ code: check.subjectType }]),
            ],
          ],
          ['Parameters', parameterWords(use.parameters)],
          ...(check === undefined ? [] : [['Why it matters', check.rationale] as const]),
          [
            'Logic',
            joined(
              (logic.length === 0 ? [use.logic] : logic).map((digest): Text => ({ code: digest })),
              ', then ',
            ),
          ],
          ...(check === undefined
            ? []
            : [
                [
                  'Seen on examples',
                  `passes: ${check.examples.pass.join('; ') || 'none'}. Fails: ${check.examples.fail.join('; ') || 'none'}.`,
                ] as const,
              ]),
        ],
      };
    }
  }
  if (control.control.testProcedure !== undefined)
    yield { kind: 'notice', tone: 'plain', title: 'Suggested test of control', text: [control.control.testProcedure] };
}

function* coverageBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  yield heading('5  Coverage and what was observed', 'coverage');
  yield paragraph(
    'Shares of the time that subjects existed within the period. Corroborated, inferred and no evidence are kept apart and are not to be added up; the weighted share stands beside the worst subject.',
  );
  yield {
    kind: 'table',
    caption: 'How much was seen, and on what basis',
    columns: [
      { title: 'Check and source', weight: 5 },
      { title: 'Subjects', weight: 1.3, align: 'right' },
      { title: 'Readings', weight: 1.3, align: 'right' },
      { title: 'Corroborated', weight: 2, align: 'right' },
      { title: 'Inferred', weight: 1.4, align: 'right' },
      { title: 'Event or transition', weight: 1.5, align: 'right' },
      { title: 'No evidence', weight: 1.4, align: 'right' },
      { title: 'Longest gap', weight: 1.8, align: 'right' },
      { title: 'Both edges read', weight: 1.3 },
    ],
    rows: control.series.map((series) => [
      seriesWords(series),
      printCount(series.metrics.subjects),
      printCount(series.readings),
      printShare(series.metrics.coverage.corroborated),
      printShare(series.metrics.coverage.inferred),
      printShare(series.metrics.coverage.other),
      printShare(series.metrics.coverage.none),
      series.metrics.longestGapMs === 0
        ? 'none'
        : `${printDuration(series.metrics.longestGapMs)}${series.metrics.materialGaps > 0 ? ', material' : ''}`,
      series.metrics.edges.start && series.metrics.edges.end
        ? 'yes'
        : series.metrics.edges.start
          ? 'end missing'
          : series.metrics.edges.end
            ? 'start missing'
            : 'neither',
    ]),
    empty: 'No check ran for this control in the period: nothing of it was seen.',
  };
  const states = control.series.filter((series) => series.occurrences === null);
  if (states.length > 0)
    yield {
      kind: 'table',
      caption: 'Passing time, beside the worst subject',
      columns: [
        { title: 'Check and source', weight: 5 },
        { title: 'Of the period', weight: 1.4, align: 'right' },
        { title: 'Of what is known', weight: 1.5, align: 'right' },
        { title: 'Worst subject', weight: 4 },
        { title: 'Its share', weight: 1.3, align: 'right' },
        { title: 'To detect, mean / longest', weight: 2.2, align: 'right' },
        { title: 'To fix, mean / longest', weight: 2.2, align: 'right' },
      ],
      rows: states.map((series) => {
        const { passing, timeToDetectMs, timeToRemediateMs } = series.metrics;
        const both = (times: { readonly mean: number; readonly max: number } | null): Text =>
          times === null ? { muted: '—' } : `${printDuration(times.mean)} / ${printDuration(times.max)}`;
        return [
          seriesWords(series),
          series.metrics.subjects === 0 ? { muted: 'no subject' } : printShare(passing.ofPeriod),
          series.metrics.subjects === 0 ? { muted: '—' } : printShare(passing.ofKnown),
          passing.worst === null ? { muted: 'none' } : passing.worst.display,
          passing.worst === null ? '' : printShare(passing.worst.ofPeriod),
          both(timeToDetectMs),
          both(timeToRemediateMs),
        ];
      }),
      empty: '',
    };
  const gaps = control.series.flatMap((series) => series.gaps.map((gap) => ({ series, gap })));
  if (gaps.length > 0)
    yield {
      kind: 'table',
      caption: 'Stretches without evidence',
      columns: [
        { title: 'Check and source', weight: 5 },
        { title: 'From', weight: 2.4 },
        { title: 'To', weight: 2.4 },
        { title: 'For', weight: 1.6 },
        { title: 'Why', weight: 3 },
        { title: 'Material', weight: 1.1 },
      ],
      rows: gaps.map(({ series, gap }) => [
        seriesWords(series),
        frame.time(gap.from),
        frame.time(gap.to),
        printDuration(Date.parse(gap.to) - Date.parse(gap.from)),
        whySilent(gap),
        gap.material ? 'yes' : 'no',
      ]),
      empty: '',
    };
}
const seriesWords = (series: SeriesHistory): Span[] => [series.claim, ' ', { muted: series.key.source }];

function* reperformBlocks(frame: Frame, control: ControlHistory, paper: ControlPaper): Generator<Block> {
  yield heading('11  Re-performing it', 'reperform');
  if (paper.commands.length === 0) yield muted('There is no command that would show this control’s state at the source.');
  else {
    yield paragraph('With read-only rights of your own, and without Proofline. They show today’s state, not that of the period.');
    yield { kind: 'commands', commands: paper.commands };
  }
  const decided = frame.content.decisions.filter((decision) => decision.subjects.includes(control.control.id));
  if (decided.length > 0) {
    yield {
      kind: 'table',
      caption: 'Decisions about this control',
      columns: [
        { title: 'Log index', weight: 1 },
        { title: 'At', weight: 2.4 },
        { title: 'Decision', weight: 2 },
        { title: 'By', weight: 3 },
        { title: 'Reason', weight: 4 },
      ],
      rows: decided.map((one) => [printCount(one.index), printTime(one.at), one.payload.type, actorWords(one.actor), one.reason]),
      empty: '',
    };
  }
}
