import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { tableSettings } from '../../src/config/table-settings.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const head = `version: 1
entity: { name: Northwind, tenant: northwind }
reports: [soc1]
sources:
  tabular:
`;
const load = (sources: string) => loadConfiguration(join(directoryWith({ 'proofline.yaml': head + sources }), 'proofline.yaml'), {});
const refuse = async (sources: string) =>
  problemLines(await refusalOf(() => load(sources))).map((line) => line.replace('sources.tabular[0].', '').replace(/^\d+ /, ''));

describe('a tabular source', () => {
  it('has its files where the configuration file means them, and is sealed without a place of this machine or a secret', () => {
    const { sources, directory } = load(`
    - name: hr
      kind: csv
      tables:
        - name: people
          as: hr.person
          path: exports/people.csv
          key: [id]
          columns: { id: {}, end: { type: date, optional: true } }
          map: { personId: id, endsOn: end }
          totals: [{ path: exports/control.csv, field: rows }]
    - name: ledger
      kind: postgresql
      url: postgresql://db.internal/ledger
      user: reader
      credentials: { file: keys/reader }
      tables: [{ name: entries, query: SELECT id FROM entries, key: [id], columns: { id: {} } }]
`);
    const [hr, ledger] = sources.tabular ?? [];
    expect(hr?.tables[0]?.path).toBe(join(directory, 'exports/people.csv'));
    expect(hr?.tables[0]?.totals[0]?.path).toBe(join(directory, 'exports/control.csv'));
    expect(ledger?.credentials).toEqual({ file: join(directory, 'keys/reader') });
    expect(ledger?.tables[0]?.as).toBe('tabular.record');
    const settings = hr === undefined ? [] : hr.tables.map((table) => tableSettings(hr, table, directory));
    expect(settings).toMatchObject([
      { table: 'hr.people', from: { path: 'exports/people.csv' }, totals: [{ path: 'exports/control.csv', field: 'rows' }] },
    ]);
    const sealed = ledger === undefined ? '' : JSON.stringify(ledger.tables.map((table) => tableSettings(ledger, table, directory)));
    expect(sealed).toContain('"from":{"url":"postgresql://db.internal/ledger","query":"SELECT id FROM entries"}');
    expect(JSON.stringify(settings) + sealed).not.toContain(directory);
    expect(sealed).not.toContain('keys/reader');
  });

  it('is what the README shows', () => {
    const shown = /^## Systems that are read as tables\n.*?^```yaml\n(.*?)^```$/ms.exec(
      readFileSync(join(libraryDirectory(), '../README.md'), 'utf8'),
    )?.[1];
    const { sources } = load(shown?.replace(/^sources:\n {2}tabular:\n/, '') ?? '');
    expect(sources.tabular?.map(({ kind, tables }) => [kind, tables.map(({ as }) => as)])).toEqual([
      ['csv', ['hr.person']],
      ['postgresql', ['ledger.entry']],
    ]);
  });

  it('tells everything that is wrong with it at once', async () => {
    expect(
      await refuse(`
    - name: hr
      kind: csv
      url: https://x.example
      file: people.db
      tables:
        - name: people
          as: hr.persn
          path: people.csv
          query: SELECT 1
          key: [nr]
          columns: { id: {}, end: { type: date, zone: UTC } }
        - name: people
          as: hr.person
          key: [id]
          columns: { id: { optional: true }, end: {}, kind: { values: { Intern: employe } }, pay: { type: list, format: dd.mm.yyyy } }
          map: { personID: id, endsOn: end, name: nmae, title: pay }
          totals: [{}, { trailer: 2, path: x.csv, field: n }, { sum: pay, path: y.csv }, { query: SELECT 1 }]
`),
    ).toEqual([
      'url: a source of kind csv has no `url`',
      'file: a source of kind csv has no `file`',
      'tables[0].as: "hr.persn" is no kind of record (did you mean "hr.person"?)',
      'tables[0].query: a table of a source of kind csv has no `query`',
      'tables[0].key[0]: there is no column "nr" (did you mean "id"?): declare it under `columns`',
      'tables[0].columns.end.zone: is of a column of type time',
      'tables[1].name: the name "people" is taken: every table of a source stands once',
      'tables[1]: a table of a source of kind csv needs a `path`',
      'tables[1].key[0]: "id" is part of the key: it cannot be optional',
      'tables[1].columns.pay.format: is of a column of type date',
      'tables[1].columns.kind: kind of hr.person is one of employee, contractor, external: "Intern" cannot stand for "employe" (did you mean "employee"?)',
      'tables[1].columns: hr.person needs a column for personId: declare `personId`, or name the column under `map`',
      'tables[1].map.personID: hr.person has no field "personID" (did you mean "personId"?)',
      'tables[1].map.endsOn: endsOn of hr.person is of type date, and the column "end" is of type text',
      'tables[1].map.name: there is no column "nmae": declare it under `columns`',
      'tables[1].map.title: title of hr.person is of type text, and the column "pay" is of type list',
      'tables[1].totals[0]: says not where it is: expected `trailer` or `path` with `field`',
      'tables[1].totals[1].trailer: is in the closing row or in a second file, not both',
      'tables[1].totals[2].sum: "pay" is no number: expected a column of type decimal or integer',
      'tables[1].totals[2]: expected a `field`: which value of the second source it is',
      'tables[1].totals[3].query: a total of a source of kind csv is given by `trailer` or `path` with `field`',
    ]);
  });

  it('names every query that is not one statement that only reads', async () => {
    const table = (name: string, query: string) => `        - { name: ${name}, query: '${query}', key: [id], columns: { id: {} } }\n`;
    const problems = await refuse(`
    - name: app
      kind: mysql
      url: mysql://localhost/app
      user: reader
      tables:
${table('a', 'UPDATE a SET b = 1')}${table('b', 'SELECT 1; DROP TABLE a')}${table('c', 'SELECT id FROM c FOR UPDATE')}${table('d', 'SELECT id FROM d')}`);
    expect(problems).toEqual([
      'tables[0].query: begins with UPDATE: expected one SELECT or WITH',
      'tables[1].query: holds more than one statement: expected one SELECT',
      'tables[2].query: locks rows: expected a statement that only reads',
    ]);
  });

  it.each([
    ['postgresql', 'postgresql://reader:planted-hunter2@db.internal/app'],
    ['postgresql', 'postgresql://db.internal/app?password=planted-hunter2'],
    ['http', 'https://api.example?api_key=planted-hunter2'],
    ['http', 'https://api.example?access-token=planted-hunter2'],
  ])('with a secret in its address is refused without repeating it: %s %s', async (kind, url) => {
    const place = kind === 'http' ? 'path: x' : 'query: SELECT 1';
    const error = await refusalOf(() =>
      load(
        `    - { name: app, kind: ${kind}, url: '${url}', ${kind === 'http' ? '' : 'user: reader, '}tables: [{ name: t, ${place}, key: [id], columns: { id: {} } }] }\n`,
      ),
    );
    expect(problemLines(error).join()).toMatch(/url: holds .* as text: a secret is given as \{ env: NAME \}/);
    expect(JSON.stringify(error.problems) + error.message).not.toContain('planted');
  });

  it.each([
    ['http', 'http://api.example', 'expected an https address'],
    ['http', 'ftp://api.example', 'expected an address that begins with https://'],
    ['mysql', 'postgresql://db/app', 'expected an address that begins with mysql://'],
    ['postgresql', 'postgresql://db', 'expected the name of the database at its end'],
    ['http', undefined, 'a source of kind http needs a `url`'],
    ['sqlite', undefined, 'a source of kind sqlite needs a `file`'],
  ])('of kind %s at %s is refused', async (kind, url, why) => {
    const place = kind === 'http' ? 'path: x' : 'query: SELECT 1';
    const source = `    - { name: app, kind: ${kind}${url === undefined ? '' : `, url: '${url}'`}, tables: [{ name: t, ${place}, key: [id], columns: { id: {} } }] }\n`;
    expect((await refuse(source)).join('\n')).toContain(why);
  });
});
