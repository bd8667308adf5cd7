import PDFDocument from 'pdfkit';
import type { PeriodState } from '../../../model/history.ts';
import type { Page, Text } from '../blocks.ts';
import { colours, stateColours } from '../colours.ts';
import { printTime } from '../print-time.ts';
import { type Face, faces, fontOf } from './fonts.ts';
import { type Line, layOutText, lineWidth, type Style } from './lay-out-text.ts';

/** A4, in points. */
const sheet = { width: 595.28, height: 841.89 } as const;
export const margin = { left: 54, right: 54, top: 70, bottom: 58 } as const;
export const contentWidth = sheet.width - margin.left - margin.right;
const bottom = sheet.height - margin.bottom;

export const body: Style = { face: 'regular', size: 9.6, colour: colours.ink };
export const small: Style = { face: 'regular', size: 8.2, colour: colours.ink };
export const leading = 1.36;

/** Widths of words at one point, shared by every document: they use the same few thousand words. */
const widths = new Map<string, number>();

type Structure = PDFKit.PDFStructureElement;

/** A PDF being written: where the next thing goes, what a page bears besides, and the tags that make it readable without eyes. */
export class Paper {
  readonly doc: PDFKit.PDFDocument;
  readonly #page: Page;
  readonly #root: Structure;
  y: number = margin.top;

  constructor(page: Page) {
    this.#page = page;
    const date = new Date(page.generatedAt);
    this.doc = new PDFDocument({
      size: [sheet.width, sheet.height],
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      lang: 'en',
      displayTitle: true,
      info: {
        Title: `${page.title} · ${page.entity}`,
        Author: page.entity,
        Subject: `${page.period}. ${page.marking}`,
        Creator: 'Proofline',
        Producer: 'Proofline',
        CreationDate: date,
        ModDate: date,
      },
    } as PDFKit.PDFDocumentOptions);
    for (const face of faces) this.doc.registerFont(face, fontOf(face) as unknown as Buffer);
    this.#root = this.doc.struct('Document');
    this.doc.addStructure(this.#root);
    this.newPage();
  }

  measure = (text: string, face: Face, size: number): number => {
    const key = `${face}|${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      width = this.doc.font(face).fontSize(1000).widthOfString(text) / 1000;
      if (widths.size < 20_000) widths.set(key, width);
    }
    return width * size;
  };
  layOut = (text: Text, width: number, style: Style): Line[] => layOutText(text, width, style, this.measure);

  newPage(): void {
    this.doc.addPage();
    this.y = margin.top;
    if (this.#page.demonstration) this.#artifact(() => this.#watermark());
  }
  /** Begins a new page unless `height` points are left on this one. */
  ensure(height: number): void {
    if (this.y + height > bottom && this.y > margin.top) this.newPage();
  }
  get left(): number {
    return bottom - this.y;
  }
  get pageHeight(): number {
    return bottom - margin.top;
  }

  /** Draws with a tag of its own. */
  tag(type: string, draw: () => void, options: Readonly<Record<string, unknown>> = {}, parent: Structure = this.#root): void {
    const element = this.doc.struct(type as 'P', options, draw);
    parent.add(element);
    element.end();
  }
  /** A tag that holds others; `within` adds them. */
  group(type: string, within: (element: Structure) => void, parent: Structure = this.#root): void {
    const element = this.doc.struct(type as 'P');
    parent.add(element);
    within(element);
    element.end();
  }
  /** Draws what is decoration: a reader that reads aloud leaves it out. */
  decorate(draw: () => void): void {
    this.#artifact(draw);
  }
  #artifact(draw: () => void): void {
    this.doc.markContent('Artifact');
    draw();
    this.doc.endMarkedContent();
  }

  drawLines(
    lines: readonly Line[],
    x: number,
    y: number,
    size: number,
    align: 'left' | 'right' = 'left',
    width: number = contentWidth,
  ): void {
    lines.forEach((line, row) => {
      const shift = align === 'right' ? width - lineWidth(line, this.measure) : 0;
      for (const fragment of line) {
        const top = y + row * size * leading + (size - fragment.size) * 0.8;
        if (fragment.mark !== undefined)
          this.drawMark(fragment.mark, x + shift + fragment.x - fragment.size * 0.95, top + fragment.size * 0.36, fragment.size * 0.62);
        this.doc
          .font(fragment.face)
          .fontSize(fragment.size)
          .fillColor(fragment.colour)
          .text(fragment.text, x + shift + fragment.x, top, { lineBreak: false });
      }
    });
  }
  /** The form of a state, beside its colour. */
  drawMark(state: PeriodState, x: number, y: number, size: number): void {
    const { doc } = this;
    doc
      .save()
      .fillColor(stateColours[state])
      .strokeColor(stateColours[state])
      .lineWidth(size * 0.16);
    const middle = size / 2;
    if (state === 'failures-observed') doc.polygon([x + middle, y], [x + size, y + middle], [x + middle, y + size], [x, y + middle]).fill();
    else if (state === 'no-failures-observed') doc.circle(x + middle, y + middle, middle).fill();
    else if (state === 'no-evidence')
      doc
        .circle(x + middle, y + middle, middle * 0.85)
        .dash(size * 0.22, { space: size * 0.16 })
        .stroke()
        .undash();
    else doc.rect(x, y + size * 0.38, size, size * 0.24).fill();
    doc.restore();
  }
  rule(y: number, colour: string, weight = 0.5, x: number = margin.left, width: number = contentWidth): void {
    this.doc
      .save()
      .lineWidth(weight)
      .strokeColor(colour)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke()
      .restore();
  }

  #watermark(): void {
    const { doc } = this;
    doc.save().rotate(-52, { origin: [sheet.width / 2, sheet.height / 2] });
    doc.font('semibold').fontSize(92).fillColor(colours.failing, 0.06);
    doc.text('DEMONSTRATION', sheet.width / 2 - doc.widthOfString('DEMONSTRATION') / 2, sheet.height / 2 - 60, { lineBreak: false });
    doc.restore().fillColor(colours.ink, 1);
  }
  #running(number: number, of: number): void {
    const { doc } = this;
    const page = this.#page;
    const line = (text: string, y: number, align: 'left' | 'right', face: Face, colour: string): void => {
      const width = this.measure(text, face, 7.8);
      doc
        .font(face)
        .fontSize(7.8)
        .fillColor(colour)
        .text(text, align === 'left' ? margin.left : sheet.width - margin.right - width, y, { lineBreak: false });
    };
    const shorten = (text: string, width: number): string => {
      if (this.measure(text, 'regular', 7.8) <= width) return text;
      let cut = text;
      while (cut.length > 1 && this.measure(`${cut}…`, 'regular', 7.8) > width) cut = cut.slice(0, -1);
      return `${cut.trimEnd()}…`;
    };
    line(shorten(`${page.entity} · ${page.period}`, contentWidth * 0.64), 36, 'left', 'regular', colours.soft);
    line(
      page.demonstration ? `DEMONSTRATION · ${page.kicker}` : page.kicker,
      36,
      'right',
      'semibold',
      page.demonstration ? colours.failing : colours.accent,
    );
    this.rule(50, colours.line);
    this.rule(sheet.height - 46, colours.line);
    line(page.marking, sheet.height - 38, 'left', 'semibold', colours.accent);
    line(`Page ${number} of ${of}`, sheet.height - 38, 'right', 'regular', colours.soft);
    line(
      shorten(`${page.title} · generated ${printTime(page.generatedAt)}`, contentWidth),
      sheet.height - 27,
      'left',
      'regular',
      colours.soft,
    );
  }

  /** Headers and footers, when it is known how many pages there are; then every byte. */
  finish(): Uint8Array {
    this.#root.end();
    const { start, count } = this.doc.bufferedPageRange();
    for (let number = 0; number < count; number += 1) {
      this.doc.switchToPage(start + number);
      this.#artifact(() => this.#running(number + 1, count));
    }
    this.doc.end();
    const pieces: Buffer[] = [];
    for (let piece = this.doc.read() as Buffer | null; piece !== null; piece = this.doc.read() as Buffer | null) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}
