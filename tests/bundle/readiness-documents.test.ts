import { describe, expect, it } from 'vitest';
import { readinessDocuments } from '../../src/bundle/readiness-documents.ts';
import { ReadinessOutput } from '../../src/cli/shapes.ts';
import type { Readiness } from '../../src/model/readiness.ts';

const readiness: Readiness = {
  at: '2026-03-16T08:00:00.000Z',
  entity: 'Northwind <Payroll> Ltd',
  demonstration: false,
  engagement: 'soc1-2026',
  report: 'soc1',
  type: 2,
  trustServices: [],
  counts: { topics: 2, adopted: 1, proposed: 0, missing: 1, showing: 0 },
  topics: [
    {
      id: 'CO-LA3',
      area: 'Access',
      text: 'People are known.',
      risk: 'high',
      state: 'adopted',
      shows: 'failures-observed',
      adopted: ['AC-02'],
      proposed: [],
      supporting: [],
    },
    {
      id: 'CO-X',
      area: 'Access',
      text: 'Nobody wrote one.',
      risk: 'low',
      state: 'missing',
      shows: null,
      adopted: [],
      proposed: [],
      supporting: [],
    },
  ],
  controls: [
    {
      id: 'AC-02',
      statement: 'A second factor.',
      status: 'adopted',
      owner: null,
      frequency: 'continuous',
      automation: 'full',
      topics: ['CO-LA3'],
      shows: 'failures-observed',
      reasons: ['1 subject fails'],
    },
  ],
  failures: [
    {
      check: 'aws/root-user-has-mfa',
      claim: 'Root has one',
      severity: 'critical',
      subjects: 1,
      sources: ['aws:1'],
      controls: ['AC-02'],
      adopted: true,
      remediation: { console: 'Open IAM & enable it', cli: 'x', terraform: 'y' },
    },
  ],
  manual: [{ control: 'AC-02', status: 'adopted', what: 'Enrolment list', from: 'identity team', frequency: 'quarterly', owner: null }],
  unreadable: [
    {
      kind: 'not-read',
      about: 'aws/iam-users in aws:1',
      why: 'access-denied',
      reason: 'access-denied',
      permissions: ['iam:ListUsers'],
      controls: ['AC-02'],
    },
  ],
  steps: [
    {
      effort: 'mend-setting',
      text: 'Root has one: not so for 1 subject.',
      severity: 'critical',
      controls: ['AC-02'],
      topics: ['CO-LA3'],
      owner: null,
      command: 'results',
    },
    { effort: 'write-control', text: 'CO-X: no control.', severity: null, controls: [], topics: ['CO-X'], owner: null, command: null },
  ],
  warnings: ['Nobody else saw this log.'],
};
const render = (of: Readiness) =>
  new Map(
    [...readinessDocuments(of)].map(({ path, bytes }) => [
      path,
      bytes instanceof Uint8Array ? Buffer.from(bytes) : Buffer.concat([...bytes]),
    ]),
  );

describe('readiness on paper', () => {
  const documents = render(readiness);
  it('says as a page all that there is, and shows what it is given as text', () => {
    const page = documents.get('readiness.html')?.toString('utf8') ?? '';
    for (const text of [
      'SOC 1 Type 2',
      'soc1-2026',
      'CO-LA3',
      'Nobody wrote one.',
      'no control',
      'Mend what fails',
      'Write a control',
      'critical',
      'Open IAM &amp; enable it',
      'Enrolment list',
      'iam:ListUsers',
      'Nobody else saw this log.',
      'Northwind &lt;Payroll',
    ]) {
      expect(page, text).toContain(text);
    }
    expect(page).not.toContain('<Payroll>');
    expect(page).not.toMatch(/\b(compliant|certified|passed|effective)\b/i);
  });
  it('is a PDF, and the same bytes each time', () => {
    expect(documents.get('readiness.pdf')?.subarray(0, 5).toString()).toBe('%PDF-');
    const again = render(structuredClone(readiness));
    for (const [path, bytes] of documents) expect(again.get(path)?.equals(bytes), path).toBe(true);
  });
  it('is JSON of the shape the verb documents', () => {
    expect(ReadinessOutput.parse(JSON.parse(documents.get('readiness.json')?.toString('utf8') ?? ''))).toEqual({ v: 1, ...readiness });
  });
  it('says where there is nothing', () => {
    const nothing = render({ ...readiness, topics: [], controls: [], failures: [], manual: [], unreadable: [], steps: [], warnings: [] });
    expect(nothing.get('readiness.html')?.toString('utf8')).toMatch(
      /Nothing is known that would have to be done first[\s\S]*No check fails today/,
    );
  });
});
