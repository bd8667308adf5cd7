import { Temporal } from 'temporal-polyfill';
import { configuredSources } from '../../config/configured-sources.ts';
import type { EventWindow } from '../../model/collector.ts';
import type { PopulationRecord, RecordedDecision } from '../../model/decision.ts';
import type { Period } from '../../model/engagement.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { ReadResource } from '../../model/resource.ts';
import { Collection, type StatementOf } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import type { Sealed, Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { readPeriods } from '../decisions/read-periods.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import type { OpenedLog } from '../opened-log.ts';
import type { CollectProgress } from '../progress.ts';
import { sourceKindOf } from '../registries.ts';
import { runCollection } from '../run-collection.ts';
import { controlsOf, type PopulationDefinition, populationDefinitions } from './definitions.ts';
import { digestOfRows, type PopulationRow, rowsOf } from './population-row.ts';
import { ToldMembers } from './told-members.ts';

export interface FreezeRequest extends DecidedBy {
  /** Id of the period. */
  readonly period: string;
  /** Id of the definition (`production-changes`). */
  readonly population: string;
  /** Why a second source counts something else; asked for when one does. */
  readonly explanation?: string | undefined;
  readonly reason?: string | undefined;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
}
export interface FreezeOutcome {
  readonly record: PopulationRecord;
  readonly decision: RecordedDecision;
  readonly rows: readonly PopulationRow[];
}

/** A period by its id. @throws ProoflineError `not-found` */
export function periodNamed(store: Store, id: string): Period {
  const found = readPeriods(store).find(({ period }) => period.id === id);
  if (found === undefined)
    throw new ProoflineError('not-found', `there is no period "${id}": \`proofline period list\` shows those there are`);
  return { ...found.period, ruler: found.ruler };
}

/** Populations that the adopted controls of today speak for, and of which a source is configured. */
export async function neededPopulations(
  app: Composition,
): Promise<readonly (PopulationDefinition & { readonly controls: readonly string[] })[]> {
  const [registries, controls] = await Promise.all([app.registries(), app.controls()]);
  const adopted = controls.map(({ control }) => control).filter(({ status }) => status === 'adopted');
  const kinds = new Set(configuredSources(app.configuration).map(({ kind }) => kind));
  return populationDefinitions
    .filter(({ collector }) => kinds.has(sourceKindOf({ id: collector })))
    .map((definition) => ({ ...definition, controls: controlsOf(definition, adopted, registries.checks) }))
    .filter(({ controls: ids }) => ids.length > 0);
}

/**
 * Freezes a population: runs its query over exactly the period, seals what came, judges every row, and records count, digest and what a second
 * source counts. Before the period's end it is recorded as not final. One that was frozen before stays; this is a version linked to it.
 * @throws ProoflineError `not-found`, `usage` (nothing collected in the period; a difference without an explanation), and like `runCollection`
 */
export async function freezePopulation(app: Composition, log: OpenedLog, request: FreezeRequest): Promise<FreezeOutcome> {
  const { store } = log;
  const period = periodNamed(store, request.period);
  const definition = populationDefinitions.find(({ id }) => id === request.population);
  if (definition === undefined) {
    const ids = populationDefinitions.map(({ id }) => id).join(', ');
    throw new ProoflineError('not-found', `there is no population "${request.population}": there are ${ids}`);
  }
  const now = app.now();
  if (now <= period.from) throw new ProoflineError('usage', `the period ${period.id} has not begun: it begins at ${period.from}`);
  const window = { from: period.from, to: now < period.to ? now : period.to };
  const collections =
    definition.taken === 'window'
      ? await collectWindow(app, log, definition, period, window, request)
      : rosterOf(store, definition, period);
  if (collections.length === 0) {
    const what = definition.taken === 'window' ? 'no source could be collected' : 'no complete collection lies within the period';
    throw new ProoflineError('usage', `${definition.id}: ${what}`);
  }
  const resources = await resourcesOf(app, store, collections);
  const rows = rowsOf(definition, resources);
  const reconciliation = reconcile(definition, collections, resources, rows, window, request.explanation ?? null);
  const open = reconciliation.filter(({ difference, explanation }) => difference !== null && difference !== 0 && explanation === null);
  const former = readDecisions(store)
    .flatMap(({ payload }) => (payload.type === 'freeze-population' && payload.population.period === period.id ? [payload.population] : []))
    .filter(({ id }) => id === `${period.id}.${definition.id}` || id.startsWith(`${period.id}.${definition.id}.`));
  const record: PopulationRecord = {
    id: `${period.id}.${definition.id}${former.length === 0 ? '' : `.${former.length + 1}`}`,
    period: period.id,
    ...(former.length === 0 ? {} : { supersedes: former.at(-1)!.id }),
    title: definition.title,
    collector: definition.collector,
    collections: collections.map(({ index }) => index),
    scopes: [...new Set(collections.map(({ statement }) => statement.scope))],
    ...window,
    final:
      definition.taken === 'window'
        ? window.to === period.to && collections.every(({ statement }) => statement.finishedAt >= period.to)
        : definition.taken === 'start' || now >= period.to,
    complete: open.length === 0 && collections.every(({ statement }) => statement.completeness.kind === 'complete'),
    count: rows.length,
    digest: digestOfRows(rows),
    reconciliation,
  };
  const decision = await recordDecision(app, store, {
    payload: { type: 'freeze-population', population: record },
    reason: request.reason ?? `frozen for the period ${period.id}`,
    ...(request.signer === undefined ? { actor: request.actor ?? { name: 'proofline' } } : { signer: request.signer }),
  });
  await store.checkpoint();
  return { record, decision, rows };
}

/** Runs the query over the window and judges what it gives, as any other collection is judged. */
async function collectWindow(
  app: Composition,
  log: OpenedLog,
  definition: PopulationDefinition,
  period: Period,
  window: EventWindow,
  request: FreezeRequest,
): Promise<readonly Sealed<'collection'>[]> {
  const before = log.store.size();
  await runCollection(app, {
    sources: sourcesOf(app, definition, period),
    collectors: [definition.collector],
    exactWindow: window,
    trigger:
      request.signer === undefined
        ? { name: request.actor?.name ?? 'proofline', authentication: 'none' }
        : { name: request.signer.person, authentication: 'none' },
    onProgress: request.onProgress,
    signal: request.signal,
    log,
  });
  return log.store
    .latestCollections()
    .filter(
      ({ index, statement }) =>
        index >= before &&
        statement.collector === definition.collector &&
        statement.window?.from === window.from &&
        statement.window.to === window.to,
    )
    .map(({ index, statement }) => ({ index, statement }));
}

/** Names of the configured sources that the period's systems rest on; all of the kind where it names none. */
function sourcesOf(app: Composition, definition: PopulationDefinition, period: Period): string[] {
  const kind = sourceKindOf({ id: definition.collector });
  const configured = configuredSources(app.configuration).flatMap((source) => (source.kind === kind ? [source.name] : []));
  const named = new Set(period.engagement.systems.flatMap(({ sources }) => sources));
  return named.size === 0 ? configured : configured.filter((name) => named.has(name));
}

/** The first complete collection of each scope in the period, or the last. State captured outside it does not speak for it. */
function rosterOf(store: Store, definition: PopulationDefinition, period: Period): readonly Sealed<'collection'>[] {
  const byScope = new Map<string, Sealed<'collection'>>();
  for (const { index, bytes } of store.entries()) {
    const statement = collectionOf(bytes, definition.collector);
    if (statement === undefined || statement.completeness.kind !== 'complete') continue;
    const at = statement.sourceAsOf ?? statement.finishedAt;
    if (at < period.from || at >= period.to) continue;
    if (definition.taken === 'end' || !byScope.has(statement.scope)) byScope.set(statement.scope, { index, statement });
  }
  return [...byScope.values()].sort((one, other) => one.index - other.index);
}
function collectionOf(bytes: Uint8Array, collector: string): StatementOf<'collection'> | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(`"collector":"${collector}"`)) return undefined;
  return Collection.safeParse(parseCanonical(bytes)).data;
}

async function resourcesOf(app: Composition, store: Store, collections: readonly Sealed<'collection'>[]): Promise<readonly ReadResource[]> {
  const { collectors } = await app.registries();
  const members = new ToldMembers(store);
  return collections.flatMap(({ index, statement }) => {
    const collector = collectors.find(({ id }) => id === statement.collector);
    const member = members.of(statement);
    if (collector === undefined || member === undefined)
      throw new ProoflineError('not-found', `nothing here reads ${statement.collector} of ${statement.source} as it was collected`);
    return normaliseEvidence(collector, store.items(statement.collector, statement.scope, index), member, statement.scope).resources;
  });
}
const search = 'GitHub search: pull requests merged into branches of these names';

/** What a second source counts, beside what the rows come to. */
function reconcile(
  definition: PopulationDefinition,
  collections: readonly Sealed<'collection'>[],
  resources: readonly ReadResource[],
  rows: readonly PopulationRow[],
  window: EventWindow,
  explanation: string | null,
): PopulationRecord['reconciliation'] {
  const said = (label: string, count: number | null, seen: number) => {
    const difference = count === null ? null : count - seen;
    return { with: label, count, difference, explanation: difference === null || difference === 0 ? null : explanation };
  };
  const declared = collections.flatMap(({ statement }) =>
    statement.reconciliation.map((one) => said(`${one.with} ${one.field} of ${statement.scope}`, one.expected, one.seen)),
  );
  if (definition.type !== 'github.change') return declared;
  const counts = resources.filter(({ type }) => type === 'github.merge-count');
  const merged = counts.map(({ fields }) => fields['merged']);
  const counted =
    merged.every((count) => typeof count === 'number') && counts.length > 0
      ? merged.reduce<number>((sum, count) => sum + Number(count), 0)
      : null;
  return [...declared, said(search, rows.length === 0 && counts.length === 0 ? null : counted, mergedPulls(rows, window))];
}

/** How many pull requests the rows came through that were merged in the window. */
function mergedPulls(rows: readonly PopulationRow[], { from, to }: EventWindow): number {
  const within = (instant: string) => Temporal.Instant.compare(instant, from) >= 0 && Temporal.Instant.compare(instant, to) < 0;
  const pulls = rows.flatMap(({ fields }) => {
    const pull = fields['pullRequest'];
    if (typeof pull !== 'object' || pull === null || Array.isArray(pull)) return [];
    const { number, mergedAt } = pull as { number?: unknown; mergedAt?: unknown };
    return typeof mergedAt === 'string' && within(mergedAt) ? [`${String(fields['repository'])}#${String(number)}`] : [];
  });
  return new Set(pulls).size;
}
