import { glob } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judge } from '../../../src/evaluate/evaluate-check.ts';
import { guardSubject } from '../../../src/evaluate/read-only-subject.ts';
import { type Check, exampleAsOf } from '../../../src/model/check.ts';
import { unknownNeverPasses } from '../../checks/unknown-never-passes.ts';

const files = await Array.fromAsync(glob('checks/github/*.ts', { cwd: new URL('../../../', import.meta.url).pathname }));
const checks = await Promise.all(
  files.sort().map(async (file) => ({
    file,
    check: ((await import(/* @vite-ignore */ new URL(`../../../${file}`, import.meta.url).href)) as { default: Check }).default,
  })),
);

test('there are checks, each named as its file', () => {
  expect(checks.length).toBeGreaterThanOrEqual(27);
  for (const { file, check } of checks) expect(`checks/${check.id}.ts`).toBe(file);
});

test.each(checks.map(({ check }) => [check.id, check] as const))(
  '%s: examples are judged as they say, and unknown never passes',
  (_, check) => {
    expect(Object.keys(check.examples.pass).length).toBeGreaterThan(0);
    expect(Object.keys(check.examples.fail).length).toBeGreaterThan(0);
    const parameters = check.parameters.parse({});
    const groups = { pass: check.examples.pass, fail: check.examples.fail, 'not-applicable': check.examples.notApplicable ?? {} };
    for (const [outcome, examples] of Object.entries(groups)) {
      for (const [name, { id, display, ...fields }] of Object.entries(examples)) {
        // An example must be something its own resource could be.
        for (const [field, shape] of Object.entries(check.subject.shape)) {
          expect(shape.safeParse(fields[field as keyof typeof fields]).error?.message, `${name}: ${field}`).toBeUndefined();
        }
        const subject = guardSubject({ type: check.subject.type, id, display, fields, unread: {} });
        expect(judge(check, subject, exampleAsOf, parameters).outcome, name).toBe(outcome);
      }
    }
    expect(unknownNeverPasses(check)).toBeGreaterThan(0);
  },
);
