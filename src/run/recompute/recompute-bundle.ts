import { z } from 'zod';
import { ProoflineError } from '../../model/errors.ts';
import type { PeriodHistory } from '../../model/history.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { type ExportFiles, readAll } from '../../verify/export-files.ts';
import { BundleManifest, isBundle } from '../../verify/verify-bundle.ts';
import { historyFromLog } from '../bundle/period-history.ts';
import { readPeriods } from '../decisions/read-periods.ts';
import type { Registries } from '../registries.ts';
import { logIn } from '../verify-data.ts';
import { compareHistory, type HistoryDifference } from './compare-history.ts';
import { type RecomputedDerived, recomputeDerived } from './recompute-derived.ts';
import { type RecomputedEvaluations, recomputeEvaluations } from './recompute-evaluations.ts';

export interface Recomputed extends RecomputedEvaluations {
  /** What was worked out of the log itself, worked out again. */
  readonly derived: RecomputedDerived;
  /** null: an export or a store has no history to hold it against. */
  readonly history: {
    readonly period: string;
    readonly differences: readonly HistoryDifference[];
    /** Collectors of events whose items the bundle keeps back: what of the history rests on them comes out otherwise. */
    readonly withheld: readonly string[];
  } | null;
  /** Everything that could be made again came out the same. */
  readonly same: boolean;
}

/** Makes what a log says again, without the history of a period: every verdict, and what was worked out of the log itself. */
export async function recomputeLog(reader: LogReader, registries: Registries): Promise<Recomputed> {
  const evaluations = recomputeEvaluations(reader, registries);
  const derived = await recomputeDerived(reader, registries);
  return { ...evaluations, derived, history: null, same: evaluations.differences.length === 0 && derived.differences.length === 0 };
}

/**
 * Makes everything a bundle says again, from the log in it and the logic that is installed here: every verdict, and the history of the period.
 * @throws ProoflineError `verification-failed` when it cannot be read: `verify` says what is wrong with it
 */
export async function recomputeFiles(files: ExportFiles, place: string, registries: Registries): Promise<Recomputed> {
  const log = logIn(files, place);
  const recomputedLog = await recomputeLog(log, registries);
  if (!isBundle(files)) return recomputedLog;
  const manifest = readJson(files, 'manifest.json', place, BundleManifest);
  const sealed = readJson(files, 'history.json', place, z.looseObject({ period: z.looseObject({ id: z.string() }) }));
  const record = readPeriods(log).find(({ period }) => period.id === manifest.period);
  if (record === undefined) throw new ProoflineError('verification-failed', `${place}: the log in it has no period "${manifest.period}"`);
  const recomputed = await historyFromLog(log, registries, record, manifest.generatedAt);
  const differences = compareHistory(sealed as unknown as PeriodHistory, JSON.parse(JSON.stringify(recomputed)) as PeriodHistory);
  const events = new Set(registries.collectors.flatMap(({ id, kind }) => (kind === 'events' ? [id] : [])));
  const withheld = record.period.engagement.redaction.withholdItemsOf.filter((id) => events.has(id));
  return {
    ...recomputedLog,
    history: { period: manifest.period, differences, withheld: withheld.sort() },
    same: recomputedLog.same && differences.length === 0,
  };
}

function readJson<S extends z.ZodType>(files: ExportFiles, path: string, place: string, shape: S): z.output<S> {
  try {
    const bytes = files.list().includes(path) ? readAll(files, path) : new Uint8Array(0);
    return shape.parse(parseCanonical(bytes.subarray(0, -1)));
  } catch (cause) {
    throw new ProoflineError('verification-failed', `${place}: ${path} is missing or malformed; run verify`, { cause });
  }
}
