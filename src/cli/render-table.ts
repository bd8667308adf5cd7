import Table from 'cli-table3';

const none = '';
const bare = {
  top: none,
  'top-mid': none,
  'top-left': none,
  'top-right': none,
  bottom: none,
  'bottom-mid': none,
  'bottom-left': none,
  'bottom-right': none,
  left: none,
  'left-mid': none,
  mid: none,
  'mid-mid': none,
  right: none,
  'right-mid': none,
  middle: '  ',
};

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Takes what the other columns leave; wrapped at words. One per table. */
  readonly flexible?: boolean;
}

/** Width of text on a terminal, without its colours. */
function widthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const seen = text.replaceAll(/\u001b\[[0-9;]*m/g, '');
  return Math.max(0, ...seen.split('\n').map((line) => line.length));
}

/** Rows under their titles, without rules or borders, no wider than `width` where a flexible column can be wrapped. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  if (rows.length === 0) return '';
  const natural = columns.map((column, index) => Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))));
  const others = natural.reduce((sum, size, index) => (columns[index]?.flexible ? sum : sum + size + 2), 0);
  const widths = natural.map((size, index) => (columns[index]?.flexible ? Math.max(20, Math.min(size, width - others - 1)) : size));
  const table = new Table({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: widths,
    wordWrap: true,
  });
  if (columns.some(({ title }) => title !== '')) table.push(columns.map(({ title }) => title));
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
