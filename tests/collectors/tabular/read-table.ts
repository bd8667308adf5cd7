import { resolve } from 'node:path';
import { openTable } from '../../../collectors/tabular/connect.ts';
import { recordCollector } from '../../../collectors/tabular/record-collector.ts';
import { recordResource } from '../../../collectors/tabular/resource.ts';
import source from '../../../collectors/tabular/source.ts';
import { unlimited } from '../../../src/collect/limiter.ts';
import { normaliseItems } from '../../../src/collect/normalise-items.ts';
import { defaultRetry } from '../../../src/collect/retry.ts';
import { runCollector } from '../../../src/collect/run-collector.ts';
import { placedTabular } from '../../../src/config/placed-tabular.ts';
import { tableSettings } from '../../../src/config/table-settings.ts';
import { TabularSource } from '../../../src/config/tabular-settings.ts';
import type { FormerCollection } from '../../../src/model/collector.ts';
import type { RecordTypeName } from '../../../src/model/record-types.ts';
import { mergeVolatile } from '../../../src/model/volatile.ts';

export interface ReadOptions {
  readonly directory?: string;
  readonly secret?: string;
  readonly former?: FormerCollection;
}

/** Reads the first table of a source the way the product does, from the configuration to the records. Waits for nothing between attempts. */
export async function readTable(given: unknown, options: ReadOptions = {}) {
  const directory = options.directory ?? '/';
  const declared = placedTabular(
    TabularSource.parse(given),
    (path) => resolve(directory, path),
    (secret) => secret,
  );
  const [table] = declared.tables;
  if (table === undefined) throw new TypeError('a source has a table');
  const settings = tableSettings(declared, table, directory);
  const as = table.as as RecordTypeName;
  const collector = recordCollector(as, recordResource(as));
  const session = openTable({ ...declared, secret: options.secret }, { ...table, settings }, 'proofline-test', '0.0.0');
  const member = { source: `tabular:${declared.name}.${table.name}`, tenant: `${declared.name}.${table.name}`, settings };
  try {
    const principal = await session.principal().catch(() => null);
    const evidence = await runCollector({
      collector,
      source,
      exchange: session.exchange,
      sourceId: member.source,
      tenant: member.tenant,
      settings,
      logic: `sha256:${'0'.repeat(64)}`,
      session: 'proofline-test',
      principal,
      trigger: { name: 'test', authentication: 'none' },
      concurrency: 4,
      now: () => '2026-01-15T12:00:00.000Z',
      monotonic: () => 0,
      limiter: unlimited,
      retry: { ...defaultRetry, attempts: 2, firstWaitMs: 0, longestWaitMs: 0 },
      former: () => options.former,
    });
    const items = evidence.items.map((item) => ({ ...item, body: mergeVolatile(item.body, item.volatile) }));
    const normalised = normaliseItems(collector, items, { ...member, region: null });
    const { resources, incomplete } = normalised;
    return {
      evidence,
      normalised,
      resources,
      incomplete,
      gaps: evidence.gaps,
      whole: items.find(({ operation }) => operation === 'tabular:table')?.body,
      /** Neither transport nor meaning has anything to say. */
      complete: evidence.gaps.length === 0 && normalised.completeness.kind === 'complete',
      /** The fields of the record of a key. */
      of: (key: string) => resources.find(({ id }) => id.endsWith(`/${key}`)),
    };
  } finally {
    session.close();
  }
}
