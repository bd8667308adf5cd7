import { openCurrentIndex } from '../../index/project.ts';
import { readFailingSince } from '../../index/read-failing-since.ts';
import { failingKey } from '../../notify/find-transitions.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';

/** Since when each condition of a failing check has held, by its key, as the history of the log has it. */
export async function failingSince(store: EmbeddedStore, dataDir: string): Promise<ReadonlyMap<string, string>> {
  const index = await openCurrentIndex(store, dataDir);
  try {
    const rows = await readFailingSince(index);
    return new Map(
      rows.map(({ source, check, parametersDigest, subject, since }) => [
        failingKey(source, { id: check, parametersDigest }, subject),
        since,
      ]),
    );
  } finally {
    await index.close();
  }
}
