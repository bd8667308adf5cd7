import type { Completeness } from '../model/completeness.ts';

/** What a collection run tells whoever watches; counts are totals so far. */
export type CollectProgress =
  | { readonly kind: 'source'; readonly source: string; readonly display: string; readonly collections: number }
  | { readonly kind: 'collecting'; readonly collector: string; readonly scope: string }
  | { readonly kind: 'calls'; readonly source: string; readonly calls: number }
  | {
      readonly kind: 'collected';
      readonly collector: string;
      readonly scope: string;
      readonly items: number;
      readonly changed: boolean;
      readonly completeness: Completeness;
      readonly done: number;
      readonly of: number;
    }
  | { readonly kind: 'forgotten'; readonly collector: string; readonly scope: string; readonly from: string; readonly to: string }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string; readonly message: string }
  | { readonly kind: 'evaluated'; readonly source: string; readonly results: number; readonly judged: number }
  | { readonly kind: 'anchored'; readonly anchor: string; readonly at: string | null }
  | { readonly kind: 'anchor-failed'; readonly anchor: string; readonly message: string };
