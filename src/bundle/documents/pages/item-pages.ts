import type { BundleContent, BundlePath, EvidenceItem } from '../../../model/bundle-content.ts';
import { type Block, heading, joined, muted, type Page, paragraph, type Span, subheading, type Text } from '../blocks.ts';
import { itemsFolder } from '../paths.ts';
import { counted, printCount } from '../print-figures.ts';
import type { Frame } from './page-frame.ts';

/** Items on one page: few enough to read and print, many enough that a year is not a hundred thousand files. */
const itemsOnPage = 200;

/** Where the first page of a collector's items over a scope is, when it has any. */
export interface ItemGroup {
  readonly collector: string;
  readonly scope: string;
  readonly first: BundlePath;
  items: number;
  pages: number;
}
export const groupKey = (one: Pick<EvidenceItem, 'collector' | 'scope'>): string => `${one.collector}@${one.scope}`;

/** Human renderings of every item, some on a page, in the order of the items; fills `groups` as it goes. Walks the items once. */
export function* itemPages(frame: Frame, groups: Map<string, ItemGroup>): Generator<Page> {
  const titles = new Map(frame.content.datasets.map((dataset) => [dataset.id, dataset.title]));
  let pending: EvidenceItem[] = [];
  const flush = (): Page => {
    const group = groupOf(pending[0]!, groups);
    const first = group.items + 1;
    group.items += pending.length;
    group.pages += 1;
    const title = titles.get(groupKey(group)) ?? group.collector;
    const items = pending;
    pending = [];
    return frame.page({
      path: pagePath(group, group.pages),
      kicker: 'Evidence items',
      title: `${title} · ${group.scope}`,
      lead: `Items ${printCount(first)} to ${printCount(group.items)}, each as it was sealed. What counts is the JSON beside it, whose commitment is in the log.`,
      blocks: items.flatMap((item) => itemBlocks(frame, item)),
    });
  };
  for (const item of frame.content.items) {
    const last = pending.at(-1);
    if (last !== undefined && (pending.length >= itemsOnPage || groupKey(last) !== groupKey(item))) yield flush();
    pending.push(item);
  }
  if (pending.length > 0) yield flush();
}

function groupOf(item: EvidenceItem, groups: Map<string, ItemGroup>): ItemGroup {
  const key = groupKey(item);
  let group = groups.get(key);
  if (group === undefined) {
    group = { collector: item.collector, scope: item.scope, first: '', items: 0, pages: 0 };
    group = { ...group, first: pagePath(group, 1) };
    groups.set(key, group);
  }
  return group;
}
const pagePath = (group: Pick<ItemGroup, 'collector' | 'scope'>, page: number): BundlePath =>
  `${itemsFolder(group)}/${String(page).padStart(3, '0')}.html`;

function itemBlocks(frame: Frame, item: EvidenceItem): Block[] {
  const fields = item.fields.map((field): [string, Text] => [field.name, field.value === '' ? { muted: 'empty' } : field.value]);
  return [
    subheading(item.title, `item-${item.commitment.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 16)}`),
    {
      kind: 'facts',
      rows: [
        ...fields,
        [
          'Seen',
          [
            ...(frame.time(item.from.at) as Span[]),
            ` (log ${printCount(item.from.index)}) `,
            ...(item.to === null
              ? ['and still so when last collected']
              : ['to ', ...(frame.time(item.to.at) as Span[]), ` (log ${printCount(item.to.index)})`]),
          ],
        ],
        ['Item', { code: item.id }],
        ['Commitment', { code: item.commitment }],
        [
          'Sealed JSON',
          item.json === null ? { muted: 'not in this bundle: only its commitment is' } : { href: item.json, text: item.json },
        ],
        ...(item.withheld.length === 0
          ? []
          : [
              [
                'Withheld at collection',
                joined(
                  item.withheld.map((field): Text => ({ code: field })),
                  ', ',
                ),
              ] as [string, Text],
            ]),
      ],
    },
  ];
}

/** The way into the items. */
export function itemsIndex(frame: Frame, groups: ReadonlyMap<string, ItemGroup>): Page {
  const all = [...groups.values()];
  const titles = new Map(frame.content.datasets.map((dataset) => [dataset.id, dataset.title]));
  return frame.page({
    path: 'evidence-items/index.html',
    kicker: 'Evidence items',
    title: 'What was sealed',
    lead: 'What the sources said, for a reader who is no engineer. The JSON beside each item is what counts; its commitment is in the log.',
    blocks: [
      heading('By dataset'),
      {
        kind: 'table',
        caption: counted(all.length, 'dataset'),
        columns: [
          { title: 'Dataset', weight: 3 },
          { title: 'Collector', weight: 3 },
          { title: 'Scope', weight: 3 },
          { title: 'Versions of items', weight: 1.4, align: 'right' },
          { title: 'Pages', weight: 1, align: 'right' },
        ],
        rows: all.map((group) => [
          { href: group.first, text: titles.get(groupKey(group)) ?? group.collector },
          { code: group.collector },
          group.scope,
          printCount(group.items),
          group.pages === 1
            ? '1'
            : joined(
                Array.from(
                  { length: Math.min(group.pages, 12) },
                  (_, page): Text => ({ href: pagePath(group, page + 1), text: String(page + 1) }),
                ),
                ' ',
              ),
        ]),
        empty: 'No item is rendered here.',
        searchable: all.length > 8,
      },
      ...withheldBlocks(frame.content),
    ],
  });
}
function withheldBlocks(content: BundleContent): Block[] {
  return content.cover.redactions.length === 0
    ? []
    : [paragraph({ strong: 'Withheld' }), ...content.cover.redactions.map((sentence) => muted(sentence))];
}
