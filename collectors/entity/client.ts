import type { ClientContext, DerivedInput, GapReason, Reply } from '../../src/authoring.ts';

/** Reads the entity as a whole from what was sealed of its sources. No request leaves the process: the log is the source. */
export interface EntityClient {
  /**
   * One reply, whose output is a DerivedInput over the types asked for: resource types of any source, and of the entity's own earlier
   * datasets (`Collector.after`). What was not seen whole of `decisive` types (default: all of them) is a gap of this collection too.
   */
  derive(operation: string, types: readonly string[], options?: { readonly decisive?: readonly string[] }): AsyncIterable<Reply>;
}

export function entityClient({ exchange, miss }: ClientContext): EntityClient {
  return {
    async *derive(operation, types, { decisive = types } = {}) {
      const reply = await exchange(operation, { types: [...types].sort() }, {});
      if (reply === undefined) return;
      const { seen, events, missing } = reply.output as unknown as Pick<DerivedInput, 'seen' | 'events' | 'missing'>;
      const reasons = new Set<GapReason>();
      for (const { type, incomplete } of [...seen, ...events]) if (incomplete !== null && decisive.includes(type)) reasons.add(incomplete);
      for (const { type, reason } of missing) if (decisive.includes(type)) reasons.add(reason);
      for (const reason of [...reasons].sort()) miss({ operation, reason });
      yield reply;
    },
  };
}
