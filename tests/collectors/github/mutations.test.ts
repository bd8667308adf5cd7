import { glob } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateCheck } from '../../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../../src/model/check.ts';
import { collectors } from './collectors.ts';
import { acme, baseline } from './described.ts';
import { asOf, type run, runOn } from './run.ts';
import { createServer, type World } from './world.ts';

/*
 * Plausible but wrong replies: one member of one reply is gone, null, or something else than it should be. Whatever that is, no subject
 * may pass that did not, and a population of which something was lost is not whole.
 */

const root = new URL('../../../', import.meta.url);
const files = (await Array.fromAsync(glob('checks/github/*.ts', { cwd: root.pathname }))).sort();
const checks = await Promise.all(
  files.map(async (file) => ((await import(/* @vite-ignore */ new URL(file, root).href)) as { default: Check }).default),
);
const settings = { productionBranches: ['release/*'] };

/** Good, bad and half-good branches, so that whatever becomes better than it is shows. */
function world(): World {
  const changed = acme();
  const [payroll, website] = changed.repositories;
  changed.rulesets = [
    { ...changed.rulesets[0]!, bypass: [{ organizationAdmin: true }] },
    { ...baseline, id: 502, name: 'tried out', enforcement: 'EVALUATE' },
  ];
  payroll!.branches = {
    ...payroll!.branches,
    main: { classic: { pattern: 'main', reviews: { count: 1, bypass: [{ __typename: 'User', login: 'ann' }] }, checks: ['build'] } },
  };
  payroll!.rulesets = [{ id: 77, name: 'own', branches: ['main'], rules: [{ type: 'DELETION' }] }];
  website!.default = 'trunk';
  website!.branches = { trunk: { classic: { pattern: 'trunk', reviews: { count: 0 }, checks: [], forcePush: true, deletions: true } } };
  return changed;
}

type Path = readonly (string | number)[];
function membersOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((member: unknown, index) => membersOf(member, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [[...path, key], ...membersOf(member, [...path, key])]);
}
function mutated(body: unknown, path: Path, how: string): unknown {
  const copy: unknown = structuredClone(body);
  let parent = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const key = path.at(-1)!;
  if (how === 'gone') delete parent[key];
  else parent[key] = { null: null, object: { odd: true }, number: -12.5, text: 'odd', list: [] }[how];
  return copy;
}

type Seen = Awaited<ReturnType<typeof run>>;
function said(seen: Seen): { passing: Set<string>; judged: Set<string>; whole: ReadonlyMap<string, boolean> } {
  const passing = new Set<string>();
  const judged = new Set<string>();
  const whole = new Map<string, boolean>();
  for (const check of checks.filter(({ subject }) => seen.types.includes(subject.type))) {
    const incomplete = seen.incomplete
      .filter(({ type }) => type === check.subject.type)
      .map(({ reason }) => ({ scope: 'github:9919', reason }));
    whole.set(check.id, incomplete.length === 0);
    for (const { subject, outcome } of evaluateCheck(check, { resources: seen.resources, incomplete }, { asOf, parameters: {} })) {
      judged.add(`${check.id} ${subject}`);
      if (outcome === 'pass') passing.add(`${check.id} ${subject}`);
    }
  }
  return { passing, judged, whole };
}

/** Ids and names tell subjects apart: under another one it is another subject, which may pass, or not be there. */
const naming = /^(?:id|oid|node_id|databaseId|login|slug|name|nameWithOwner|full_name|number)$/;

test.each(collectors.map((collector) => [collector.id, collector] as const))(
  '%s: no member of a reply that is wrong makes anything pass',
  async (_, collector) => {
    const bodies: unknown[] = [];
    const server = createServer(world());
    server.fault = (__, answer) => {
      const given = answer();
      bodies.push(given.body);
      return given;
    };
    const before = said(await runOn(server, collector, { settings }));
    const places = bodies.flatMap((body, reply) => membersOf(body).map((path) => ({ reply, path })));
    expect(places.length).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom('gone', 'null', 'object', 'number', 'text'),
        async ({ reply, path }, how) => {
          const broken = createServer(world());
          let count = -1;
          broken.fault = (__, answer) => {
            count += 1;
            const given = answer();
            return count === reply ? { ...given, body: mutated(given.body, path, how) } : given;
          };
          const seen = await runOn(broken, collector, { settings });
          const after = said(seen);
          const renamed = naming.test(String(path.at(-1))) && (how === 'text' || how === 'number');
          for (const key of after.passing) {
            if (!before.passing.has(key)) expect(renamed, `${key} passes with ${path.join('.')} of reply ${reply} ${how}`).toBe(true);
          }
          for (const key of before.judged) {
            const check = key.slice(0, key.indexOf(' '));
            if (!after.judged.has(key) && !renamed)
              expect(after.whole.get(check), `${key} is lost without a word with ${path.join('.')} of reply ${reply} ${how}`).toBe(false);
          }
        },
      ),
      { numRuns: Number(process.env['PROOFLINE_RUNS'] ?? 60) },
    );
  },
);
