import type { PeriodState } from '../../../model/history.ts';
import { type Span, spansOf, type Text } from '../blocks.ts';
import { colours, stateColours } from '../colours.ts';
import { stateWords } from '../words.ts';
import type { Face } from './fonts.ts';

export interface Style {
  readonly face: Face;
  readonly size: number;
  readonly colour: string;
}
export interface Fragment extends Style {
  readonly text: string;
  readonly x: number;
  /** A state's own form is drawn before its words. */
  readonly mark?: PeriodState;
}
export type Line = readonly Fragment[];
/** Width of `text` in points. */
export type Measure = (text: string, face: Face, size: number) => number;

const markWidth = 0.95;

function styleOf(span: Span, base: Style): Style & { readonly text: string; readonly mark?: PeriodState } {
  if (typeof span === 'string') return { ...base, text: span };
  if ('code' in span) return { face: 'code', size: base.size * 0.88, colour: base.colour, text: span.code };
  if ('strong' in span) return { ...base, face: 'semibold', text: span.strong };
  if ('muted' in span) return { ...base, size: base.size * 0.93, colour: colours.soft, text: span.muted };
  if ('state' in span)
    return { ...base, face: 'semibold', colour: stateColours[span.state], text: stateWords[span.state], mark: span.state };
  return { ...base, colour: colours.accent, text: span.text };
}

/** Breaks text into lines of at most `width` points: between words, after hyphens and slashes, and within a word that is too long. */
export function layOutText(text: Text, width: number, base: Style, measure: Measure): Line[] {
  const lines: Fragment[][] = [[]];
  let x = 0;
  const put = (piece: string, style: Style, mark?: PeriodState): void => {
    const line = lines.at(-1)!;
    const lead = mark === undefined ? 0 : style.size * markWidth;
    const last = line.at(-1);
    const pieceWidth = measure(piece, style.face, style.size);
    if (last && mark === undefined && last.face === style.face && last.size === style.size && last.colour === style.colour)
      line[line.length - 1] = { ...last, text: last.text + piece };
    else
      line.push({
        face: style.face,
        size: style.size,
        colour: style.colour,
        text: piece,
        x: x + lead,
        ...(mark === undefined ? {} : { mark }),
      });
    x += lead + pieceWidth;
  };
  const wrap = (): void => {
    lines.push([]);
    x = 0;
  };
  for (const span of spansOf(text)) {
    const { text: words, mark, ...style } = styleOf(span, base);
    let pending: PeriodState | undefined = mark;
    for (const piece of words.replaceAll(/[\t\r\n]+/g, ' ').match(/ +|[^ /-]*[/-]+|[^ /-]+/g) ?? []) {
      const lead = pending === undefined ? 0 : style.size * markWidth;
      const pieceWidth = measure(piece, style.face, style.size) + lead;
      if (piece.trim() === '') {
        if (x > 0 && x + pieceWidth <= width) put(piece, style);
        else if (x > 0) wrap();
        continue;
      }
      if (x > 0 && x + pieceWidth > width) wrap();
      if (pieceWidth <= width) put(piece, style, pending);
      else
        for (const letter of piece) {
          if (x > 0 && x + measure(letter, style.face, style.size) > width) wrap();
          put(letter, style);
        }
      pending = undefined;
    }
  }
  return lines;
}
export const lineWidth = (line: Line, measure: Measure): number => {
  const last = line.at(-1);
  return last === undefined ? 0 : last.x + measure(last.text.trimEnd(), last.face, last.size);
};
