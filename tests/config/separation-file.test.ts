import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runExample } from '../../src/access/separation/run-example.ts';
import { actRoles, Duty, RuleExamples, SeparationRule, SeparationSettings } from '../../src/access/separation/settings.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadSeparation } from '../../src/config/separation-file.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const library = libraryDirectory();
const catalog = {
  frameworks: loadFrameworks(library),
  environments: ['production'],
  tables: ['payroll.users', 'bank.users'],
  controls: ['AC-03'],
  on: '2026-03-01',
};
const load = (text: string, changed: Partial<typeof catalog> = {}) =>
  loadSeparation([join(directoryWith({ 'sod.yaml': text }), 'sod.yaml')], library, { ...catalog, ...changed });
const shippedRules = ['itgc', 'payroll', 'systems'].flatMap((name) => {
  const { rules } = parse(readFileSync(join(library, 'sod', `${name}.yaml`), 'utf8')) as { rules: { examples: unknown }[] };
  return rules.map(({ examples, ...rule }) => ({ rule: SeparationRule.parse(rule), examples: RuleExamples.parse(examples) }));
});
const shippedDuties = (parse(readFileSync(join(library, 'sod', 'duties.yaml'), 'utf8')) as { duties: unknown[] }).duties.map((duty) =>
  Duty.parse(duty),
);

describe('the shipped rules of separation', () => {
  const settings = loadSeparation([], library, catalog);
  it('are the matrix, ten over systems and thirteen of payroll, sealed as they are', () => {
    const ids = settings.rules.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('SOD-'))).toHaveLength(10);
    expect(ids.filter((id) => id.startsWith('PAY-'))).toHaveLength(13);
    expect(ids.filter((id) => id.startsWith('ITGC-')).length).toBeGreaterThan(10);
    expect(SeparationSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    for (const { objectives } of settings.rules) expect(objectives).toContain('CO-SD1');
  });
  it.each(shippedRules.map(({ rule, examples }) => [rule.id, rule, examples] as const))(
    '%s finds what it should and nothing else',
    (_, rule, examples) => {
      const forms = (kind: 'conflict' | 'separate') =>
        new Set(Object.values(examples[kind]).map((example) => ('can' in example ? 'can' : 'did')));
      // A form without an example on both sides is one that nobody has seen work.
      const wanted = new Set([...(rule.canDo ? ['can'] : []), ...(rule.didDo === null ? [] : ['did'])]);
      expect(forms('conflict')).toEqual(wanted);
      expect(forms('separate')).toEqual(wanted);
      for (const [name, example] of Object.entries(examples.conflict)) expect(runExample(rule, shippedDuties, example), name).toBe(true);
      for (const [name, example] of Object.entries(examples.separate)) expect(runExample(rule, shippedDuties, example), name).toBe(false);
    },
  );
  it('leave no duty and no part of an act unused', () => {
    expect(settings.duties.map(({ id }) => id)).toEqual(shippedDuties.map(({ id }) => id).sort());
    const used = new Set(settings.duties.flatMap(({ acts }) => acts));
    expect(actRoles.filter((role) => !used.has(role))).toEqual([]);
  });
  it('lie over every account where no environment is named, and say so', () => {
    const { duties, notes } = loadSeparation([], library, { ...catalog, environments: [] });
    expect(JSON.stringify(duties.flatMap(({ anyOf }) => anyOf.filter(({ system }) => system === 'aws')))).not.toContain('environments');
    expect(notes).toContainEqual(expect.stringContaining('administer-production: the scope file names no environment production'));
  });
});

describe('a separation file of the entity', () => {
  it('that is shipped as an example is right', () => {
    const settings = loadSeparation([join(library, 'sod.example.yaml')], library, catalog);
    expect(settings.rules.find(({ id }) => id === 'OWN-1')).toMatchObject({
      origin: 'own',
      because: 'Decided with the data protection officer',
    });
    expect(settings.rules.map(({ id }) => id)).not.toContain('PAY-12');
    expect(settings.disabled).toEqual([
      { id: 'PAY-12', title: expect.any(String), from: '2026-01-01', because: 'Vendors are paid by the parent company' },
    ]);
    expect(settings.duties.find(({ id }) => id === 'run-payroll')?.anyOf).toEqual([
      { system: 'application', table: 'payroll.users', roles: ['RUN_PREPARE', 'RUN_*_OPERATOR'] },
    ]);
  });
  it('says everything that is wrong at once, with its line', async () => {
    const text = `version: 1
duties:
  - { id: run-payroll, title: run, anyOf: [{ system: application, table: payrol.users, roles: [X] }], from: 2026-01-01, because: so }
  - { id: nothing, title: none, from: 2026-01-01, because: so }
  - { id: admin, title: admin, anyOf: [{ system: aws, actions: ['ec2:*'], environments: [produktion] }], from: 2026-01-01, because: so }
  - { id: admin, title: admin, anyOf: [{ system: github, permission: read }], acts: [change.author], from: 2026-01-01, because: so }
rules:
  - { id: OWN-1, title: t, allOf: [admn, deploy], scope: any, severity: low, rationale: r, criteria: [CC6.99], objectives: [CO-SD9], from: 2026-01-01, because: so }
  - { id: OWN-2, title: t, allOf: [develop, request-access], scope: any, severity: low, rationale: r, criteria: [], objectives: [], from: 2026-01-01, because: so, examples: { conflict: { a: { can: [{ github: read }] } }, separate: { b: { can: [{ github: write }] } } } }
disable:
  - { rule: SOD-99, from: 2026-01-01, because: so }
tool: { controlOwners: [{ control: AC-3, persons: [hr:E-1] }] }
`;
    expect(problemLines(await refusalOf(() => load(text)))).toEqual([
      expect.stringContaining('3 duties[0].anyOf[0].table: there is no table "payrol.users" (did you mean "payroll.users"?)'),
      expect.stringContaining('4 duties[1]: a duty is held by a right'),
      expect.stringContaining(
        '5 duties[2].anyOf[0].environments[0]: the scope file has no environment "produktion" (did you mean "production"?)',
      ),
      expect.stringContaining('6 duties[3].id: the id "admin" is taken'),
      expect.stringContaining('8 rules[0].examples: a rule of your own needs examples'),
      expect.stringContaining('8 rules[0].allOf[0]: there is no duty "admn" (did you mean "admin"?)'),
      expect.stringContaining('8 rules[0].criteria[0]: there is no SOC 2 criterion "CC6.99"'),
      expect.stringContaining('8 rules[0].objectives[0]: there is no control objective "CO-SD9"'),
      expect.stringContaining('9 rules[1].allOf[1]: nobody holds the duty "request-access" by a right'),
      expect.stringContaining('9 rules[1].examples.conflict.a: the rule finds no conflict in this example'),
      expect.stringContaining('11 disable[0].rule: there is no rule "SOD-99"'),
      expect.stringContaining('12 tool.controlOwners[0].control: there is no control "AC-3" (did you mean "AC-03"?)'),
    ]);
  });
  it('changes a shipped duty and a shipped rule field by field', () => {
    const { duties, rules } = load(`version: 1
duties: [{ id: run-payroll, anyOf: [{ system: application, table: payroll.users, roles: [RUN] }], from: 2026-01-01, because: so }]
rules: [{ id: PAY-4, severity: critical, from: 2026-01-01, because: We are small }]
`);
    expect(duties.find(({ id }) => id === 'run-payroll')).toEqual({
      id: 'run-payroll',
      title: 'prepare or run payroll',
      anyOf: [{ system: 'application', table: 'payroll.users', roles: ['RUN'] }],
      acts: ['payroll-run.prepared'],
    });
    expect(rules.find(({ id }) => id === 'PAY-4')).toMatchObject({
      severity: 'critical',
      didDo: 'apart',
      scope: 'sameClient',
      origin: 'changed',
      because: 'We are small',
    });
  });
  it('disables rules by a pattern', () => {
    const { rules, disabled } = load('version: 1\ndisable: [{ rule: PAY-*, from: 2026-01-01, because: We pay nobody }]\n');
    expect(rules.filter(({ id }) => id.startsWith('PAY-'))).toEqual([]);
    expect(disabled).toHaveLength(13);
  });
  it('leaves out what applies from a later day', () => {
    const text = 'version: 1\ndisable: [{ rule: PAY-1, from: 2026-04-01, because: later }]\n';
    expect(load(text).rules.map(({ id }) => id)).toContain('PAY-1');
    expect(load(text, { on: '2026-04-01' }).rules.map(({ id }) => id)).not.toContain('PAY-1');
  });
});
