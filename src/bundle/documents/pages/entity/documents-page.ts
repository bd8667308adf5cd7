import type { BundleDocumentRequest, DocumentsPack, EntityPack } from '../../../../model/entity-pack.ts';
import { type Block, heading, muted, type Page, type Text } from '../../blocks.ts';
import { counted, printCount } from '../../print-figures.ts';
import { printDay, printTime } from '../../print-time.ts';
import { documentRows, documentStanding } from '../../tables/document-tables.ts';
import type { Frame } from '../page-frame.ts';
import { captionOf, firstRows, listed, readingBlocks, sameAsTables } from './entity-parts.ts';

/** What people handed in, what was asked of them, and what is relied on elsewhere. */
export function documentsPage(frame: Frame, entity: EntityPack, documents: DocumentsPack, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `documents/index.${form}`,
    kicker: 'Documents',
    title: 'Evidence that people provide',
    lead: 'Documents that no source gives: who provided each, for which stretch, who approved it, and what was asked for and is not there. Their grade is that of a file that a person handed in.',
    blocks: blocks(frame, entity, documents),
  });
}

function* blocks(frame: Frame, entity: EntityPack, pack: DocumentsPack): Generator<Block> {
  yield sameAsTables('documents/index.xlsx', ['documents', 'subservice-coverage', 'complementary-controls', 'user-entity-controls']);
  yield* readingBlocks(frame, entity, ['entity/documents']);
  yield heading('Documents', 'documents');
  yield documentsTable(pack, 'Nothing was asked of anybody, and nothing handed in.');
  yield muted('A file lies here byte for byte as it was handed in; its SHA-256 and the log entry that holds it are in documents.csv.');
  yield heading('Subservice organisations', 'organisations');
  const { end } = frame.content.history.period;
  yield {
    kind: 'table',
    caption: 'How far their own reports reach',
    columns: [
      { title: 'Organisation', weight: 3 },
      { title: 'Method', weight: 1.2 },
      { title: 'Report through', weight: 2 },
      { title: 'Not covered of the period', weight: 2.4 },
      { title: 'Letter through', weight: 1.8 },
      { title: 'Reviewed', weight: 1.8 },
      { title: 'Review due', weight: 1.8 },
      { title: 'Exceptions it notes', weight: 3 },
    ],
    rows: pack.organisations.map((one) => [
      [{ strong: one.name }, ' ', { muted: one.services }],
      one.method,
      one.reportThrough === null ? { strong: 'no report' } : [printDay(one.reportThrough), ' ', { muted: one.report ?? '' }],
      one.reportThrough === null ? 'all of it' : one.reportThrough >= end ? { muted: 'nothing' } : `after ${printDay(one.reportThrough)}`,
      one.bridgeThrough === null ? { muted: 'none' } : printDay(one.bridgeThrough),
      one.reviewedOn === null ? { strong: 'never' } : printDay(one.reviewedOn),
      dayWords(one.reviewDue),
      one.exceptions ?? { muted: 'not stated' },
    ]),
    empty: 'The settings name none.',
    inFull: 'registers/subservice-coverage.csv',
  };
  yield {
    kind: 'table',
    caption: 'Controls that are assumed there',
    columns: [
      { title: 'Id', weight: 1.4 },
      { title: 'Organisation', weight: 3 },
      { title: 'Control', weight: 7 },
    ],
    rows: pack.organisations.flatMap(({ name, csocs }) => csocs.map(({ id, text }) => [{ strong: id }, name, text])),
    empty: 'None is assumed there by the settings.',
    inFull: 'registers/complementary-controls.csv',
  };
  yield {
    kind: 'table',
    caption: 'Controls that are assumed at user entities, and when they were looked at',
    columns: [
      { title: 'Id', weight: 1.4 },
      { title: 'Control', weight: 7 },
      { title: 'Reviewed', weight: 1.8 },
      { title: 'Review due', weight: 1.8 },
    ],
    rows: pack.userControls.map((one) => [
      { strong: one.id },
      one.text,
      one.reviewedOn === null ? { strong: 'never' } : printDay(one.reviewedOn),
      dayWords(one.reviewDue),
    ]),
    empty: 'The settings name none.',
    inFull: 'registers/user-entity-controls.csv',
  };
}

/** What nobody has looked at yet was due when time began. */
const dayWords = (day: string): Text => (day === '' || day <= '1970-01-01' ? { muted: 'at once' } : printDay(day));

function stretchWords({ from, to }: Pick<BundleDocumentRequest, 'from' | 'to'>): string {
  if (from === null) return '';
  return to === null ? `from ${printDay(from)} on` : `${printDay(from)} to ${printDay(to)}`;
}

/** A table of documents and of what was asked for: a workpaper shows those of its control. */
export function documentsTable(pack: DocumentsPack, empty: string): Block {
  const rows = documentRows(pack);
  return {
    kind: 'table',
    caption: captionOf(
      `${counted(pack.requests.length, 'request')}, ${counted(pack.documents.length, 'document')}`,
      rows.length,
      'documents.csv',
    ),
    columns: [
      { title: 'What', weight: 3 },
      { title: 'For', weight: 2.4 },
      { title: 'Due', weight: 1.6 },
      { title: 'Standing', weight: 2 },
      { title: 'Provided by', weight: 2.4 },
      { title: 'Approved by', weight: 2.4 },
      { title: 'Grade', weight: 1.5 },
      { title: 'File', weight: 2.8 },
    ],
    rows: rows.slice(0, firstRows).map(({ request, document }): Text[] => {
      const controls = request?.controls ?? document?.controls ?? [];
      const standing = request?.standing ?? (document === null ? '' : documentStanding(document));
      return [
        [{ strong: request?.title ?? document?.title ?? '' }, ' ', { muted: listed(controls) as string }],
        request === null ? stretchWords(document?.covers ?? { from: document?.effective ?? null, to: null }) : stretchWords(request),
        request?.due === null || request === null ? { muted: 'not asked for' } : printDay(request.due),
        [
          (standing === 'handed-in' && (request?.unmet.length ?? 0) === 0) || standing === 'approved'
            ? standing.replace('-', ' ')
            : { strong: standing.replace('-', ' ') },
          ...(request === null || request.unmet.length === 0 ? [] : [`: ${request.unmet.join('; ')}`]),
        ],
        document === null ? '' : [document.providedBy, ' ', { muted: `handed in ${printTime(document.addedAt)} by ${document.addedBy}` }],
        document === null || document.approvedBy === null
          ? ''
          : [document.approvedBy, ' ', { muted: document.approvedAt === null ? '' : printTime(document.approvedAt) }],
        document === null ? '' : (request?.grade ?? document.grade),
        document === null
          ? { muted: request?.document ?? 'none' }
          : document.file === null
            ? { muted: document.absent ?? '' }
            : [
                { href: document.file, text: document.original?.name ?? document.file },
                ' ',
                { muted: `${printCount(document.original?.bytes ?? 0)} bytes` },
              ],
      ];
    }),
    empty,
    inFull: 'registers/documents.csv',
  };
}
