import { itemsFolder } from '../../bundle/documents/paths.ts';
import { DeltaBlob, ItemBlob } from '../../model/blobs.ts';
import type { EvidenceItem, RenderedDocument } from '../../model/bundle-content.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { contentOf, type SurveyedDataset } from './survey-log.ts';

/** One version of one item, before its content is looked at. */
interface ItemVersion {
  readonly id: string;
  readonly content: string;
  readonly from: { readonly at: string; readonly index: number };
  readonly to: { readonly at: string; readonly index: number } | null;
}
interface ItemsInput {
  readonly datasets: readonly SurveyedDataset[];
  readonly period: { readonly from: string; readonly to: string };
  readonly withholdItemsOf: ReadonlySet<string>;
}

/** Where the items of a collector and scope lie as JSON: one line a version, `{"commitment","from","item","to"}`. */
const itemLinesPath = (dataset: Pick<SurveyedDataset, 'collector' | 'scope'>): string => `${itemsFolder(dataset)}/items.jsonl`;

/** Every version of every item that was so at some time of the period: by collector, scope, id and time. */
export function* evidenceItems(reader: LogReader, input: ItemsInput): Generator<EvidenceItem> {
  for (const dataset of input.datasets) {
    const withheld = input.withholdItemsOf.has(dataset.collector);
    for (const { content, from, to } of versionsOf(reader, dataset, input.period)) {
      const item = withheld ? undefined : ItemBlob.safeParse(contentOf(reader, content)).data;
      yield {
        collector: dataset.collector,
        scope: dataset.scope,
        id: item?.id ?? 'withheld or erased',
        title: item === undefined ? 'Content that is not here' : titleOf(item),
        fields: item === undefined ? [] : fieldsOf(item),
        from,
        to,
        commitment: content,
        json: item === undefined ? null : itemLinesPath(dataset),
        withheld: [],
      };
    }
  }
}

/** The same as files: the JSON that was sealed, beside what a person reads of it. */
export function* itemDocuments(reader: LogReader, input: ItemsInput): Generator<RenderedDocument> {
  for (const dataset of input.datasets) {
    if (input.withholdItemsOf.has(dataset.collector)) continue;
    if (dataset.changes.length > 0) yield { path: itemLinesPath(dataset), bytes: itemLines(reader, dataset, input.period) };
  }
}
function* itemLines(reader: LogReader, dataset: SurveyedDataset, period: ItemsInput['period']): Generator<Uint8Array> {
  for (const { content, from, to } of versionsOf(reader, dataset, period)) {
    const item = contentOf(reader, content);
    if (item !== undefined) yield Buffer.from(`${canonicalText({ commitment: content, from, item, to })}\n`);
  }
}

/** Sorted by the item's id and then by time; what cannot be read comes last. */
function versionsOf(reader: LogReader, dataset: SurveyedDataset, period: ItemsInput['period']): ItemVersion[] {
  const open = new Map<string, { readonly content: string; readonly from: ItemVersion['from'] }>();
  const versions: ItemVersion[] = [];
  const idOf = (content: string): string => ItemBlob.safeParse(contentOf(reader, content)).data?.id ?? '\uffff';
  const keep = (content: string, from: ItemVersion['from'], to: ItemVersion['to']): void => {
    if (from.at < period.to && (to === null || to.at > period.from)) versions.push({ id: idOf(content), content, from, to });
  };
  for (const { index, at, delta } of dataset.changes) {
    const parsed = DeltaBlob.safeParse(contentOf(reader, delta)).data;
    if (parsed === undefined) continue;
    const here = { at, index };
    for (const [id, content] of [...parsed.changed, ...parsed.added]) {
      const before = open.get(id);
      if (before !== undefined) keep(before.content, before.from, here);
      open.set(id, { content, from: here });
    }
    for (const id of parsed.removed) {
      const before = open.get(id);
      if (before !== undefined) keep(before.content, before.from, here);
      open.delete(id);
    }
  }
  for (const { content, from } of open.values()) keep(content, from, null);
  return versions.sort((left, right) => (left.id === right.id ? left.from.index - right.from.index : left.id < right.id ? -1 : 1));
}

function titleOf({ operation, subject, region }: ItemBlob): string {
  return `${operation}${subject === null ? '' : `: ${subject}`}${region === null ? '' : ` (${region})`}`;
}

const longest = 300;
function fieldsOf(item: ItemBlob): { name: string; value: string }[] {
  if ('gap' in item) return [{ name: 'Answer', value: `none: ${item.gap}` }];
  const { body } = item;
  if (body === null) return [{ name: 'Answer', value: 'the source said that there is none' }];
  if (typeof body !== 'object' || Array.isArray(body)) return [{ name: 'Answer', value: textOf(body) }];
  return Object.entries(body).map(([name, value]) => ({ name, value: textOf(value) }));
}
/** `Groups: 3; Users: 2` of an object of plain values, which reads better than its JSON; null where there is more in it. */
function flatText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members = Object.entries(value);
  if (members.length === 0 || members.some(([, one]) => typeof one === 'object' && one !== null)) return null;
  return members.map(([name, one]) => `${name}: ${one === '' ? 'empty' : String(one)}`).join('; ');
}
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (flatText(value) ?? canonicalText(value));
  return text.length > longest ? `${text.slice(0, longest)} … (${text.length} characters, in the JSON)` : text;
}
