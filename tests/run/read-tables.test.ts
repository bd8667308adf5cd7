import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { prooflineHere } from '../cli/in-process.ts';

const planted = 'planted-5up3r-s3cret';
let directory = '';
const people = (count: number) => `id,name,end\n${Array.from({ length: count }, (_, at) => `E-${at},Person ${at},\n`).join('')}`;

/** Refuses whoever asks, and remembers with what he came. */
const bank = createServer((request, response) => {
  shownToBank.push(request.headers.authorization ?? '');
  response.writeHead(401).end('{}');
});
const shownToBank: string[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
  const { port } = bank.address() as AddressInfo;
  directory = mkdtempSync(join(tmpdir(), 'proofline-tables-'));
  mkdirSync(join(directory, 'exports'));
  writeFileSync(join(directory, 'exports/people.csv'), people(10));
  writeFileSync(
    join(directory, 'proofline.yaml'),
    `version: 1
entity: { name: Northwind, tenant: northwind }
reports: [soc1]
sources:
  tabular:
    - name: hr
      kind: csv
      tables:
        - name: people
          as: hr.person
          path: exports/people.csv
          key: [id]
          columns: { id: {}, name: {}, end: { type: date, optional: true } }
          map: { personId: id, endsOn: end }
        - { name: notes, path: exports/notes.csv, key: [id], columns: { id: {} } }
    - name: bank
      kind: http
      url: http://127.0.0.1:${port}/api
      credentials: { env: BANK_TOKEN }
      tables: [{ name: users, as: bank.user, path: users, key: [login], columns: { login: {} } }]
`,
  );
  createKeys(join(directory, '.proofline/keys'), { tenant: 'northwind', demonstration: false });
});
afterAll(() => {
  bank.close();
  rmSync(directory, { recursive: true });
});

async function collect(sources = ['hr']) {
  const app = await openApp({ configFile: join(directory, 'proofline.yaml'), env: { BANK_TOKEN: planted } });
  const run = await runCollection(app, {
    sources,
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  return new Map(run.members.map((member) => [member.source, member]));
}

describe('tables in a log', () => {
  it('are members of their own: one that is missing takes no other along', async () => {
    const members = await collect();
    expect([...members.keys()]).toEqual(['tabular:hr.people', 'tabular:hr.notes']);
    expect(members.get('tabular:hr.people')?.incomplete).toEqual([]);
    expect(members.get('tabular:hr.notes')?.incomplete).toEqual([
      { collector: 'tabular/tabular-record', scope: 'tabular:hr.notes', reasons: ['source-unavailable'] },
    ]);
  });

  it('do not lose a third of the people overnight, on the second night neither', async () => {
    writeFileSync(join(directory, 'exports/people.csv'), people(6));
    for (const night of [1, 2]) {
      expect((await collect()).get('tabular:hr.people')?.incomplete, String(night)).toEqual([
        { collector: 'tabular/hr-person', scope: 'tabular:hr.people', reasons: ['truncated'] },
      ]);
    }
    writeFileSync(join(directory, 'exports/people.csv'), people(8));
    expect((await collect()).get('tabular:hr.people')?.incomplete).toEqual([]);
    // Held against the eight that were seen whole.
    writeFileSync(join(directory, 'exports/people.csv'), people(6));
    expect((await collect()).get('tabular:hr.people')?.incomplete).toEqual([]);
  });

  it('are tried by the doctor, who names what does not fit', async () => {
    writeFileSync(join(directory, 'exports/people.csv'), `${people(8)}E-9\nE-10,Person,tomorrow\n`);
    const ran = await prooflineHere(['doctor', '--config', join(directory, 'proofline.yaml')], { BANK_TOKEN: '' });
    expect(ran.out).toContain('malformed-reply: exports/people.csv line 10: has 1 cells, and the header has 3');
    expect(ran.out).toContain('malformed-reply: exports/people.csv line 11 (E-10): column "end" expected a day as the column declares it');
    expect(ran.out).toContain('source-unavailable: tabular:rows (ENOENT)');
    expect(ran.out).not.toContain('requests a collection');
    writeFileSync(join(directory, 'exports/people.csv'), people(8));
  });

  it('come out again by recompute, from what was sealed', async () => {
    const ran = await prooflineHere(['recompute', '--config', join(directory, 'proofline.yaml')]);
    expect(ran.out + ran.err).not.toContain('differ');
    expect(ran.code, ran.out + ran.err).toBe(0);
  });

  it('never show the secret they are read with', async () => {
    const config = ['--config', join(directory, 'proofline.yaml')];
    const ran = await prooflineHere(['collect', '--source', 'bank', ...config], { BANK_TOKEN: planted });
    const shown = await prooflineHere(['evidence', 'list', ...config], { BANK_TOKEN: planted });
    expect(ran.out + ran.err + shown.out + shown.err).not.toContain(planted);
    expect(ran.code).toBe(3);
    expect(shownToBank).toContain(`Bearer ${planted}`);
    for (const file of filesIn(directory)) expect(readFileSync(file).includes(planted), file).toBe(false);
  });
});

function filesIn(of: string): string[] {
  return readdirSync(of, { recursive: true, encoding: 'utf8' })
    .map((name) => join(of, name))
    .filter((file) => statSync(file).isFile());
}
