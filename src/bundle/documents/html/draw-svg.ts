import type { VNode } from 'preact';
import { colours } from '../colours.ts';
import { type Bar, type Look, lookWords, type TimelineDrawing, type TimelineRow } from '../draw-timeline.ts';
import { html } from './element.ts';

const height = 16;
const percent = (share: number): string => `${Math.round(share * 1e6) / 1e4}%`;

/** Fills that are stripes. Once on a page; every drawing refers to them. */
export const timelinePatterns = (): VNode => html`<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
  <pattern id="p-transition" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/><rect width="2.4" height="5" fill=${colours.failing}/></pattern>
  <pattern id="p-waived" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><path d="M0 0L6 6M6 0L0 6" stroke=${colours.waived} stroke-width="1.1"/></pattern>
  <pattern id="p-event" width="6" height="4" patternUnits="userSpaceOnUse"><rect width="6" height="4" fill=${colours.corroborated}/><rect y="1.5" width="6" height="1" fill="#fff"/></pattern>
  <pattern id="p-reconstructed" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#fff"/><circle cx="2" cy="2" r="1" fill=${colours.corroborated}/></pattern>
</defs></svg>`;

interface Shape {
  readonly y: number;
  readonly h: number;
  readonly fill: string;
  readonly stroke: string;
  readonly dash?: string;
}
const shapes: Readonly<Record<Look, Shape>> = {
  corroborated: { y: 4, h: 8, fill: colours.corroborated, stroke: colours.corroborated },
  event: { y: 4, h: 8, fill: 'url(#p-event)', stroke: colours.corroborated },
  inferred: { y: 4, h: 8, fill: colours.inferred, stroke: colours.corroborated },
  reconstructed: { y: 4, h: 8, fill: 'url(#p-reconstructed)', stroke: colours.corroborated },
  failing: { y: 0.5, h: 15, fill: colours.failing, stroke: colours.failing },
  transition: { y: 0.5, h: 15, fill: 'url(#p-transition)', stroke: colours.failing },
  waived: { y: 1.5, h: 13, fill: 'url(#p-waived)', stroke: colours.waived },
  'no-evidence': { y: 4, h: 8, fill: '#fff', stroke: colours.unknown, dash: '3 2' },
  'not-operating': { y: 7.5, h: 1, fill: colours.line, stroke: colours.line },
};

function barOf(bar: Bar): VNode {
  const shape = shapes[bar.look];
  return html`<rect x=${percent(bar.from)} width=${percent(Math.max(bar.to - bar.from, 0.0005))} y=${shape.y} height=${shape.h} fill=${shape.fill}
    stroke=${shape.stroke} stroke-width="1" stroke-dasharray=${shape.dash ?? null}><title>${bar.title}</title></rect>`;
}

function rowOf(row: TimelineRow, drawing: TimelineDrawing): VNode {
  const words = row.note === '' ? 'nothing failed and nothing was missing' : row.note;
  return html`<div class=${`row ${row.level}`}>
    <div class="name"><span>${row.label}</span><span class="m">${row.note}</span></div>
    <svg height=${height} role="img" aria-label=${`${row.label}: ${words}`}>
      ${drawing.ticks.map((tick) => html`<line x1=${percent(tick.at)} x2=${percent(tick.at)} y1="0" y2=${height} stroke=${colours.grid} />`)}
      ${row.bars.map(barOf)}
      ${drawing.marks.map((mark) => html`<line x1=${percent(mark.at)} x2=${percent(mark.at)} y1="-2" y2=${height + 2} stroke=${colours.ink} stroke-dasharray="2 2"><title>${mark.label}</title></line>`)}
      <line x1="0" x2="0" y1="-1" y2=${height + 1} stroke=${colours.ink} stroke-width="1.5" />
      <line x1="100%" x2="100%" y1="-1" y2=${height + 1} stroke=${colours.ink} stroke-width="1.5" />
    </svg>
  </div>`;
}

export function legendSample(look: Look): VNode {
  const bar: Bar = { from: 0, to: 1, look, title: lookWords[look] };
  return html`<svg width="44" height=${height} aria-hidden="true">${barOf(bar)}</svg>`;
}

/** A label is left out where it would lie over the one before. */
const spaced = (ticks: TimelineDrawing['ticks'], least: number): TimelineDrawing['ticks'] => {
  let last = -1;
  return ticks.filter((tick) => {
    if (tick.at - last < least || tick.at > 1 - least / 2) return false;
    last = tick.at;
    return true;
  });
};

export function drawSvg(drawing: TimelineDrawing): VNode {
  return html`<figure class="timeline" aria-label=${drawing.title}>
    <svg height="18" aria-hidden="true">
      ${spaced(drawing.ticks, 0.07).map((tick) => html`<text x=${percent(tick.at)} y="12" dx="3" font-size="11" fill=${colours.soft}>${tick.label}</text>`)}
    </svg>
    ${drawing.rows.map((row) => rowOf(row, drawing))}
    ${
      drawing.marks.length === 0
        ? null
        : html`<svg height="16" aria-hidden="true">${drawing.marks.map((mark) => html`<text x=${percent(mark.at)} y="11" font-size="11" font-weight="600" text-anchor="middle" fill=${colours.ink}>${mark.label}</text>`)}</svg>`
    }
    <div class="edges"><span>period begins ${drawing.edges.from}</span><span>period ends ${drawing.edges.to}</span></div>
    <ul class="legend">
      ${drawing.legend.map((look) => html`<li>${legendSample(look)}<span>${lookWords[look]}</span></li>`)}
      ${drawing.marks.length === 0 ? null : html`<li><svg width="44" height=${height} aria-hidden="true"><line x1="22" x2="22" y1="0" y2=${height} stroke=${colours.ink} stroke-dasharray="2 2"/></svg><span>a new version of the control</span></li>`}
    </ul>
    ${drawing.notDrawn.map((sentence) => html`<p class="m">${sentence}</p>`)}
  </figure>`;
}
