import { drawSample } from '../../history/draw-sample.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import type { Store } from '../../store/contract.ts';
import { digestOfRows, type PopulationRow } from './population-row.ts';
import { readSamples, type Selection } from './record-sample.ts';

export interface SelectionClaim {
  readonly claim: string;
  readonly result: 'PASS' | 'WARN' | 'FAIL';
  readonly message: string;
}

/**
 * Draws a selection again and holds it against the file, against the rows of its population where they are given, and against what the log has
 * of it where there is one.
 */
export function verifySelection(
  file: Selection,
  against: { readonly rows?: readonly PopulationRow[] | undefined; readonly store?: Store | undefined } = {},
): readonly SelectionClaim[] {
  return [drawnAgain(file), fromRows(file, against.rows), ...(against.store === undefined ? [] : [inLog(file, against.store)])];
}

function drawnAgain(file: Selection): SelectionClaim {
  const claim = 'the selection is what the seed draws';
  const ids = new Set(file.rows.map(({ id }) => id));
  if (ids.size !== file.rows.length) return { claim, result: 'FAIL', message: 'a row is there twice' };
  if (file.rows.length !== file.population.count)
    return { claim, result: 'FAIL', message: `it lists ${file.rows.length} rows of a population of ${file.population.count}` };
  const drawn = drawSample(file.rows, { seed: file.seed, size: file.size });
  const said = file.selection.map(({ id, rank }) => ({ id, rank }));
  const wrong = drawn.findIndex((row, index) => row.id !== said[index]?.id || row.rank !== said[index]?.rank);
  if (wrong !== -1 || said.length !== drawn.length)
    return { claim, result: 'FAIL', message: `position ${(wrong === -1 ? drawn.length : wrong) + 1} is not what is drawn` };
  return { claim, result: 'PASS', message: `${drawn.length} of ${file.rows.length} rows, drawn again` };
}

function fromRows(file: Selection, rows: readonly PopulationRow[] | undefined): SelectionClaim {
  const claim = 'the rows are those of the frozen population';
  if (rows === undefined) return { claim, result: 'WARN', message: 'not held against its rows: give them with --population' };
  if (digestOfRows(rows) !== file.population.digest) return { claim, result: 'FAIL', message: 'the digest of the rows is another' };
  const ids = (list: readonly { readonly id: string }[]) => canonicalText(list.map(({ id }) => id).sort());
  if (ids(rows) !== ids(file.rows)) return { claim, result: 'FAIL', message: 'the selection lists other rows' };
  return { claim, result: 'PASS', message: `${rows.length} rows, ${file.population.digest}` };
}

function inLog(file: Selection, store: Store): SelectionClaim {
  const claim = 'the log has the draw of an authenticated auditor';
  if (file.selfTest)
    return { claim, result: 'WARN', message: 'a self-test of management’s: no auditor drew it, and the log has nothing of it' };
  const sample = readSamples(store).find(({ id }) => id === file.sample);
  if (sample === undefined) return { claim, result: 'FAIL', message: `the log has no sample ${file.sample ?? ''}` };
  const { payload, decision } = sample;
  const said = (one: Pick<typeof payload, 'population' | 'digest' | 'seed' | 'size' | 'selection'>, strata: string | null) =>
    canonicalText({ population: one.population, digest: one.digest, seed: one.seed, size: one.size, strata, selection: one.selection });
  const same =
    said(payload, payload.strata ?? null) ===
    said(
      {
        population: file.population.id,
        digest: file.population.digest,
        seed: file.seed,
        size: file.size,
        selection: file.selection.map(({ id, rank }) => ({ id, rank })),
      },
      file.strata,
    );
  if (!same) return { claim, result: 'FAIL', message: `entry ${decision.index} says something else` };
  if (file.population.frozen >= decision.index) return { claim, result: 'FAIL', message: 'the population was frozen after the draw' };
  return {
    claim,
    result: 'PASS',
    message: `entry ${decision.index}, signed by ${decision.actor.name}; the population has been in the log since entry ${file.population.frozen}`,
  };
}
