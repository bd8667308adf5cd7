import type { RenderedDocument } from '../../model/bundle-content.ts';
import type { EntityPack } from '../../model/entity-pack.ts';
import type { Page } from './blocks.ts';
import { renderHtml } from './html/render-html.ts';
import { documentsPage } from './pages/entity/documents-page.ts';
import { peoplePage } from './pages/entity/people-page.ts';
import { recordsPage } from './pages/entity/records-page.ts';
import { reviewsPage } from './pages/entity/reviews-page.ts';
import { separationPage } from './pages/entity/separation-page.ts';
import type { Frame } from './pages/page-frame.ts';
import { renderPdf } from './pdf/render-pdf.ts';
import type { AnyTable } from './table.ts';
import { documentTables } from './tables/document-tables.ts';
import { peopleTables } from './tables/people-tables.ts';
import { recordTables } from './tables/record-tables.ts';
import { reviewTables } from './tables/review-tables.ts';
import { separationTables } from './tables/separation-tables.ts';
import { writeCsv } from './write-csv.ts';
import { writeWorkbook } from './write-workbook.ts';

/** Page, paper, workbook and registers of each part of the entity as a whole that was collected. */
export async function* renderEntity(frame: Frame, entity: EntityPack): AsyncGenerator<RenderedDocument> {
  const { people, separation, reviews, records, documents } = entity;
  const { local } = frame;
  if (people !== null) yield* part('access/people', (form) => peoplePage(frame, entity, people, form), peopleTables(people, local));
  if (separation !== null)
    yield* part('access/separation', (form) => separationPage(frame, entity, separation, form), separationTables(separation, local));
  if (reviews !== null)
    yield* part('access-reviews/index', (form) => reviewsPage(frame, entity, reviews, form), reviewTables(reviews, local));
  if (records !== null)
    yield* part('records/examinations', (form) => recordsPage(frame, entity, records, form), recordTables(records, local));
  if (documents !== null)
    yield* part('documents/index', (form) => documentsPage(frame, entity, documents, form), documentTables(documents, local));
}

async function* part(
  path: string,
  page: (form: 'html' | 'pdf') => Page,
  tables: Readonly<Record<string, AnyTable>>,
): AsyncGenerator<RenderedDocument> {
  yield { path: `${path}.html`, bytes: renderHtml(page('html')) };
  yield { path: `${path}.pdf`, bytes: renderPdf(page('pdf')) };
  yield { path: `${path}.xlsx`, bytes: await writeWorkbook(Object.values(tables)) };
  for (const [name, table] of Object.entries(tables)) yield { path: `registers/${name}.csv`, bytes: writeCsv(table) };
}
