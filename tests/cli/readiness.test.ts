import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReadinessOutput } from '../../src/cli/shapes.ts';
import { emptyDirectory, proofline } from './spawned.ts';

const configuration = (rest: string) => `version: 1\nentity: { name: Northwind Payroll Ltd, tenant: northwind }\n${rest}\n`;
const engagements = `version: 1
engagements:
  - { id: soc2-2026, report: soc2, type: 2, trustServices: [security, availability] }
  - { id: soc1-2026, report: soc1, type: 1, objectives: [{ id: CO-LA3, risk: high }] }
`;

describe('readiness', () => {
  it('works before anything was collected, from the control files alone', async () => {
    const cwd = emptyDirectory({ 'proofline.yaml': configuration('reports: [soc2]') });
    const { out, code, err } = await proofline(['readiness', '--json', '--out', 'paper'], { cwd });
    expect(err).toBe('');
    expect(code).toBe(0);
    const readiness = ReadinessOutput.parse(JSON.parse(out));
    expect(readiness.steps[0]).toMatchObject({ effort: 'collect', command: 'collect' });
    expect(readiness.counts).toMatchObject({ adopted: 0, showing: 0 });
    expect(readiness.controls.every(({ shows }) => shows === 'no-evidence')).toBe(true);
    expect(readiness.failures).toEqual([]);
    for (const name of ['readiness.html', 'readiness.pdf', 'readiness.json']) expect(existsSync(join(cwd, 'paper', name)), name).toBe(true);
    expect(JSON.parse(readFileSync(join(cwd, 'paper/readiness.json'), 'utf8'))).toMatchObject({ report: 'soc2', counts: readiness.counts });
  }, 120_000);
  it('is for the engagement named, and its objectives alone', async () => {
    const cwd = emptyDirectory({
      'proofline.yaml': configuration('reports: [soc2, soc1]\nengagements: engagements.yaml'),
      'engagements.yaml': engagements,
    });
    const soc1 = ReadinessOutput.parse(JSON.parse((await proofline(['readiness', '--engagement', 'soc1-2026', '--json'], { cwd })).out));
    expect(soc1).toMatchObject({ engagement: 'soc1-2026', report: 'soc1', type: 1, topics: [{ id: 'CO-LA3', risk: 'high' }] });
    const soc2 = ReadinessOutput.parse(JSON.parse((await proofline(['readiness', '--engagement', 'soc2-2026', '--json'], { cwd })).out));
    expect(soc2.trustServices).toEqual(['security', 'availability']);
    expect(soc2.topics.some(({ id }) => id.startsWith('A1'))).toBe(true);
    expect(soc2.topics.some(({ id }) => id.startsWith('P1'))).toBe(false);
    const unsaid = await proofline(['readiness'], { cwd });
    expect(unsaid).toMatchObject({ code: 2, out: '' });
    expect(unsaid.err).toContain('--engagement soc2-2026 or soc1-2026');
    const wrong = await proofline(['readiness', '--engagement', 'soc2-2027'], { cwd });
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('did you mean "soc2-2026"');
  }, 240_000);
});
