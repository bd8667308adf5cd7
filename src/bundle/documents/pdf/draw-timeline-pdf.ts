import { colours } from '../colours.ts';
import { type Bar, type Look, lookWords, type TimelineDrawing, type TimelineRow } from '../draw-timeline.ts';
import type { Style } from './lay-out-text.ts';
import { contentWidth, leading, margin, type Paper } from './paper.ts';

const barHeight = 9;
const label: Style = { face: 'regular', size: 7.4, colour: colours.ink };
const quiet: Style = { ...label, colour: colours.soft };
/** A failure of minutes in a year must still be seen. */
const least = 1.1;

interface Shape {
  readonly inset: number;
  readonly fill: string | null;
  readonly stroke: string;
  readonly dash?: true;
  readonly pattern?: 'diagonal' | 'crossed' | 'middle' | 'dots';
}
const shapes: Readonly<Record<Look, Shape>> = {
  corroborated: { inset: 2, fill: colours.corroborated, stroke: colours.corroborated },
  event: { inset: 2, fill: colours.corroborated, stroke: colours.corroborated, pattern: 'middle' },
  inferred: { inset: 2, fill: colours.inferred, stroke: colours.corroborated },
  reconstructed: { inset: 2, fill: '#ffffff', stroke: colours.corroborated, pattern: 'dots' },
  failing: { inset: 0, fill: colours.failing, stroke: colours.failing },
  transition: { inset: 0, fill: '#ffffff', stroke: colours.failing, pattern: 'diagonal' },
  waived: { inset: 0.6, fill: '#ffffff', stroke: colours.waived, pattern: 'crossed' },
  'no-evidence': { inset: 2, fill: '#ffffff', stroke: colours.unknown, dash: true },
  'not-operating': { inset: 4.2, fill: colours.line, stroke: colours.line },
};

function drawBar(paper: Paper, bar: Bar, x: number, y: number, width: number): void {
  const { doc } = paper;
  const shape = shapes[bar.look];
  const left = x + bar.from * width;
  const wide = Math.max(least, (bar.to - bar.from) * width);
  const top = y + shape.inset;
  const high = barHeight - 2 * shape.inset;
  doc.save().lineWidth(0.5);
  if (shape.fill !== null) doc.rect(left, top, wide, high).fill(shape.fill);
  if (shape.pattern !== undefined) {
    doc.save().rect(left, top, wide, high).clip();
    if (shape.pattern === 'middle') doc.rect(left, top + high / 2 - 0.4, wide, 0.8).fill('#ffffff');
    else if (shape.pattern === 'dots') {
      for (let dot = 1.5; dot < wide; dot += 3) doc.circle(left + dot, top + high / 2, 0.7);
      doc.fill(colours.corroborated);
    } else {
      doc.lineWidth(shape.pattern === 'diagonal' ? 1.2 : 0.6).strokeColor(shape.stroke);
      const step = shape.pattern === 'diagonal' ? 3 : 4;
      for (let start = -high; start < wide; start += step) {
        doc.moveTo(left + start, top + high).lineTo(left + start + high, top);
        if (shape.pattern === 'crossed') doc.moveTo(left + start, top).lineTo(left + start + high, top + high);
      }
      doc.stroke();
    }
    doc.restore();
  }
  doc.strokeColor(shape.stroke).lineWidth(0.5);
  if (shape.dash) doc.dash(2, { space: 1.4 });
  doc.rect(left, top, wide, high).stroke();
  doc.restore();
}

function drawScale(paper: Paper, drawing: TimelineDrawing): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const tick of drawing.ticks) {
    const x = margin.left + tick.at * contentWidth;
    const width = paper.measure(tick.label, 'regular', 6.8);
    if (x - last < 4 || x + width > margin.left + contentWidth) continue;
    paper.doc
      .font('regular')
      .fontSize(6.8)
      .fillColor(colours.soft)
      .text(tick.label, x + 1, paper.y, { lineBreak: false });
    last = x + width;
  }
  paper.y += 11;
}

function drawRow(paper: Paper, row: TimelineRow, drawing: TimelineDrawing): void {
  const { doc } = paper;
  const noteWidth = row.note === '' ? 0 : paper.measure(row.note, 'regular', quiet.size) + 8;
  const style: Style =
    row.level === 'subject' ? label : { ...label, face: 'semibold', colour: row.level === 'check' ? colours.accent : colours.ink };
  const lines = paper.layOut(row.label, contentWidth - noteWidth, style);
  paper.drawLines(lines, margin.left, paper.y, style.size);
  if (row.note !== '') paper.drawLines(paper.layOut(row.note, contentWidth, quiet), margin.left, paper.y, quiet.size, 'right');
  paper.y += lines.length * style.size * leading + 1;
  const top = paper.y;
  doc.save().lineWidth(0.4).strokeColor(colours.grid);
  for (const tick of drawing.ticks)
    doc.moveTo(margin.left + tick.at * contentWidth, top).lineTo(margin.left + tick.at * contentWidth, top + barHeight);
  doc.stroke().restore();
  for (const bar of row.bars) drawBar(paper, bar, margin.left, top, contentWidth);
  doc.save().lineWidth(0.6).strokeColor(colours.ink);
  for (const mark of drawing.marks)
    doc.moveTo(margin.left + mark.at * contentWidth, top - 1.5).lineTo(margin.left + mark.at * contentWidth, top + barHeight + 1.5);
  doc.dash(1.5, { space: 1.5 }).stroke().undash();
  for (const edge of [0, contentWidth]) doc.moveTo(margin.left + edge, top - 1).lineTo(margin.left + edge, top + barHeight + 1);
  doc.lineWidth(1).stroke().restore();
  paper.y += barHeight + 5;
}

function drawLegend(paper: Paper, drawing: TimelineDrawing): void {
  const column = contentWidth / 2;
  const entries: { readonly look: Look | null; readonly words: string }[] = [
    ...drawing.legend.map((look) => ({ look, words: lookWords[look] })),
    ...(drawing.marks.length === 0 ? [] : [{ look: null, words: 'a new version of the control' }]),
  ];
  paper.ensure(Math.ceil(entries.length / 2) * 14 + 10);
  paper.rule(paper.y + 2, colours.line);
  paper.y += 7;
  entries.forEach((entry, position) => {
    const x = margin.left + (position % 2) * column;
    const y = paper.y + Math.floor(position / 2) * 14;
    if (entry.look !== null) drawBar(paper, { from: 0, to: 1, look: entry.look, title: '' }, x, y, 30);
    else
      paper.doc
        .save()
        .lineWidth(0.6)
        .strokeColor(colours.ink)
        .moveTo(x + 15, y - 1)
        .lineTo(x + 15, y + barHeight + 1)
        .dash(1.5, { space: 1.5 })
        .stroke()
        .restore();
    paper.drawLines(paper.layOut(entry.words, column - 42, quiet), x + 36, y - 0.5, quiet.size);
  });
  paper.y += Math.ceil(entries.length / 2) * 14 + 4;
}

/** The same drawing as in the HTML, in points. One figure for a reader who listens, described by its rows' words. */
export function drawTimelinePdf(paper: Paper, drawing: TimelineDrawing): void {
  const alt = `${drawing.title}. ${drawing.rows.map((row) => `${row.label}: ${row.note === '' ? 'nothing failed and nothing was missing' : row.note}`).join('. ')}`;
  paper.ensure(90);
  let described = false;
  const part = (draw: () => void): void => {
    if (described) paper.decorate(draw);
    else paper.tag('Figure', draw, { alt });
    described = true;
  };
  part(() => drawScale(paper, drawing));
  for (const row of drawing.rows) {
    if (paper.left < 46) {
      paper.newPage();
      part(() => drawScale(paper, drawing));
    }
    if (row.level === 'check') paper.y += 4;
    part(() => drawRow(paper, row, drawing));
  }
  paper.ensure(30);
  part(() => {
    for (const mark of drawing.marks) {
      const width = paper.measure(mark.label, 'semibold', 6.8);
      paper.doc
        .font('semibold')
        .fontSize(6.8)
        .fillColor(colours.ink)
        .text(mark.label, margin.left + mark.at * contentWidth - width / 2, paper.y - 3, { lineBreak: false });
    }
    if (drawing.marks.length > 0) paper.y += 8;
    paper.drawLines(paper.layOut(`period begins ${drawing.edges.from}`, contentWidth, quiet), margin.left, paper.y, quiet.size);
    paper.drawLines(paper.layOut(`period ends ${drawing.edges.to}`, contentWidth, quiet), margin.left, paper.y, quiet.size, 'right');
    paper.y += 12;
  });
  part(() => drawLegend(paper, drawing));
}
