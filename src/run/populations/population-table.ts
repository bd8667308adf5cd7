import { type AnyTable, asTable, type Cell, type Column, column, list } from '../../bundle/documents/table.ts';
import type { ResourceType } from '../../model/resource.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import type { Registries } from '../registries.ts';
import type { PopulationRow } from './population-row.ts';
import type { FrozenPopulation, JudgedPopulation } from './read-populations.ts';

/**
 * The rows of a population as a table: id, name, time, every field of the resource in the order of its shape, what could not be read, and what
 * each check said. The columns are those of the kind of population, whatever its rows hold.
 */
export function populationTable(population: FrozenPopulation, registries: Pick<Registries, 'collectors'>): AnyTable {
  const type = registries.collectors
    .flatMap(({ yields }): readonly ResourceType[] => yields)
    .find((one) => one.type === population.definition?.type);
  const columns: Column<PopulationRow>[] = [
    column('id', 60, (row) => row.id),
    column('name', 40, (row) => row.display),
    column('at', 22, (row) => row.at),
    ...Object.keys(type?.shape ?? {}).map((field) => column<PopulationRow>(headerOf(field), 24, (row) => cellOf(row.fields[field]))),
    column('not_read', 24, (row) => list(Object.entries(row.unread).map(([field, reason]) => `${headerOf(field)}: ${reason}`))),
    ...[...Map.groupBy(population.judged, ({ check, parameters }) => `${check} ${canonicalText(parameters)}`).values()].flatMap(
      judgedColumns,
    ),
  ];
  return asTable({ name: (population.definition?.id ?? population.record.id).slice(0, 31), columns, rows: population.rows ?? [] });
}

function judgedColumns(judged: readonly JudgedPopulation[]): Column<PopulationRow>[] {
  const [first] = judged;
  if (first === undefined) return [];
  const of = (row: PopulationRow) => judged.find(({ source }) => row.id === source || row.id.startsWith(`${source}/`));
  const header = first.check.replaceAll(/[^a-z0-9]+/g, '_');
  return [
    column(header, 16, (row) => {
      const said = of(row);
      if (said === undefined) return null;
      return said.notPass.get(row.id)?.outcome ?? (said.excluded.has(row.id) ? 'not-applicable' : 'pass');
    }),
    column(`${header}_because`, 50, (row) => of(row)?.notPass.get(row.id)?.message ?? null),
  ];
}

const headerOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a person reads in a cell: accounts by name, lists one after the other, everything else as it is. */
function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return textOf(value);
}
function textOf(value: unknown): string {
  if (Array.isArray(value)) return list(value.map(textOf));
  if (typeof value !== 'object' || value === null) return value === true ? 'yes' : value === false ? 'no' : String(value ?? '');
  const members = Object.entries(value);
  const name = members.find(([key]) => key === 'name');
  if (name !== undefined && members.every(([key]) => ['id', 'kind', 'name'].includes(key))) return String(name[1]);
  return members
    .filter(([, member]) => member !== null)
    .map(([key, member]) => `${headerOf(key).replaceAll('_', ' ')} ${textOf(member)}`)
    .join(', ');
}
