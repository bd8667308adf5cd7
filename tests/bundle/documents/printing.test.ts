import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { relativeHref, segment } from '../../../src/bundle/documents/paths.ts';
import { layOutText, lineWidth } from '../../../src/bundle/documents/pdf/lay-out-text.ts';
import { renderPdf } from '../../../src/bundle/documents/pdf/render-pdf.ts';
import { printDuration, printShare } from '../../../src/bundle/documents/print-figures.ts';
import { localTime, printLocal, printTime } from '../../../src/bundle/documents/print-time.ts';
import { asTable, column } from '../../../src/bundle/documents/table.ts';
import { writeCsv } from '../../../src/bundle/documents/write-csv.ts';
import { writeWorkbook } from '../../../src/bundle/documents/write-workbook.ts';
import { textOf } from './rendered.ts';

describe('figures', () => {
  it('never round a share into all or nothing', () => {
    expect(printShare(0.9999999)).toBe('>99.99 %');
    expect(printShare(1)).toBe('100 %');
    expect(printShare(1e-9)).toBe('<0.01 %');
    expect(printShare(0)).toBe('0 %');
    expect(printShare(null)).toBe('not known');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        if (share < 1) expect(printShare(share)).not.toBe('100 %');
        if (share > 0) expect(printShare(share)).not.toBe('0 %');
      }),
    );
  });
  it('print durations in the units that say enough', () => {
    expect(printDuration(70 * 60_000)).toBe('1 h 10 min');
    expect(printDuration(3 * 86_400_000 + 95 * 60_000)).toBe('3 d 1 h 35 min');
    expect(printDuration(4210)).toBe('4 s');
    expect(printDuration(6 * 86_400_000 - 79)).toBe('6 d');
    expect(printDuration(3_599_999)).toBe('1 h');
    expect(printDuration(0)).toBe('an instant');
  });
});

describe('times', () => {
  const zurich = localTime('Europe/Zurich');
  it('cross both edges of summer time', () => {
    expect(zurich('2025-03-30T00:59:59.000Z')).toBe('2025-03-30T01:59:59+01:00');
    expect(zurich('2025-03-30T01:00:00.000Z')).toBe('2025-03-30T03:00:00+02:00');
    expect(zurich('2025-10-26T00:59:59.000Z')).toBe('2025-10-26T02:59:59+02:00');
    expect(zurich('2025-10-26T01:00:00.000Z')).toBe('2025-10-26T02:00:00+01:00');
  });
  it('name the local day where it is another one', () => {
    expect(printLocal('2025-03-31T22:00:00.000Z', zurich)).toBe('2025-04-01 00:00 local');
    expect(printTime('2025-08-19T14:05:10.000Z')).toBe('2025-08-19 14:05:10 UTC');
  });
});

describe('paths', () => {
  it('cannot climb, hide or carry what a file system trips over', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(segment(name)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$|^unnamed$/);
      }),
    );
    expect(segment('../../etc/passwd')).toBe('etc-passwd');
    expect(relativeHref('controls/AC-02/workpaper.html', 'registers/a b.csv')).toBe('../../registers/a%20b.csv');
  });
});

const table = (cells: readonly (string | number | null)[]) =>
  asTable<string | number | null>({ name: 'Cells', columns: [column('cell', 10, (cell) => cell)], rows: cells });
const nasty = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\uFF1D1',
  'a "quoted", cell\nof two lines',
  'Zieliński, Inès',
  '',
  'bell \u0007',
];

describe('tables', () => {
  it('neutralise formulas in CSV, also behind a tab or a return, and keep all else as it is', () => {
    const csv = textOf(Buffer.concat([...writeCsv(table([...nasty, -5]))]));
    expect(csv.startsWith('\uFEFFcell\r\n')).toBe(true);
    const cells = (parse(csv, { bom: true, skip_empty_lines: false }) as string[][]).slice(1).map(([cell]) => cell);
    expect(cells.slice(0, 7)).toEqual(nasty.slice(0, 7).map((cell) => `'${cell}`));
    expect(cells).toContain('a "quoted", cell\nof two lines');
    expect(cells).toContain('Zieliński, Inès');
    expect(cells.at(-1)).toBe('-5');
  });
  it('neutralise them in workbooks too, and show what XML has no word for', async () => {
    const bytes = await writeWorkbook([table([...nasty, -5])]);
    const [sheet] = await readXlsxFile(Buffer.from(bytes));
    const cells = sheet!.data.slice(1).map(([cell]) => cell);
    expect(cells.filter((cell) => typeof cell === 'string' && /^[=+@\uFF1D]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=1+1");
    expect(cells).toContain('bell ␇');
    expect(cells.at(-1)).toBe(-5);
  });
  it('print the first rows of an endless table and say where all are', () => {
    const page = {
      path: 'long.pdf',
      title: 'Long',
      kicker: 'Long',
      entity: 'E',
      period: 'P',
      marking: 'M',
      demonstration: false,
      generatedAt: '2026-01-01T00:00:00.000Z',
    };
    const rows = Array.from({ length: 2400 }, (_, row) => [`row ${row}`, 'x']);
    const columns = [
      { title: 'A', weight: 1 },
      { title: 'B', weight: 1 },
    ];
    const pages = (count: number): number => {
      const pdf = renderPdf({
        ...page,
        blocks: [{ kind: 'table', caption: 'c', columns, rows: rows.slice(0, count), empty: '', inFull: 'all.csv' }],
      });
      return Buffer.from(pdf)
        .toString('latin1')
        .match(/\/Type \/Page\b/g)!.length;
    };
    expect(pages(2100)).toBe(pages(2400));
    expect(pages(100)).toBeLessThan(10);
  });
});

describe('text on paper', () => {
  it('keeps every letter, within its width', () => {
    const measure = (text: string, _face: string, size: number): number => text.length * size * 0.5;
    const style = { face: 'regular', size: 10, colour: '#000000' } as const;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' }), { maxLength: 6 }), fc.integer({ min: 12, max: 400 }), (texts, width) => {
        const lines = layOutText(texts, width, style, measure);
        const bare = (text: string): string => text.replaceAll(/\s/g, '');
        expect(bare(lines.flatMap((line) => line.map((fragment) => fragment.text)).join(''))).toBe(bare(texts.join('')));
        for (const line of lines) expect(lineWidth(line, measure)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
