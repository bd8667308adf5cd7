import { z } from 'zod';
import { drawMethod, drawSample, sampleSize } from '../../history/draw-sample.ts';
import type { DecisionPayload, RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import { Digest } from '../../model/statement.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { periodNamed } from './freeze-population.ts';
import type { PopulationRow } from './population-row.ts';
import { type FrozenPopulation, readPopulations } from './read-populations.ts';

/** What anyone needs to draw the sample again: nothing of it is secret. */
export const Selection = z.strictObject({
  v: z.literal(1),
  kind: z.literal('proofline-sample-selection'),
  /** `S-` and the log index of the draw; null for a self-test, which is recorded nowhere and is no sample of an auditor's. */
  sample: z.string().nullable(),
  selfTest: z.boolean(),
  population: z.strictObject({ id: z.string(), digest: Digest, count: z.int().nonnegative(), frozen: z.int().nonnegative() }),
  seed: z.string().min(1),
  size: z.int().positive(),
  strata: z.literal('month').nullable(),
  method: z.array(z.string()),
  selection: z.array(z.strictObject({ position: z.int().positive(), id: z.string(), rank: z.string(), display: z.string() })),
  /** Every row that could have been drawn, with its stratum (empty without strata). */
  rows: z.array(z.strictObject({ id: z.string(), stratum: z.string() })),
});
export type Selection = z.infer<typeof Selection>;

export interface DrawRequest extends DecidedBy {
  readonly population: string;
  readonly seed: string;
  /** Default: what the period's table asks for, by the control's frequency. */
  readonly size?: number | undefined;
  readonly strata?: 'month' | undefined;
  readonly reason?: string | undefined;
}

/** Stratum of a row: the month (UTC) it happened in. */
function stratumOf(row: PopulationRow, strata: 'month' | undefined): string {
  return strata === undefined ? '' : (row.at?.slice(0, 7) ?? 'unknown');
}

interface Drawing {
  readonly population: FrozenPopulation;
  readonly rows: readonly PopulationRow[];
  readonly size: number;
}

/** @throws ProoflineError with everything that keeps the sample from being drawn */
async function prepare(app: Composition, store: Store, request: DrawRequest): Promise<Drawing> {
  const populations = readPopulations(store, await app.registries());
  const population = populations.find(({ record }) => record.id === request.population);
  if (population === undefined) {
    throw new ProoflineError(
      'not-found',
      `there is no population "${request.population}": \`proofline population list\` shows those that are frozen`,
    );
  }
  const { record, rows } = population;
  const problems = [
    ...(record.final ? [] : ['it is not final: it was collected before the period ended']),
    ...(population.supersededBy === null ? [] : [`a later version took its place: ${population.supersededBy}`]),
    ...(rows === null ? ['its rows cannot be made again from what is sealed'] : []),
    ...(record.count === 0 ? ['it is empty: the control did not operate, and there is nothing to draw'] : []),
    ...(request.seed.trim() === '' ? ['the seed is empty'] : []),
    ...(request.size === undefined || (Number.isSafeInteger(request.size) && request.size > 0) ? [] : [`a sample of ${request.size}`]),
  ];
  const size = request.size ?? (await sizesFor(app, store, population)).reduce((most, { size: one }) => Math.max(most, one), 0);
  if (problems.length === 0 && size === 0) problems.push('no table gives a size for it: say one with --size');
  if (problems.length > 0 || rows === null) {
    throw new ProoflineError('usage', `no sample is drawn from ${record.id}`, { problems: problems.map((message) => ({ message })) });
  }
  return { population, rows, size: Math.min(size, rows.length) };
}

export interface ControlSample {
  readonly control: string;
  readonly frequency: string;
  readonly occurrences: number;
  readonly size: number;
  /** The line of the table that gave it. */
  readonly row: string;
}
/** What the tables of the period ask for, control by control, that the population is drawn for. */
export async function sizesFor(app: Composition, store: Store, population: FrozenPopulation): Promise<readonly ControlSample[]> {
  const { controlsOf } = await import('./definitions.ts');
  const { definition, record } = population;
  if (definition === undefined) return [];
  const [registries, controls] = await Promise.all([app.registries(), app.controls()]);
  const adopted = controls.map(({ control }) => control).filter(({ status }) => status === 'adopted');
  const ids = new Set(controlsOf(definition, adopted, registries.checks));
  const { sampleSizes } = periodNamed(store, record.period).ruler;
  return adopted.flatMap(({ id, frequency }) => {
    const found = ids.has(id) ? sampleSize(sampleSizes, frequency, record.count) : undefined;
    return found === undefined ? [] : [{ control: id, frequency, occurrences: record.count, ...found }];
  });
}

/**
 * Draws a sample for an auditor and records it. The seed comes after the digest: the population has been in the log since it was frozen, and the
 * auditor signs over a head that holds it.
 * @throws ProoflineError `usage` when whoever draws is no registered auditor with his key, or there is nothing final to draw from; `not-found`
 */
export async function recordSample(
  app: Composition,
  store: Store,
  request: DrawRequest,
): Promise<{ readonly decision: RecordedDecision; readonly selection: Selection }> {
  if (request.signer === undefined) {
    throw new ProoflineError(
      'usage',
      'a sample is drawn by the auditor, who signs it with his registered key (--as and --key); management can rehearse with --self-test',
    );
  }
  const drawing = await prepare(app, store, request);
  const { record } = drawing.population;
  const drawn = drawSample(
    drawing.rows.map((row) => ({ id: row.id, stratum: stratumOf(row, request.strata) })),
    { seed: request.seed, size: drawing.size },
  );
  const decision = await recordDecision(app, store, {
    payload: {
      type: 'draw-sample',
      population: record.id,
      digest: record.digest,
      seed: request.seed,
      size: drawing.size,
      ...(request.strata === undefined ? {} : { strata: request.strata }),
      selection: drawn.map(({ id, rank }) => ({ id, rank })),
    },
    reason: request.reason ?? `sample of ${drawing.size} from ${record.id}`,
    signer: request.signer,
  });
  return { decision, selection: selectionOf(drawing, request, decision.index) };
}

/** The same without an auditor: recorded nowhere, and labelled. @throws ProoflineError like `recordSample` */
export async function rehearseSample(app: Composition, store: Store, request: DrawRequest): Promise<Selection> {
  return selectionOf(await prepare(app, store, request), request, null);
}

function selectionOf(
  { population, rows, size }: Drawing,
  request: Pick<DrawRequest, 'seed' | 'strata'>,
  decision: number | null,
): Selection {
  const { record, decision: frozen } = population;
  const drawable = rows.map((row) => ({ id: row.id, stratum: stratumOf(row, request.strata) }));
  const displays = new Map(rows.map(({ id, display }) => [id, display]));
  return {
    v: 1,
    kind: 'proofline-sample-selection',
    sample: decision === null ? null : `S-${decision}`,
    selfTest: decision === null,
    population: { id: record.id, digest: record.digest, count: record.count, frozen },
    seed: request.seed,
    size,
    strata: request.strata ?? null,
    method: [...drawMethod],
    selection: drawSample(drawable, { seed: request.seed, size }).map(({ id, rank }, index) => ({
      position: index + 1,
      id,
      rank,
      display: displays.get(id) ?? id,
    })),
    rows: drawable,
  };
}

type DrawPayload = Extract<DecisionPayload, { type: 'draw-sample' }>;
export interface RecordedSample {
  readonly id: string;
  readonly decision: RecordedDecision;
  readonly payload: DrawPayload;
}
/** Every sample an auditor drew, in the order of the log. */
export function readSamples(store: Store): readonly RecordedSample[] {
  return readDecisions(store).flatMap((decision) =>
    decision.payload.type === 'draw-sample' ? [{ id: `S-${decision.index}`, decision, payload: decision.payload }] : [],
  );
}

/** The selection file of a recorded sample. @throws ProoflineError `not-found`, `usage` when its rows cannot be made again */
export async function selectionOfSample(app: Composition, store: Store, id: string): Promise<Selection> {
  const sample = readSamples(store).find((one) => one.id === id);
  if (sample === undefined)
    throw new ProoflineError('not-found', `there is no sample "${id}": \`proofline sample list\` shows those that were drawn`);
  const { payload, decision } = sample;
  const population = readPopulations(store, await app.registries()).find(({ record }) => record.id === payload.population);
  if (population === undefined || population.rows === null)
    throw new ProoflineError('usage', `the rows of ${payload.population} cannot be made again from what is sealed`);
  return selectionOf({ population, rows: population.rows, size: payload.size }, payload, decision.index);
}
