import { readTables, type Table, type TableRow } from '../config/read-table.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';

/** One line of the list an auditor sends: what he asks for, under his own number. */
export interface AuditorRequest {
  /** The auditor's own id, as written. */
  readonly id: string;
  readonly description: string;
  /** Ids of controls, criteria, objectives, populations, collectors or registers it names; empty: none. */
  readonly references: readonly string[];
  /** As written; nothing is computed from either. */
  readonly owner: string | null;
  readonly due: string | null;
  /** 1-based line of the file or row of the sheet. */
  readonly row: number;
}

const columns = {
  id: [
    'request id',
    'request no',
    'request number',
    'request ref',
    'request',
    'pbc id',
    'pbc no',
    'pbc',
    'item',
    'item no',
    'id',
    'ref',
    'no',
    '#',
  ],
  description: [
    'description',
    'request description',
    'what is asked',
    'requested',
    'requested item',
    'evidence requested',
    'document requested',
    'request text',
  ],
  reference: [
    'reference',
    'control',
    'control id',
    'control ref',
    'controls',
    'evidence',
    'evidence id',
    'control or evidence',
    'control or evidence id',
    'control/evidence',
    'criteria',
    'criterion',
    'objective',
    'population',
  ],
  owner: ['owner', 'request owner', 'responsible', 'assigned to', 'client contact'],
  due: ['due', 'due date', 'due on', 'needed by', 'date due'],
} as const;
type Column = keyof typeof columns;
const names = Object.keys(columns) as Column[];
const normal = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9#]+/g, ' ')
    .trim();

/** Where each column stands; several columns may name references. The first column of another kind counts. */
function readHeader(cells: readonly string[]): ReadonlyMap<Column, readonly number[]> {
  const found = new Map<Column, number[]>();
  for (const [index, cell] of cells.entries()) {
    const name = names.find((column) => columns[column].some((title) => normal(title) === normal(cell)));
    if (name === undefined || (name !== 'reference' && found.has(name))) continue;
    found.set(name, [...(found.get(name) ?? []), index]);
  }
  return found;
}

function findHeader(
  tables: readonly Table[],
): { readonly table: Table; readonly header: TableRow; readonly at: ReadonlyMap<Column, readonly number[]> } | undefined {
  for (const table of tables) {
    for (const header of table.rows.slice(0, 20)) {
      const at = readHeader(header.cells);
      if (at.has('id') && at.has('description')) return { table, header, at };
    }
  }
  return undefined;
}

/**
 * Reads the auditor's request list: CSV or XLSX with a column for his id and one for what he asks, and optionally for a control or
 * evidence id, an owner and a due date.
 * @throws ProoflineError `usage` with every problem of the file, each with its line: no id, no text, an id given twice
 */
export async function readRequestList(file: string): Promise<readonly AuditorRequest[]> {
  const found = findHeader(await readTables(file));
  if (found === undefined) {
    throw new ProoflineError('usage', `${file}: found no header row with a request id and a description`, {
      problems: [{ file, line: 1, message: 'expected columns such as "Request ID", "Description" and "Control"' }],
    });
  }
  const { table, header, at } = found;
  const requests: AuditorRequest[] = [];
  const problems: Problem[] = [];
  const taken = new Map<string, number>();
  for (const { row, cells } of table.rows.filter((line) => line.row > header.row && line.cells.some((cell) => cell !== ''))) {
    const texts = (column: Column) => (at.get(column) ?? []).map((index) => (cells[index] ?? '').trim()).filter((text) => text !== '');
    const [id = ''] = texts('id');
    const [description = ''] = texts('description');
    const say = (message: string) => problems.push({ file, line: row, message });
    if (id === '') say('has no request id');
    if (description === '') say(`${id === '' ? 'it' : `"${id}"`} does not say what is asked`);
    const before = taken.get(id.toLowerCase());
    if (id !== '' && before !== undefined) say(`the request id "${id}" is taken by line ${before}`);
    taken.set(id.toLowerCase(), before ?? row);
    const references = [...new Set(texts('reference').flatMap((text) => text.split(/[,;\n]+/).map((part) => part.trim())))];
    requests.push({
      id,
      description,
      references: references.filter((text) => text !== ''),
      owner: texts('owner')[0] ?? null,
      due: texts('due')[0] ?? null,
      row,
    });
  }
  if (requests.length === 0) problems.push({ file, line: header.row, message: 'has no request below its header' });
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new ProoflineError('usage', `${file}: the request list has ${count}; nothing was answered`, { problems });
  }
  return requests;
}
