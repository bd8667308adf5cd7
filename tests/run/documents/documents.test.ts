import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import documentWasHandedIn from '../../../checks/entity/document-was-handed-in.ts';
import subserviceReportReachesToday from '../../../checks/entity/subservice-report-reaches-today.ts';
import documents from '../../../collectors/entity/documents/collector.ts';
import { loadDocuments } from '../../../src/config/documents-file.ts';
import { libraryDirectory } from '../../../src/config/library-directory.ts';
import { Control } from '../../../src/model/control.ts';
import { DocumentSettings } from '../../../src/model/document-settings.ts';
import { ProoflineError } from '../../../src/model/errors.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import { addDocument, type DocumentRequested, readUpload } from '../../../src/run/documents/add-document.ts';
import { verifyLog } from '../../../src/verify/verify-log.ts';
import { derivedInput, EntityToys, runEntityCollector, toyEntity, toyResults } from '../entity/entity-kit.ts';

const scratch = mkdtempSync(join(tmpdir(), 'proofline-documents-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
};
const settings = {
  ...DocumentSettings.parse({
    requests: [
      {
        id: 'policy',
        title: 'Access policy',
        type: 'policy',
        controls: ['T-01'],
        from: 'people',
        frequency: 'annual',
        since: '2025-06-01',
        dueDays: 30,
      },
      { id: 'board', title: 'Minutes', type: 'minutes', controls: ['T-02'], from: 'board', frequency: 'quarterly', since: '2025-07-01' },
    ],
    subserviceOrganisations: [{ id: 'aws', name: 'AWS', services: 'Computing', method: 'carve-out', since: '2025-04-01' }],
  }),
  unasked: [{ control: 'T-03', what: 'Training list' }],
};
const asked = (more: Partial<DocumentRequested> = {}): DocumentRequested => ({
  file: file('policy.pdf', 'the policy'),
  request: 'policy',
  effective: '2025-06-15',
  providedBy: 'Ines',
  obtained: 'by mail',
  reason: 'asked for',
  actor: { name: 'Ada' },
  ...more,
});
const control = (id: string): Control =>
  Control.parse({ id, status: 'adopted', statement: 'Documents are there.', frequency: 'annual', satisfies: {}, checks: [] });
const toys = () => {
  const house = new EntityToys({
    seeds: {},
    collectors: [documents],
    checks: [documentWasHandedIn, subserviceReportReachesToday],
    settings: { documents: settings as never },
  });
  house.controls = ['T-01', 'T-02', 'T-03'].map(control);
  return house;
};

describe('a document', () => {
  it('is kept byte for byte, is evidence once a second person approved it, and holds in the log', async () => {
    const house = toys();
    await house.run();
    const app = house.composition();
    const bytes = Buffer.alloc(2_000_000, 'payroll ');
    let store = await app.openStore();
    const added = await addDocument(app, store, asked({ file: file('big.pdf', bytes) }));
    if (added.payload.type !== 'add-document') throw new Error('another decision');
    const { upload, id } = added.payload.document;
    expect(await readUpload(store, upload)).toMatchObject({ name: 'big.pdf', mediaType: 'application/pdf', bytes });
    await store.close();
    await house.run();
    const subject = `${toyEntity}/document-request/policy/2025-06-01`;
    expect((await toyResults(house))[`entity/document-was-handed-in ${subject}`]).toMatch(/^not-applicable/);
    store = await app.openStore();
    await recordDecision(app, store, { actor: { name: 'Ines' }, payload: { type: 'approve', of: added.index }, reason: 'read' });
    await store.close();
    await house.run();
    const said = await toyResults(house);
    expect(said[`entity/document-was-handed-in ${subject}`]).toContain(`pass`);
    // Its stretch is over, and nothing was handed in for it; a control that nobody asks anything for is not met by silence.
    expect(said[`entity/document-was-handed-in ${toyEntity}/document-request/board/2025-07-01`]).toMatch(/^no-evidence/);
    expect(said[`entity/document-was-handed-in ${toyEntity}/document-request/unasked/T-03`]).toMatch(/^no-evidence/);
    expect(said[`entity/subservice-report-reaches-today ${toyEntity}/subservice-organisation/aws`]).toMatch(/^no-evidence/);
    store = await app.openStore({ readOnly: true });
    expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    await store.close();
    expect(id).toMatch(/^D-[0-9a-f]{8}$/);
  });
  it('is refused with everything that is wrong with it, and nothing is written', async () => {
    const house = toys();
    await house.run();
    const app = house.composition();
    const store = await app.openStore();
    const size = store.size();
    const wrong = asked({
      file: file('empty.pdf', ''),
      request: 'polcy',
      controls: ['T-99'],
      effective: '2025-02-30',
      covers: '2025-03-01..2025-02-01',
      facts: ['result'],
      supersedes: 'D-9',
      obtained: 'with the key AKIAABCDEFGHIJKLMNOP',
    });
    const error = await addDocument(app, store, wrong).catch((reason: unknown) => reason as ProoflineError);
    expect(error).toBeInstanceOf(ProoflineError);
    const text = (error as ProoflineError).problems.map(({ message }) => message).join('\n');
    for (const part of [
      'no request "polcy" (did you mean "policy"?)',
      'is empty',
      'what kind of document',
      'no control "T-99"',
      'the day from which',
      'ends before it begins',
      'name=value',
      'no document "D-9"',
      'an AWS access key',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('AKIAABCDEFGHIJKLMNOP');
    await expect(addDocument(app, store, asked({ type: 'subservice-report', facts: ['organisation=awz'] }))).rejects.toMatchObject({
      problems: [
        { message: 'there is no subservice organisation "awz" (did you mean "aws"?)' },
        { message: expect.stringContaining('which stretch it covers') },
        { message: expect.stringContaining('which exceptions') },
      ],
    });
    expect(store.size()).toBe(size);
    await store.close();
  });
});

it('is graded as handed in, and is read from no other source', async () => {
  expect(documents.grade).toBe('uploaded');
  const ran = await runEntityCollector(documents, derivedInput({ settings: { documents: settings as never } }));
  expect(ran.completeness).toEqual({ kind: 'complete' });
  expect(documents.member?.({ documents: null })).toBe(false);
});

describe('the documents file', () => {
  const controls = [
    { id: 'OP-09', status: 'proposed' as const, evidence: [] },
    { id: 'GV-01', status: 'proposed' as const, evidence: [] },
    { id: 'GV-02', status: 'adopted' as const, evidence: [{ what: 'Minutes', from: 'board', frequency: 'quarterly' }] },
  ];
  it('that is shipped as an example is right, and an adopted control it forgets is among what is sealed', () => {
    const loaded = loadDocuments(join(libraryDirectory(), 'documents.example.yaml'), controls as never);
    expect(loaded['requests']).toHaveLength(2);
    expect(loaded['unasked']).toEqual([{ control: 'GV-02', what: 'Minutes' }]);
  });
  it('is refused with every problem at once', () => {
    const path = file(
      'documents.yaml',
      `version: 1
requests:
  - { id: a, title: A, type: a, controls: [OP-9], from: x, frequency: quarterly, since: 2026-01-01 }
  - { id: a, title: A, type: a, controls: [OP-09], from: x, frequency: weekly, since: soon }
`,
    );
    const error = (() => {
      try {
        return loadDocuments(path, controls as never);
      } catch (reason) {
        return reason as ProoflineError;
      }
    })() as ProoflineError;
    expect(error.problems.map((problem) => `${problem.line} ${problem.path}`)).toEqual(['4 requests[1].frequency', '4 requests[1].since']);
  });
});
