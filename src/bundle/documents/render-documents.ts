import type { BundleContent, RenderedDocument } from '../../model/bundle-content.ts';
import type { Page } from './blocks.ts';
import { renderHtml } from './html/render-html.ts';
import { indexPage, readmePage } from './pages/index-page.ts';
import { type ItemGroup, itemPages, itemsIndex } from './pages/item-pages.ts';
import { managementPages } from './pages/management-pages.ts';
import { operationPage } from './pages/operation-page.ts';
import { pageFrame } from './pages/page-frame.ts';
import { toolPage } from './pages/tool-page.ts';
import { workpaper } from './pages/workpaper.ts';
import { controlTablePath } from './paths.ts';
import { renderPdf } from './pdf/render-pdf.ts';
import { renderEntity } from './render-entity.ts';
import type { AnyTable } from './table.ts';
import { testsTable, timelineTable } from './tables/control-tables.ts';
import { deviationsTable, episodesTable, waiversTable } from './tables/failure-tables.ts';
import { indexTable } from './tables/index-table.ts';
import { managementTables } from './tables/management-tables.ts';
import { matrixTable, testsOfControlsTable } from './tables/matrix-tables.ts';
import { operationTables } from './tables/operation-tables.ts';
import { datasetsTable, decisionsTable, notCollectedTable, outagesTable, requestsTable, scopeTable } from './tables/register-tables.ts';
import { toolTables } from './tables/tool-tables.ts';
import { writeCsv } from './write-csv.ts';
import { writeWorkbook } from './write-workbook.ts';

/**
 * Every document of a bundle, one by one, so that none needs to be held beside another. Pure: the same content gives the same paths and
 * the same bytes, in the same order. Files whose `bytes` are an iterable must be written before the next one is asked for.
 */
export async function* renderDocuments(content: BundleContent): AsyncGenerator<RenderedDocument> {
  const frame = pageFrame(content);
  const { local } = frame;
  const { history } = content;

  const groups = new Map<string, ItemGroup>();
  for (const page of itemPages(frame, groups)) yield htmlOf(page);
  yield htmlOf(itemsIndex(frame, groups));

  yield { path: 'README.pdf', bytes: renderPdf(readmePage(frame)) };
  yield htmlOf(indexPage(frame));
  yield* sheetAndCsv('index', indexTable(content));

  const papers = new Map(content.papers.map((paper) => [paper.control, paper]));
  for (const control of history.controls) {
    const { id } = control.control;
    const paper = papers.get(id) ?? { control: id, datasets: [], populations: [], samples: [], commands: [], requests: [] };
    yield htmlOf(workpaper(frame, control, paper, 'html', groups));
    const pdf = workpaper(frame, control, paper, 'pdf', groups);
    yield { path: pdf.path, bytes: renderPdf(pdf) };
    yield csvOf(controlTablePath(id, 'timeline'), timelineTable(control, local));
    yield csvOf(controlTablePath(id, 'episodes'), episodesTable([control], local));
    yield csvOf(controlTablePath(id, 'deviations'), deviationsTable(control.deviations, local));
    yield csvOf(controlTablePath(id, 'tests'), testsTable(content, [control], local));
  }

  const registers: Readonly<Record<string, AnyTable>> = {
    episodes: episodesTable(history.controls, local),
    deviations: deviationsTable(history.deviations, local),
    waivers: waiversTable(content, local),
    scope: scopeTable(content, local),
    'not-collected': notCollectedTable(content, local),
    decisions: decisionsTable(content, local),
    outages: outagesTable(content, local),
    datasets: datasetsTable(content, local),
  };
  for (const [name, table] of Object.entries(registers)) yield csvOf(`registers/${name}.csv`, table);
  yield { path: 'registers/registers.xlsx', bytes: await writeWorkbook(Object.values(registers)) };
  yield* sheetAndCsv('risk-and-control-matrix', matrixTable(content));
  yield {
    path: 'tests-of-controls.xlsx',
    bytes: await writeWorkbook([
      testsOfControlsTable(content),
      { ...testsTable(content, history.controls, local), name: 'Checks by management' },
    ]),
  };
  if (content.requests.length > 0) yield csvOf('request-list.csv', requestsTable(content));

  if (content.entity !== null) yield* renderEntity(frame, content.entity);

  yield htmlOf(toolPage(frame));
  for (const [name, table] of Object.entries(toolTables(content, local))) yield csvOf(`tool/${name}.csv`, table);
  yield htmlOf(operationPage(frame, 'html'));
  const operationPdf = operationPage(frame, 'pdf');
  yield { path: operationPdf.path, bytes: renderPdf(operationPdf) };
  const operation = operationTables(content, local);
  for (const [name, table] of Object.entries(operation)) yield csvOf(`tool/${name}.csv`, table);
  yield { path: 'tool/operation.xlsx', bytes: await writeWorkbook(Object.values(operation)) };

  for (const page of managementPages(frame, 'html')) yield htmlOf(page);
  for (const page of managementPages(frame, 'pdf')) yield { path: page.path, bytes: renderPdf(page) };
  for (const [name, table] of Object.entries(managementTables(content, local))) yield csvOf(`management/${name}.csv`, table);
}

const htmlOf = (page: Page): RenderedDocument => ({ path: page.path, bytes: renderHtml(page) });
const csvOf = (path: string, table: AnyTable): RenderedDocument => ({ path, bytes: writeCsv(table) });
async function* sheetAndCsv(name: string, table: AnyTable): AsyncGenerator<RenderedDocument> {
  yield csvOf(`${name}.csv`, table);
  yield { path: `${name}.xlsx`, bytes: await writeWorkbook([table]) };
}
