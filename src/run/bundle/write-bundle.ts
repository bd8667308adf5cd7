import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type WrittenFolder, writeBundleFolder } from '../../bundle/bundle-folder.ts';
import { segment, workpaperPath } from '../../bundle/documents/paths.ts';
import { renderDocuments } from '../../bundle/documents/render-documents.ts';
import { oscalDocuments } from '../../bundle/oscal.ts';
import { encryptFile, packFolder } from '../../bundle/pack-folder.ts';
import { requestDocuments } from '../../bundle/request-documents.ts';
import type { BundleContent, RenderedDocument } from '../../model/bundle-content.ts';
import type { SourceDefinition } from '../../model/collector.ts';
import type { ReviewRecord } from '../../model/decision.ts';
import { type ErrorCode, type Problem, ProoflineError } from '../../model/errors.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { Actor } from '../../model/statement.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { toBase64 } from '../../seal/digest.ts';
import { leafHash } from '../../seal/merkle.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Composition } from '../composition.ts';
import { dayOf } from '../decisions/period-bounds.ts';
import { readRegister } from '../decisions/read-decisions.ts';
import { type PeriodRecord, periodsOf } from '../decisions/read-periods.ts';
import { readPopulations } from '../populations/read-populations.ts';
import { readSamples, selectionOfSample } from '../populations/record-sample.ts';
import { type AuditorRequest, readRequestList } from '../request-list.ts';
import { frozenLines } from '../reviews/frozen-lines.ts';
import { assembleBundle, type BundleParts, namesIn } from './assemble-bundle.ts';
import { bundlesIn } from './bundles-in.ts';
import { decisionFiles } from './decision-files.ts';
import { entityFiles } from './entity/entity-files.ts';
import { readEntity } from './entity/entity-pack.ts';
import { itemDocuments } from './evidence-items.ts';
import { findMissing } from './find-missing.ts';
import { logAt } from './log-at.ts';
import { maskNames, namesMasker, personTypes } from './mask-names.ts';
import { type ObservationFile, observationFiles } from './observation-files.ts';
import { historyFromLog } from './period-history.ts';
import { populationFiles, withoutRows } from './population-files.ts';
import { requestRecords } from './request-records.ts';
import { surveyLog } from './survey-log.ts';

export interface BundleOptions {
  /** Id of the observation period. */
  readonly period: string;
  /** A directory, `FILE.zip` or `FILE.zip.age`; must not be there yet. */
  readonly out: string;
  /** Not encrypted, although it leaves the house. */
  readonly plain?: boolean | undefined;
  /** ISO-8601 UTC; default now. */
  readonly generatedAt?: string | undefined;
  /** Size of the checkpoint it stands on; default the head, signed now. */
  readonly logSize?: number | undefined;
  /** The auditor's request list (CSV or XLSX). */
  readonly requests?: string | undefined;
  readonly actor: Actor;
  readonly onProgress?: ((step: string) => void) | undefined;
}
export interface WrittenBundle extends WrittenFolder {
  /** What was written, absolute. */
  readonly out: string;
  readonly encryptedTo: readonly string[];
  readonly period: string;
  readonly size: number;
  readonly vkey: string;
  readonly supplements: string | null;
  /** Log index of the statement that records it. */
  readonly recorded: number;
  /** The period is not closed: what is in it may still change. */
  readonly open: boolean;
}

/**
 * Makes the bundle of a period: assembles it from the log, writes, packs and encrypts it, records it in the log, and only then lets it appear under
 * its name. An interrupted one leaves nothing there. The same log size, period and time of generation give the same files.
 * @throws ProoflineError `not-found` for the period, `usage` for where it should go, `configuration` with everything that is missing,
 * `store-*`, `disk-full`
 */
export async function writeBundle(app: Composition, options: BundleOptions): Promise<WrittenBundle> {
  const target = targetOf(options.out);
  const requests = options.requests === undefined ? [] : await readRequestList(options.requests);
  const say = options.onProgress ?? (() => {});
  const store = await app.openStore();
  try {
    const head = await store.checkpoint();
    const reader = logAt(store, options.logSize ?? head.size);
    const { parts, content, documents, problems } = await prepare(app, store, reader, options, requests, say);
    const { engagement } = parts.record.period;
    const recipients = recipientsOf(app, engagement.recipients, target, options.plain === true);
    const missing = [...findMissing(parts, content), ...problems];
    if (missing.length > 0) {
      const count = `${missing.length} ${missing.length === 1 ? 'thing is' : 'things are'} missing`;
      throw new ProoflineError('configuration', `no bundle of ${options.period}: ${count}`, { problems: missing });
    }
    const work = `${target.path}.partial-${process.pid}`;
    try {
      mkdirSync(dirname(target.path), { recursive: true });
      rmSync(work, { recursive: true, force: true });
      mkdirSync(join(work, 'files'), { recursive: true, mode: 0o700 });
      say('writing documents and evidence');
      const written = await writeBundleFolder(join(work, 'files'), {
        reader,
        period: options.period,
        generatedAt: parts.generatedAt,
        version: app.version,
        supplements: parts.supplements?.manifest ?? null,
        published: publishedFiles(),
        documents,
        withholdItemsOf: new Set(engagement.redaction.withholdItemsOf),
        signNote: (text) => store.signNote(text),
      });
      let made = join(work, 'files');
      let path = target.path;
      if (target.kind === 'zip') {
        say('packing');
        made = join(work, 'bundle.zip');
        await packFolder(join(work, 'files'), made, parts.generatedAt);
      }
      if (recipients.length > 0) {
        say('encrypting');
        await encryptFile(made, join(work, 'bundle.zip.age'), recipients);
        made = join(work, 'bundle.zip.age');
        path = path.endsWith('.age') ? path : `${path}.age`;
      }
      refuseWhatIsThere(path);
      const recorded = await record(store, {
        ...options,
        size: reader.size(),
        supplements: parts.supplements?.manifest ?? null,
        manifest: written.manifest,
      });
      if (existsSync(path)) rmSync(path, { recursive: true });
      renameSync(made, path);
      return {
        ...written,
        out: path,
        encryptedTo: recipients,
        period: options.period,
        size: reader.size(),
        vkey: parts.vkey,
        supplements: parts.supplements?.manifest ?? null,
        recorded,
        open: parts.record.closed === null,
      };
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) {
        throw new ProoflineError('disk-full' satisfies ErrorCode, `no space left for the bundle in ${dirname(target.path)}`, { cause });
      }
      throw cause;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  } finally {
    await store.close();
  }
}

interface Prepared {
  readonly parts: BundleParts;
  readonly content: BundleContent;
  readonly documents: AsyncIterable<RenderedDocument>;
  readonly problems: readonly Problem[];
}

async function prepare(
  app: Composition,
  store: EmbeddedStore,
  reader: LogReader,
  options: BundleOptions,
  requests: readonly AuditorRequest[],
  say: (step: string) => void,
): Promise<Prepared> {
  const { decisions, refused, persons } = readRegister(reader);
  const record = periodNamed(periodsOf(decisions), options.period);
  const { period } = record;
  const generatedAt = options.generatedAt ?? app.now();
  const registries = await app.registries();
  say('reading the history of the period');
  const history = await historyFromLog(reader, registries, record, generatedAt);
  say('reading what was collected');
  const survey = surveyLog(reader, period, (instant) => dayOf(instant, period.zone).slice(0, 7));
  const { maskNames: masked, withholdItemsOf } = period.engagement.redaction;
  const withheld = new Set(withholdItemsOf);
  const populations = readPopulations(reader, registries)
    .filter(({ record: { period: of } }) => of === period.id)
    .map((population) => (withheld.has(population.record.collector) ? { ...population, rows: null } : population));
  const drawn = readSamples(store).filter(
    ({ decision, payload }) => decision.index < reader.size() && populations.some(({ record: { id } }) => id === payload.population),
  );
  const samples: BundleParts['samples'][number][] = [];
  for (const recorded of drawn) {
    const selection = await selectionOfSample(app, store, recorded.id);
    const collector = populations.find(({ record: { id } }) => id === recorded.payload.population)?.record.collector ?? '';
    samples.push({ recorded, selection: withheld.has(collector) ? withoutRows(selection) : selection });
  }
  const linesOf = (review: ReviewRecord) => frozenLines(store, registries, review, app.configuration.store.data);
  const tryLines = (review: ReviewRecord): void => {
    linesOf(review);
  };
  const entity = readEntity({ reader, survey, registries, decisions, period, generatedAt, withheld, masked, tryLines });
  const former = bundlesIn(reader, period.id).at(-1);
  const parts: BundleParts = {
    reader,
    entity: app.configuration.entity.name,
    version: app.version,
    generatedAt,
    vkey: reader.vkeys().at(-1) ?? store.vkey,
    record,
    history,
    survey,
    decisions,
    refused,
    persons,
    populations,
    samples,
    registries,
    definitions: await definitionsOf(
      app,
      survey.datasets.map(({ source }) => source),
    ),
    requests,
    supplements: former === undefined ? null : { bundle: former.name, generatedAt: former.at, manifest: former.manifest },
    entityPack: entity.pack,
  };
  // A picture of a screen shows what a redaction profile keeps back.
  const attached =
    masked || withheld.size > 0 ? { files: [], problems: [] } : observationFiles(decisions, period, app.configuration.store.data);
  const assembled = assembleBundle(parts);
  const plain = { ...assembled, otherFiles: [...assembled.otherFiles, ...attached.files.map(({ path, title }) => ({ path, title }))] };
  const key = app.keys().commit.bytes;
  const names = masked ? namesIn(parts, personTypes) : new Set<string>();
  const content = masked ? maskNames(plain, names, key) : plain;
  const handed =
    entity.pack === null
      ? noFiles()
      : entityFiles({ pack: entity.pack, reviews: entity.reviews, store, linesOf, masked: masked ? namesMasker(names, key) : null });
  return { parts, content, documents: allDocuments(parts, content, withheld, attached.files, handed, say), problems: attached.problems };
}

async function* noFiles(): AsyncGenerator<RenderedDocument> {}

/** Every file of the bundle but its evidence and its manifest, one by one. */
async function* allDocuments(
  parts: BundleParts,
  content: BundleContent,
  withholdItemsOf: ReadonlySet<string>,
  attached: readonly ObservationFile[],
  ofEntity: AsyncIterable<RenderedDocument>,
  say: (step: string) => void,
): AsyncGenerator<RenderedDocument> {
  const { reader, record, survey } = parts;
  yield { path: 'history.json', bytes: Buffer.from(`${canonicalText(parts.history)}\n`) };
  yield { path: 'requests.csv', bytes: requestRecords(reader, record.period) };
  yield* decisionFiles(parts.decisions, parts.persons);
  for (const { path, bytes } of attached) yield { path, bytes };
  yield* populationFiles(
    parts.populations,
    parts.samples.map(({ selection }) => selection),
    parts.registries,
  );
  yield* ofEntity;
  yield* itemDocuments(reader, { datasets: survey.datasets, period: record.period, withholdItemsOf });
  yield* oscalDocuments({
    history: content.history,
    cover: content.cover,
    checks: content.checks,
    workpaperOf: (control) => (content.history.controls.some((one) => one.control.id === control) ? workpaperPath(control, 'html') : null),
    entryOf(index) {
      for (const { bytes } of reader.entries(index, index + 1)) return { path: 'evidence/entries.jsonl', leaf: toBase64(leafHash(bytes)) };
      return null;
    },
  });
  say('rendering documents');
  yield* renderDocuments(content);
  yield* requestDocuments(content);
}

function periodNamed(periods: readonly PeriodRecord[], id: string): PeriodRecord {
  const found = periods.find(({ period }) => period.id === id);
  if (found !== undefined) return found;
  const known = periods.map(({ period }) => period.id).join(', ');
  throw new ProoflineError(
    'not-found',
    `there is no period "${id}": ${known === '' ? '`proofline period create` opens one' : `there are ${known}`}`,
  );
}

async function definitionsOf(app: Composition, sources: readonly string[]): Promise<ReadonlyMap<string, SourceDefinition>> {
  const kinds = new Set(sources.map((source) => source.slice(0, source.indexOf(':'))));
  const found = new Map<string, SourceDefinition>();
  for (const kind of kinds) found.set(kind, await app.definition(kind));
  return found;
}

interface Target {
  readonly kind: 'directory' | 'zip';
  readonly path: string;
}
function targetOf(out: string): Target {
  const path = resolve(out);
  refuseWhatIsThere(path);
  return { kind: /\.zip(?:\.age)?$/.test(path) ? 'zip' : 'directory', path };
}
function refuseWhatIsThere(path: string): void {
  if (!existsSync(path)) return;
  const isEmptyFolder = !/\.(?:zip|age)$/.test(path) && readdirSync(path).length === 0;
  if (!isEmptyFolder) throw new ProoflineError('usage', `${path} is there already: nothing is overwritten`);
}

/** Who it is encrypted to. Outside the demonstration it takes a word to hand it out in plain. */
function recipientsOf(app: Composition, configured: readonly string[], target: Target, plain: boolean): readonly string[] {
  const asksForAge = target.path.endsWith('.age');
  if (asksForAge && (plain || configured.length === 0)) {
    throw new ProoflineError(
      'usage',
      `${target.path} is to be encrypted, and ${plain ? '--plain says that it is not' : 'the engagement names no recipients'}`,
    );
  }
  if (plain || (app.demonstration && !asksForAge)) return [];
  if (configured.length === 0) {
    throw new ProoflineError(
      'usage',
      'the engagement names no recipients (age1...) to encrypt the bundle to: add them, or say --plain, and whoever has it reads it',
    );
  }
  if (target.kind === 'directory') {
    throw new ProoflineError('usage', `a directory cannot be encrypted: give --out ${segment('bundle')}.zip, or say --plain`);
  }
  return configured;
}

/** What lies beside the verifier in the checkout and in the package alike. */
function publishedFiles(): { path: string; sha256: string }[] {
  const folder = join(import.meta.dirname, import.meta.filename.endsWith('.js') ? '../../../../src/verify' : '../../verify');
  return ['format-1.md', 'verify_export.py'].map((path) => ({ path, sha256: hash('sha256', readFileSync(join(folder, path)), 'hex') }));
}

/** Records the bundle, once: made again with the same bytes it is the same one. */
async function record(
  store: EmbeddedStore,
  of: {
    readonly period: string;
    readonly size: number;
    readonly supplements: string | null;
    readonly manifest: string;
    readonly actor: Actor;
  },
): Promise<number> {
  const { period, size, supplements, manifest, actor } = of;
  const same = bundlesIn(store, period).find((one) => one.manifest === manifest);
  if (same !== undefined) return same.index;
  const detail = supplements === null ? `bundle of ${period}` : `supplement to the bundle of ${period}`;
  const { index } = await store.append<'lifecycle'>({
    kind: 'lifecycle',
    event: 'bundle',
    detail,
    period,
    manifest,
    size,
    supplements,
    actor,
  });
  await store.checkpoint();
  return index;
}
