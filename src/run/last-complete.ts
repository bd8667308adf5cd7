import type { FormerCollection } from '../model/collector.ts';
import { Statement, type StatementOf } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';

type Collection = StatementOf<'collection'>;

/**
 * The latest complete collection of the stream that `last` is the latest of. Beside an incomplete one what is left would look as if it
 * had grown, and a loss would be taken for the new whole on the second night.
 */
export function lastComplete(store: Pick<Store, 'collectionsOf' | 'entry'>, last: Collection): FormerCollection | undefined {
  if (last.completeness.kind === 'complete') return counted(last);
  for (const index of [...(store.collectionsOf?.(new Set([last.collector])) ?? [])].reverse()) {
    const entry = store.entry(index);
    if (entry === undefined) continue;
    const statement = Statement.parse(JSON.parse(new TextDecoder().decode(entry.bytes)));
    if (statement.kind !== 'collection' || statement.scope !== last.scope || statement.collector !== last.collector) continue;
    if (statement.completeness.kind === 'complete') return counted(statement);
  }
  return undefined;
}

function counted({ items, finishedAt }: Collection): FormerCollection {
  return { items: items.size, at: finishedAt };
}
