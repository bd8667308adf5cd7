import { basename } from 'node:path';
import { stringify } from 'yaml';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { Frameworks } from './frameworks.ts';
import { didYouMean } from './nearest-name.ts';
import { readTables, type Table, type TableRow } from './read-table.ts';

/** What a column of a risk-and-control matrix may hold, and what its header is usually called. */
export const importFields = {
  id: ['id', 'control id', 'control ref', 'control reference', 'control no', 'control number', 'control #', 'ref', 'reference', 'no', '#'],
  statement: [
    'control',
    'control statement',
    'control description',
    'control activity',
    'description of control',
    'control text',
    'description',
    'statement',
  ],
  frequency: ['frequency', 'control frequency', 'freq', 'how often', 'occurrence'],
  owner: ['owner', 'control owner', 'responsible', 'process owner', 'performer', 'performed by'],
  soc2: [
    'criteria',
    'soc 2',
    'soc2',
    'tsc',
    'soc 2 criteria',
    'trust services criteria',
    'trust service criteria',
    'tsc criteria',
    'criterion',
  ],
  soc1: ['objective', 'objectives', 'control objective', 'control objectives', 'control objective id', 'objective id', 'soc 1', 'soc1'],
  narrative: ['narrative', 'notes', 'comment', 'comments', 'process narrative'],
  testProcedure: [
    'test procedure',
    'test procedures',
    'test of control',
    'tests of controls',
    'test',
    'testing procedure',
    'audit procedure',
  ],
  evidence: ['evidence', 'evidence requested', 'evidence required', 'supporting documentation', 'documentation'],
} as const satisfies Record<string, readonly string[]>;
export type ImportField = keyof typeof importFields;
const fieldNames = Object.keys(importFields) as ImportField[];

export interface ImportOptions {
  readonly file: string;
  /** The sheet to read; default the first with a header row. */
  readonly sheet?: string;
  /** Field to header, overriding what the headers suggest. */
  readonly map?: Readonly<Record<string, string>>;
  readonly frameworks: Frameworks;
  /** Ids of the shipped library: a control of the same id is marked as the entity's own. */
  readonly libraryIds: readonly string[];
  readonly status: 'adopted' | 'proposed';
  /** Day from which the imported controls apply (ISO date), and why. */
  readonly from: string;
  readonly because: string;
}
export interface ImportedControl {
  readonly id: string;
  readonly [field: string]: unknown;
}
export interface ControlImport {
  readonly sheet: string | null;
  readonly headerRow: number;
  /** Which column was taken for what, in the order of the table. */
  readonly mapping: readonly { readonly field: ImportField; readonly header: string }[];
  readonly ignored: readonly string[];
  readonly controls: readonly ImportedControl[];
  /** The user control file, ready to write. */
  readonly text: string;
}

const normal = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[_\s./:()-]+/g, ' ')
    .trim();

function guess(header: string): ImportField | undefined {
  const wanted = normal(header);
  return fieldNames.find((field) => importFields[field].some((name) => normal(name) === wanted));
}
/** The row that names the columns: among the first twenty, the first that names both an id and a statement. */
function findHeader(table: Table, map: Readonly<Record<string, string>>): TableRow | undefined {
  const mapped = new Set(Object.values(map).map(normal));
  return table.rows.slice(0, 20).find(({ cells }) => {
    const fields = new Set(cells.map((cell) => (mapped.has(normal(cell)) ? cell : guess(cell))));
    const has = (field: ImportField) =>
      fields.has(field) || (map[field] !== undefined && cells.some((cell) => normal(cell) === normal(map[field] ?? '')));
    return has('id') && has('statement');
  });
}

function chooseTable(tables: readonly Table[], options: ImportOptions): { table: Table; header: TableRow } {
  const map = options.map ?? {};
  for (const field of Object.keys(map)) {
    if (!fieldNames.some((name) => name === field)) {
      throw new ProoflineError(
        'usage',
        `--map ${field}=...: there is no such field${didYouMean(field, fieldNames)}; fields are ${fieldNames.join(', ')}`,
      );
    }
  }
  const names = tables.map(({ sheet }) => sheet ?? '');
  if (options.sheet !== undefined && !names.includes(options.sheet)) {
    throw new ProoflineError(
      'usage',
      `${options.file}: there is no sheet "${options.sheet}"${didYouMean(options.sheet, names)}; it has ${names.join(', ')}`,
    );
  }
  for (const table of tables.filter(({ sheet }) => options.sheet === undefined || sheet === options.sheet)) {
    const header = findHeader(table, map);
    if (header !== undefined) return { table, header };
  }
  const first = tables[0]?.rows[0]?.cells.filter((cell) => cell !== '').join(', ') ?? '';
  throw new ProoflineError(
    'usage',
    `${options.file}: found no header row with a control id and a control statement; name the columns, e.g. --map id="Control #" --map statement="Control activity"${first === '' ? '' : ` (the first row reads: ${first.slice(0, 200)})`}`,
  );
}

function mapColumns(header: TableRow, options: ImportOptions) {
  const columns = new Map<ImportField, number>();
  const problems: string[] = [];
  for (const [field, wanted] of Object.entries(options.map ?? {})) {
    const index = header.cells.findIndex((cell) => normal(cell) === normal(wanted));
    if (index === -1) problems.push(`--map ${field}="${wanted}": there is no such column${didYouMean(wanted, header.cells)}`);
    else columns.set(field as ImportField, index);
  }
  if (problems.length > 0) throw new ProoflineError('usage', problems.join('\n'));
  for (const [index, cell] of header.cells.entries()) {
    const field = guess(cell);
    if (field !== undefined && !columns.has(field) && ![...columns.values()].includes(index)) columns.set(field, index);
  }
  const taken = new Set(columns.values());
  return {
    columns,
    mapping: [...columns].sort((a, b) => a[1] - b[1]).map(([field, index]) => ({ field, header: header.cells[index] ?? '' })),
    ignored: header.cells.filter((cell, index) => cell !== '' && !taken.has(index)),
  };
}

/** `CC 6.1; cc6.3` -> CC6.1, CC6.3. */
function idsIn(cell: string, criteria: boolean): string[] {
  const parts = criteria
    ? cell
        .toUpperCase()
        .replaceAll(/\b(CC|PI|A|C|P)\s*-?\s*(\d)/g, '$1$2')
        .split(/[\s,;/|&]+/)
    : cell.split(/[\n,;|]+/);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

interface Draft {
  readonly row: number;
  readonly statement: string;
  readonly fields: Map<ImportField, string>;
  readonly soc2: Set<string>;
  readonly soc1: Set<string>;
}

/**
 * Reads a company's or an auditor's risk-and-control matrix into a control file of the user's own. Ids are kept. A control that
 * stands in several rows (one per risk) is one control with all their links.
 * @throws ProoflineError `usage` when the table cannot be read or its columns are not found; `configuration` with every bad row at once.
 */
export async function importControls(options: ImportOptions): Promise<ControlImport> {
  const { table, header } = chooseTable(await readTables(options.file), options);
  const { columns, mapping, ignored } = mapColumns(header, options);
  const problems: Problem[] = [];
  const drafts = new Map<string, Draft>();
  const known = {
    soc2: options.frameworks.criteria.map(({ id }) => id),
    soc1: options.frameworks.objectives.map(({ id }) => id),
  };
  const where = (row: number) => (table.sheet === null ? `row ${row}` : `sheet "${table.sheet}", row ${row}`);

  for (const row of table.rows.filter(({ row }) => row > header.row)) {
    if (row.cells.every((cell) => cell === '')) continue;
    const cell = (field: ImportField) => row.cells[columns.get(field) ?? -1]?.trim() ?? '';
    const say = (message: string, field?: ImportField) =>
      problems.push({
        file: options.file,
        path: where(row.row),
        message: field === undefined ? message : `${mapping.find((entry) => entry.field === field)?.header ?? field}: ${message}`,
      });
    const id = cell('id');
    if (id === '') {
      say('has no control id', 'id');
      continue;
    }
    const statement = cell('statement');
    const before = drafts.get(id);
    if (statement === '' && before === undefined) say(`control ${id} has no statement`, 'statement');
    if (before !== undefined && statement !== '' && before.statement !== '' && normal(statement) !== normal(before.statement)) {
      say(`control ${id} says something else in row ${before.row}`, 'statement');
    }
    const draft = before ?? {
      row: row.row,
      statement,
      fields: new Map<ImportField, string>(),
      soc2: new Set<string>(),
      soc1: new Set<string>(),
    };
    for (const framework of ['soc2', 'soc1'] as const) {
      for (const named of idsIn(cell(framework), framework === 'soc2')) {
        const found = known[framework].find((candidate) => candidate.toLowerCase() === named.toLowerCase());
        if (found !== undefined) draft[framework].add(found);
        else if (framework === 'soc2') say(`there is no SOC 2 criterion "${named}"${didYouMean(named, known.soc2)}`, 'soc2');
        else
          say(
            `there is no control objective "${named}"${didYouMean(named, known.soc1)}; own objectives go into the file named under \`objectives\``,
            'soc1',
          );
      }
    }
    for (const field of ['frequency', 'owner', 'narrative', 'testProcedure', 'evidence'] as const) {
      if (!draft.fields.has(field) && cell(field) !== '') draft.fields.set(field, cell(field));
    }
    drafts.set(id, draft);
  }
  if (drafts.size === 0 && problems.length === 0)
    throw new ProoflineError('usage', `${options.file}: there is no control below the header row`);
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 bad row' : `${problems.length} problems in its rows`;
    throw new ProoflineError('configuration', `${options.file}: ${count}; nothing was written`, { problems });
  }

  const library = new Set(options.libraryIds);
  const controls = [...drafts].map(([id, { statement, fields, soc2, soc1 }]): ImportedControl => {
    const frequency = fields.get('frequency') ?? 'not stated';
    const evidence = fields.get('evidence');
    const owner = fields.get('owner');
    return {
      id,
      ...(library.has(id) ? { own: true } : {}),
      status: options.status,
      statement,
      frequency,
      ...(owner === undefined ? {} : { owner }),
      ...(fields.has('narrative') ? { narrative: fields.get('narrative') } : {}),
      satisfies: { soc2: [...soc2], soc1: [...soc1] },
      ...(evidence === undefined ? {} : { evidence: [{ what: evidence, from: owner ?? 'not stated', frequency }] }),
      ...(fields.has('testProcedure') ? { testProcedure: fields.get('testProcedure') } : {}),
      from: options.from,
      because: options.because,
    };
  });
  return { sheet: table.sheet, headerRow: header.row, mapping, ignored, controls, text: controlFileText(controls, options.file) };
}

function controlFileText(controls: readonly ImportedControl[], file: string): string {
  const head = `# Controls imported from ${basename(file)}, ids kept. Name this file under \`controls\` in proofline.yaml.
# Next: give each control its \`checks\` (proofline catalog checks) and \`covers\`, so that evidence reaches it.
`;
  return head + stringify({ version: 1, controls }, { lineWidth: 120 });
}
