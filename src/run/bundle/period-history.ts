import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndex } from '../../index/open-index.ts';
import { project } from '../../index/project.ts';
import type { PeriodHistory } from '../../model/history.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { PeriodRecord } from '../decisions/read-periods.ts';
import { periodDependencies } from '../period-dependencies.ts';
import { readPeriodOf } from '../read-period.ts';
import type { Registries } from '../registries.ts';

/**
 * The history of a period from a log alone: the index is made anew of nothing but its entries, so that a bundle and whoever recomputes it
 * start from the same.
 * @param now ISO-8601 UTC: what is not known by then is not known
 */
export async function historyFromLog(
  reader: LogReader,
  registries: Registries,
  { period, ruler }: Pick<PeriodRecord, 'period' | 'ruler'>,
  now: string,
): Promise<PeriodHistory> {
  const scratch = mkdtempSync(join(tmpdir(), 'proofline-index-'));
  const index = openIndex(scratch);
  try {
    project(reader, index);
    const measured = { ...period, ruler };
    return readPeriodOf(reader, index, measured, periodDependencies(reader, index, registries, measured), { now });
  } finally {
    await index.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
