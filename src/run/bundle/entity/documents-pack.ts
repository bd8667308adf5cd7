import { type HandedIn, handedIn } from '../../../access/documents/handed-in.ts';
import { UploadDetail } from '../../../model/blobs.ts';
import type { RecordedDecision } from '../../../model/decision.ts';
import type {
  BundleDocument,
  BundleDocumentRequest,
  BundleOrganisation,
  BundleUserControl,
  DocumentsPack,
} from '../../../model/entity-pack.ts';
import type { LogReader } from '../../../model/log-reader.ts';
import { Upload } from '../../../model/statement.ts';
import { parseCanonical } from '../../../seal/canonical-json.ts';
import { contentOf } from '../survey-log.ts';
import { type Life, latestLives, unknownOf } from './read-lives.ts';

interface RequestFields extends Partial<Omit<BundleDocumentRequest, 'type' | 'askedOf' | 'to' | 'shown' | 'unknown'>> {
  readonly documentType?: string;
  readonly occasionFrom?: string;
  readonly occasionTo?: string | null;
}
type OrganisationFields = Partial<Omit<BundleOrganisation, 'shown' | 'unknown'>>;
type UserControlFields = Partial<Omit<BundleUserControl, 'id' | 'shown' | 'unknown'>>;

interface DocumentsInput {
  readonly reader: LogReader;
  readonly lives: readonly Life[];
  readonly decisions: readonly RecordedDecision[];
  /** Days, both included. */
  readonly period: { readonly start: string; readonly end: string };
  /** The files stay in the house. */
  readonly withheld: boolean;
}

/** What people handed in, was asked of them, and is relied on elsewhere. What speaks for no day of the period is left out. */
export function documentsPack({ reader, lives, decisions, period, withheld }: DocumentsInput): DocumentsPack {
  const latest = (type: string): Life[] => latestLives(lives.filter((life) => life.type === type));
  const documents = handedIn(decisions).filter(({ document: { covers, effective } }) => {
    const from = covers?.from ?? effective;
    return from <= period.end && (covers === null || covers.to >= period.start);
  });
  return {
    requests: latest('entity.document-request')
      .map(request)
      .filter(({ from, to }) => from === null || (from <= period.end && (to === null || to >= period.start))),
    documents: documents.map((one) => document(reader, one, withheld)),
    organisations: latest('entity.subservice-organisation').map(organisation),
    userControls: latest('entity.user-entity-control').map(userControl),
  };
}

function request(life: Life): BundleDocumentRequest {
  const fields = life.fields as RequestFields & { readonly from?: string };
  return {
    request: fields.request ?? '',
    title: fields.title ?? life.display,
    type: fields.documentType ?? '',
    controls: fields.controls ?? [],
    askedOf: fields.from ?? '',
    from: fields.occasionFrom ?? null,
    to: fields.occasionTo ?? null,
    due: fields.due ?? null,
    standing: fields.standing ?? 'nobody is asked',
    document: fields.document ?? null,
    approvedBy: fields.approvedBy ?? null,
    approvedOn: fields.approvedOn ?? null,
    grade: fields.grade ?? 'uploaded',
    unmet: fields.unmet ?? [],
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function organisation(life: Life): BundleOrganisation {
  const fields = life.fields as OrganisationFields;
  return {
    name: fields.name ?? life.display,
    services: fields.services ?? '',
    method: fields.method ?? '',
    csocs: fields.csocs ?? [],
    report: fields.report ?? null,
    reportThrough: fields.reportThrough ?? null,
    bridgeThrough: fields.bridgeThrough ?? null,
    reviewedOn: fields.reviewedOn ?? null,
    reviewDue: fields.reviewDue ?? '',
    exceptions: fields.exceptions ?? null,
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function userControl(life: Life): BundleUserControl {
  const fields = life.fields as UserControlFields;
  return {
    id: life.display,
    text: fields.text ?? '',
    reviewedOn: fields.reviewedOn ?? null,
    reviewDue: fields.reviewDue ?? '',
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function document(reader: LogReader, { document: record, ...handed }: HandedIn, withheld: boolean): BundleDocument {
  const upload = withheld ? null : openUpload(reader, record.upload);
  const absent = withheld
    ? 'kept back by the redaction profile'
    : upload === null
      ? 'its content is erased'
      : handed.refused
        ? 'it was refused or withdrawn'
        : null;
  return {
    id: record.id,
    type: record.type,
    title: record.title,
    controls: record.controls,
    effective: record.effective,
    covers: record.covers,
    providedBy: record.providedBy,
    obtained: record.obtained,
    facts: record.facts,
    addedAt: handed.addedAt,
    addedBy: handed.addedBy,
    approvedAt: handed.approved?.at ?? null,
    approvedBy: handed.approved?.by ?? null,
    refused: handed.refused,
    supersedes: record.supersedes,
    supersededBy: handed.supersededBy,
    grade: 'uploaded',
    upload: record.upload,
    original: upload,
    file: absent === null && upload !== null ? documentPath(record.id, upload.name) : null,
    absent,
  };
}

/** Not under its own name, in which a person's may stand; of that it keeps the ending. */
function documentPath(id: string, name: string): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? '';
  return `documents/${id.replaceAll(/[^A-Za-z0-9-]/g, '-')}${ending}`;
}

/** What was said of an upload when it was made; null: that, or any part of it, is not here any more. */
function openUpload(reader: LogReader, index: number): BundleDocument['original'] {
  const [entry] = index < reader.size() ? reader.entries(index, index + 1) : [];
  const statement = entry === undefined ? undefined : Upload.safeParse(parseCanonical(entry.bytes)).data;
  if (statement === undefined || statement.pieces.some((piece) => reader.blob(piece)?.kind !== 'open')) return null;
  const detail = UploadDetail.safeParse(contentOf(reader, statement.detail)).data;
  return detail === undefined ? null : { name: detail.name, bytes: detail.bytes, sha256: detail.sha256 };
}
