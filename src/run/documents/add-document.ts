import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { handedIn } from '../../access/documents/handed-in.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import { secretIn } from '../../config/secret.ts';
import type { DocumentRecord, RecordedDecision } from '../../model/decision.ts';
import { bridgeLetter, SealedDocumentSettings, subserviceReport } from '../../model/document-settings.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Composition } from '../composition.ts';
import { by, type DecidedBy } from '../decisions/open-period.ts';
import { isDay, refuseProblems } from '../decisions/period-bounds.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { recordDecision, refuseUnregistered } from '../decisions/record-decision.ts';

export interface DocumentRequested extends DecidedBy {
  readonly file: string;
  /** Id of a request of the documents file: type, title and controls are taken from it. */
  readonly request?: string | undefined;
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly controls?: readonly string[] | undefined;
  readonly effective: string;
  /** `2026-01-01..2026-03-31` */
  readonly covers?: string | undefined;
  readonly providedBy: string;
  readonly obtained: string;
  readonly supersedes?: string | undefined;
  /** `name=value` */
  readonly facts?: readonly string[] | undefined;
  readonly reason: string;
}

/** A document is handed in whole; what is larger is a data set, and is read as a table. */
const mostBytes = 50 * 1024 * 1024;
/** Of base64 three quarters: a piece stays below a megabyte. */
const pieceBytes = 720 * 1024;
const mediaTypes: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.html': 'text/html',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.eml': 'message/rfc822',
  '.zip': 'application/zip',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * Takes a file into the log, and records what it is evidence of. It is none before another person has approved it.
 * @throws ProoflineError `usage` with everything that is wrong, before anything is written
 */
export async function addDocument(app: Composition, store: EmbeddedStore, asked: DocumentRequested): Promise<RecordedDecision> {
  const problems: string[] = [];
  const settings = SealedDocumentSettings.parse((await app.entitySettings()).documents ?? {});
  const requests = settings.requests;
  const request = requests.find(({ id }) => id === asked.request);
  if (asked.request !== undefined && request === undefined) {
    problems.push(
      `there is no request "${asked.request}"${didYouMean(
        asked.request,
        requests.map(({ id }) => id),
      )}: \`proofline evidence requests\` lists them`,
    );
  }
  const bytes = readDocument(asked.file, problems);
  const type = asked.type ?? request?.type;
  const title = asked.title ?? request?.title;
  const controls = asked.controls === undefined || asked.controls.length === 0 ? (request?.controls ?? []) : asked.controls;
  if (type === undefined) problems.push('say what kind of document it is (--type), or which request it answers (--request)');
  const known = (await app.controls()).map(({ control }) => control.id);
  for (const id of controls) if (!known.includes(id)) problems.push(`there is no control "${id}"${didYouMean(id, known)}`);
  if (!isDay(asked.effective)) problems.push('the day from which it holds: expected 2026-01-31');
  const covers = stretchOf(asked.covers, problems);
  const facts = factsOf(asked.facts ?? [], problems);
  if (asked.request !== undefined) facts['request'] = asked.request;
  if (type === subserviceReport || type === bridgeLetter) {
    const organisations = settings.subserviceOrganisations.map(({ id }) => id);
    const named = facts['organisation'];
    if (named === undefined) problems.push(`a ${type} says of which organisation it is: --fact organisation=ID`);
    else if (!organisations.includes(named))
      problems.push(`there is no subservice organisation "${named}"${didYouMean(named, organisations)}`);
    if (covers === null) problems.push(`a ${type} says which stretch it covers: --covers FROM..TO`);
    if (type === subserviceReport && facts['exceptions'] === undefined)
      problems.push('say which exceptions it notes: --fact exceptions=none');
  }
  for (const text of [title, asked.providedBy, asked.obtained, asked.reason, ...Object.values(facts)]) {
    const secret = text === undefined ? undefined : secretIn(text);
    if (secret !== undefined) problems.push(`what is said of it holds ${secret}: it would stay in the log`);
  }
  const documents = handedIn(readDecisions(store));
  if (asked.supersedes !== undefined && !documents.some(({ document }) => document.id === asked.supersedes)) {
    problems.push(`there is no document "${asked.supersedes}": \`proofline evidence documents\` lists them`);
  }
  if (asked.signer !== undefined) refuseUnregistered(store, asked.signer);
  refuseProblems(problems, 'nothing is handed in');

  const name = basename(asked.file);
  const detail = {
    v: 1,
    name,
    mediaType: mediaTypes[extname(name).toLowerCase()] ?? 'application/octet-stream',
    bytes: bytes.length,
    sha256: sha256(bytes),
  };
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(await store.putBlob('upload', { base64: bytes.subarray(at, at + pieceBytes).toString('base64') }));
  }
  const actor = { name: asked.signer?.person ?? asked.actor?.name ?? '', authentication: 'none' as const };
  const upload = await store.append<'upload'>({
    kind: 'upload',
    actor,
    bytes: bytes.length,
    detail: await store.putBlob('upload', detail),
    pieces,
  });
  const document: DocumentRecord = {
    id: `D-${sha256(Buffer.from(`${app.newId()} ${upload.index}`)).slice(0, 8)}`,
    type: type ?? '',
    title: title ?? name,
    upload: upload.index,
    controls: [...controls],
    effective: asked.effective,
    covers,
    providedBy: asked.providedBy,
    obtained: asked.obtained,
    supersedes: asked.supersedes ?? null,
    facts,
  };
  return await recordDecision(app, store, { ...by(asked), payload: { type: 'add-document', document }, reason: asked.reason });
}

function readDocument(file: string, problems: string[]): Buffer {
  try {
    const { size } = statSync(file);
    if (size > mostBytes) problems.push(`${file}: has ${size} bytes; a document has at most ${mostBytes}`);
    else if (size === 0) problems.push(`${file}: is empty`);
    else return readFileSync(file);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    problems.push(`${file}: ${error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(error.code)})`}`);
  }
  return Buffer.alloc(0);
}

function stretchOf(text: string | undefined, problems: string[]): DocumentRecord['covers'] {
  if (text === undefined) return null;
  const [from = '', to = '', ...rest] = text.split('..');
  if (rest.length > 0 || !isDay(from) || !isDay(to)) problems.push(`the stretch it covers: expected 2026-01-01..2026-03-31, not "${text}"`);
  else if (to < from) problems.push(`the stretch it covers ends before it begins: ${text}`);
  else return { from, to };
  return null;
}

function factsOf(list: readonly string[], problems: string[]): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const fact of list) {
    const at = fact.indexOf('=');
    if (at < 1 || at === fact.length - 1) problems.push(`a fact is name=value, not "${fact}"`);
    else facts[fact.slice(0, at).trim()] = fact.slice(at + 1).trim();
  }
  return facts;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The bytes of an upload, held against what was said of them when it was made.
 * @throws ProoflineError `not-found` when the entry is no upload, or its content is erased or kept back; `store-corrupt`
 */
export async function readUpload(
  store: Pick<EmbeddedStore, 'entry' | 'blob'>,
  index: number,
): Promise<{ readonly name: string; readonly mediaType: string; readonly bytes: Buffer }> {
  const [{ Upload }, { UploadDetail, UploadPiece }] = await Promise.all([
    import('../../model/statement.ts'),
    import('../../model/blobs.ts'),
  ]);
  const entry = store.entry(index);
  const statement = entry === undefined ? undefined : Upload.safeParse(JSON.parse(Buffer.from(entry.bytes).toString('utf8'))).data;
  if (statement === undefined) throw new ProoflineError('not-found', `entry ${index} is no upload`);
  const open = (commitment: string): unknown => {
    const blob = store.blob(commitment);
    if (blob?.kind !== 'open') throw new ProoflineError('not-found', `the content of the upload of entry ${index} is erased or kept back`);
    return JSON.parse(Buffer.from(blob.bytes).toString('utf8'));
  };
  const { name, mediaType, sha256: stated } = UploadDetail.parse(open(statement.detail));
  const bytes = Buffer.concat(statement.pieces.map((piece) => Buffer.from(UploadPiece.parse(open(piece)).base64, 'base64')));
  if (sha256(bytes) !== stated)
    throw new ProoflineError('store-corrupt', `the upload of entry ${index} is not what was handed in; run proofline verify`);
  return { name, mediaType, bytes };
}
