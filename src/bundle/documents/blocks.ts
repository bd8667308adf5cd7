import type { BundlePath } from '../../model/bundle-content.ts';
import type { PeriodState } from '../../model/history.ts';
import type { TimelineDrawing } from './draw-timeline.ts';

/**
 * What a page says, before it is HTML or PDF: both are rendered from the same blocks, so that neither can say what the other does not.
 */
export type Span =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly muted: string }
  /** A file of the bundle, from its root. */
  | { readonly href: BundlePath; readonly text: string }
  | { readonly state: PeriodState };
export type Text = Span | readonly Span[];

export interface BlockColumn {
  readonly title: string;
  /** Share of the width, relative to the other columns. */
  readonly weight: number;
  readonly align?: 'right';
}
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string; readonly id?: string }
  | { readonly kind: 'paragraph'; readonly text: Text; readonly tone?: 'lead' | 'muted' }
  | { readonly kind: 'notice'; readonly title: string; readonly text: readonly Text[]; readonly tone: 'plain' | 'attention' }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, text: Text])[] }
  /** `small`: to keep a first page one page. */
  | { readonly kind: 'list'; readonly items: readonly Text[]; readonly small?: boolean }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly BlockColumn[];
      /** Walked once. */
      readonly rows: Iterable<readonly Text[]>;
      /** What is printed when there is no row. */
      readonly empty: string;
      /** Offers a search field where the medium can. */
      readonly searchable?: boolean;
      /** Where all rows are, for a medium that prints the first ones only. */
      readonly inFull?: BundlePath;
    }
  | {
      readonly kind: 'figures';
      readonly figures: readonly { readonly value: string; readonly label: string; readonly state?: PeriodState }[];
    }
  | { readonly kind: 'timeline'; readonly drawing: TimelineDrawing }
  | { readonly kind: 'commands'; readonly commands: readonly { readonly shows: string; readonly command: string }[] }
  /** Empty lines to be filled in by hand. */
  | { readonly kind: 'fields'; readonly fields: readonly { readonly label: string; readonly tall?: boolean }[] };

export interface Page {
  readonly path: BundlePath;
  readonly title: string;
  /** Above the title: what kind of paper it is. */
  readonly kicker: string;
  readonly state?: PeriodState;
  readonly lead?: Text;
  /** For header and footer. */
  readonly entity: string;
  readonly period: string;
  readonly marking: string;
  readonly demonstration: boolean;
  /** ISO-8601 UTC; the document's own date. */
  readonly generatedAt: string;
  readonly blocks: Iterable<Block>;
}

export const heading = (text: string, id?: string): Block => ({ kind: 'heading', level: 2, text, ...(id === undefined ? {} : { id }) });
export const subheading = (text: string, id?: string): Block => ({ kind: 'heading', level: 3, text, ...(id === undefined ? {} : { id }) });
export const paragraph = (text: Text): Block => ({ kind: 'paragraph', text });
export const muted = (text: Text): Block => ({ kind: 'paragraph', text, tone: 'muted' });
export const spansOf = (text: Text): readonly Span[] => (Array.isArray(text) ? (text as readonly Span[]) : [text as Span]);

/** Things one after another, with `between` in between. */
export function joined(texts: readonly Text[], between: string): Span[] {
  return texts.flatMap((text, position) => (position === 0 ? [...spansOf(text)] : [between, ...spansOf(text)]));
}
