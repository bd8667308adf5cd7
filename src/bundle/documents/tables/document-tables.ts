import type {
  BundleDocument,
  BundleDocumentRequest,
  BundleOrganisation,
  BundleUserControl,
  DocumentsPack,
} from '../../../model/entity-pack.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { unknownColumn } from './people-tables.ts';
import { type Local, timeColumns } from './time-columns.ts';

/** What was asked for with what answers it, and what was handed in without being asked for. */
interface DocumentRow {
  readonly request: BundleDocumentRequest | null;
  readonly document: BundleDocument | null;
}
export function documentRows({ requests, documents }: DocumentsPack): DocumentRow[] {
  const answering = new Set(requests.map(({ document }) => document));
  return [
    ...requests.map((request) => ({ request, document: documents.find(({ id }) => id === request.document) ?? null })),
    ...documents.filter(({ id }) => !answering.has(id)).map((document) => ({ request: null, document })),
  ];
}
/** In words what stands of a document that answers no request by itself. */
export function documentStanding({ refused, supersededBy, approvedAt }: BundleDocument): string {
  if (refused) return 'refused or withdrawn';
  if (supersededBy !== null) return `replaced by ${supersededBy}`;
  return approvedAt === null ? 'unapproved' : 'approved';
}

/** Registers of documents and of what is relied on elsewhere, by the name of their file. */
export function documentTables(pack: DocumentsPack, local: Local): Readonly<Record<string, AnyTable>> {
  type Csoc = { readonly organisation: string; readonly id: string; readonly text: string };
  return {
    documents: asTable<DocumentRow>({
      name: 'Documents',
      columns: [
        column('request', 24, ({ request }) => request?.request ?? null),
        column('title', 50, ({ request, document }) => request?.title ?? document?.title ?? null),
        column('type', 24, ({ request, document }) => request?.type ?? document?.type ?? null),
        column('controls', 20, ({ request, document }) => list(request?.controls ?? document?.controls ?? [])),
        column('asked_of', 24, ({ request }) => request?.askedOf ?? null),
        column('stretch_from', 14, ({ request }) => request?.from ?? null),
        column('stretch_to', 14, ({ request }) => request?.to ?? null),
        column('due', 14, ({ request }) => request?.due ?? null),
        column('standing', 20, ({ request, document }) => request?.standing ?? (document === null ? null : documentStanding(document))),
        column('document', 14, ({ request, document }) => document?.id ?? request?.document ?? null),
        column('evidence_grade', 14, ({ request, document }) => request?.grade ?? document?.grade ?? null),
        column('effective', 14, ({ document }) => document?.effective ?? null),
        column('covers_from', 14, ({ document }) => document?.covers?.from ?? null),
        column('covers_to', 14, ({ document }) => document?.covers?.to ?? null),
        column('provided_by', 30, ({ document }) => document?.providedBy ?? null),
        column('obtained', 40, ({ document }) => document?.obtained ?? null),
        column('facts', 50, ({ document }) => list(Object.entries(document?.facts ?? {}).map(([name, value]) => `${name}: ${value}`))),
        column('unmet', 50, ({ request }) => list(request?.unmet ?? [])),
        column('handed_in_by', 30, ({ document }) => document?.addedBy ?? null),
        ...timeColumns<DocumentRow>('handed_in', local, ({ document }) => document?.addedAt ?? null),
        column('approved_by', 30, ({ document }) => document?.approvedBy ?? null),
        ...timeColumns<DocumentRow>('approved', local, ({ document }) => document?.approvedAt ?? null),
        column('original_name', 40, ({ document }) => document?.original?.name ?? null),
        column('bytes', 12, ({ document }) => document?.original?.bytes ?? null),
        column('sha256', 70, ({ document }) => document?.original?.sha256 ?? null),
        column('file', 30, ({ document }) => document?.file ?? null),
        column('file_absent', 40, ({ document }) => document?.absent ?? null),
        column('upload_log', 10, ({ document }) => document?.upload ?? null),
        column('could_not_be_read', 40, ({ request }) => list(request?.unknown ?? [])),
      ],
      rows: documentRows(pack),
    }),
    'subservice-coverage': asTable<BundleOrganisation>({
      name: 'Subservice organisations',
      columns: [
        column('name', 34, (one) => one.name),
        column('services', 50, (one) => one.services),
        column('method', 12, (one) => one.method),
        column('report', 14, (one) => one.report),
        column('report_through', 14, (one) => one.reportThrough),
        column('bridge_letter_through', 14, (one) => one.bridgeThrough),
        column('reviewed_on', 14, (one) => one.reviewedOn),
        column('review_due', 14, (one) => one.reviewDue),
        column('exceptions_noted', 50, (one) => one.exceptions),
        column('controls_assumed_there', 30, (one) => list(one.csocs.map(({ id }) => id))),
        unknownColumn(),
      ],
      rows: pack.organisations,
    }),
    'complementary-controls': asTable<Csoc>({
      name: 'Controls assumed elsewhere',
      columns: [
        column('id', 14, ({ id }) => id),
        column('assumed_at', 34, ({ organisation }) => organisation),
        column('control', 80, ({ text }) => text),
      ],
      rows: [
        ...pack.userControls.map(({ id, text }) => ({ organisation: 'user entities', id, text })),
        ...pack.organisations.flatMap(({ name, csocs }) => csocs.map(({ id, text }) => ({ organisation: name, id, text }))),
      ],
    }),
    'user-entity-controls': asTable<BundleUserControl>({
      name: 'User entity controls',
      columns: [
        column('id', 14, (one) => one.id),
        column('control', 80, (one) => one.text),
        column('reviewed_on', 14, (one) => one.reviewedOn),
        column('review_due', 14, (one) => one.reviewDue),
        unknownColumn(),
      ],
      rows: pack.userControls,
    }),
  };
}
