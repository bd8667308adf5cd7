import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { type ImportOptions, importControls } from '../../src/config/import-controls.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadControls } from '../../src/config/load-controls.ts';
import { directoryWith, refusalOf } from './temporary.ts';
import { workbook } from './xlsx.ts';

const frameworks = loadFrameworks(libraryDirectory());
function read(name: string, content: string | Uint8Array, more: Partial<ImportOptions> = {}) {
  const file = join(directoryWith({ [name]: content }), name);
  return importControls({
    file,
    frameworks,
    libraryIds: ['AC-01'],
    status: 'adopted',
    from: '2026-01-01',
    because: 'the matrix agreed with the auditor',
    ...more,
  });
}

const csv = `Northwind Payroll - risk and control matrix,,,,,,
,,,,,,
Control #,Risk,Control Activity,Control Owner,Frequency,TSC,Control Objective
C-1.10,Intruder,"Everyone signs in
with a second factor, also contractors",Platform,Continuous,"CC6.1, CC 6.6",CO-LA3
C-1.10,Insider,,,,CC6.3,
AC-01,Error,A second person reviews each file,Finance,Per file,,CO-PR6
`;

describe('a matrix as CSV', () => {
  it('becomes controls with their ids, several rows of one control joined', async () => {
    const imported = await read('matrix.csv', csv);
    expect(imported.headerRow).toBe(3);
    expect(imported.mapping.map(({ field, header }) => `${field}=${header}`)).toEqual([
      'id=Control #',
      'statement=Control Activity',
      'owner=Control Owner',
      'frequency=Frequency',
      'soc2=TSC',
      'soc1=Control Objective',
    ]);
    expect(imported.ignored).toEqual(['Risk']);
    expect(imported.controls).toMatchObject([
      {
        id: 'C-1.10',
        status: 'adopted',
        owner: 'Platform',
        frequency: 'Continuous',
        statement: 'Everyone signs in\nwith a second factor, also contractors',
        satisfies: { soc2: ['CC6.1', 'CC6.6', 'CC6.3'], soc1: ['CO-LA3'] },
        from: '2026-01-01',
      },
      { id: 'AC-01', own: true, satisfies: { soc2: [], soc1: ['CO-PR6'] } },
    ]);
  });
  it('comes back as the same controls from the file it writes', async () => {
    const imported = await read('matrix.csv', csv);
    const library = `controls:
  - { id: AC-01, status: proposed, statement: Library., frequency: x, satisfies: {}, automation: manual, testProcedure: x }
`;
    const directory = directoryWith({ 'controls/a.yaml': library, 'own.yaml': imported.text });
    const catalog = { checks: [], collectedTypes: [], uncollectedTypes: [], frameworks };
    const controls = loadControls({ library: directory, files: [join(directory, 'own.yaml')], catalog, on: '2026-06-01' });
    expect(controls.map(({ control, origin }) => [control.id, control.statement, control.status, origin])).toEqual([
      ['AC-01', 'A second person reviews each file', 'adopted', 'own'],
      ['C-1.10', 'Everyone signs in\nwith a second factor, also contractors', 'adopted', 'own'],
    ]);
  });
  it('takes semicolons, tabs and a byte order mark', async () => {
    expect((await read('m.csv', '\uFEFFControl ID;Control\nA;Text, with comma\n')).controls[0]?.['statement']).toBe('Text, with comma');
    expect((await read('m.tsv', 'Control ID\tControl\nA\tText\n')).controls).toHaveLength(1);
  });
  it('takes a mapping by hand over what the headers suggest', async () => {
    const text = 'Key,Control,What is done\nA,old words,new words\n';
    const imported = await read('m.csv', text, { map: { id: 'Key', statement: 'What is done' } });
    expect(imported.controls[0]).toMatchObject({ id: 'A', statement: 'new words' });
    expect(imported.ignored).toEqual(['Control']);
  });
  it('lists every bad row at once with its row and column', async () => {
    const error = await refusalOf(() =>
      read('m.csv', 'Control ID,Control,Criteria,Objective\nA,One,CC6.1,\n,Two,,\nB,,,\nA,Other words,,\nC,Three,CC6.9;CC6.2,CO-XX9\n'),
    );
    expect(error.code).toBe('configuration');
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'row 3: Control ID: has no control id',
      'row 4: Control: control B has no statement',
      'row 5: Control: control A says something else in row 2',
      'row 6: Criteria: there is no SOC 2 criterion "CC6.9" (did you mean "CC6.1"?)',
      expect.stringMatching(/^row 6: Objective: there is no control objective "CO-XX9"/),
    ]);
  });
});

describe('a matrix as XLSX', () => {
  const rows = [
    ['Risk and control matrix', null, null],
    ['Control No', 'Control Description', 'SOC 2'],
    [{ number: '1.10' }, 'Keys are young', 'CC6.1'],
    [null, null, null],
    ['1.11', 'Logs are kept', 'CC7.9'],
  ] as const;
  it('is read from the first sheet that has controls, ids as they are written', async () => {
    const imported = await read('m.xlsx', workbook({ Cover: [['Prepared by']], RCM: rows.slice(0, 4) }));
    expect(imported).toMatchObject({ sheet: 'RCM', headerRow: 2, controls: [{ id: '1.10', statement: 'Keys are young' }] });
  });
  it('names sheet and row of a bad cell, past an empty row', async () => {
    const error = await refusalOf(() => read('m.xlsx', workbook({ RCM: rows })));
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'sheet "RCM", row 5: SOC 2: there is no SOC 2 criterion "CC7.9" (did you mean "CC7.1"?)',
    ]);
  });
});

describe('what is no matrix', () => {
  it.each<[string, string, string | Uint8Array, Partial<ImportOptions>, RegExp]>([
    ['a table without ids', 'm.csv', 'Name,Colour\na,b\n', {}, /no header row .*the first row reads: Name, Colour/],
    ['a table without rows', 'm.csv', 'Control ID,Control\n', {}, /no control below/],
    ['an unknown field to map', 'm.csv', csv, { map: { ids: 'x' } }, /no such field \(did you mean "id"\?\)/],
    ['an unknown column to map', 'm.csv', csv, { map: { owner: 'Ownr' } }, /no such column/],
    ['an unknown sheet', 'm.xlsx', workbook({ RCM: [['a']] }), { sheet: 'RMC' }, /no sheet "RMC" \(did you mean "RCM"\?\)/],
    ['a broken workbook', 'm.xlsx', 'not a zip', {}, /not an XLSX workbook/],
    ['an old workbook', 'm.xls', 'x', {}, /save the old \.xls as \.xlsx/],
    ['text in another encoding', 'm.csv', new Uint8Array([0x43, 0xe9, 0x2c]), {}, /not UTF-8/],
  ])('%s is refused with what to do', async (_, name, content, more, expected) => {
    const error = await refusalOf(() => read(name, content, more));
    expect(error.code).toBe('usage');
    expect(error.message).toMatch(expected);
  });
  it('a file that is not there', async () => {
    const directory = directoryWith({});
    writeFileSync(join(directory, 'other'), '');
    const file = join(directory, 'none.csv');
    const error = await refusalOf(() => importControls({ file, frameworks, libraryIds: [], status: 'adopted', from: '', because: '' }));
    expect(error.message).toContain('no such file');
  });
});
