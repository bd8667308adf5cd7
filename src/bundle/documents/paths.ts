import type { BundlePath, EvidenceItem } from '../../model/bundle-content.ts';

/** A name as part of a path: what would climb, hide or trip a file system is replaced. */
export const segment = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'unnamed';

export const controlFolder = (control: string): BundlePath => `controls/${segment(control)}`;
export const workpaperPath = (control: string, form: 'html' | 'pdf'): BundlePath => `${controlFolder(control)}/workpaper.${form}`;
export const controlTablePath = (control: string, table: 'timeline' | 'episodes' | 'deviations' | 'tests'): BundlePath =>
  `${controlFolder(control)}/${table}.csv`;
export const itemsFolder = (item: Pick<EvidenceItem, 'collector' | 'scope'>): BundlePath =>
  `evidence-items/${item.collector.split('/').map(segment).join('/')}/${segment(item.scope)}`;

/** How a page at `from` points to `to`, both from the bundle's root; works from a folder, a ZIP and a file system alike. */
export function relativeHref(from: BundlePath, to: BundlePath): string {
  const depth = from.split('/').length - 1;
  return `${'../'.repeat(depth)}${to
    .split('/')
    .map((part) => part.split('#').map(encodeURIComponent).join('#'))
    .join('/')}`;
}
