import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import checks from '../../checks/index.generated.ts';
import collectors, { sources } from '../../collectors/index.generated.ts';
import { evaluateCheck } from '../../src/evaluate/evaluate-check.ts';
import { isChangeRecord } from '../../src/model/change.ts';
import { type Check, exampleAsOf } from '../../src/model/check.ts';
import { recordTypes } from '../../src/model/record-types.ts';
import type { ReadResource } from '../../src/model/resource.ts';
import { unknownNeverPasses } from '../checks/unknown-never-passes.ts';

const root = path.join(import.meta.dirname, '../..');

async function idsIn(pattern: string, toId: (file: string) => string): Promise<string[]> {
  const ids: string[] = [];
  for await (const file of glob(pattern, { cwd: root }))
    if (!file.endsWith('.generated.ts')) ids.push(toId(file.split(path.sep).join('/')));
  return ids.sort();
}
function exportsOf(file: string): string[] {
  return parse(readFileSync(path.join(root, file), 'utf8'), file)[1]
    .filter((exported) => !('typeOnly' in exported && exported.typeOnly))
    .map((exported) => ('name' in exported ? String(exported.name) : '*'));
}
function exampleOf(check: Check, example: Check['examples']['pass'][string]): ReadResource {
  const { id, display, ...fields } = example;
  return { type: check.subject.type, id, display, fields, unread: {} };
}
function outcomeOf(check: Check, example: Check['examples']['pass'][string]): string {
  const population = { resources: [exampleOf(check, example)], incomplete: [] };
  const [result] = withoutWorld(() => evaluateCheck(check, population, { asOf: exampleAsOf, parameters: {} }));
  return result?.outcome ?? 'none';
}

/** Runs `work` where there is no clock, no chance and no network: whoever asks for one is told so. */
function withoutWorld<T>(work: () => T): T {
  const refuse = (what: string) => () => {
    throw new Error(`a check asked for ${what}`);
  };
  class Timeless extends Date {
    constructor(...given: [] | [string | number | Date]) {
      if (given.length === 0) refuse('the time')();
      super(given[0] ?? 0);
    }
    static override now = refuse('the time');
  }
  const world = { Date, fetch, random: Math.random, now: performance.now, uuid: crypto.randomUUID };
  globalThis.Date = Timeless as unknown as DateConstructor;
  globalThis.fetch = refuse('the network');
  Math.random = refuse('chance');
  performance.now = refuse('the time');
  crypto.randomUUID = refuse('chance');
  try {
    return work();
  } finally {
    globalThis.Date = world.Date;
    globalThis.fetch = world.fetch;
    Math.random = world.random;
    performance.now = world.now;
    crypto.randomUUID = world.uuid;
  }
}

beforeAll(() => init());

it('a check that asks the world is found out', () => {
  expect(() => withoutWorld(() => Date.now())).toThrow('the time');
  expect(() => withoutWorld(() => new Date())).toThrow('the time');
  expect(() => withoutWorld(() => Math.random())).toThrow('chance');
  expect(withoutWorld(() => new Date('2026-01-01T00:00:00.000Z').toISOString())).toBe('2026-01-01T00:00:00.000Z');
  expect(Date.now()).toBeGreaterThan(0);
});

describe('the registry of checks', () => {
  it('is the folder, and ids are paths', async () => {
    expect(checks.map((check) => check.id)).toEqual(
      await idsIn('checks/*/*.ts', (file) => file.replace(/^checks\//, '').replace(/\.ts$/, '')),
    );
    expect(new Set(checks.map((check) => check.claim)).size).toBe(checks.length);
  });
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('is one default export', () => {
    expect(exportsOf(`checks/${id}.ts`)).toEqual(['default']);
  });

  it('judges what a shipped collector of its source yields', () => {
    const [source] = id.split('/');
    const yielding = collectors.filter((collector) => collector.yields.some((type) => type.type === check.subject.type));
    expect(yielding.map((collector) => collector.id.split('/')[0])).toEqual(yielding.map(() => source));
    expect(yielding.length).toBeGreaterThan(0);
  });

  it('claims one sentence, and says why it matters and how to mend it', () => {
    expect(check.claim).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(check.rationale.length).toBeGreaterThan(20);
    for (const text of Object.values(check.remediation)) expect(text.length).toBeGreaterThan(3);
    expect(check.references.length).toBeGreaterThan(0);
    const known =
      /^https:\/\/(?:docs\.aws\.amazon\.com|docs\.github\.com|developer\.okta\.com|help\.okta\.com|csrc\.nist\.gov|pcaobus\.org|www\.aicpa-cima\.com|www\.coso\.org)\//;
    for (const reference of check.references) expect(reference).toMatch(known);
    expect(check.parameters.safeParse({}).success).toBe(true);
  });

  it.each(Object.entries(check.examples.pass))('passes: %s', (_, example) => {
    expect(outcomeOf(check, example)).toBe('pass');
  });
  it.each(Object.entries(check.examples.fail))('fails: %s', (_, example) => {
    expect(outcomeOf(check, example)).toBe('fail');
  });
  if (check.examples.notApplicable) {
    it.each(Object.entries(check.examples.notApplicable))('does not apply: %s', (_, example) => {
      expect(['not-applicable', 'empty']).toContain(outcomeOf(check, example));
    });
  }
  it('has examples of both verdicts that fit the resource', () => {
    const { pass, fail, notApplicable = {} } = check.examples;
    expect(Object.keys(pass).length).toBeGreaterThan(0);
    expect(Object.keys(fail).length).toBeGreaterThan(0);
    for (const [name, example] of Object.entries({ ...pass, ...fail, ...notApplicable })) {
      const fields = exampleOf(check, example).fields;
      for (const [field, type] of Object.entries(check.subject.shape)) {
        expect(type.safeParse(fields[field]).success, `${name}: ${field}`).toBe(true);
      }
      expect(
        Object.keys(fields).filter((field) => !Object.hasOwn(check.subject.shape, field)),
        name,
      ).toEqual([]);
    }
  });

  it('never passes what it does not know', () => {
    expect(unknownNeverPasses(check)).toBeGreaterThan(0);
  });
});

describe('the registry of collectors', () => {
  it('is the folders, and ids are paths', async () => {
    const folders = await idsIn('collectors/*/*/collector.ts', (file) => file.replace(/^collectors\//, '').replace(/\/collector\.ts$/, ''));
    expect(collectors.map((collector) => collector.id)).toEqual(folders);
  });

  it('yields every type once, under a name of its source', () => {
    const types = collectors.flatMap((collector) => collector.yields.map((type) => type.type));
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
    for (const collector of collectors) {
      // What a table holds is called by what it is, and not by where it is read.
      if (collector.id.startsWith('tabular/')) {
        for (const type of collector.yields) expect(Object.keys(recordTypes)).toContain(type.type);
        continue;
      }
      // What every identity provider has goes by one name, whichever it is.
      const source = collector.id.split('/')[0] === 'okta' ? 'idp' : collector.id.split('/')[0];
      for (const type of collector.yields) expect(type.type).toMatch(new RegExp(`^${source}(?:\\.[a-z0-9]+(?:-[a-z0-9]+)*)+$`));
    }
  });
});

describe('change events', () => {
  const carriedBy = (kind: string) =>
    new Set(collectors.filter(({ id }) => id.startsWith(`${kind}/`)).flatMap((collector) => collector.carries ?? []));

  it.each(collectors.flatMap(({ yields }) => yields.flatMap(({ type, changedBy }) => (changedBy ? [[type, changedBy] as const] : []))))(
    '%s is changed by events that a collector of its source carries',
    (type, changedBy) => {
      const carried = carriedBy(type.split('.')[0] ?? '');
      expect(changedBy.length).toBeGreaterThan(0);
      expect(changedBy.filter((name) => !carried.has(name))).toEqual([]);
    },
  );

  it.each(checks.flatMap(({ id, changes, subject }) => (changes ? [[id, changes, subject] as const] : [])))(
    '%s is broken and mended by events that change its subject',
    (_, { breaks, mends }, subject) => {
      expect(breaks.length + mends.length).toBeGreaterThan(0);
      expect([...breaks, ...mends].filter((name) => subject.changedBy?.includes(name) !== true)).toEqual([]);
      expect(breaks.filter((name) => mends.includes(name))).toEqual([]);
    },
  );

  it.each(collectors.filter(({ carries }) => carries !== undefined).map((collector) => [collector.id, collector] as const))(
    '%s says how long its source remembers, and what its windows have all of',
    (_, collector) => {
      expect(collector.remembersDays).toBeGreaterThan(0);
      expect(isChangeRecord(collector)).toBe(true);
      expect(collector.carries?.length).toBeGreaterThan(0);
      if (collector.scope === 'region') expect(collector.central?.length).toBeGreaterThan(0);
    },
  );

  it('are carried by collectors of kind events alone', () => {
    expect(collectors.filter(({ kind, carries, remembersDays }) => kind !== 'events' && (carries ?? remembersDays) !== undefined)).toEqual(
      [],
    );
  });
});

/** What AWS, GitHub and Okta call the rights to look at something. */
const readOnly =
  /^[a-z0-9-]+:(?:Get|List|Describe|BatchGet|Lookup|Search)[A-Za-z0-9]+$|^iam:GenerateCredentialReport$|^[a-z_]+:read$|^okta\.[a-zA-Z]+\.read$/;

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (id, collector) => {
  const source = sources.find((candidate) => candidate.kind === id.split('/')[0]);

  it('is one default export', () => {
    expect(exportsOf(`collectors/${id}/collector.ts`)).toEqual(['default']);
  });

  it('declares what its operations need, nothing else, and nothing that changes anything', () => {
    const needed = Object.keys(collector.items).map((operation) => [operation, source?.permissionFor(operation)] as const);
    for (const [operation, permission] of needed) expect(collector.permissions, operation).toContain(permission);
    for (const permission of collector.permissions) expect(permission).toMatch(readOnly);
  });

  it('says of every operation what is kept', () => {
    for (const [operation, rule] of Object.entries(collector.items)) {
      expect(Array.isArray(rule.keep), operation).toBe(true);
      if (rule.list !== undefined && rule.split === undefined && rule.key !== undefined)
        expect(['string', 'function']).toContain(typeof rule.key);
      for (const field of rule.volatile ?? []) {
        const kept = rule.keep.some((keep) => keep === '*' || keep === field || field.startsWith(`${keep}.`));
        expect(kept, `${operation}: ${field} is volatile and not kept`).toBe(true);
      }
    }
  });

  it('is reconciled with collectors that are there', () => {
    for (const rule of collector.reconcile ?? []) {
      const other = collectors.find((candidate) => candidate.id === rule.with);
      // A count is read from the other's resource, where a count that was not given is unread.
      const counted = other?.yields.some(({ shape }) => Object.hasOwn(shape, rule.field));
      expect(counted, `${rule.with} ${rule.field}`).toBe(true);
      expect(Object.hasOwn(collector.items, rule.operation)).toBe(true);
    }
  });
});
