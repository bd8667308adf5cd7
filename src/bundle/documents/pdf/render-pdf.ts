import type { Block, BlockColumn, Page, Text } from '../blocks.ts';
import { colours, stateColours } from '../colours.ts';
import { printCount } from '../print-figures.ts';
import { drawTimelinePdf } from './draw-timeline-pdf.ts';
import type { Line, Style } from './lay-out-text.ts';
import { body, contentWidth, leading, margin, Paper, small } from './paper.ts';

/** A printed table of more rows than this says where all of them are. */
const mostRows = 2000;
const lead: Style = { ...body, size: 11.5 };
const soft: Style = { ...small, colour: colours.soft };
const columnGap = 9;
const rowGap = 5.6;
/** A row up to this height is not broken over two pages. */
const shortRow = 130;

/** Renders a page's blocks as an A4 document, tagged, with the fonts in it. The same page gives the same bytes. */
export function renderPdf(page: Page): Uint8Array {
  const paper = new Paper(page);
  title(paper, page);
  for (const block of page.blocks) drawBlock(paper, block);
  return paper.finish();
}

function title(paper: Paper, page: Page): void {
  write(paper, 'P', page.kicker.toUpperCase(), { face: 'semibold', size: 7.8, colour: colours.accent }, 3);
  write(paper, 'H1', page.title, { face: 'semibold', size: 20, colour: colours.ink }, 2);
  if (page.state !== undefined) write(paper, 'P', ['Observed in the period:  ', { state: page.state }], { ...body, size: 10.5 }, 5);
  if (page.lead !== undefined) write(paper, 'P', page.lead, lead, 6);
  paper.y += 4;
}

/** Writes text that may go over pages, line by line, and `after` points of room beneath it. */
function write(paper: Paper, type: string, text: Text, style: Style, after: number, indent = 0): void {
  const lines = paper.layOut(text, contentWidth - indent, style);
  const height = style.size * leading;
  let rest = lines;
  paper.ensure(Math.min(rest.length, 2) * height);
  while (rest.length > 0) {
    const fitting = Math.max(1, Math.floor(paper.left / height));
    const now = rest.slice(0, fitting);
    const at = paper.y;
    paper.tag(type, () => paper.drawLines(now, margin.left + indent, at, style.size));
    paper.y += now.length * height;
    rest = rest.slice(now.length);
    if (rest.length > 0) paper.newPage();
  }
  paper.y += after;
}

function drawBlock(paper: Paper, block: Block): void {
  if (block.kind === 'heading') drawHeading(paper, block);
  else if (block.kind === 'paragraph') write(paper, 'P', block.text, toneOf(block.tone), 6);
  else if (block.kind === 'notice') drawNotice(paper, block);
  else if (block.kind === 'facts') drawTable(paper, { columns: factColumns, rows: block.rows }, { header: false });
  else if (block.kind === 'table') drawTable(paper, block, { ...block, header: true });
  else if (block.kind === 'figures') drawFigures(paper, block);
  else if (block.kind === 'fields') drawFields(paper, block);
  else if (block.kind === 'list') {
    for (const item of block.items) drawItem(paper, item, block.small ? { ...body, size: 8.8 } : body);
    paper.y += 4;
  } else if (block.kind === 'timeline') {
    drawTimelinePdf(paper, block.drawing);
    for (const sentence of block.drawing.notDrawn) write(paper, 'P', sentence, soft, 1);
    paper.y += 4;
  } else {
    for (const one of block.commands) {
      write(paper, 'P', `${one.shows}:`, body, 1);
      drawCode(paper, one.command);
    }
  }
}
const factColumns: readonly BlockColumn[] = [
  { title: '', weight: 1.25 },
  { title: '', weight: 4.2 },
];
function toneOf(tone: 'lead' | 'muted' | undefined): Style {
  if (tone === 'lead') return lead;
  return tone === 'muted' ? { ...body, size: 8.8, colour: colours.soft } : body;
}

function drawHeading(paper: Paper, block: Extract<Block, { kind: 'heading' }>): void {
  if (block.level === 2) {
    paper.ensure(132);
    if (paper.y > margin.top) paper.y += 9;
    const at = paper.y;
    paper.decorate(() => paper.rule(at, colours.accent, 1.2));
    paper.y += 6;
    write(paper, 'H2', block.text, { face: 'semibold', size: 13, colour: colours.accent }, 6);
  } else {
    paper.ensure(58);
    paper.y += 4;
    write(paper, 'H3', block.text, { face: 'semibold', size: 10, colour: colours.ink }, 3);
  }
}

function drawItem(paper: Paper, text: Text, style: Style): void {
  const lines = paper.layOut(text, contentWidth - 14, style);
  paper.ensure(Math.min(lines.length, 3) * style.size * leading);
  const at = paper.y;
  paper.decorate(() => paper.doc.circle(margin.left + 4, at + style.size * 0.68, 1.3).fill(colours.accent));
  write(paper, 'P', text, style, 1.5, 14);
}

function drawNotice(paper: Paper, block: Extract<Block, { kind: 'notice' }>): void {
  const style: Style = { ...body, size: 9.2 };
  const width = contentWidth - 26;
  const parts = [
    { lines: paper.layOut({ strong: block.title }, width, style) },
    ...block.text.map((text) => ({ lines: paper.layOut(text, width, style) })),
  ];
  const height = parts.reduce((sum, part) => sum + part.lines.length * style.size * leading + 3, 0) + 10;
  paper.y += 3;
  paper.ensure(Math.min(height, paper.pageHeight));
  if (height > paper.pageHeight) {
    for (const text of [{ strong: block.title } as Text, ...block.text]) write(paper, 'P', text, style, 3, 14);
    return;
  }
  const top = paper.y;
  paper.decorate(() => {
    paper.doc.rect(margin.left, top, contentWidth, height).fill(colours.faint);
    paper.doc.rect(margin.left, top, 2.4, height).fill(block.tone === 'attention' ? colours.unknown : colours.accent);
  });
  paper.y += 6;
  for (const part of parts) {
    const at = paper.y;
    paper.tag('P', () => paper.drawLines(part.lines, margin.left + 14, at, style.size));
    paper.y += part.lines.length * style.size * leading + 3;
  }
  paper.y = top + height + 7;
}

interface TableShape {
  readonly columns: readonly BlockColumn[];
  readonly rows: Iterable<readonly Text[]>;
}
interface TableOptions {
  readonly header: boolean;
  readonly caption?: string;
  readonly empty?: string;
  readonly inFull?: string;
}

function drawTable(paper: Paper, table: TableShape, options: TableOptions): void {
  const rows = table.rows[Symbol.iterator]();
  let next = rows.next();
  if (next.done === true) {
    if (options.empty) write(paper, 'P', options.empty, { ...body, size: 9, colour: colours.soft }, 6);
    return;
  }
  const style = options.header ? small : { ...body, size: 9 };
  const weight = table.columns.reduce((sum, column) => sum + column.weight, 0);
  const room = contentWidth - columnGap * (table.columns.length - 1);
  let x = margin.left;
  const columns = table.columns.map((column) => {
    const width = (column.weight / weight) * room;
    const one = { ...column, x, width };
    x += width + columnGap;
    return one;
  });
  if (options.caption) {
    paper.ensure(58);
    write(paper, 'P', options.caption, soft, 2);
  }
  const heads = columns.map((column) =>
    paper.layOut({ strong: column.title }, column.width, { ...small, size: 7.8, colour: colours.accent }),
  );
  const headHeight = Math.max(...heads.map((lines) => lines.length)) * 7.8 * leading + 6;
  paper.group('Table', (tableTag) => {
    const head = (): void => {
      if (!options.header) return;
      const at = paper.y;
      paper.group(
        'TR',
        (row) => {
          heads.forEach((lines, position) => {
            const column = columns[position]!;
            const lift = headHeight - 6 - lines.length * 7.8 * leading;
            paper.tag('TH', () => paper.drawLines(lines, column.x, at + lift, 7.8, column.align ?? 'left', column.width), {}, row);
          });
        },
        tableTag,
      );
      paper.decorate(() => paper.rule(at + headHeight - 3, colours.accent, 0.9));
      paper.y += headHeight;
    };
    if (options.header) paper.ensure(headHeight + 30);
    head();
    if (!options.header) {
      const at = paper.y;
      paper.decorate(() => paper.rule(at, colours.line));
    }
    let count = 0;
    while (next.done !== true && count < mostRows) {
      const cells = next.value;
      drawRow(paper, tableTag, columns, cells, options.header ? style : null, head);
      count += 1;
      next = rows.next();
    }
    if (next.done !== true) {
      let total = count;
      for (; next.done !== true; next = rows.next()) total += 1;
      paper.y += 3;
      write(
        paper,
        'P',
        `The first ${printCount(count)} of ${printCount(total)} rows are printed. All are in ${options.inFull ?? 'the HTML of the same name'}.`,
        { ...body, face: 'semibold' },
        2,
      );
    }
  });
  paper.y += 9;
}

type PlacedColumn = BlockColumn & { readonly x: number; readonly width: number };
type Structure = PDFKit.PDFStructureElement;

/** Draws one row; `style` null: a label and its fact. A row that is higher than what is left goes on, over pages where it must. */
function drawRow(
  paper: Paper,
  table: Structure,
  columns: readonly PlacedColumn[],
  cells: readonly Text[],
  style: Style | null,
  head: () => void,
): void {
  const own = style ?? { ...body, size: 9 };
  let cellsLeft: Line[][] = columns.map((column, position) =>
    paper.layOut(cells[position] ?? '', column.width, style === null && position === 0 ? { ...own, colour: colours.soft } : own),
  );
  const height = own.size * leading;
  const needed = Math.max(...cellsLeft.map((lines) => lines.length)) * height + rowGap;
  if (needed > paper.left && (needed <= shortRow || paper.left < 3 * height)) {
    paper.newPage();
    head();
  }
  while (cellsLeft.some((lines) => lines.length > 0)) {
    const fitting = Math.max(1, Math.floor((paper.left - rowGap) / height));
    const now = cellsLeft.map((lines) => lines.slice(0, fitting));
    const at = paper.y + rowGap / 2 - 0.5;
    paper.group(
      'TR',
      (row) => {
        now.forEach((lines, position) => {
          const column = columns[position]!;
          paper.tag(
            style === null && position === 0 ? 'TH' : 'TD',
            () => paper.drawLines(lines, column.x, at, own.size, column.align ?? 'left', column.width),
            {},
            row,
          );
        });
      },
      table,
    );
    paper.y += Math.max(...now.map((lines) => lines.length)) * height + rowGap;
    const end = paper.y;
    paper.decorate(() => paper.rule(end - 0.6, colours.line));
    cellsLeft = cellsLeft.map((lines) => lines.slice(fitting));
    if (cellsLeft.some((lines) => lines.length > 0)) {
      paper.newPage();
      head();
    }
  }
}

function drawFigures(paper: Paper, block: Extract<Block, { kind: 'figures' }>): void {
  const width = contentWidth / block.figures.length;
  paper.ensure(46);
  const at = paper.y;
  block.figures.forEach((figure, position) => {
    const x = margin.left + position * width;
    const colour = figure.state === undefined ? colours.accent : stateColours[figure.state];
    paper.tag('P', () => {
      paper.drawLines(paper.layOut(figure.value, width, { face: 'semibold', size: 19, colour }), x, at, 19);
      paper.drawLines(paper.layOut(figure.label, width - 8, { ...small, colour: colours.soft }), x, at + 25, small.size);
    });
  });
  paper.y += 43;
}

function drawCode(paper: Paper, command: string): void {
  const style: Style = { face: 'code', size: 7.8, colour: colours.ink };
  const lines = paper.layOut(command, contentWidth - 16, style);
  const height = lines.length * style.size * leading + 8;
  paper.ensure(Math.min(height, paper.pageHeight));
  const at = paper.y;
  paper.decorate(() => paper.doc.rect(margin.left, at, contentWidth, height).fill(colours.faint));
  paper.tag('P', () => paper.drawLines(lines, margin.left + 8, at + 4, style.size));
  paper.y += height + 6;
}

function drawFields(paper: Paper, block: Extract<Block, { kind: 'fields' }>): void {
  const half = (contentWidth - 24) / 2;
  let column = 0;
  for (const field of block.fields) {
    const height = field.tall ? 74 : 34;
    if (field.tall || column === 0) paper.ensure(height);
    const x: number = margin.left + (field.tall ? 0 : column * (half + 24));
    const at = paper.y;
    paper.tag('P', () => paper.drawLines(paper.layOut(field.label, half, { ...small, colour: colours.soft }), x, at, small.size));
    paper.decorate(() => paper.rule(at + height - 6, colours.ink, 0.6, x, field.tall ? contentWidth : half));
    if (field.tall || column === 1) {
      paper.y += height + 4;
      column = 0;
    } else column = 1;
  }
  if (column === 1) paper.y += 38;
}
