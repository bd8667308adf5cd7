import { segment } from '../../bundle/documents/paths.ts';
import { writeCsv } from '../../bundle/documents/write-csv.ts';
import type { BundlePopulation, BundleSample, RenderedDocument } from '../../model/bundle-content.ts';
import type { Control } from '../../model/control.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { controlsOf } from '../populations/definitions.ts';
import { rowLines } from '../populations/population-row.ts';
import { populationTable } from '../populations/population-table.ts';
import type { FrozenPopulation } from '../populations/read-populations.ts';
import type { Selection } from '../populations/record-sample.ts';
import type { Registries } from '../registries.ts';

const populationPath = (population: FrozenPopulation, ending: string): string => `populations/${segment(population.record.id)}.${ending}`;
export const selectionPath = (sample: string): string => `samples/${segment(sample)}-selection.json`;

/** A population as the documents speak of it. */
export function bundlePopulation(population: FrozenPopulation, controls: readonly Control[], registries: Registries): BundlePopulation {
  const { record, decision, frozenAt, frozenBy, definition, judged } = population;
  const sum = (of: (counts: FrozenPopulation['judged'][number]['counts']) => number): number =>
    judged.reduce((total, { counts }) => total + of(counts), 0);
  return {
    record,
    decision,
    frozenAt,
    frozenBy,
    definition: definition?.text ?? 'A kind of population that this release does not know.',
    controls: definition === undefined ? [] : controlsOf(definition, controls, registries.checks),
    outcome:
      judged.length === 0
        ? null
        : {
            pass: sum(({ pass }) => pass),
            fail: sum(({ fail }) => fail),
            other: sum((counts) =>
              Object.entries(counts).reduce((rest, [outcome, count]) => rest + (outcome === 'pass' || outcome === 'fail' ? 0 : count), 0),
            ),
          },
    files:
      population.rows === null
        ? []
        : [
            { path: populationPath(population, 'csv'), title: 'Rows, for a spreadsheet' },
            { path: populationPath(population, 'jsonl'), title: 'Rows, as they were hashed' },
            { path: populationPath(population, 'meta.json'), title: 'What was frozen, when and by whom' },
          ],
  };
}

/** Rows and records of populations, and the selections drawn from them. */
export function* populationFiles(
  populations: readonly FrozenPopulation[],
  selections: readonly Selection[],
  registries: Registries,
): Generator<RenderedDocument> {
  for (const population of populations) {
    if (population.rows === null) continue;
    const { record, decision, frozenAt, frozenBy, reason, supersededBy } = population;
    yield { path: populationPath(population, 'csv'), bytes: writeCsv(populationTable(population, registries)) };
    yield { path: populationPath(population, 'jsonl'), bytes: encoded(rowLines(population.rows)) };
    const meta = { record, decision, frozenAt, frozenBy, reason, supersededBy };
    yield { path: populationPath(population, 'meta.json'), bytes: Buffer.from(`${canonicalText(meta)}\n`) };
  }
  for (const selection of selections) {
    if (selection.sample !== null && selection.rows.length > 0)
      yield { path: selectionPath(selection.sample), bytes: Buffer.from(`${canonicalText(selection)}\n`) };
  }
}

/** A selection of rows that stay in the house: what the draw says of them and no more. It cannot be derived again from a file. */
export function withoutRows(selection: Selection): Selection {
  return { ...selection, rows: [], selection: selection.selection.map((row) => ({ ...row, display: row.id })) };
}

function* encoded(lines: Iterable<string>): Generator<Uint8Array> {
  for (const line of lines) yield Buffer.from(line);
}

/** A sample as the documents speak of it. */
export function bundleSample(
  selection: Selection,
  drawn: { readonly decision: number; readonly at: string; readonly by: BundleSample['drawnBy'] },
): BundleSample {
  const sample = selection.sample ?? '';
  return {
    id: sample,
    population: selection.population.id,
    digest: selection.population.digest,
    seed: selection.seed,
    size: selection.size,
    decision: drawn.decision,
    drawnAt: drawn.at,
    drawnBy: drawn.by,
    selection: selection.selection.map(({ id, rank, display }) => ({ id, rank, display })),
    file: selection.rows.length === 0 ? null : selectionPath(sample),
  };
}
