import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnUses } from '../../../src/access/records/column-uses.ts';
import { runExamples } from '../../../src/access/records/run-examples.ts';
import { loadFrameworks } from '../../../src/config/frameworks.ts';
import { libraryDirectory } from '../../../src/config/library-directory.ts';
import { readYaml } from '../../../src/config/read-yaml.ts';
import { loadRecords } from '../../../src/config/records-file.ts';

const library = libraryDirectory();
const controls = (readYaml(join(library, 'controls', 'payroll.yaml')).source.value as { controls: { id: string }[] }).controls;
const { examinations, tables } = loadRecords([], library, { tabular: [], frameworks: loadFrameworks(library), controls });
const byName = new Map(tables.map((table) => [table.name, table]));

describe('the shipped examinations', () => {
  it('speak for the separated duties and the payroll controls', () => {
    const ids = examinations.map(({ examination }) => examination.id);
    for (let number = 1; number <= 13; number += 1) expect(ids).toContain(`PAY-${number}`);
    for (let number = 1; number <= 12; number += 1) expect(ids).toContain(`PR-${String(number).padStart(2, '0')}`);
  });
  it('are blocked and say why while no table has such rows', () => {
    expect(examinations.every(({ blocked }) => blocked?.startsWith('no table is declared whose rows are ') === true)).toBe(true);
  });
  it.each(examinations.map(({ examination }) => [examination.id, examination] as const))(
    '%s: its examples say what they should',
    (_, examination) => {
      expect(columnUses(examination).columns.length + columnUses(examination).expressions.length).toBeGreaterThan(0);
      const runs = runExamples(examination, byName);
      expect(runs.filter(({ expected, found }) => expected !== found)).toEqual([]);
      expect(new Set(runs.map(({ found }) => found))).toEqual(new Set(['holds', 'fails']));
    },
  );
});
