import { ProoflineError } from '../model/errors.ts';
import type { LogReader } from '../model/log-reader.ts';
import { readStatement } from './scan-part.ts';

/**
 * The entries recorded in `[from, to)` (ISO-8601 UTC with milliseconds), and what follows up to and including the next time stamp: only that
 * shows that the last of them are not younger.
 * @throws ProoflineError `not-found` when nothing was recorded then.
 */
export function partOfPeriod(reader: LogReader, period: { readonly from: string; readonly to: string }): { from: number; to: number } {
  const size = reader.checkpoints().at(-1)?.size ?? 0;
  let first: number | undefined;
  let end = 0;
  for (const { index, bytes } of reader.entries(0, size)) {
    const statement = readStatement(bytes);
    if (statement === undefined) continue;
    if (statement.at >= period.from && statement.at < period.to) {
      first ??= index;
      end = index + 1;
    } else if (first !== undefined && statement.kind === 'anchor' && statement.method === 'rfc3161' && statement.checkpoint.size >= end) {
      return { from: first, to: index + 1 };
    }
  }
  if (first === undefined) throw new ProoflineError('not-found', `nothing was recorded from ${period.from} to ${period.to}`);
  return { from: first, to: end };
}
