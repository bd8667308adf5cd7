import type { ControlPaper } from '../../../model/bundle-content.ts';
import type { ControlHistory } from '../../../model/history.ts';
import { type Block, heading, joined, muted, paragraph, subheading, type Text } from '../blocks.ts';
import { counted, printCount } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, outcomeWords } from '../words.ts';
import type { Frame } from './page-frame.ts';

/** A row is judged by every check that looks at it, adopted or not: results are counted, and said to be no rows. */
function judgedWords(
  { pass, fail, other }: { readonly pass: number; readonly fail: number; readonly other: number },
  rows: number,
): string {
  return `${counted(pass + fail + other, 'result')} over ${counted(rows, 'row')}, one for each check that looks at a row, also of other controls or of none: ${printCount(fail)} fail, ${printCount(pass)} pass, ${printCount(other)} other`;
}

export function* populationBlocks(frame: Frame, control: ControlHistory, paper: ControlPaper): Generator<Block> {
  yield heading('9  Populations and samples', 'populations');
  const populations = frame.content.populations.filter((one) => paper.populations.includes(one.record.id));
  const samples = frame.content.samples.filter((one) => paper.samples.includes(one.id));
  const judged = control.series.filter((series) => series.occurrences !== null);
  if (populations.length === 0 && samples.length === 0 && judged.length === 0) {
    yield muted(
      control.series.length === 0
        ? 'No population was recorded for this control.'
        : 'This control is judged by states, not by occurrences: there is no population to draw from. Its subjects are counted under coverage.',
    );
    return;
  }
  for (const series of judged) {
    const count = series.occurrences!;
    yield paragraph(
      `${series.claim} (${series.key.source}): ${printCount(count.fail)} of ${counted(count.total, 'occurrence')} failed, ${printCount(count.pass)} passed, ${printCount(count.other)} could not be judged or were not applicable. A census: every occurrence was looked at.`,
    );
  }
  const noted = control.occurrences.filter((one) => one.outcome !== 'pass');
  if (noted.length > 0)
    yield {
      kind: 'table',
      caption: 'Occurrences that did not pass',
      columns: [
        { title: 'At', weight: 2.6 },
        { title: 'Occurrence and check', weight: 3.4 },
        { title: 'Outcome', weight: 1.3 },
        { title: 'What was said', weight: 4 },
        { title: 'Log', weight: 1, align: 'right' },
      ],
      rows: noted.map((one) => [
        frame.time(one.at),
        [one.display, ' ', { muted: one.series.check }],
        outcomeWords[one.outcome],
        one.message,
        printCount(one.index),
      ]),
      empty: '',
    };
  for (const { record, ...one } of populations) {
    yield subheading(record.title);
    yield {
      kind: 'facts',
      rows: [
        ['Definition', one.definition],
        ['Rows', record.count === 0 ? 'none: the query was recorded and its output is empty' : printCount(record.count)],
        ...(one.outcome === null ? [] : [['Judged', judgedWords(one.outcome, record.count)] as const]),
        ['Window', `${printTime(record.from)} to ${printTime(record.to)}`],
        [
          'Final',
          record.final
            ? 'yes: everything of it was collected after the end of the period'
            : 'no: it was collected before the period ended and cannot stand for all of it',
        ],
        ['Complete', record.complete ? 'yes' : 'no: part of it could not be read'],
        ['From', [{ code: record.collector }, ` over ${record.scopes.join(', ')}; log ${record.collections.map(printCount).join(', ')}`]],
        ['Digest of its rows', { code: record.digest }],
        ['Frozen', `${printTime(one.frozenAt)} by ${actorWords(one.frozenBy)} (decision ${printCount(one.decision)})`],
        [
          'Reconciled',
          record.reconciliation.length === 0
            ? { muted: 'with nothing: there is no second source' }
            : record.reconciliation
                .map(
                  (other) =>
                    `${other.with}: ${other.count === null ? 'not known' : printCount(other.count)}, difference ${other.difference ?? 'not known'}${other.explanation === null ? '' : ` (${other.explanation})`}`,
                )
                .join('; '),
        ],
        ...(one.files.length === 0
          ? []
          : [
              [
                'Files',
                joined(
                  one.files.map((file): Text => ({ href: file.path, text: file.title })),
                  ', ',
                ),
              ] as const,
            ]),
      ],
    };
  }
  for (const sample of samples) {
    yield subheading(`Sample ${sample.id}`);
    yield {
      kind: 'facts',
      rows: [
        ['Drawn', `${printTime(sample.drawnAt)} by ${actorWords(sample.drawnBy)} (decision ${printCount(sample.decision)})`],
        ['From', [`${sample.population}, rows `, { code: sample.digest }]],
        ['Seed', { code: sample.seed }],
        ['Method', `HMAC-SHA-256 of the seed over each row’s id; the ${printCount(sample.size)} lowest are drawn.`],
        ...(sample.file === null ? [] : [['File', { href: sample.file, text: sample.file }] as const]),
      ],
    };
    yield {
      kind: 'table',
      caption: 'Selection, in the order it was ranked',
      columns: [
        { title: '', weight: 0.6, align: 'right' },
        { title: 'Row', weight: 3 },
        { title: 'Rank (HMAC-SHA-256)', weight: 5 },
        { title: 'Auditor’s result', weight: 2 },
      ],
      rows: sample.selection.map((row, position) => [String(position + 1), [row.display, ' ', { muted: row.id }], { code: row.rank }, '']),
      empty: '',
    };
  }
}
