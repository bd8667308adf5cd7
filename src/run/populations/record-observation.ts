import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { configuredSources } from '../../config/configured-sources.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { StatementOf } from '../../model/statement.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import type { OpenedLog } from '../opened-log.ts';
import type { CollectProgress } from '../progress.ts';
import { sourceKindOf } from '../registries.ts';
import { type CollectionRun, runCollection } from '../run-collection.ts';
import { ToldMembers } from './told-members.ts';

export interface ScreenCount {
  readonly collector: string;
  /** `aws:111122223333/eu-central-1`; needed where the collector reads several. */
  readonly scope?: string | undefined;
  readonly onScreen: number;
}
export interface ObserveRequest extends DecidedBy {
  /** What the auditor says there and then, so that nothing can have been prepared. */
  readonly nonce: string;
  /** Ids; none: everything. */
  readonly collectors: readonly string[];
  /** Files, such as pictures of the source's own screen. */
  readonly attachments: readonly string[];
  readonly counts: readonly ScreenCount[];
  readonly reason?: string | undefined;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
}
export interface Observation {
  readonly decision: RecordedDecision;
  readonly run: CollectionRun;
  readonly counts: readonly { readonly collector: string; readonly scope: string; readonly seen: number; readonly onScreen: number }[];
  /** Where the attached files were copied to. */
  readonly attachments: readonly { readonly name: string; readonly bytes: number; readonly sha256: string; readonly kept: string }[];
}

/**
 * Records a walkthrough: collects now, in front of whoever watches, and writes down his nonce, what was collected, the pictures he took of the
 * source's own screen and whether its counts are those that came in.
 * @throws ProoflineError `usage` with everything that is wrong with the request, `not-found` for a file that is not there; like `runCollection`
 */
export async function recordObservation(app: Composition, log: OpenedLog, request: ObserveRequest): Promise<Observation> {
  const { store } = log;
  if (request.nonce.trim() === '') throw new ProoflineError('usage', 'the nonce is empty: it is what the auditor says there and then');
  const files = request.attachments.map(readAttachment);
  const before = store.size();
  const run = await runCollection(app, {
    ...(request.collectors.length === 0 ? {} : { collectors: request.collectors, sources: sourcesOf(app, request.collectors) }),
    trigger: { name: `observed: ${request.signer?.person ?? request.actor?.name ?? 'proofline'}`, authentication: 'none' },
    onProgress: request.onProgress,
    signal: request.signal,
    log,
  });
  const collections = store.latestCollections().filter(({ index }) => index >= before);
  const counted = await countsOf(app, log, collections, request.counts);
  const { data } = app.configuration.store;
  const attachments = files.map(({ file, name, bytes, sha256 }) => {
    const kept = join(data, attachmentFile({ name, sha256 }));
    mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
    copyFileSync(file, kept);
    return { name, bytes, sha256, kept };
  });
  const decision = await recordDecision(app, store, {
    payload: {
      type: 'observe',
      nonce: request.nonce,
      collections: collections.map(({ index }) => index).sort((one, other) => one - other),
      attachments: attachments.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
      counts: [...counted],
    },
    reason: request.reason ?? reasonOf(counted),
    ...(request.signer === undefined ? { actor: request.actor ?? { name: 'proofline' } } : { signer: request.signer }),
  });
  await store.checkpoint();
  return { decision, run, counts: counted, attachments };
}

/** Where an attached file is kept, below the data directory. */
export function attachmentFile({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return join('attachments', `${sha256.slice(0, 16)}-${name}`);
}

/** Names of the configured sources of the kinds that collectors read. */
function sourcesOf(app: Composition, collectors: readonly string[]): string[] {
  const kinds = new Set(collectors.map((id) => sourceKindOf({ id })));
  return configuredSources(app.configuration).flatMap(({ kind, name }) => (kinds.has(kind) ? [name] : []));
}

function reasonOf(counts: Observation['counts']): string {
  if (counts.length === 0) return 'walkthrough: collected live; no count was compared';
  const different = counts.filter(({ seen, onScreen }) => seen !== onScreen);
  return different.length === 0
    ? 'walkthrough: what was collected live agrees with what the screen showed'
    : `walkthrough: differs from the screen in ${different.map(({ collector, seen, onScreen }) => `${collector} (${seen} collected, ${onScreen} on screen)`).join(', ')}`;
}

function readAttachment(file: string) {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ProoflineError('not-found', `${file} cannot be read (${String(cause.code)})`, { cause });
  }
  const name = basename(file).replaceAll(/[^\w.-]/g, '_');
  return { file, name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

type Collected = { readonly index: number; readonly statement: StatementOf<'collection'> };

/** How many resources of its first kind a collector found, which is what the source's screen counts. */
async function countsOf(
  app: Composition,
  { store }: OpenedLog,
  collections: readonly Collected[],
  counts: readonly ScreenCount[],
): Promise<Observation['counts']> {
  const { collectors } = await app.registries();
  const members = new ToldMembers(store);
  const problems: string[] = [];
  const found = counts.flatMap(({ collector: id, scope, onScreen }) => {
    const matching = collections.filter(
      ({ statement }) => statement.collector === id && (scope === undefined || statement.scope === scope),
    );
    const [first] = matching;
    const collector = collectors.find((one) => one.id === id);
    if (first === undefined || collector === undefined) {
      problems.push(`${id}${scope === undefined ? '' : `@${scope}`} was not collected now`);
      return [];
    }
    if (matching.length > 1) {
      problems.push(`${id} was collected in several scopes: say which, as ${id}@${first.statement.scope}=${onScreen}`);
      return [];
    }
    const member = members.of(first.statement);
    const [counted] = collector.yields.filter(({ aggregate }) => !aggregate);
    if (member === undefined || counted === undefined) {
      problems.push(`${id} has nothing to count`);
      return [];
    }
    const { resources } = normaliseEvidence(collector, store.items(id, first.statement.scope, first.index), member, first.statement.scope);
    return [{ collector: id, scope: first.statement.scope, seen: resources.filter(({ type }) => type === counted.type).length, onScreen }];
  });
  if (problems.length > 0)
    throw new ProoflineError('usage', 'the observation is not recorded', { problems: problems.map((message) => ({ message })) });
  return found;
}
