import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BundleContent } from '../../../src/model/bundle-content.ts';
import type { ControlHistory } from '../../../src/model/history.ts';
import { fixtureContent } from '../fixture-content.ts';
import { rendered, textOf } from './rendered.ts';

/** The first control judges records and duties too, of PAY-ONCE and SOD-01 alone. */
function withUses(content: BundleContent): BundleContent {
  const [first, ...rest] = content.history.controls;
  const use = (id: string, parameters: Record<string, unknown>) => ({ ...first!.versions[0]!.checks[0]!, id, parameters });
  const uses = [use('entity/records-hold', { examinations: ['PAY-ONCE'] }), use('entity/duties-are-kept-apart', { rules: ['SOD-01'] })];
  const using = {
    ...first!,
    versions: first!.versions.map((version) => ({ ...version, checks: [...version.checks, ...uses] })),
  } as ControlHistory;
  return { ...content, history: { ...content.history, controls: [using, ...rest] } };
}
const content = withUses(fixtureContent({ report: 'soc1', items: 1 }));
const control = content.history.controls[0]!.control.id;
let documents: Map<string, Uint8Array>;
beforeAll(async () => {
  documents = await rendered(content);
});
const text = (path: string): string => textOf(documents.get(path) ?? new Uint8Array());
const rowsOf = (name: string) => parse(text(`registers/${name}.csv`), { bom: true, columns: true }) as Record<string, string>[];
const words = (path: string): string =>
  text(path)
    .replaceAll(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the entity as a whole on paper', () => {
  it.each([
    ['access/people', ['people', 'accounts', 'moves', 'leaver-accounts', 'mover-access', 'service-accounts', 'unresolved-accounts']],
    ['access/separation', ['sod-rules', 'sod-conflicts', 'sod-acts', 'mitigations']],
    ['access-reviews/index', ['access-reviews', 'access-review-remediation', 'access-review-not-counted']],
    ['records/examinations', ['examinations', 'failing-records']],
    ['documents/index', ['documents', 'subservice-coverage', 'complementary-controls', 'user-entity-controls']],
  ])('%s is a page, a paper, and a workbook with the rows of its registers', async (path, registers) => {
    expect(documents.has(`${path}.html`) && documents.has(`${path}.pdf`)).toBe(true);
    const sheets = await readXlsxFile(Buffer.from(documents.get(`${path}.xlsx`)!));
    expect(sheets).toHaveLength(registers.length);
    for (const [n, name] of registers.entries()) {
      expect(rowsOf(name).length + 1, name).toBe(sheets[n]!.data.length);
      expect(rowsOf(name).length, name).toBeGreaterThan(0);
    }
    expect(words('index.html')).toContain(`${path}.html`);
  });

  it('never lets unknown read as none', () => {
    expect(rowsOf('accounts')[0]).toMatchObject({ can_be_used: 'not known', could_not_be_read: 'live: access-denied' });
    expect(rowsOf('sod-conflicts').map(({ conflict }) => conflict)).toEqual(['yes', 'yes', 'not known']);
    expect(rowsOf('sod-acts').map(({ by_one_person: one }) => one)).toEqual(['yes', 'not known', 'no']);
    expect(rowsOf('failing-records').map(({ fails }) => fails)).toEqual(['yes', 'yes', 'not known']);
    expect(rowsOf('examinations').at(-1)).toMatchObject({ examination: 'PR-04', read: 'no', records_examined: '', failing: '' });
    expect(words('records/examinations.html')).toContain('Not examined whole: population: access-denied.');
    expect(words('access/separation.html')).toContain('the identity provider: idp.user');
    expect(words('access-reviews/index.html')).toContain('Nobody has begun this review.');
    expect(words('access-reviews/index.html')).toContain('old/2025: begun');
    expect(words('documents/index.html')).toContain('missing');
    expect(words('documents/index.html')).toContain('its content is erased');
  });

  it('tells the way to a conflict hop by hop, and how its mitigation stood', () => {
    const page = words('access/separation.html');
    expect(page).toContain(
      'signs in to github:northwind-payroll as praman-dev → owns the organisation northwind-payroll → lift-protection',
    );
    expect(page).toContain('Not evaluated, and could only narrow it: session policies.');
    expect(page).toContain('M-0a1b2c3d failing: its check github/change-was-approved fails');
    expect(rowsOf('sod-conflicts')[0]!['paths']).toContain(
      'owns the organisation northwind-payroll > lift-protection on northwind-payroll/payroll-engine',
    );
    expect(rowsOf('mitigations')[0]!['standings']).toMatch(/in-force .* to 2025-09-02T06:00:00.000Z.*; Priya Raman: failing .* to the end/);
  });

  it('lists failing records and conflicts on the workpaper of the control that judges them, and on no other', () => {
    const paper = words(`controls/${control}/workpaper.html`);
    for (const part of ['=P-1002', 'P-0900', 'A correction of a bounced payment', 'SOD-01 Priya Raman']) expect(paper).toContain(part);
    expect(paper).not.toContain('L-2025-10');
    const others = content.history.controls.slice(1).map((one) => words(`controls/${one.control.id}/workpaper.html`));
    for (const other of others) expect(other).not.toContain('=P-1002');
  });

  it('is nothing at all where no plan has it', async () => {
    const without = await rendered(fixtureContent({ items: 1, entity: false }));
    expect(
      [...without.keys()].filter((path) => /^(?:access|access-reviews|records|documents)\/|registers\/(?:people|sod-rules)/.test(path)),
    ).toEqual([]);
    for (const [path, bytes] of without) if (path.endsWith('.html')) expect(textOf(bytes), path).not.toContain('entity as a whole');
  });
});
