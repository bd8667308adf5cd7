import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from './read-table.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-tabular-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const people = {
  name: 'people',
  as: 'hr.person',
  path: 'people.csv',
  key: ['id'],
  columns: {
    id: { from: 'Employee ID' },
    name: {},
    email: { type: 'list', optional: true },
    kind: { values: { Mitarbeiter: 'employee', Extern: 'contractor' } },
    startsOn: { type: 'date', from: 'start', format: 'dd.mm.yyyy' },
    endsOn: { type: 'date', from: 'end', format: 'dd.mm.yyyy', optional: true },
  },
  map: { personId: 'id', emails: 'email' },
};
const head = 'Employee ID;name;email;kind;start;end;salary';
const good = [
  'E-1;Ann Example;ann@northwind.example;Mitarbeiter;01.02.2020;;100',
  'E-2;Bob Beispiel;bob@northwind.example;Extern;03.04.2021;30.11.2025;200',
  '',
].join('\n');

async function read(content: string | Uint8Array, table: object = {}, options: Parameters<typeof readTable>[1] = {}) {
  writeFileSync(join(directory, 'people.csv'), content);
  return await readTable({ name: 'hr', kind: 'csv', tables: [{ ...people, ...table }] }, { directory, ...options });
}
const codes = (of: { gaps: readonly { code?: string | undefined }[] }) => of.gaps.map(({ code }) => code);
const named = (of: { gaps: readonly { subject?: string | undefined }[] }) => of.gaps.map(({ subject }) => subject);

describe('a CSV file', () => {
  it('becomes typed records under ids of their own, and what is not declared is not kept', async () => {
    const seen = await read(`${head}\n${good}`);
    expect(seen.complete).toBe(true);
    expect(seen.resources.map(({ id, display }) => [id, display])).toEqual([
      ['tabular:hr.people/person/E-1', 'Ann Example'],
      ['tabular:hr.people/person/E-2', 'Bob Beispiel'],
    ]);
    expect(seen.of('E-2')?.fields).toMatchObject({
      table: 'hr.people',
      key: 'E-2',
      personId: 'E-2',
      emails: ['bob@northwind.example'],
      kind: 'contractor',
      startsOn: '2021-04-03',
      endsOn: '2025-11-30',
      values: { id: 'E-2', kind: 'contractor', startsOn: '2021-04-03' },
    });
    expect(seen.of('E-1')?.fields['endsOn']).toBeNull();
    // No column gives it: that is another thing than none.
    expect(seen.of('E-1')?.unread).toEqual({
      department: 'not-collected',
      manager: 'not-collected',
      status: 'not-collected',
      title: 'not-collected',
    });
    expect(seen.whole).toMatchObject({ undeclared: ['salary'], counts: { rows: 2, malformed: 0 } });
    expect(JSON.stringify(seen.evidence.items)).not.toContain('100');
    expect(JSON.stringify(seen.evidence)).not.toContain(directory);
    expect(seen.evidence.requests.map(({ operation, input }) => [operation, input])).toEqual([
      ['tabular:rows', { kind: 'csv', path: 'people.csv' }],
      ['tabular:table', { kind: 'csv', path: 'people.csv' }],
    ]);
    expect(seen.evidence.sourceAsOf).not.toBeNull();
  });

  it.each<[string, string | Uint8Array, object]>([
    ['a byte order mark', `\uFEFF${head}\n${good}`, {}],
    [
      'UTF-16 that is declared',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${head}\n${good}`, 'utf16le')]),
      { encoding: 'utf-16le' },
    ],
    ['Latin-1 that is declared', Buffer.from(`${head}\n${good.replace('Example', 'Müller')}`, 'latin1'), { encoding: 'latin1' }],
    ['lines that end differently', `${head}\r\n${good.replace('\n', '\r\n')}\r\n`, {}],
    ['lines that end differently, the other way round', `${head}\n${good.replace('\n', '\r\n')}`, {}],
    ['commas', `${head}\n${good}`.replaceAll(';', ','), {}],
    ['quotation marks', `${head}\n${good.replace('Ann Example', '"Ann ""the"" Example; M.Sc."')}`, {}],
    ['a line break in a cell', `${head}\n${good.replace('Ann Example', '"Ann\nExample"')}`, {}],
  ])('is read with %s', async (_, content, table) => {
    const seen = await read(content, table);
    expect(codes(seen)).toEqual([]);
    expect(seen.resources.map(({ fields }) => fields['personId'])).toEqual(['E-1', 'E-2']);
    expect(seen.complete).toBe(true);
  });

  it('keeps letters of a declared encoding', async () => {
    const seen = await read(Buffer.from(`${head}\n${good.replace('Example', 'Müller')}`, 'latin1'), { encoding: 'latin1' });
    expect(seen.of('E-1')?.display).toBe('Ann Müller');
  });

  it.each<[string, string | Uint8Array, string, RegExp | undefined]>([
    [
      'UTF-16 that is not declared',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${head}\n${good}`, 'utf16le')]),
      'encoding-utf-16le',
      undefined,
    ],
    ['nothing', '', 'empty-file', undefined],
    ['nothing but a byte order mark', '\uFEFF', 'empty-file', undefined],
    ['a declared column twice', `${head.replace('salary', 'name')}\n${good}`, 'column-twice', undefined],
    ['a header and nobody', `${head}\n`, 'fewer-than-expected', undefined],
  ])('with %s has no records and is not complete', async (_, content, code) => {
    const seen = await read(content);
    expect(seen.resources).toEqual([]);
    expect(codes(seen)).toContain(code);
    expect(seen.complete).toBe(false);
    expect(seen.incomplete.map(({ type }) => type)).toEqual(['hr.person']);
  });

  it.each<[string, string, string, string]>([
    ['too few cells', 'E-3;Cy', 'ragged', 'people.csv line 4: has 2 cells, and the header has 7'],
    ['too many cells', 'E-3;Cy;;Extern;03.04.2021;;1;2;3', 'ragged', 'people.csv line 4: has 9 cells, and the header has 7'],
    ['no key', ';Cy;;Extern;03.04.2021;;1', 'key-missing', 'people.csv line 4: its key (id) cannot be read'],
    ['a key that was there', 'E-1;Cy;;Extern;03.04.2021;;1', 'duplicate-key', 'people.csv line 4: the key E-1 was there before'],
    [
      'a day that does not exist',
      'E-3;Cy;;Extern;31.02.2021;;1',
      'cell',
      'people.csv line 4 (E-3): column "startsOn" expected a day as the column declares it',
    ],
    [
      'a word that is not declared',
      'E-3;Cy;;Praktikant;01.02.2021;;1',
      'cell',
      'people.csv line 4 (E-3): column "kind" expected one of the declared values: Mitarbeiter, Extern',
    ],
    ['a NUL', 'E-3;C\0y;;Extern;01.02.2021;;1', 'cell', 'people.csv line 4 (E-3): column "name" holds a NUL character'],
    [
      'a million characters',
      `E-3;${'x'.repeat(1_000_000)};;Extern;01.02.2021;;1`,
      'cell',
      'people.csv line 4 (E-3): column "name" has 1000000 characters, which is no cell of a table',
    ],
    [
      'an empty cell that is not optional',
      'E-3;;;Extern;01.02.2021;;1',
      'cell',
      'people.csv line 4 (E-3): column "name" must not be empty',
    ],
    [
      'a quotation mark in the middle',
      'E-3;"C"y;;Extern;01.02.2021;;1',
      'quotes',
      'people.csv line 4: expected quotation marks around whole cells, and doubled inside of them',
    ],
  ])('names a row with %s and keeps the others', async (_, row, code, subject) => {
    const seen = await read(`${head}\n${good}${row}\nE-9;Zoe;;Extern;01.02.2021;;1\n`);
    expect(codes(seen)).toEqual([code]);
    expect(named(seen)).toEqual([subject]);
    expect(seen.complete).toBe(false);
    for (const key of ['E-1', 'E-2', 'E-9']) expect(seen.of(key)?.unread['personId'], key).toBeUndefined();
    expect(seen.whole).toMatchObject({ counts: { rows: 4, malformed: 1 } });
    expect(JSON.stringify(seen.evidence.items).length).toBeLessThan(20_000);
  });

  it('keeps both rows of one key, and reads a bad cell as not read and never as none', async () => {
    const twice = await read(`${head}\n${good}E-1;Ann Twin;;Extern;01.02.2021;;1\n`);
    expect(twice.resources.filter(({ fields }) => fields['key'] === 'E-1').map(({ display }) => display)).toEqual([
      'Ann Example',
      'Ann Twin',
    ]);
    const bad = await read(`${head}\n${good}E-3;Cy;;Extern;01.02.2021;2026-01-01;1\n`);
    expect(bad.of('E-3')?.unread).toMatchObject({ endsOn: 'malformed-reply', values: 'malformed-reply' });
    expect(bad.of('E-3')?.fields).not.toHaveProperty('endsOn');
    // The person is known: nobody is missing.
    expect(bad.incomplete).toEqual([]);
  });

  it('names a column that is missing, and reads what it would give as not read', async () => {
    const seen = await read(`${head}\n${good}`.replace('email', 'mail'));
    expect(named(seen)).toEqual(['people.csv: the column "email" is missing']);
    expect(seen.of('E-1')?.unread['emails']).toBe('malformed-reply');
    expect(seen.complete).toBe(false);
  });

  it('keeps formulas as text, and counts them', async () => {
    const formula = '=HYPERLINK("http://x","y")';
    const seen = await read(`${head}\n${good}E-3;"${formula.replaceAll('"', '""')}";;Extern;01.02.2021;;1\n`);
    expect(seen.of('E-3')?.display).toBe(formula);
    expect(seen.whole).toMatchObject({ counts: { formulas: 1 } });
    expect(seen.complete).toBe(true);
  });

  it('names a cell with bytes that are not in the declared encoding', async () => {
    const seen = await read(Buffer.from(`${head}\n${good.replace('Example', 'Müller')}`, 'latin1'));
    expect(named(seen)).toEqual(['people.csv line 2 (E-1): column "name" holds bytes that are no characters in the declared encoding']);
    expect(seen.of('E-1')?.unread['name']).toBe('malformed-reply');
    expect(seen.of('E-2')?.display).toBe('Bob Beispiel');
  });

  it('does not take a quotation of many megabytes for a cell', async () => {
    const seen = await read(`${head}\n${good}E-3;"${'x'.repeat(9_000_000)}`);
    expect(codes(seen)).toEqual(['csv-max-record-size']);
    expect(seen.complete).toBe(false);
    expect(JSON.stringify(seen.evidence.items).length).toBeLessThan(20_000);
  });

  it('goes on without end after a quotation that nobody closes, and is not complete', async () => {
    const seen = await read(`${head}\n${good}E-3;"Cy;;Extern;01.02.2021;;1\nE-9;Zoe;;Extern;01.02.2021;;1\n`);
    expect(seen.of('E-2')).toBeDefined();
    expect(seen.complete).toBe(false);
    expect(codes(seen)[0]).toMatch(/quote/);
  });

  it('names the first hundred malformed rows and counts the rest; all of them are items', async () => {
    const seen = await read(`${head}\n${good}${'E;x\n'.repeat(250)}`);
    expect(codes(seen).filter((code) => code === 'ragged')).toHaveLength(100);
    expect(named(seen)).toContain('hr.people: 150 more malformed rows and cells');
    expect(seen.normalised.malformed).toHaveLength(250);
  });

  it('that is not there, is a directory or may not be read is a gap, asked for once', async () => {
    const table = { name: 'hr', kind: 'csv', tables: [{ ...people, path: 'nobody.csv' }] };
    const seen = await readTable(table, { directory });
    expect(seen.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: 'ENOENT' }]);
    expect(seen.evidence.requests).toHaveLength(1);
    mkdirSync(join(directory, 'folder.csv'), { recursive: true });
    const folder = await readTable({ ...table, tables: [{ ...people, path: 'folder.csv' }] }, { directory });
    expect(codes(folder)).toEqual(['not-a-file']);
  });
});

describe('totals of the source', () => {
  const ledger = {
    name: 'entries',
    as: 'ledger.entry',
    path: 'people.csv',
    key: ['entryId'],
    columns: { entryId: {}, amount: { type: 'decimal', decimalMark: ',' } },
    trailer: 'SUM',
    totals: [{ trailer: 2 }, { sum: 'amount', trailer: 3 }],
  };
  const rows = 'entryId;amount\n1;0,10\n2;0,20\n3;-1.234.567.890.123.456,70\n';
  async function entries(content: string, table: object = {}) {
    writeFileSync(join(directory, 'people.csv'), content);
    return await readTable({ name: 'ledger', kind: 'csv', tables: [{ ...ledger, ...table }] }, { directory });
  }

  it('that agree are recorded, exactly and without binary fractions', async () => {
    const seen = await entries(`${rows}SUM;3;-1234567890123456.40\n`);
    expect(codes(seen)).toEqual([]);
    expect(seen.whole).toMatchObject({
      totals: [
        { of: 'count', from: 'trailer 2', expected: '3', seen: '3', agrees: true },
        { of: 'sum of amount', expected: '-1234567890123456.40', seen: '-1234567890123456.40', agrees: true },
      ],
    });
    expect(seen.evidence.reconciliation[0]).toEqual({ with: 'trailer 2', field: 'count', expected: 3, seen: 3 });
    expect(seen.of('3')?.fields['amount']).toBe('-1234567890123456.70');
    expect(seen.complete).toBe(true);
  });

  it.each([
    ['another count', `${rows}SUM;4;-1234567890123456.40\n`, 'reconciliation'],
    ['another sum, in the last place', `${rows}SUM;3;-1234567890123456.41\n`, 'reconciliation'],
    ['what is no number', `${rows}SUM;three;-1234567890123456.40\n`, 'total-unreadable'],
    ['no closing row', rows, 'trailer-missing'],
    ['rows behind the closing row', `${rows}SUM;3;-1234567890123456.40\n4;1,00\n`, 'after-trailer'],
    ['an amount that cannot be read', `${rows.replace('0,20', '0.2.0')}SUM;3;-1234567890123456.60\n`, 'reconciliation'],
  ])('with %s are not complete', async (_, content, code) => {
    const seen = await entries(content);
    expect(codes(seen)).toContain(code);
    expect(seen.incomplete).toEqual([{ type: 'ledger.entry', reason: expect.any(String) }]);
  });

  it('come from a second file', async () => {
    const table = { trailer: undefined, totals: [{ path: 'control.csv', field: 'rows' }] };
    writeFileSync(join(directory, 'control.csv'), 'rows;made\n3;yesterday\n');
    expect((await entries(rows, table)).complete).toBe(true);
    writeFileSync(join(directory, 'control.csv'), 'rows;made\n4;yesterday\n');
    expect(codes(await entries(rows, table))).toEqual(['reconciliation']);
    rmSync(join(directory, 'control.csv'));
    const gone = await entries(rows, table);
    expect(gone.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:total', code: 'ENOENT' }]);
    expect(gone.complete).toBe(false);
  });
});

describe('a roster', () => {
  const many = (count: number) => `${head}\n${Array.from({ length: count }, (_, at) => `E-${at};N;;Extern;01.02.2021;;1\n`).join('')}`;
  // Beside the rows the table as a whole is an item.
  const former = { items: 101, at: '2026-01-14T02:00:00.000Z' };

  it('that lost more than three in ten overnight is not complete, and not a mass leave', async () => {
    expect((await read(many(70), {}, { former })).complete).toBe(true);
    const seen = await read(many(60), {}, { former });
    expect(seen.gaps).toEqual([
      { reason: 'truncated', operation: 'tabular:rows', subject: 'hr.people: 60 rows, 100 on 2026-01-14', code: 'shrunk' },
    ]);
    expect(seen.incomplete).toEqual([{ type: 'hr.person', reason: 'truncated' }]);
    expect(seen.resources).toHaveLength(60);
  });

  it('shrinks as far as somebody confirmed, with day and reason', async () => {
    const confirmed = (on: string, rows: number) => ({ confirmedShrinks: [{ on, rows, because: 'the Oslo office was sold' }] });
    expect((await read(many(60), confirmed('2026-01-15', 60), { former })).complete).toBe(true);
    expect((await read(many(59), confirmed('2026-01-15', 60), { former })).complete).toBe(false);
    // Confirmed before the reading that it would be held against: of another shrink.
    expect((await read(many(60), confirmed('2026-01-13', 60), { former })).complete).toBe(false);
    expect((await read(many(60), { maxShrink: 50 }, { former })).complete).toBe(true);
  });
});

describe('a JSONL file', () => {
  const table = {
    name: 'changes',
    as: 'app.data-change',
    path: 'changes.jsonl',
    key: ['changeId'],
    columns: {
      changeId: { from: 'id' },
      maker: { from: 'by.login' },
      madeAt: { type: 'time', from: 'at' },
      checker: { optional: true },
      amount: { type: 'decimal', optional: true },
    },
  };
  async function changes(content: string) {
    writeFileSync(join(directory, 'changes.jsonl'), content);
    return await readTable({ name: 'app', kind: 'jsonl', tables: [table] }, { directory });
  }

  it('keeps numbers as they are written', async () => {
    const seen = await changes('{"id":1,"by":{"login":"ann"},"at":"2026-01-01T10:00:00+01:00","amount":12.10,"pin":"0000"}\n');
    expect(seen.whole).toMatchObject({ undeclared: ['pin'] });
    expect(JSON.stringify(seen.evidence.items)).not.toContain('0000');
    expect(seen.complete).toBe(true);
    expect(seen.of('1')?.fields).toMatchObject({ changeId: '1', maker: 'ann', madeAt: '2026-01-01T09:00:00.000Z', checker: null });
    expect(seen.of('1')?.fields['values']).toMatchObject({ amount: '12.10' });
  });

  it.each([
    ['no JSON', '{"id":', 'not-json'],
    ['a list', '[1]', 'no-object'],
    ['a time without an offset', '{"id":2,"by":{"login":"b"},"at":"2026-01-01T10:00:00"}', 'cell'],
    ['a member that is missing', '{"id":2,"by":{},"at":"2026-01-01T10:00:00Z"}', 'cell'],
    ['an object where text is declared', '{"id":2,"by":{"login":{"secret":"x"}},"at":"2026-01-01T10:00:00Z"}', 'cell'],
  ])('names a line with %s', async (_, line, code) => {
    const seen = await changes(`{"id":1,"by":{"login":"ann"},"at":"2026-01-01T10:00:00Z"}\n${line}\n`);
    expect(codes(seen)).toEqual([code]);
    expect(named(seen)[0]).toMatch(/^changes\.jsonl line 2/);
    expect(seen.of('1')?.unread['maker']).toBeUndefined();
    expect(seen.complete).toBe(false);
  });
});

it('never calls complete what is cut off, garbled or padded', async () => {
  const whole = `${head}\n${good}`;
  const rows = 2;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        // Cut off before its last row is whole.
        fc.integer({ min: 0, max: whole.length - 8 }).map((at) => whole.slice(0, at)),
        // A character that changes the shape of a row or the meaning of a typed cell.
        fc
          .tuple(fc.integer({ min: head.length + 1, max: whole.length - 2 }), fc.constantFrom(';', '"', '\0', '\uFFFD'))
          .map(([at, char]) => `${whole.slice(0, at)}${char}${whole.slice(at)}`),
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([Buffer.from(whole), Buffer.from([0x3b]), bytes])),
      ),
      async (content) => {
        const seen = await read(content, { totals: [{ path: 'control.csv', field: 'rows' }] });
        // Padding of a cell that is not kept is no matter; nobody may be lost or misread without a word.
        if (seen.complete) {
          expect(seen.resources).toHaveLength(rows);
          for (const { unread } of seen.resources) expect(Object.values(unread)).not.toContain('malformed-reply');
        }
        expect(seen.complete || seen.gaps.length > 0).toBe(true);
      },
    ),
    {
      numRuns: 60,
    },
  );
});
beforeAll(() => writeFileSync(join(directory, 'control.csv'), 'rows\n2\n'));
