import type { BundleContent, BundlePath } from '../../model/bundle-content.ts';

/** What the OSCAL documents are made of; all of it is elsewhere in the bundle too. */
export interface OscalFacts extends Pick<BundleContent, 'history' | 'cover' | 'checks'> {
  /** The document a person would open about a control, from the root of the bundle; null: the bundle has none. */
  readonly workpaperOf: (control: string) => BundlePath | null;
  /** Where an entry of the log lies and its leaf hash (base64), by log index; null: it is not in this bundle's slice. */
  readonly entryOf: (index: number) => { readonly path: BundlePath; readonly leaf: string } | null;
}
