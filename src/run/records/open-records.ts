import { RecordSettings } from '../../access/records/examination.ts';
import { examinedTypes, examineRecords } from '../../access/records/examine-records.ts';
import { listItems, listRecords, type RecordListing } from '../../access/records/list-records.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { by, type DecidedBy } from '../decisions/open-period.ts';
import { refuseProblems } from '../decisions/period-bounds.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { deriveInput } from '../entity/derive-input.ts';
import { entityMember } from '../entity/entity-access.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { storedLog } from '../entity/stored-log.ts';
import { readCollections } from '../read-collections.ts';

type Configured = Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>;

/** @throws ProoflineError `usage` when the configuration says nothing of `records` */
export async function recordSettings(app: Pick<Composition, 'entitySettings'>): Promise<RecordSettings> {
  const { records } = await app.entitySettings();
  if (records !== null) return RecordSettings.parse(records);
  throw new ProoflineError(
    'usage',
    'the configuration says nothing of `records`: name your files of examinations there, or an empty list for the shipped ones (config/records.example.yaml)',
  );
}

export interface OpenedRecords extends RecordListing {
  /** ISO-8601 UTC: when they were carried out; null: not yet. */
  readonly asOf: string | null;
}

/** What the examinations came to when they were last sealed. */
export async function openRecords(app: Configured, store: Store): Promise<OpenedRecords> {
  const input = await inputOf(app, store, ['entity.record-examination']);
  const seen = input?.seen ?? [];
  return { ...listRecords(seen.flatMap(({ resources }) => resources)), asOf: seen.map(({ asOf }) => asOf).sort()[0] ?? null };
}

/** Carries the examinations out over what the log has of their tables now. Nothing is sealed. */
export async function runRecords(app: Configured, store: Store): Promise<OpenedRecords> {
  await recordSettings(app);
  const settings = (await app.entitySettings()) as JsonObject;
  const input = await inputOf(app, store, examinedTypes);
  if (input === undefined) return { examinations: [], records: [], asOf: null };
  return { ...listItems(examineRecords({ ...input, settings })), asOf: input.at };
}

async function inputOf(app: Configured, store: Store, types: readonly string[]): Promise<DerivedInput | undefined> {
  const registries = await app.registries();
  const entity = entityMember(app.configuration.entity.tenant);
  try {
    return deriveInput(storedLog(store, readCollections()).now(registries), registries, { entity, at: app.now(), types }).input;
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}

export interface ExplanationRequest extends DecidedBy {
  readonly examination: string;
  /** As `records show` names it. */
  readonly record: string;
  readonly explanation: string;
  /** Last day (UTC) on which it counts; default: for good. */
  readonly expires?: string | undefined;
  readonly reason: string;
}

/**
 * Explains why a record that fails is as it should be. It counts for nothing before another person approved it.
 * @throws ProoflineError `usage` with everything that is wrong: no such examination, no record of that name that fails, a day that is none
 */
export async function explainRecord(app: Composition, store: Store, request: ExplanationRequest): Promise<RecordedDecision> {
  const settings = await recordSettings(app);
  refuseUnknownExamination(settings, request.examination);
  const { records } = await openRecords(app, store);
  const failing = records.filter(({ examination, state }) => examination === request.examination && state !== 'unknown');
  const problems: string[] = [];
  if (!failing.some(({ name }) => name === request.record)) {
    const hint = didYouMean(
      request.record,
      failing.map(({ name }) => name),
    );
    problems.push(`no record "${request.record}" fails ${request.examination}, as it was last sealed${hint}`);
  }
  const { expires = null } = request;
  if (expires !== null && (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires)))) {
    problems.push(`"${expires}" is no day: expected 2026-01-31`);
  } else if (expires !== null && expires < app.now().slice(0, 10)) problems.push(`${expires} is over`);
  refuseProblems(problems);
  const { examination, record, explanation, reason } = request;
  return recordDecision(app, store, {
    ...by(request),
    payload: { type: 'explain-record', examination, record, explanation, expires },
    reason,
  });
}

/** @throws ProoflineError `usage` */
export function refuseUnknownExamination({ examinations }: RecordSettings, id: string): void {
  const ids = examinations.map(({ examination }) => examination.id);
  if (!ids.includes(id)) throw new ProoflineError('usage', `there is no examination "${id}"${didYouMean(id, ids)}`);
}
