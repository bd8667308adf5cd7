import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResourceType } from '@aws-sdk/client-config-service';
import { describe, expect, it } from 'vitest';
import checks from '../../checks/index.generated.ts';
import collectors from '../../collectors/index.generated.ts';
import { coverageOf } from '../../src/config/coverage.ts';
import { loadFrameworks, trustServiceOf } from '../../src/config/frameworks.ts';
import { jsonSchemas } from '../../src/config/json-schemas.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { checksOf, loadControls } from '../../src/config/load-controls.ts';
import { loadUncollectedTypes } from '../../src/config/resource-types.ts';
import { loadScope } from '../../src/config/scope.ts';

const library = libraryDirectory();
const frameworks = loadFrameworks(library);
const uncollectedTypes = loadUncollectedTypes(library);
const collectedTypes = [...new Set(collectors.flatMap((collector) => collector.yields.map(({ type }) => type)))];
const catalog = { checks, collectedTypes, uncollectedTypes, frameworks };
const load = (files: string[] = []) => loadControls({ library, files, catalog, on: '2026-01-15' });

describe('the shipped library', () => {
  it('has the 61 criteria, the 21 objectives and 87 proposed controls', () => {
    const controls = load();
    expect(frameworks.criteria).toHaveLength(61);
    expect(frameworks.objectives).toHaveLength(21);
    expect(controls).toHaveLength(87);
    expect(controls.every(({ control, origin }) => control.status === 'proposed' && origin === 'library')).toBe(true);
  });
  it('sorts every criterion under the trust service its id tells', () => {
    expect(frameworks.criteria.filter(({ id, trustService }) => trustServiceOf(id) !== trustService)).toEqual([]);
  });
  it('would cover every criterion and objective with a primary link', () => {
    const controls = load().map(({ control }) => control);
    const services = [...new Set(frameworks.criteria.map(({ trustService }) => trustService))];
    for (const report of ['soc1', 'soc2'] as const) {
      const rows = coverageOf(report, { controls, frameworks, trustServices: services });
      expect(rows.filter(({ proposed }) => proposed.length === 0).map(({ id }) => id)).toEqual([]);
      expect(rows.some(({ covered }) => covered)).toBe(false);
    }
  });
  it('puts every shipped check to use', () => {
    const used = new Set(load().flatMap(({ control }) => checksOf(control).map(({ check }) => check)));
    expect(checks.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });
  it('covers what its checks judge', () => {
    const subject = new Map(checks.map((check) => [check.id, check.subject.type]));
    const missing = load().flatMap(({ control }) =>
      checksOf(control).flatMap(({ check }) => {
        const type = subject.get(check) ?? '?';
        return control.covers.includes(type) ? [] : [`${control.id} uses ${check} and does not cover ${type}`];
      }),
    );
    expect(missing).toEqual([]);
  });
  it('gives every control without a check evidence or types it is evidenced by', () => {
    const bare = load().filter(
      ({ control }) => control.checks.length === 0 && control.evidence.length === 0 && control.covers.length === 0,
    );
    expect(bare.map(({ control }) => control.id)).toEqual([]);
  });
  it('lists no type as uncollected that a collector yields, and none that no control covers', () => {
    const covered = new Set(load().flatMap(({ control }) => control.covers));
    expect(uncollectedTypes.map(({ type }) => type).filter((type) => collectedTypes.includes(type))).toEqual([]);
    expect(uncollectedTypes.map(({ type }) => type).filter((type) => !covered.has(type))).toEqual([]);
  });
  it('names only types that AWS Config can count: what it does not know it could never show to be absent', () => {
    const known = new Set<string>(Object.values(ResourceType));
    expect(uncollectedTypes.flatMap(({ awsConfig }) => (awsConfig === undefined || known.has(awsConfig) ? [] : [awsConfig]))).toEqual([]);
  });
  it('has examples of the user files that load', () => {
    expect(load([join(library, 'controls.example.yaml')]).find(({ control }) => control.id === 'NW-01')?.origin).toBe('own');
    expect(loadScope(join(library, 'scope.example.yaml'), catalog).rules).toHaveLength(3);
  });
  it('has JSON schemas that are what the shapes say', () => {
    for (const [name, text] of Object.entries(jsonSchemas())) expect(readFileSync(join(library, name), 'utf8'), name).toBe(text);
  });
  it('uses none of the words that are the auditor’s alone', () => {
    const words = /\b(compliant|certified|proves)\b/i;
    expect(load().flatMap(({ control }) => words.exec(JSON.stringify(control))?.[0] ?? [])).toEqual([]);
  });
});
