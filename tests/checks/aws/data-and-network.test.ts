import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Check, exampleAsOf } from '../../../src/authoring.ts';
import { appliesTo, judge } from '../../../src/evaluate/evaluate-check.ts';
import { guardSubject, NotRead } from '../../../src/evaluate/read-only-subject.ts';
import { unknownNeverPasses } from '../unknown-never-passes.ts';

const directory = new URL('../../../checks/aws/', import.meta.url);
const ours = /^(?:s3|ebs|security-group|default-security-group|vpc|instance|imdsv2|rds|dynamodb|efs|redshift|opensearch|elasticache)-/;
const checks: Check[] = await Promise.all(
  readdirSync(directory)
    .filter((file) => ours.test(file))
    .map(async (file) => {
      const { default: check } = (await import(new URL(file, directory).href)) as { default: Check };
      expect(check.id).toBe(`aws/${file.replace(/\.ts$/, '')}`);
      return check;
    }),
);

function said(check: Check, example: Readonly<Record<string, unknown>>): string {
  const { id, display, ...fields } = example;
  const guarded = guardSubject({ type: check.subject.type, id: String(id), display: String(display), fields, unread: {} });
  const parameters = check.parameters.parse({});
  const applies = appliesTo(check, guarded, exampleAsOf, parameters);
  if (applies instanceof NotRead) return 'no-evidence';
  return applies ? judge(check, guarded, exampleAsOf, parameters).outcome : 'excluded';
}

test('there are checks to run', () => {
  expect(checks.length).toBeGreaterThanOrEqual(50);
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (_, check) => {
  test('its examples say what their names say', () => {
    const { examples } = check;
    expect(Object.keys(examples.pass)).not.toHaveLength(0);
    expect(Object.keys(examples.fail)).not.toHaveLength(0);
    for (const [outcome, named] of [
      ['pass', examples.pass],
      ['fail', examples.fail],
      ['not-applicable', examples.notApplicable ?? {}],
    ] as const) {
      for (const [name, example] of Object.entries(named)) expect([name, said(check, example)]).toEqual([name, outcome]);
    }
  });

  test('its examples fit the shape of their subject', () => {
    const { pass, fail, notApplicable = {} } = check.examples;
    for (const example of [...Object.values(pass), ...Object.values(fail), ...Object.values(notApplicable)]) {
      for (const [field, shape] of Object.entries(check.subject.shape)) {
        const value = (example as Readonly<Record<string, unknown>>)[field];
        expect(shape.safeParse(value).success, `${field}: ${JSON.stringify(value)}`).toBe(true);
      }
    }
  });

  test('what is not known never passes', () => {
    expect(unknownNeverPasses(check)).toBeGreaterThan(0);
  });

  test('it claims one sentence and says how to mend it', () => {
    expect(check.claim).toMatch(/^[A-Z].*[^.]$/);
    expect(check.references.every((url) => url.startsWith('https://docs.aws.amazon.com/'))).toBe(true);
    expect(Object.values(check.remediation).every((text) => text.length > 20)).toBe(true);
    expect(JSON.stringify(check)).not.toMatch(/compliant|certified|passed/i);
  });
});
