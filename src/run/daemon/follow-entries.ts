import { RequestsBlob } from '../../model/blobs.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Statement } from '../../model/statement.ts';
import type { DaemonEvent } from './daemon-contract.ts';

type Followed = Extract<DaemonEvent, { readonly kind: 'sealed' }>;

/** Every entry since the last call, whichever process appended it. */
export function followEntries(store: LogReader, from: number): { size(): number; next(): Generator<Followed> } {
  let at = from;
  return {
    size: () => at,
    *next() {
      const to = store.size();
      for (const { index, bytes } of store.entries(at, to)) {
        at = index + 1;
        const statement = Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
        // A kind of another release: it is in the log, and nobody here has anything to do with it.
        if (statement !== undefined) yield { kind: 'sealed', index, statement, throttled: throttledIn(store, statement) };
      }
    },
  };
}

function throttledIn(store: LogReader, statement: Statement): number {
  if (statement.kind !== 'collection' || statement.requests.failed === 0 || statement.requests.kept === null) return 0;
  const blob = store.blob(statement.requests.kept);
  if (blob?.kind !== 'open') return 0;
  const kept = RequestsBlob.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes))).data ?? [];
  return kept.filter(({ status, gap }) => status === 429 || gap === 'rate-limited').length;
}
