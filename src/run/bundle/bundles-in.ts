import { z } from 'zod';
import type { LogReader } from '../../model/log-reader.ts';
import { Digest, Lifecycle, Time } from '../../model/statement.ts';

export interface RecordedBundle {
  /** Log index of the statement that records it. */
  readonly index: number;
  readonly at: string;
  readonly name: string;
  /** Digest of its manifest. */
  readonly manifest: string;
}
const BundleStatement = Lifecycle.extend({ event: z.literal('bundle'), at: Time, period: z.string(), manifest: Digest });

/** Every bundle of a period that was made of a log, in the order of the log. */
export function bundlesIn(reader: LogReader, period: string): RecordedBundle[] {
  const bundles: RecordedBundle[] = [];
  for (const { index, bytes } of reader.entries()) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!text.includes('"event":"bundle"')) continue;
    const statement = BundleStatement.safeParse(JSON.parse(text.toString('utf8'))).data;
    if (statement?.period !== period) continue;
    bundles.push({ index, at: statement.at, name: `bundle ${bundles.length + 1} of ${period}`, manifest: statement.manifest });
  }
  return bundles;
}
