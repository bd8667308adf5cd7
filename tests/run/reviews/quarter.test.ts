import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProoflineError } from '../../../src/model/errors.ts';
import { decisionEntries, decisionLogOf } from '../../../src/run/decisions/read-decisions.ts';
import { assignReview } from '../../../src/run/reviews/assign-review.ts';
import { closeReview } from '../../../src/run/reviews/close-review.ts';
import { decideReview } from '../../../src/run/reviews/decide-review.ts';
import { importSheet, sheetFor } from '../../../src/run/reviews/import-sheet.ts';
import { openReviews } from '../../../src/run/reviews/open-reviews.ts';
import { packFor } from '../../../src/run/reviews/pack-for.ts';
import { previewReview, remindersOf } from '../../../src/run/reviews/preview-reviews.ts';
import { readReturnedSheet } from '../../../src/run/reviews/read-returned-sheet.ts';
import { contextHeaders, type ReviewSheet, type SheetFormat, writeSheet } from '../../../src/run/reviews/review-sheet.ts';
import { startReview } from '../../../src/run/reviews/start-review.ts';
import { sha256, toHex } from '../../../src/seal/digest.ts';
import { judgeDecisions } from '../../../src/verify/decision-register.ts';
import { accounts, entitlements } from '../../access/reviews/review-kit.ts';
import { by } from '../decisions/people.ts';
import { toyResults } from '../entity/entity-kit.ts';
import { account, entitlement, line, mia, omar, petra, register, review, reviewToys, seedsOf, within } from './review-toys.ts';

type World = Awaited<ReturnType<typeof reviewToys>>;
let world: World;
const dan = line('github:9919/member/dan', 'hr:E-110', [], 'e1');
const ghost = line('github:9919/member/ghost', 'hr:E-100', ['unresolved'], 'account');
const own = line('github:9919/member/omar', 'hr:E-104', ['privileged'], 'e2');
const bank = line('tabular:bank.users/petra', 'hr:E-107', [], 'e3');
const file = (name: string) => join(world.toys.directory, name);

async function problems(work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    return [
      `${error.code}: ${error.message}`,
      ...error.problems.map(({ line: row, path, message }) => `${row ?? '-'} ${path ?? '-'}: ${message}`),
    ];
  }
  throw new Error('expected a refusal');
}
const rowsOf = (bytes: Uint8Array): string[][] => parse(Buffer.from(bytes), { bom: true });
/** A sheet as somebody gives it back, filled in by line. */
async function filled(
  name: string,
  sheet: ReviewSheet,
  answers: Readonly<Record<string, readonly [string, string, string?]>>,
): Promise<string> {
  const rows = rowsOf(await writeSheet(sheet, 'csv'));
  const at = (header: string) => rows[0]!.indexOf(header);
  for (const row of rows.slice(1)) {
    const answer = answers[row[at('line')]!];
    if (answer === undefined) continue;
    [row[at('decision')], row[at('reason')], row[at('expires')]] = [answer[0], answer[1], answer[2] ?? ''];
  }
  writeFileSync(file(name), stringify(rows));
  return file(name);
}

beforeAll(async () => {
  world = await reviewToys();
  await register(world.app);
}, 60_000);

describe('a quarter’s review', () => {
  it('is planned, and says who would be asked', async () => {
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    expect(opened.described.map(({ id, state }) => [id, state])).toEqual([
      ['quarterly/2025-q4', 'planned'],
      ['quarterly/2026-q1', 'planned'],
    ]);
    expect(previewReview(opened, opened.described[0]!)).toEqual({
      lines: 4,
      reviewers: new Map([
        ['mia', 2],
        ['omar', 2],
      ]),
      unassigned: [],
    });
  });

  it('freezes the rosters once, with a digest over the lines', async () => {
    const { record, lines } = await within(world.app, (store) =>
      startReview(world.app, store, { ...by(mia), definition: 'quarterly', occasion: '2025-q4' }),
    );
    expect(record).toMatchObject({ id: review, count: 4, due: '2026-01-16T00:00:00.000Z' });
    expect(record.systems.map(({ system, lines: count, complete, since }) => [system, count, complete, since])).toEqual([
      ['github:9919', 3, true, null],
      ['tabular:bank.users', 1, true, null],
    ]);
    expect(record.systems[0]?.reconciliation).toMatchObject([
      {
        with: 'active people of the roster',
        count: 4,
        difference: 2,
        explanation: expect.stringMatching(/1 accounts that nobody is known to own/),
      },
    ]);
    expect(lines.map(({ id }) => id)).toEqual([dan, ghost, own, bank]);
    expect(
      await problems(() =>
        within(world.app, (store) => startReview(world.app, store, { ...by(mia), definition: 'quarterly', occasion: '2025-q4' })),
      ),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/begun already/)]));
    expect(
      await problems(() =>
        within(world.app, (store) => startReview(world.app, store, { ...by(mia), definition: 'quarterly', occasion: '2019-q4' })),
      ),
    ).toEqual([expect.stringMatching(/^not-found: .*2025-q4, 2026-q1/)]);
  });

  it('asks nobody about himself, and records who tried to', async () => {
    const tried = await problems(() =>
      within(world.app, (store) => assignReview(world.app, store, { ...by(omar), review, to: 'omar', systems: ['github:*'] })),
    );
    expect(tried[0]).toMatch(/"omar" may not be asked about 1 of these lines; the attempt on one of his own is recorded/);
    const { assigned, unassigned } = await within(world.app, (store) => assignReview(world.app, store, { ...by(mia), review }));
    expect([...assigned]).toEqual([
      ['mia', 2],
      ['omar', 2],
    ]);
    expect(unassigned).toEqual([]);
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    expect(opened.described[0]).toMatchObject({ state: 'assigned', metrics: { selfReviewsBlocked: 1, notCounted: 1 } });
    expect(remindersOf(opened, false)).toMatchObject([]);
    expect(remindersOf(opened, true)).toMatchObject([
      { reviewer: 'mia', lines: 2 },
      { reviewer: 'omar', lines: 2, email: null },
    ]);
  });

  it.each(['csv', 'xlsx'] as const)('hands out sheets as %s that come back as they were', async (format: SheetFormat) => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    writeFileSync(file(`omar.${format}`), await writeSheet(sheet, format));
    const returned = await readReturnedSheet(file(`omar.${format}`), sheet);
    expect(returned).toMatchObject({ decisions: [], undecided: [dan, ghost] });
  });

  it('refuses a sheet that was changed, row by row, and records nothing of it', async () => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    const before = await within(world.app, async (store) => store.size());
    const rows = rowsOf(await writeSheet(sheet, 'csv'));
    const at = (header: string) => rows[0]!.indexOf(header);
    const [head, first, second] = [rows[0]!, rows[1]!, rows[2]!];
    const altered = first.with(at('means'), 'nothing much').with(at('decision'), 'approve');
    writeFileSync(
      file('changed.csv'),
      `\uFEFF${stringify([head, altered, first, second.with(at('line'), own).with(at('decision'), 'keep').with(at('reason'), 'my own, all fine')])}`,
    );
    const refused = await problems(() =>
      within(world.app, (store) => importSheet(world.app, store, { ...by(omar), review, reviewer: 'omar', file: file('changed.csv') })),
    );
    expect(refused).toEqual([
      expect.stringMatching(/^usage: .*5 problems; nothing was recorded, save the attempt: one line in it concerns "omar" himself/),
      '2 means: was altered: expected "can change the code", found "nothing much"',
      '2 decision: expected keep, modify, revoke, exception, found "approve"',
      '3 line: the line stands twice: also in row 2',
      expect.stringMatching(/^4 line: a line that was not handed out/),
      expect.stringMatching(/^- line: the line was removed/),
    ]);
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    // What is in the log is that he put his own line in.
    expect(opened.described[0]?.metrics).toMatchObject({ decided: 0, selfReviewsBlocked: 2 });
    expect(await within(world.app, async (store) => store.size())).toBeGreaterThan(before);
  });

  it('finds every altered cell', async () => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    const rows = rowsOf(await writeSheet(sheet, 'csv'));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: rows.length - 1 }),
        fc.constantFrom(...contextHeaders),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }).filter((text) => text.trim() !== '' && !/^'/.test(text.trim())),
        async (row, header, more) => {
          const column = rows[0]!.indexOf(header);
          const changed = rows.map((cells, index) => (index === row ? cells.with(column, `${cells[column] ?? ''}${more}`) : cells));
          writeFileSync(file('altered.csv'), stringify(changed));
          const found = await problems(() => readReturnedSheet(file('altered.csv'), sheet));
          expect(found.some((problem) => problem.startsWith(`${row + 1} ${header}: `))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['of another reviewer', 'mia', /was handed to "\\?"?omar/],
    ['of nobody', 'petra', /no line of .* is assigned to "petra"/],
  ])('refuses a sheet %s', async (_what, reviewer, message) => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    writeFileSync(file('theirs.csv'), await writeSheet(sheet, 'csv'));
    const who = reviewer === 'mia' ? mia : petra;
    const refused = await problems(() =>
      within(world.app, (store) => importSheet(world.app, store, { ...by(who), review, reviewer, file: file('theirs.csv') })),
    );
    expect(refused.join()).toMatch(message);
  });

  it.each([
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x6c, 0x00]), /UTF-8/],
    ['has no such columns', Buffer.from('a,b\n1,2\n'), /the column "review" is missing/],
    ['holds a million characters in a cell', null, /longer than 2000 characters: 1000000/],
    ['is out of date', 'stale', /out of date/],
  ])('refuses a sheet that %s', async (_what, content, message) => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    const sent =
      content === null
        ? readFileSync(await filled('long.csv', sheet, { [dan]: ['revoke', 'x'.repeat(1_000_000)] }))
        : content === 'stale'
          ? Buffer.from(
              Buffer.from(await writeSheet(sheet, 'csv'))
                .toString()
                .replaceAll(sheet.identification, `${review} omar 0000000000000000`),
            )
          : (content as Buffer);
    writeFileSync(file('bad.csv'), sent);
    const refused = await problems(() =>
      within(world.app, (store) => importSheet(world.app, store, { ...by(omar), review, reviewer: 'omar', file: file('bad.csv') })),
    );
    expect(refused.join()).toMatch(message);
    expect(refused.join().length).toBeLessThan(2000);
  });

  it('takes a signature over the file, of the reviewer alone', async () => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    const sent = await filled('omar-signed.csv', sheet, { [dan]: ['revoke', 'left the project'] });
    const sign = (who: typeof mia, namespace: string) => {
      writeFileSync(file('sheet.sig'), who.key.sign(readFileSync(sent), namespace));
      return file('sheet.sig');
    };
    const take = (signature: string) => () =>
      within(world.app, (store) => importSheet(world.app, store, { review, reviewer: 'omar', file: sent, signature }));
    expect((await problems(take(sign(mia, 'proofline-review'))))[0]).toMatch(
      /verification-failed: the file is signed by "mia", not by "omar"/,
    );
    expect((await problems(take(sign(omar, 'proofline-decision'))))[0]).toMatch(/verification-failed|key-refused/);
    const signature = sign(omar, 'proofline-review');
    const done = await take(signature)();
    expect(done).toMatchObject({ decided: 1, undecided: [ghost], signedBy: omar.fingerprint });
    expect(done.decision?.actor).toMatchObject({ authentication: 'none', person: null });
    expect(done.decision?.payload).toMatchObject({ file: toHex(sha256(readFileSync(sent))) });
  });

  it('records a sheet signed by his key, and a line that a later decision replaces', async () => {
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, review, 'omar'));
    const sent = await filled('omar-2.csv', sheet, { [dan]: ['revoke', 'left the project for good'], [ghost]: ['keep', 'ok'] });
    const refused = await problems(() =>
      within(world.app, (store) => importSheet(world.app, store, { ...by(omar), review, reviewer: 'omar', file: sent })),
    );
    expect(refused).toEqual([
      expect.stringMatching(/1 of 2 decisions would not count; nothing was recorded/),
      expect.stringMatching(/^3 decision: a reason of at least 8 characters is missing: a line marked unresolved/),
    ]);
    const again = await filled('omar-3.csv', sheet, {
      [dan]: ['revoke', 'left the project for good'],
      [ghost]: ['exception', 'owner is being found', '2026-02-15'],
    });
    const done = await within(world.app, (store) =>
      importSheet(world.app, store, { ...by(omar), review, reviewer: 'omar', file: again, minutes: 3 }),
    );
    expect(done).toMatchObject({ decided: 2, undecided: [], decision: { actor: { person: 'omar' } } });
    // The same file again decides nothing new.
    const same = await within(world.app, async (store) => readReturnedSheet(again, await sheetFor(world.app, store, review, 'omar')));
    expect(same.decisions).toEqual([]);
  });

  it('is decided one by one as well, and never for another', async () => {
    const said = (id: string) => ({ line: id, decision: 'keep' as const, reason: 'needed for the payroll', expires: null });
    const decide = (who: typeof mia, reviewer: string, ids: readonly string[]) => () =>
      within(world.app, (store) => decideReview(world.app, store, { ...by(who), review, reviewer, lines: ids.map(said) }));
    expect((await problems(decide(omar, 'mia', [own])))[0]).toMatch(/"omar" cannot decide for "mia"/);
    expect((await problems(decide(omar, 'omar', [own])))[0]).toMatch(/the attempt on one of his own is recorded and does not count/);
    expect((await problems(decide(mia, 'mia', [own, own]))).join()).toMatch(/decided twice/);
    await decide(mia, 'mia', [own, bank])();
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    expect(opened.described[0]).toMatchObject({
      state: 'remediating',
      metrics: { decided: 4, revoke: 1, selfReviewsBlocked: 3, notAuthenticated: 0 },
    });
  });

  it('stays open until a later roster shows that it is gone, and is then closed', async () => {
    const close = () => within(world.app, (store) => closeReview(world.app, store, { ...by(mia), review, reason: 'all done' }));
    expect((await problems(close)).join()).toMatch(/it is still there/);
    const outcomes = async () => {
      await world.toys.run();
      return await toyResults(world.toys);
    };
    world.toys.time = Date.parse('2026-01-30T08:00:00.000Z');
    const late = await outcomes();
    const state = Object.entries(late).find(([key]) => key.startsWith('entity/revocation-is-carried-out'))?.[1];
    expect(state).toMatch(/^fail: revoked at .*, to be done by 2026-01-23T00:00:00.000Z, and still there/);
    // Somebody says that the ticket is done; the roster says otherwise.
    world.toys.seeds = seedsOf({ entitlements: entitlements.slice(1) });
    world.toys.time = Date.parse('2026-02-02T08:00:00.000Z');
    const gone = await outcomes();
    const said = (check: string) =>
      Object.entries(gone)
        .filter(([key]) => key.startsWith(`entity/${check} `))
        .map(([, text]) => text.slice(0, 5));
    expect(said('revocation-is-carried-out')).toEqual(['pass:']);
    expect(said('access-review-was-held')).toEqual(['pass:', 'pass:']);
    expect(said('review-decided-by-others')).toEqual(['pass:']);
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    expect(opened.described[0]?.followed.find(({ decision }) => decision === 'revoke')?.goneBy).toMatch(/^2026-02-02T08:/);
    await close();
    world.toys.time = Date.parse('2026-02-20T08:00:00.000Z');
    const past = await outcomes();
    expect(Object.entries(past).find(([key]) => key.startsWith('entity/review-exception-not-expired'))?.[1]).toMatch(
      /^fail: the exception ended at 2026-02-16/,
    );
  });

  it('is handed out as an evidence pack whose roster hashes to what was recorded', async () => {
    const [files, again] = await within(world.app, async (store) => [
      await packFor(world.app, store, review),
      await packFor(world.app, store, review),
    ]);
    expect([...files.keys()]).toEqual([
      'roster.jsonl',
      'roster.csv',
      'reconciliation.csv',
      'assignments.csv',
      'decisions.csv',
      'not-counted.csv',
      'exceptions.csv',
      'remediation.csv',
      'sign-offs.csv',
      'systems-not-reviewed.csv',
      'metrics.csv',
      'review.xlsx',
      'review.json',
    ]);
    const text = (name: string) => Buffer.from(files.get(name)!).toString();
    const summary = JSON.parse(text('review.json')) as {
      frozen: { digest: string };
      notReviewed: string[];
      metrics: Record<string, number>;
    };
    expect(`sha256:${toHex(sha256(files.get('roster.jsonl')!))}`).toBe(summary.frozen.digest);
    expect(summary.notReviewed).toEqual([]);
    expect(summary.metrics).toMatchObject({
      decided: 4,
      revoke: 1,
      revokedPercent: 25,
      shownPercent: 100,
      selfReviewsBlocked: 3,
      medianSeconds: 90,
    });
    expect(rowsOf(files.get('decisions.csv')!)).toHaveLength(1 + 4 + 1);
    expect(text('decisions.csv')).toMatch(/identity not authenticated/);
    expect(text('remediation.csv')).toMatch(/shown to be gone by a later roster,2026-02-/);
    expect(Buffer.compare(Buffer.from(again.get('review.xlsx')!), Buffer.from(files.get('review.xlsx')!))).toBe(0);
  });

  it('counts what came and went since the review before', async () => {
    world.toys.seeds = seedsOf({
      accounts: [...accounts, account('github:9919/member/=new', 'hr:E-110'), account('okta:acme/user/x', 'hr:E-110')],
      entitlements: [...entitlements.slice(1), entitlement('e9', 'github:9919/member/=new', { permission: '=cmd()' })],
    });
    world.toys.time = Date.parse('2026-04-02T08:00:00.000Z');
    await world.toys.run();
    const { record } = await within(world.app, (store) => startReview(world.app, store, { ...by(mia), definition: 'quarterly' }));
    expect(record).toMatchObject({ id: 'quarterly/2026-q1' });
    expect(record.systems.find(({ system }) => system === 'github:9919')?.since).toEqual({ review, added: 2, removed: 1, unchanged: 2 });
    await within(world.app, (store) => assignReview(world.app, store, { ...by(mia), review: record.id }));
    const sheet = await within(world.app, (store) => sheetFor(world.app, store, record.id, 'omar'));
    const csv = Buffer.from(await writeSheet(sheet, 'csv')).toString();
    expect(csv).toMatch(/,'=new,/);
    expect(csv).toMatch(/,'=cmd\(\),/);
    const opened = await within(world.app, (store) => openReviews(world.app, store));
    expect(opened.described.find(({ id }) => id === record.id)).toMatchObject({ id: 'quarterly/2026-q1', notReviewed: ['okta:acme'] });
  });

  it('leaves a log in which the void attempts are decisions like others', async () => {
    const { refused, decisions } = await within(world.app, async (store) =>
      judgeDecisions([...decisionEntries(store)], decisionLogOf(store)),
    );
    expect(refused).toEqual([]);
    expect(decisions.filter(({ reason }) => /^an attempt, blocked/.test(reason))).toHaveLength(3);
  });
});
