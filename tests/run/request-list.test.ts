import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProoflineError } from '../../src/model/errors.ts';
import { answerRequests, type RequestTarget, requestTargets } from '../../src/run/answer-requests.ts';
import { type AuditorRequest, readRequestList } from '../../src/run/request-list.ts';
import { toyHistory } from '../bundle/toy-period.ts';

const directory = mkdtempSync(join(tmpdir(), 'requests-'));
afterAll(() => rmSync(directory, { recursive: true }));
async function read(text: string, name = 'list.csv') {
  const file = join(directory, name);
  writeFileSync(file, text);
  return await readRequestList(file);
}
async function problemsOf(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProoflineError)) throw new Error('it was taken', { cause: error });
  return error.problems.map(({ line, message }) => `${line}: ${message}`);
}

describe('a request list', () => {
  it('is read by what its columns are called, in any order', async () => {
    expect(
      await read('Due Date;Control ID;Request ID;Request description\n31/01/2026;AC-02;R-1;"All users,\nwith MFA"\n;;R-2;Incidents\n'),
    ).toEqual([
      { id: 'R-1', description: 'All users,\nwith MFA', references: ['AC-02'], owner: null, due: '31/01/2026', row: 2 },
      { id: 'R-2', description: 'Incidents', references: [], owner: null, due: null, row: 4 },
    ]);
  });
  it('may name several things, in several columns', async () => {
    const [request] = await read('#,Description,Control,Evidence,Owner\n7,Changes,"CM-02; CM-01, CM-02",changes,alice\n');
    expect(request).toMatchObject({ id: '7', references: ['CM-02', 'CM-01', 'changes'], owner: 'alice' });
  });
  it('is told every problem at once, each with its line', async () => {
    expect(await problemsOf('Request ID,Description\nR-1,Users\n,Nothing\nr-1,Again\nR-2,\n')).toEqual([
      '3: has no request id',
      '4: the request id "r-1" is taken by line 2',
      '5: "R-2" does not say what is asked',
    ]);
    expect(await problemsOf('Request ID,Description\n')).toEqual(['1: has no request below its header']);
    expect(await problemsOf('Name,Colour\na,b\n')).toEqual([expect.stringContaining('expected columns such as')]);
  });
});

const targets = requestTargets(
  {
    history: toyHistory,
    populations: [],
    samples: [],
    datasets: [],
    papers: [],
  },
  [{ names: ['deviations', 'deviation register'], title: 'Register of deviations', files: ['registers/deviations.csv'] }],
);
const request = (id: string, references: string[], description = 'Please send it', row = 2): AuditorRequest => ({
  id,
  description,
  references,
  owner: null,
  due: null,
  row,
});
const answer = (...requests: AuditorRequest[]) => answerRequests(requests, targets).answered;

describe('requests are answered', () => {
  it('with the workpapers of the control, or of every control of a criterion', () => {
    const [control, criterion] = answer(request('R-1', ['dp-01']), request('R-2', ['CC6.1']));
    expect(control).toMatchObject({
      control: 'DP-01',
      folder: 'requests/R-1',
      state: 'submitted',
      files: ['controls/DP-01/workpaper.pdf', 'controls/DP-01/workpaper.html'],
    });
    expect(criterion?.files).toContain('controls/DP-01/workpaper.pdf');
    expect(criterion?.files).toContain('controls/AC-02/workpaper.pdf');
  });
  it('with a register by the name people call it', () => {
    expect(answer(request('R-1', ['Deviation  Register']))[0]).toMatchObject({
      state: 'submitted',
      evidence: 'deviations',
      files: ['registers/deviations.csv'],
    });
  });
  it('with "nothing collected" where there is a paper and no evidence behind it', () => {
    expect(answer(request('R-1', ['OP-01']))[0]).toMatchObject({ state: 'nothing-collected', note: 'Nothing was collected for OP-01.' });
  });
  it('by an id in the text only where no reference is given, and it is said', () => {
    expect(answer(request('R-1', [], 'Evidence for DP-01, please.'))[0]).toMatchObject({
      control: 'DP-01',
      note: 'Matched by DP-01 in its text.',
    });
    expect(answer(request('R-1', ['XX-1'], 'Evidence for DP-01'))[0]).toMatchObject({ state: 'unknown-reference', files: [] });
  });
  it('or listed as unmatched, never left out', () => {
    const { answered, unmatched, byControl } = answerRequests(
      [request('R-1', ['DP-01', 'XX-1']), request('R-2', ['XX-1']), request('R-3', [])],
      targets,
    );
    expect(answered).toHaveLength(3);
    expect(answered[0]).toMatchObject({ state: 'submitted', note: 'Nothing here is called "XX-1".' });
    expect(unmatched.map(({ id, note }) => [id, note])).toEqual([
      ['R-2', 'Nothing here is called "XX-1".'],
      ['R-3', 'It names no control or evidence: a person has to answer it.'],
    ]);
    expect([...byControl]).toEqual([['DP-01', ['R-1']]]);
  });
  it('in folders of their own, whatever the ids are', () => {
    const folders = answer(request('R 1', []), request('r/1', [], 'x', 3), request('../..', [], 'x', 4), request('R-1', [], 'x', 5)).map(
      ({ folder }) => folder,
    );
    expect(folders).toEqual(['requests/R-1', 'requests/r-1-line-3', 'requests/unnamed', 'requests/R-1-line-5']);
  });
  it('from populations, samples and datasets', () => {
    const dataset: RequestTarget = {
      kind: 'dataset',
      ids: ['aws/iam-users', 'aws.iam.user'],
      title: 'IAM users',
      files: ['controls/AC-02/workpaper.pdf'],
      empty: false,
    };
    expect(answerRequests([request('R-1', ['aws.iam.user'])], [dataset]).answered[0]).toMatchObject({
      state: 'submitted',
      evidence: 'aws/iam-users',
    });
  });
});
