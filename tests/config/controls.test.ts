import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { coverageOf } from '../../src/config/coverage.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { type ControlCatalog, loadControls } from '../../src/config/load-controls.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const frameworks = loadFrameworks(libraryDirectory());
const catalog: ControlCatalog = {
  checks: [
    { id: 'aws/key-is-young', parameters: z.object({ maxAgeDays: z.int().positive().default(90) }) },
    { id: 'aws/root-has-mfa', parameters: z.object({}) },
  ],
  collectedTypes: ['aws.iam.credential'],
  uncollectedTypes: [{ type: 'idp.user', title: 'user' }],
  frameworks,
};
const shipped = `controls:
  - id: AC-01
    status: proposed
    statement: Keys are young.
    frequency: continuous
    satisfies: { soc2: [CC6.1, { id: CC6.3, as: supporting, because: fewer rights }], soc1: [CO-LA3] }
    automation: full
    covers: [aws.iam.credential]
    checks: [aws/key-is-young]
    evidence: []
    testProcedure: Inspect.
`;
function load(own: string, on = '2026-06-01') {
  const directory = directoryWith({ 'controls/access.yaml': shipped, 'own.yaml': `version: 1\ncontrols:\n${own}` });
  return loadControls({ library: directory, files: [join(directory, 'own.yaml')], catalog, on });
}

describe('the entity’s own control file', () => {
  it('takes up a library control, field by field, from a day on', () => {
    const own = `  - { id: AC-01, status: adopted, owner: platform, from: 2026-03-01, because: approved }\n`;
    expect(load(own)[0]).toMatchObject({
      control: { status: 'adopted', statement: 'Keys are young.', owner: 'platform' },
      origin: 'changed',
    });
    expect(load(own, '2026-02-28')[0]?.control.status).toBe('proposed');
  });
  it('keeps every version with its from and to', () => {
    const own = `  - { id: AC-01, statement: Second., from: 2026-05-01, because: wording }
  - { id: AC-01, status: adopted, from: 2026-03-01, because: approved }
`;
    const [control] = load(own);
    expect(control?.control).toMatchObject({ status: 'adopted', statement: 'Second.' });
    expect(control?.versions.map(({ from, to, because }) => [from, to, because])).toEqual([
      [null, '2026-03-01', null],
      ['2026-03-01', '2026-05-01', 'approved'],
      ['2026-05-01', null, 'wording'],
    ]);
  });
  it('adds a control of its own, also under an id the library has', () => {
    const whole = 'statement: Ours., frequency: weekly, satisfies: { soc2: [CC7.1] }, from: 2026-01-01, because: ours';
    expect(load(`  - { id: X-1, ${whole} }\n`).map(({ control, origin }) => [control.id, origin])).toEqual([
      ['AC-01', 'library'],
      ['X-1', 'own'],
    ]);
    expect(load(`  - { id: AC-01, own: true, ${whole} }\n`)).toMatchObject([
      { origin: 'own', control: { statement: 'Ours.', checks: [] } },
    ]);
  });
  it('does not show one before its first day', () => {
    const own = `  - { id: X-1, statement: S., frequency: weekly, satisfies: {}, from: 2027-01-01, because: later }\n`;
    expect(load(own).map(({ control }) => control.id)).toEqual(['AC-01']);
  });
  it('is told every unknown id with its line and the nearest known one', async () => {
    const own = `  - id: AC-01
    from: 2026-01-01
    because: ''
    satisfies: { soc2: [CC6.11, { id: CC6.1, as: supporting }], soc1: [CO-LA9] }
    covers: [aws.iam.credentials]
    checks: [aws/root-has-mfaa, { check: aws/key-is-young, parameters: { maxAgeDay: 3, maxAgeDays: soon } }]
    tolerance: { detectAndFix: a day }
    statment: x
`;
    const shape = problemLines(await refusalOf(() => load(own)));
    expect(shape).toEqual([
      '5 controls[0].because: say why',
      '10 controls[0].statment: unknown key "statment" (did you mean "statement"?)',
    ]);
    const ids = problemLines(await refusalOf(() => load(own.replace("''", 'reason').replace('    statment: x\n', ''))));
    expect(ids).toEqual([
      '6 controls[0].satisfies.soc2[0]: there is no SOC 2 criterion "CC6.11" (did you mean "CC6.1"?)',
      '6 controls[0].satisfies.soc2[1]: a supporting link says why: add `because` to "CC6.1"',
      '6 controls[0].satisfies.soc1[0]: there is no control objective "CO-LA9" (did you mean "CO-LA1"?)',
      '7 controls[0].covers[0]: there is no resource type "aws.iam.credentials" (did you mean "aws.iam.credential"?)',
      '8 controls[0].checks[0]: there is no check "aws/root-has-mfaa" (did you mean "aws/root-has-mfa"?)',
      '8 controls[0].checks[1].parameters.maxAgeDays: expected a number, found text',
      '8 controls[0].checks[1].parameters.maxAgeDay: unknown key "maxAgeDay" (did you mean "maxAgeDays"?)',
      '9 controls[0].tolerance.detectAndFix: expected a duration such as PT24H or P2D',
    ]);
  });
  it('refuses a control of its own that is not whole, and says which id was perhaps meant', async () => {
    const lines = problemLines(await refusalOf(() => load('  - { id: AC-1, status: adopted, from: 2026-01-01, because: x }\n')));
    expect(lines[0]).toMatch(/^3 controls\[0\]\.statement: is missing.*"AC-1" is not in the library \(did you mean "AC-01"\?\)/);
  });
  it('refuses an undated entry and two versions from one day', async () => {
    expect(problemLines(await refusalOf(() => load('  - { id: AC-01, status: adopted }\n')))).toHaveLength(2);
    const twice = '  - { id: AC-01, owner: a, from: 2026-01-01, because: x }\n  - { id: AC-01, owner: b, from: 2026-01-01, because: x }\n';
    expect(problemLines(await refusalOf(() => load(twice)))[0]).toContain('two versions from 2026-01-01 on');
  });
  it('is told when a file is missing, together with the problems of the others', async () => {
    const directory = directoryWith({ 'controls/access.yaml': shipped, 'own.yaml': 'version: 1\ncontrols: [{ id: X }]\n' });
    const files = [join(directory, 'none.yaml'), join(directory, 'own.yaml')];
    const error = await refusalOf(() => loadControls({ library: directory, files, catalog, on: '2026-01-01' }));
    expect(new Set(error.problems.map(({ file }) => file))).toEqual(new Set(files));
  });
});

describe('coverage', () => {
  const row = (own: string, id: string) => {
    const controls = load(own).map(({ control }) => control);
    return coverageOf('soc2', { controls, frameworks, trustServices: ['security'] }).find((found) => found.id === id);
  };
  it('comes from an adopted control with a primary link', () => {
    expect(row('  - { id: AC-01, status: adopted, from: 2026-01-01, because: x }\n', 'CC6.1')).toMatchObject({
      covered: true,
      adopted: ['AC-01'],
    });
  });
  it('never comes from a proposed control, nor from a supporting link alone', () => {
    expect(row('  - { id: AC-01, owner: x, from: 2026-01-01, because: x }\n', 'CC6.1')).toMatchObject({
      covered: false,
      proposed: ['AC-01'],
    });
    expect(row('  - { id: AC-01, status: adopted, from: 2026-01-01, because: x }\n', 'CC6.3')).toMatchObject({
      covered: false,
      adopted: [],
      supporting: ['AC-01'],
    });
  });
  it('forgets a retired control', () => {
    expect(row('  - { id: AC-01, status: retired, from: 2026-01-01, because: x }\n', 'CC6.1')).toMatchObject({ adopted: [], proposed: [] });
  });
});
