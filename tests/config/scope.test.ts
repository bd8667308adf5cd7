import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentTypes } from '../../src/config/absent-types.ts';
import { decideScope, environmentOf, loadScope, type ScopeFacts, scopeFactsOf, wholeScope } from '../../src/config/scope.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const catalog = { collectedTypes: ['github.repository', 'aws.ec2.volume'], uncollectedTypes: [{ type: 'aws.sqs.queue' }] };
const load = (text: string) => loadScope(join(directoryWith({ 'scope.yaml': text }), 'scope.yaml'), catalog);
const by = 'because: why, by: me, from: 2026-01-01';
const scope = load(`version: 1
environments:
  - { name: sandbox, accounts: ['111122223333'], tags: { env: [sandbox, play] } }
rules:
  - { id: keep, decision: in, tags: { system: payroll }, ${by} }
  - { id: sandbox, environments: [sandbox], ${by} }
  - { id: old, types: [github.*], archived: true, ${by}, until: 2026-07-01 }
  - { id: unit, organisationalUnits: [ou-1], ${by} }
  - { id: tagged, tags: { owner: '*' }, types: [aws.ec2.volume], ${by} }
`);
const decide = (facts: Partial<ScopeFacts>, on = '2026-06-30') => {
  const decision = decideScope(scope, { type: 'aws.ec2.volume', source: 'aws:999999999999', ...facts }, on);
  return `${decision.inScope ? 'in' : 'out'}${decision.rule ? ` by ${decision.rule.id}` : ''}`;
};

describe('scope rules', () => {
  it('leave in what none of them names', () => {
    expect(decide({})).toBe('in');
  });
  it('decide in order, the first that speaks of a resource', () => {
    expect(decide({ account: '111122223333' })).toBe('out by sandbox');
    expect(decide({ account: '111122223333', tags: { system: 'payroll' } })).toBe('in by keep');
  });
  it('go by environment, archived state, organisational unit and tag', () => {
    expect(decide({ tags: { env: 'play' } })).toBe('out by sandbox');
    expect(decide({ type: 'github.repository', archived: true })).toBe('out by old');
    expect(decide({ organisationalUnits: ['ou-root', 'ou-1'] })).toBe('out by unit');
    expect(decide({ tags: { owner: '' } })).toBe('out by tagged');
    expect(decide({ tags: { owner: 'x' }, type: 'aws.rds.instance' })).toBe('in');
  });
  it('hold from their first day until before their last', () => {
    expect(decide({ type: 'github.repository', archived: true }, '2026-07-01')).toBe('in');
    expect(decide({ account: '111122223333' }, '2025-12-31')).toBe('in');
  });
  it('never put out what is not known', () => {
    expect(decide({ type: 'github.repository', archived: undefined })).toBe('in');
    fc.assert(
      fc.property(fc.constantFrom('github.repository', 'aws.ec2.volume', 'x.y'), fc.date({ noInvalidDate: true }), (type, date) => {
        return decideScope(scope, { type, source: 'aws:222222222222' }, date.toISOString().slice(0, 10)).inScope;
      }),
    );
  });
  it('read tags of both forms and leave out what was not read', () => {
    const facts = (fields: Record<string, unknown>) => scopeFactsOf({ type: 't', fields }, 'aws:111122223333');
    expect(facts({ tags: { a: 'b' }, archived: false })).toMatchObject({ tags: { a: 'b' }, archived: false, account: '111122223333' });
    expect(facts({ tags: [{ Key: 'a', Value: 'b' }] }).tags).toEqual({ a: 'b' });
    expect(facts({})).toMatchObject({ tags: undefined, archived: undefined });
    expect(environmentOf(scope.environments, facts({}))).toBe('sandbox');
  });
});

describe('a scope file with mistakes', () => {
  it('is told all of them', async () => {
    const text = `version: 1
rules:
  - { id: a, ${by} }
  - { id: a, types: [github.repo], because: why, by: me, from: 2026-02-30 }
`;
    expect(problemLines(await refusalOf(() => load(text)))).toEqual([
      '4 rules[1].from: expected a date: the day from which this applies (2026-01-31)',
    ]);
    expect(problemLines(await refusalOf(() => load(text.replace('02-30', '02-28, until: 2026-01-01, environments: [prod]'))))).toEqual([
      expect.stringMatching(/^3 rules\[0\]: names nothing/),
      '4 rules[1].id: the id "a" is taken',
      '4 rules[1].until: ends before it begins',
      expect.stringMatching(/^4 rules\[1\]\.types\[0\]: there is no resource type "github\.repo"/),
      expect.stringMatching(/^4 rules\[1\]\.environments\[0\]: there is no environment "prod"/),
    ]);
  });
  it('is told of a declared type that is none', async () => {
    const text = `version: 1\nabsent:\n  - { type: [github.repository, aws.sqs.quue], reason: r, by: me, from: 2026-01-01 }\n`;
    expect(problemLines(await refusalOf(() => load(text)))).toEqual([
      '3 absent[0].type[1]: there is no resource type "aws.sqs.quue" (did you mean "aws.sqs.queue"?)',
    ]);
  });
});

describe('types that are absent', () => {
  const uncollected = [
    { type: 'aws.sqs.queue', title: '', awsConfig: 'AWS::SQS::Queue' },
    { type: 'idp.user', title: '' },
  ];
  const region = (recordsEverything: boolean, counts: Record<string, number> = {}) => ({
    source: 'aws:1',
    region: 'r',
    recordsEverything,
    counts,
  });
  const on = '2026-06-01';
  const declared = {
    absent: [{ type: ['aws.sqs.queue', 'idp.user'], reason: 'no service', by: 'me', from: '2026-01-01', until: '2026-07-01' }],
  };
  const types = (options: Partial<Parameters<typeof absentTypes>[0]>) =>
    absentTypes({ uncollected, scope: wholeScope, regions: undefined, on, ...options }).map(({ type, by: who }) => `${type} by ${who}`);

  it('are none while nobody says so', () => {
    expect(types({})).toEqual([]);
    expect(types({ regions: [] })).toEqual([]);
  });
  it('are shown by AWS Config only when it records everything everywhere, and only for types it knows', () => {
    expect(types({ regions: [region(true), region(true)] })).toEqual(['aws.sqs.queue by AWS Config']);
    expect(types({ regions: [region(true), region(false)] })).toEqual([]);
    expect(types({ regions: [region(true, { 'AWS::SQS::Queue': 1 })] })).toEqual([]);
  });
  it('can be all of a source that nobody here uses', () => {
    const { absent } = load('version: 1\nabsent: [{ type: github.*, reason: we use another, by: me, from: 2026-01-01 }]\n');
    expect(absent.map(({ type }) => type)).toEqual([['github.repository']]);
    expect(types({ scope: { absent } })).toEqual(['github.repository by me']);
  });
  it('can be declared for a time, but not against what was counted', () => {
    expect(types({ scope: declared })).toEqual(['aws.sqs.queue by me', 'idp.user by me']);
    expect(types({ scope: declared, on: '2026-07-01' })).toEqual([]);
    expect(types({ scope: declared, regions: [region(false, { 'AWS::SQS::Queue': 2 })] })).toEqual(['idp.user by me']);
  });
});
