import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import shippedChecks from '../../../checks/index.generated.ts';
import type { EntityClient } from '../../../collectors/entity/client.ts';
import shippedCollectors from '../../../collectors/index.generated.ts';
import type { Check, Collector } from '../../../src/authoring.ts';
import { openDirectory } from '../../../src/bundle/directory-files.ts';
import { loadFrameworks } from '../../../src/config/frameworks.ts';
import { libraryDirectory } from '../../../src/config/library-directory.ts';
import { loadEntitySettings } from '../../../src/config/load-entity-settings.ts';
import { PeopleSettings } from '../../../src/config/people-settings.ts';
import { Control } from '../../../src/model/control.ts';
import { DocumentSettings } from '../../../src/model/document-settings.ts';
import { ReviewSettings } from '../../../src/model/review-settings.ts';
import { type BundleOptions, writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { openPeriod } from '../../../src/run/decisions/open-period.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import { addDocument } from '../../../src/run/documents/add-document.ts';
import { sourceKindOf } from '../../../src/run/registries.ts';
import { assignReview } from '../../../src/run/reviews/assign-review.ts';
import { decideReview } from '../../../src/run/reviews/decide-review.ts';
import { openReviews } from '../../../src/run/reviews/open-reviews.ts';
import { startReview } from '../../../src/run/reviews/start-review.ts';
import { verifyFiles } from '../../../src/run/verify-data.ts';
import { sha256, toHex } from '../../../src/seal/digest.ts';
import { alice, bob, by, engagement } from '../decisions/people.ts';
import { EntityToys } from '../entity/entity-kit.ts';
import { within } from '../reviews/review-toys.ts';

const ofEntity = <U extends { readonly id: string }>(units: readonly U[]) => units.filter((unit) => sourceKindOf(unit) === 'entity');
const scratch = mkdtempSync(join(tmpdir(), 'proofline-entity-bundle-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const person = (id: string, name: string, more: object = {}) => ({
  id: `tabular:hr.people/person/${id}`,
  display: name,
  personId: id,
  name,
  emails: [`${name.toLowerCase().replace(' ', '.')}@toys.example`],
  kind: 'employee',
  status: 'active',
  title: 'Toy maker',
  department: 'Toys',
  manager: null,
  startsOn: '2024-01-01',
  endsOn: null,
  ...more,
});
const member = (id: string, login: string) => ({ id: `github:9919/member/${id}`, display: login, login, role: 'member' });
const link = (account: string, to: string) => ({ account: `github:9919/member/${account}`, person: to, because: 'told by her manager' });

async function settled() {
  const library = libraryDirectory();
  const people = PeopleSettings.parse({
    rosters: ['hr.people'],
    links: [link('U1', 'hr:E-1'), link('U2', 'hr:E-2')],
  });
  return {
    ...loadEntitySettings(
      { sources: { aws: [], github: [] }, people, separation: [] },
      { library, frameworks: loadFrameworks(library, undefined), controls: [], scope: { environments: [] }, on: '2026-01-15' },
    ),
    reviews: JSON.parse(
      JSON.stringify(
        ReviewSettings.parse({
          reviewers: [{ id: 'bob', outside: 'an external reviewer', from: '2025-01-01' }],
          systems: [{ name: 'code', match: ['github:*'], owner: 'bob' }],
          reviews: [
            {
              id: 'monthly',
              title: 'Review of the month',
              controls: ['AC-12'],
              frequency: 'monthly',
              first: '2025-12-01',
              otherwise: ['bob'],
            },
          ],
        }),
      ),
    ) as Record<string, never>,
    documents: {
      ...DocumentSettings.parse({
        requests: [
          {
            id: 'policy',
            title: 'Access policy',
            type: 'policy',
            controls: ['AC-12'],
            from: 'people',
            frequency: 'annual',
            since: '2025-06-01',
          },
        ],
        subserviceOrganisations: [{ id: 'aws', name: 'AWS', services: 'Computing', method: 'carve-out', since: '2025-04-01' }],
      }),
      unasked: [],
    } as never,
  };
}

const control = Control.parse({
  id: 'AC-12',
  status: 'adopted',
  statement: 'Access is looked at.',
  frequency: 'monthly',
  satisfies: { soc2: ['CC6.2'] },
  covers: ['entity.review', 'entity.account', 'entity.leaver'],
  checks: ['entity/access-review-was-held', 'entity/account-belongs-to-someone', 'entity/leaver-has-no-live-account'],
});
const policy = Buffer.from('%PDF-1.7 Nora Lund wrote this policy\n');
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(scratch, name), bytes);
  return join(scratch, name);
};

/** Two weeks: Nora leaves on the 20th and is in the code until the 24th; somebody is nobody's; a review is held, and one is not. */
async function lived(): Promise<{ toys: EntityToys; app: Composition }> {
  const toys = new EntityToys({
    seeds: {
      'tabular:hr.people': { 'hr.person': [person('E-1', 'Ada Berg'), person('E-2', 'Nora Lund')] },
      'github:9919': { 'github.member': [member('U1', 'adab'), member('U2', 'noral'), member('U3', '=ghost')] },
    },
    collectors: ofEntity(shippedCollectors) as readonly Collector<never>[] as readonly Collector<EntityClient>[],
    checks: ofEntity(shippedChecks) as readonly Check[],
    settings: await settled(),
  });
  toys.controls = [control];
  const shy = { ...engagement, id: 'masked', redaction: { withholdItemsOf: [], maskNames: true } };
  toys.engagements = [
    engagement,
    shy,
    { ...engagement, id: 'kept', redaction: { withholdItemsOf: ['entity/documents'], maskNames: false } },
  ];
  const app = toys.composition();
  await within(app, async (store) => {
    const payload = (who: typeof alice) => ({ type: 'register-person' as const, person: who.person });
    await recordDecision(app, store, { actor: { name: 'root' }, payload: payload(alice), reason: 'the first' });
    await recordDecision(app, store, { ...by(alice), payload: payload(bob), reason: 'decides' });
  });
  await toys.run();
  for (const id of ['soc2', 'masked', 'kept'])
    await within(app, (store) =>
      openPeriod(app, store, { engagement: id, id, start: '2026-01-16', end: '2026-01-29', zone: 'UTC', reason: 'agreed', ...by(alice) }),
    );
  for (let day = 16; day <= 31; day += 1) {
    toys.time = Date.parse(`2026-01-${day}T08:00:00.000Z`);
    if (day === 18)
      toys.seeds['tabular:hr.people'] = {
        'hr.person': [
          person('E-1', 'Ada Berg'),
          person('E-2', 'Nora Lund', { status: day > 20 ? 'left' : 'active', endsOn: '2026-01-20' }),
        ],
      };
    if (day === 25) toys.seeds['github:9919'] = { 'github.member': [member('U1', 'adab'), member('U3', '=ghost')] };
    await toys.run();
    if (day === 17) await held(app);
  }
  return { toys, app };
}

async function held(app: Composition): Promise<void> {
  await within(app, (store) => startReview(app, store, { ...by(bob), definition: 'monthly', occasion: '2026-01' }));
  await within(app, (store) => assignReview(app, store, { ...by(bob), review: 'monthly/2026-01' }));
  const opened = await within(app, (store) => openReviews(app, store));
  const lines = [...(opened.judged[0]?.assigned.keys() ?? [])];
  const said = (line: string) => ({ line, decision: 'keep' as const, reason: 'needed for the toys, says Ada Berg', expires: null });
  await within(app, (store) =>
    decideReview(app, store, { ...by(bob), review: 'monthly/2026-01', reviewer: 'bob', lines: lines.map(said) }),
  );
  await within(app, async (store) => {
    const asked = { effective: '2025-06-15', obtained: 'by mail', reason: 'asked for', ...by(alice) };
    const added = await addDocument(app, store, {
      ...{ ...asked, file: file('Policy of Nora Lund.pdf', policy), request: 'policy', providedBy: 'Nora Lund' },
    });
    await recordDecision(app, store, { ...by(bob), payload: { type: 'approve', of: added.index }, reason: 'read' });
    await addDocument(app, store, {
      ...asked,
      file: file('notes.txt', Buffer.from('notes')),
      type: 'note',
      title: 'A note',
      providedBy: 'AWS',
    });
  });
}

let toys: EntityToys;
let app: Composition;
let out: string;
const options = (period: string, name: string): BundleOptions => ({
  period,
  out: join(toys.directory, name),
  plain: true,
  generatedAt: '2026-02-01T00:00:00.000Z',
  actor: { name: 'ada', authentication: 'none' },
});
const text = (path: string, folder = out): string => readFileSync(join(folder, path), 'utf8');
const rowsOf = (name: string, folder = out): Record<string, string>[] =>
  parse(text(`registers/${name}.csv`, folder), { bom: true, columns: true }) as Record<string, string>[];
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

beforeAll(async () => {
  ({ toys, app } = await lived());
  ({ out } = await writeBundle(app, options('soc2', 'first')));
}, 240_000);

describe('the entity as a whole in a bundle', () => {
  test('tells whose every account is, unresolved ones first, from reading to reading', () => {
    const accounts = rowsOf('accounts');
    expect(accounts[0]).toMatchObject({ login: "'=ghost", belongs_to: 'unresolved', shown_to_utc: '', at_the_end: 'yes' });
    const nora = accounts.filter(({ owner }) => owner === 'hr:E-2');
    expect(nora.at(-1)).toMatchObject({ login: 'noral', owner_name: 'Nora Lund', linked_by: 'explicit-link' });
    expect(nora.at(-1)?.['shown_to_utc']).toMatch(/^2026-01-25T08:/);
    expect(rowsOf('unresolved-accounts').map(({ login }) => login)).toEqual(["'=ghost"]);
    expect(text('access/people.html')).toContain('Nora Lund');
  });
  test('dates the leaver and how long her account could be used', () => {
    expect(rowsOf('moves').find(({ kind }) => kind === 'leaver')).toMatchObject({
      name: 'Nora Lund',
      day: '2026-01-20',
      holds_from_utc: '2026-01-21T00:00:00.000Z',
    });
    const [row] = rowsOf('leaver-accounts');
    expect(row).toMatchObject({ name: 'Nora Lund', login: 'noral', state: 'shut' });
    expect(row?.['last_seen_usable_utc']).toMatch(/^2026-01-24T08:/);
    expect(row?.['shown_shut_utc']).toMatch(/^2026-01-25T08:/);
    expect(Number(row?.['hours_usable_at_least'])).toBeGreaterThan(79);
  });
  test('has the rules that duties were held against, with what they could not see', () => {
    const rules = rowsOf('sod-rules');
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.every(({ not_connected: not, not_seen_whole: part, could_not_be_told: told }) => `${not}${part}${told}` !== '')).toBe(
      true,
    );
  });
  test('has the evidence pack of a review that was held, whose roster hashes to what was recorded, and the one nobody held', () => {
    const [missed, review] = rowsOf('access-reviews');
    // Due on the first day of the period, and nobody held it.
    expect(missed).toMatchObject({ review: 'monthly/2025-12', held: 'never begun', roster_digest: '', folder: '' });
    expect(review).toMatchObject({ review: 'monthly/2026-01', folder: 'access-reviews/monthly-2026-01', pack_missing: '' });
    expect(`sha256:${toHex(sha256(readFileSync(join(out, 'access-reviews/monthly-2026-01/roster.jsonl'))))}`).toBe(
      review?.['roster_digest'],
    );
    expect(Number(review?.['decided'])).toBe(Number(review?.['lines']));
    expect(Number(review?.['lines'])).toBeGreaterThan(2);
  });
  test('has documents byte for byte, with who provided and who approved them', () => {
    const [asked, note] = rowsOf('documents');
    expect(asked).toMatchObject({
      request: 'policy',
      standing: 'handed-in',
      evidence_grade: 'uploaded',
      provided_by: 'Nora Lund',
      original_name: 'Policy of Nora Lund.pdf',
      sha256: toHex(sha256(policy)),
    });
    expect(readFileSync(join(out, asked?.['file'] ?? '')).equals(policy)).toBe(true);
    expect(note).toMatchObject({ title: 'A note', standing: 'unapproved', approved_by: '' });
    expect(rowsOf('subservice-coverage')[0]).toMatchObject({ name: 'AWS', report_through: '' });
  });
  test('is on the first page and on the workpaper, and every file of it is in the manifest', async () => {
    const page = text('index.html');
    for (const path of ['access/people.html', 'access/separation.html', 'access-reviews/index.html', 'documents/index.html'])
      expect(page).toContain(`href="${path}"`);
    const paper = text('controls/AC-12/workpaper.html');
    for (const part of ['monthly/2026-01', 'Access policy', '../../access/people.html']) expect(paper).toContain(part);
    const files = openDirectory(out);
    const { claims } = await verifyFiles(files, {});
    files.close();
    expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  });
  test('is the same bytes twice', async () => {
    const { out: again } = await writeBundle(app, { ...options('soc2', 'again'), logSize: JSON.parse(text('manifest.json')).size });
    expect(filesIn(again)).toEqual(filesIn(out));
    for (const path of filesIn(out).filter((one) => !one.startsWith('manifest')))
      expect(Buffer.compare(readFileSync(join(again, path)), readFileSync(join(out, path))), path).toBe(0);
  });
  test('has no name of a person where names are masked, but in evidence and in documents as they were handed in', async () => {
    const { out: masked } = await writeBundle(app, options('masked', 'masked'));
    const as = ['evidence/', 'evidence-items/', 'history.json', 'decisions/', 'documents/D-'];
    const named = filesIn(masked).filter(
      (path) => !as.some((start) => path.startsWith(start)) && /Nora Lund|Ada Berg|noral/.test(readFileSync(join(masked, path), 'latin1')),
    );
    expect(named).toEqual([]);
    expect(existsSync(join(masked, 'access-reviews/monthly-2026-01/roster.jsonl'))).toBe(false);
    expect(text('access-reviews/monthly-2026-01/roster.csv', masked)).toMatch(/person-[0-9a-f]{8}/);
    const document = rowsOf('documents', masked)[0];
    expect(document?.['provided_by']).toMatch(/^person-[0-9a-f]{8}$/);
    expect(readFileSync(join(masked, document?.['file'] ?? '')).equals(policy)).toBe(true);
  });
  test('keeps documents back where the redaction profile asks for it, out of the evidence too', async () => {
    const { out: kept } = await writeBundle(app, options('kept', 'kept'));
    expect(filesIn(kept).filter((path) => path.startsWith('documents/D-'))).toEqual([]);
    expect(rowsOf('documents', kept)[0]).toMatchObject({ file: '', file_absent: 'kept back by the redaction profile' });
    const base64 = policy.toString('base64').slice(0, 24);
    expect(text('evidence/blobs.txt')).toContain(base64);
    expect(text('evidence/blobs.txt', kept)).not.toContain(base64);
    const files = openDirectory(kept);
    const { claims } = await verifyFiles(files, {});
    files.close();
    expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  });
});
