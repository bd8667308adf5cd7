import type { VNode } from 'preact';
import type { PeriodState } from '../../../model/history.ts';
import { type Block, type Page, type Span, spansOf, type Text } from '../blocks.ts';
import { relativeHref } from '../paths.ts';
import { printTime } from '../print-time.ts';
import { stateWords } from '../words.ts';
import { drawSvg, timelinePatterns } from './draw-svg.ts';
import { html, printNode } from './element.ts';
import { searchScript, style } from './style.ts';

/** Rows of a table that are rendered at a time: long tables are written as they are walked. */
const rowsAtATime = 250;

/** Each state has a form of its own beside its colour. */
const marks: Readonly<Record<PeriodState, VNode>> = {
  'failures-observed': html`<path d="M6 0L12 6L6 12L0 6Z" />`,
  'no-evidence': html`<circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2" />`,
  'no-failures-observed': html`<circle cx="6" cy="6" r="6" />`,
  'did-not-operate': html`<rect y="4.5" width="12" height="3" />`,
};
const stateNode = (state: PeriodState): VNode =>
  html`<span class=${`state ${state}`}><svg viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">${marks[state]}</svg>${stateWords[state]}</span>`;

function spanNode(span: Span, path: string): VNode | string {
  if (typeof span === 'string') return span;
  if ('code' in span) return html`<code>${span.code}</code>`;
  if ('strong' in span) return html`<strong>${span.strong}</strong>`;
  if ('muted' in span) return html`<span class="m">${span.muted}</span>`;
  if ('state' in span) return stateNode(span.state);
  return html`<a href=${relativeHref(path, span.href)}>${span.text}</a>`;
}

/** Renders a page piece by piece, in UTF-8. */
export function* renderHtml(page: Page): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const piece of pieces(page)) yield encoder.encode(piece);
}

function* pieces(page: Page): Generator<string> {
  const title = `${page.title} · ${page.entity}`;
  const inline = (text: Text): (VNode | string)[] => spansOf(text).map((span) => spanNode(span, page.path));
  yield `<!doctype html>\n<html lang="en">${printNode(html`<head>
    <meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><meta name="robots" content="noindex" />
    <title>${title}</title>
    <style dangerouslySetInnerHTML=${{ __html: style }}></style>
  </head>`)}<body>`;
  if (page.demonstration) {
    yield printNode(html`<div class="demonstration">DEMONSTRATION</div>`);
    yield printNode(html`<div class="watermark" aria-hidden="true">DEMONSTRATION</div>`);
  }
  yield printNode(
    html`<header class="bar"><span><strong>${page.entity}</strong> · ${page.period}</span><span>${page.marking}</span></header>`,
  );
  yield '<main>';
  yield printNode(timelinePatterns());
  yield printNode(html`<p class="kicker">${page.kicker}</p>`);
  yield printNode(html`<h1>${page.title}</h1>`);
  if (page.state !== undefined) yield printNode(html`<p class="headline">Observed in the period: ${stateNode(page.state)}</p>`);
  if (page.lead !== undefined) yield printNode(html`<p class="lead">${inline(page.lead)}</p>`);
  let tables = 0;
  let searchable = false;
  for (const block of page.blocks) {
    if (block.kind === 'table') {
      tables += 1;
      searchable ||= block.searchable === true;
      yield* tablePieces(block, `t${tables}`, inline);
    } else yield printNode(blockNode(block, inline));
  }
  yield '</main>';
  yield printNode(
    html`<footer><span>${page.entity} · ${page.period}</span><span>${page.marking}</span><span>Generated ${printTime(page.generatedAt)}</span></footer>`,
  );
  if (searchable) yield printNode(html`<script dangerouslySetInnerHTML=${{ __html: searchScript }}></script>`);
  yield '</body></html>\n';
}

type Inline = (text: Text) => (VNode | string)[];

function* tablePieces(block: Extract<Block, { kind: 'table' }>, id: string, inline: Inline): Generator<string> {
  const align = (position: number): string | null => (block.columns[position]?.align === 'right' ? 'r' : null);
  const rows = block.rows[Symbol.iterator]();
  let next = rows.next();
  if (next.done === true) {
    yield printNode(html`<p class="muted">${block.empty}</p>`);
    return;
  }
  if (block.searchable) {
    yield printNode(
      html`<label class="search" hidden>Search <input type="search" data-search=${id} placeholder="words of any column" /> <span class="m" data-count=${id} aria-live="polite"></span></label>`,
    );
  }
  yield `<div class="scroll"><table id="${id}">`;
  yield printNode(html`<caption>${block.caption}</caption>`);
  const weight = block.columns.reduce((sum, column) => sum + column.weight, 0);
  yield printNode(
    html`<colgroup>${block.columns.map((column) => html`<col style=${`width:${((column.weight / weight) * 100).toFixed(1)}%`} />`)}</colgroup>`,
  );
  yield printNode(
    html`<thead><tr>${block.columns.map((column, position) => html`<th scope="col" class=${align(position)}>${column.title}</th>`)}</tr></thead>`,
  );
  while (next.done !== true) {
    const lines: VNode[] = [];
    while (next.done !== true && lines.length < rowsAtATime) {
      lines.push(html`<tr>${next.value.map((cell, position) => html`<td class=${align(position)}>${inline(cell)}</td>`)}</tr>`);
      next = rows.next();
    }
    yield printNode(html`<tbody>${lines}</tbody>`);
  }
  yield '</table></div>';
}

function blockNode(block: Exclude<Block, { kind: 'table' }>, inline: Inline): VNode {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? html`<h2 id=${block.id ?? null}>${block.text}</h2>` : html`<h3 id=${block.id ?? null}>${block.text}</h3>`;
    case 'paragraph':
      return html`<p class=${block.tone ?? null}>${inline(block.text)}</p>`;
    case 'notice':
      return html`<div class=${`notice ${block.tone}`} role="note"><strong>${block.title}</strong>${block.text.map((text) => html`<p>${inline(text)}</p>`)}</div>`;
    case 'facts':
      return html`<dl>${block.rows.map(([label, text]) => [html`<dt>${label}</dt>`, html`<dd>${inline(text)}</dd>`])}</dl>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
    case 'figures':
      return html`<div class="figures">${block.figures.map(
        (figure) => html`<div><div class=${`v ${figure.state ?? 'plain'}`}>${figure.value}</div><div class="l">${figure.label}</div></div>`,
      )}</div>`;
    case 'timeline':
      return drawSvg(block.drawing);
    case 'commands':
      return html`<div>${block.commands.map((one) => html`<div><p>${one.shows}:</p><pre>${one.command}</pre></div>`)}</div>`;
    case 'fields':
      return html`<div class="fields">${block.fields.map((field) => html`<div class=${field.tall ? 'tall' : null}>${field.label}</div>`)}</div>`;
  }
}
