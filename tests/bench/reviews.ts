/**
 * A review of 20,000 lines frozen, assigned, exported, imported and validated: at most 10 s of processor time on one core.
 * Run: node tests/bench/reviews.ts
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { assignReview } from '../../src/run/reviews/assign-review.ts';
import { importSheet, sheetFor } from '../../src/run/reviews/import-sheet.ts';
import { readReturnedSheet } from '../../src/run/reviews/read-returned-sheet.ts';
import { writeSheet } from '../../src/run/reviews/review-sheet.ts';
import { startReview } from '../../src/run/reviews/start-review.ts';
import { person } from '../access/reviews/review-kit.ts';
import { by } from '../run/decisions/people.ts';
import { account, entitlement, mia, omar, register, review, reviewToys, within } from '../run/reviews/review-toys.ts';

const lines = 20_000;
const perAccount = 4;
const most = 10_000;

const staff = Array.from({ length: lines / perAccount / 2 }, (_, index) => person(`hr:P-${index}`, `P${index}`, 'hr:E-104'));
const leads = [person('hr:E-100', 'Mia', null), person('hr:E-104', 'Omar', 'hr:E-100'), person('hr:E-107', 'Petra', 'hr:E-100')];
const accounts = staff.flatMap(({ person: owner }, index) =>
  [0, 1].map((which) => account(`github:${9919 + which}/member/U_${index}`, owner)),
);
const entitlements = accounts.flatMap((of, index) =>
  Array.from({ length: perAccount }, (_, which) =>
    entitlement(`e${index}-${which}`, String(of['account']), { on: `acme/repository-${index % 1000}` }),
  ),
);

const { toys, app } = await reviewToys({ many: { persons: [...leads, ...staff], accounts, entitlements } });
await register(app);
/** Of this process: what others do on the machine is not the review's. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const took: (readonly [string, number])[] = [];
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = cpu();
  const done = await work();
  took.push([what, cpu() - begun]);
  return done;
}

const { record } = await timed('freeze', () =>
  within(app, (store) => startReview(app, store, { ...by(mia), definition: 'quarterly', occasion: '2025-q4' })),
);
await timed('assign', () => within(app, (store) => assignReview(app, store, { ...by(mia), review })));
const csv = await timed('export', () => within(app, async (store) => writeSheet(await sheetFor(app, store, review, 'omar'), 'csv')));
const rows: string[][] = parse(Buffer.from(csv), { bom: true });
const at = (header: string): number => rows[0]?.indexOf(header) ?? -1;
for (const row of rows.slice(1)) {
  row[at('decision')] = 'keep';
  row[at('reason')] = 'needed for the work';
}
const file = join(toys.directory, 'omar.csv');
writeFileSync(file, stringify(rows));
const done = await timed('import and validate', () =>
  within(app, (store) => importSheet(app, store, { ...by(omar), review, reviewer: 'omar', file })),
);
const total = took.reduce((sum, [, ms]) => sum + ms, 0);
for (const [what, ms] of took) console.log(`${what.padEnd(20)} ${(ms / 1000).toFixed(2)} s`);
console.log(`${record.count} lines, ${done.decided} decided: ${(total / 1000).toFixed(2)} s in all, at most ${most / 1000} s`);

const sheet = await within(app, (store) => sheetFor(app, store, review, 'omar'));
const begun = cpu();
const workbook = join(toys.directory, 'omar.xlsx');
writeFileSync(workbook, await writeSheet(sheet, 'xlsx'));
const written = cpu();
await readReturnedSheet(workbook, sheet);
console.log(
  `as a workbook: written in ${((written - begun) / 1000).toFixed(2)} s, read and validated in ${((cpu() - written) / 1000).toFixed(2)} s`,
);
rmSync(toys.directory, { recursive: true, force: true });
if (total > most) process.exitCode = 1;
