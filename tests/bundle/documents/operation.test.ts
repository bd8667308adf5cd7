import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/bundle/documents/html/render-html.ts';
import { operationPage } from '../../../src/bundle/documents/pages/operation-page.ts';
import { pageFrame } from '../../../src/bundle/documents/pages/page-frame.ts';
import type { BundleContent } from '../../../src/model/bundle-content.ts';
import { fixtureContent } from '../fixture-content.ts';
import { nothingOperated } from '../fixture-operation.ts';
import { rendered, textOf } from './rendered.ts';

const content: BundleContent = fixtureContent({ items: 1 });
let documents: Map<string, Uint8Array>;
beforeAll(async () => {
  documents = await rendered(content);
});
const text = (path: string): string => textOf(documents.get(path) ?? new Uint8Array());
const rowsOf = (path: string) => parse(text(path), { bom: true, columns: true }) as Record<string, string>[];
const words = (html: string): string =>
  html
    .replaceAll(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('how Proofline was run', () => {
  it('is a page, a paper, a workbook and a table for each register, with the same rows', async () => {
    const { operation } = content.tool;
    const sheets = await readXlsxFile(Buffer.from(documents.get('tool/operation.xlsx')!));
    const files = ['schedules', 'turns', 'schedule-misses', 'failed-turns', 'processes', 'process-events', 'channels', 'deliveries'];
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      ...['Schedules', 'Turns', 'Schedule misses', 'Failed turns', 'Processes', 'Process events', 'Channels', 'Deliveries'],
    ]);
    for (const [n, name] of files.entries()) expect(rowsOf(`tool/${name}.csv`).length + 1, name).toBe(sheets[n]!.data.length);
    expect(rowsOf('tool/turns.csv')[1]).toMatchObject({
      schedule: 'production/critical',
      planned: '3006',
      taken: '2974',
      of_them_late: '1',
      missed: '29',
      failed: '1',
      unaccounted: '2',
    });
    const page = words(text('tool/operation.html'));
    for (const one of operation.misses) expect(page).toContain(one.because);
    for (const said of ['ended unseen', 'taken late', 'Changed or interrupted within the period: production/critical.'])
      expect(page).toContain(said);
    expect(documents.has('tool/operation.pdf')).toBe(true);
    expect(page).not.toMatch(/compliant|certified|effective/i);
  });

  it('says what a table of a collector’s turns comes to on its sheet, and in the register of datasets', () => {
    expect(words(text('controls/AC-02/workpaper.html'))).toContain(
      'production/critical · 2,974 turns taken (1 late), 29 missed, 1 finally failed: no daemon was running',
    );
    expect(rowsOf('registers/datasets.csv')[0]).toMatchObject({
      schedules: 'production/critical',
      turns_taken: '2974',
      turns_missed: '29',
    });
    expect(rowsOf('registers/outages.csv')[0]).toMatchObject({
      turns_missed: '30',
      turns_because: 'production/critical: no daemon was running',
      turns_log: '4412',
    });
  });

  it('says so where nothing was scheduled, and where what was scheduled was not served', () => {
    const of = (operation: BundleContent['tool']['operation']) =>
      words(textOf(Buffer.concat([...renderHtml(operationPage(pageFrame({ ...content, tool: { ...content.tool, operation } }), 'html'))])));
    const byHand = of(nothingOperated);
    expect(byHand).toContain('No plan of the period has a schedule, and the log has no turn of one');
    expect(byHand).toContain('Nobody was told of anything');
    expect(byHand).not.toContain('Schedules are served since');
    const promised = of({ ...nothingOperated, schedules: content.tool.operation.schedules });
    expect(promised).toContain('The plans have schedules, and the log shows nothing that served them');
  });
});
