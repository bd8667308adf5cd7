import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type jsonShapes, jsonShapes as shapes } from '../../src/cli/shapes.ts';
import { keptDirectory, proofline } from './spawned.ts';

/** One demonstration log for all of these: collected once, only read afterwards. */
const { directory: cwd, remove } = keptDirectory();
const demo = ['--demonstration', '--data', 'data'];
const json = async (verb: keyof typeof jsonShapes, ...args: string[]) => {
  const ended = await proofline([...verb.split(' '), ...args, ...demo, '--json'], { cwd });
  return { ...ended, value: JSON.parse(ended.out) as Record<string, never> };
};

beforeAll(async () => {
  const collected = await json('collect', '--fail-on', 'high');
  expect(collected.code).toBe(5);
  expect(shapes.collect.parse(collected.value)).toMatchObject({ complete: true, interrupted: false });
}, 600_000);
afterAll(remove);

describe('every reading verb', () => {
  it.each<[keyof typeof jsonShapes, string[]]>([
    ['status', []],
    ['results', ['--outcome', 'fail', 'no-evidence', 'pass']],
    ['readiness', ['--report', 'soc2']],
    ['readiness', ['--report', 'soc1']],
    ['evidence list', ['--limit', '500']],
    ['evidence list', ['--all', '--incomplete']],
    ['controls list', []],
    ['scope preview', []],
    ['catalog checks', []],
    ['catalog collectors', []],
    ['catalog controls', []],
    ['doctor', []],
    ['verify', []],
    ['upgrade', ['--preview']],
    ['notify list', []],
    ['notify preview', []],
  ])(
    '%s prints JSON of its documented shape %j',
    async (verb, args) => {
      const ended = await json(verb, ...args);
      expect(ended.code).toBe(0);
      expect(() => shapes[verb].parse(ended.value)).not.toThrow();
    },
    60_000,
  );
  it('shows one collection, its items, requests and how to repeat them', async () => {
    const { value } = await json('evidence list', '--collector', 'aws/iam-account-summary');
    const { evidence } = shapes['evidence list'].parse(value);
    const index = String(evidence[0]?.index);
    const shown = shapes['evidence show'].parse((await json('evidence show', index)).value);
    expect(shown.items.length).toBeGreaterThan(0);
    expect(shown.requests.length).toBeGreaterThan(0);
    const { out } = await proofline(['evidence', 'show', index, ...demo], { cwd });
    expect(out).toMatch(/read as[\s\S]*completeness +complete[\s\S]*To repeat it\n {2}aws iam get-account-summary/);
  });
});

describe('upgrade', () => {
  it('finds nothing to say of the same release, and ends well also for a pipeline', async () => {
    const { out, code } = await proofline(['upgrade', '--preview', '--fail-on-change', ...demo], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('The plan stays as it is recorded.');
    expect(out).toContain('No verdict would change.');
    expect(out).toContain('Nothing was written, and nothing is to be upgraded: this plan is in force already.');
    expect((await proofline(['upgrade', '--preview', '--check', 'aws/none', ...demo], { cwd })).code).toBe(2);
  });
});

describe('notify preview', () => {
  it('says what is untrue as a channel would, and sends nothing', async () => {
    const { out, code } = await proofline(['notify', 'preview', ...demo], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^To example \(slack\), route default/);
    expect(out).toMatch(/DEMONSTRATION: A COMPANY THAT DOES NOT EXIST/);
    expect(out).toMatch(/Untrue: The member has a second factor[\s\S]*SOC 2 criteria: +CC6\.1/);
    expect(out).toMatch(/Nothing was sent\.$/m);
  });
  it('leaves out what was untrue before', async () => {
    const { out } = await proofline(['notify', 'preview', '--since', '2030-01-01', ...demo], { cwd });
    expect(out).toContain('Nothing is untrue that anybody would be told of.');
    expect((await proofline(['notify', 'preview', '--since', 'yesterday', ...demo], { cwd })).code).toBe(2);
  });
});

describe('status', () => {
  it('groups the controls, says how each stands, and what to do next', async () => {
    const { out, err, code } = await proofline(['status', ...demo], { cwd });
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^Northwind Payroll.*\(demonstration\): controls as of 2026-03-16/);
    for (const group of ['Access', 'Data protection', 'Change', 'Operations']) expect(out).toContain(`\n${group}\n`);
    expect(out).toMatch(/AC-02 {2}adopted +failures observed/);
    expect(out).toMatch(/\nNext\n/);
    expect(out).not.toMatch(/\b(compliant|certified|passed)\b/i);
    expect(
      Math.max(
        ...out
          .split('\n')
          .filter((line) => line.startsWith('  '))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(140);
  });
  it('ends with 5 only when results of that severity fail', async () => {
    expect((await proofline(['status', '--fail-on', 'critical', ...demo], { cwd })).code).toBe(5);
    expect((await proofline(['status', ...demo], { cwd })).code).toBe(0);
  });
});

describe('collect', () => {
  it('refuses a source that is none, of which it would say that everything was seen', async () => {
    const ended = await proofline(['collect', '--source', 'northwind-was', ...demo], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('there is no source "northwind-was"');
    expect(ended.err).toContain('northwind-aws');
  });
});

describe('results', () => {
  it('say what fails and how to mend it', async () => {
    const { out } = await proofline(['results', '--outcome', 'fail', '--control', 'AC-06', ...demo], { cwd });
    expect(out).toMatch(/fail {2}.*[\s\S]*aws\/access-key-rotated[\s\S]*To mend it:\n {4}console[\s\S]*command[\s\S]*terraform/);
  });
  it('refuse a filter that names nothing, which would look like a good answer', async () => {
    for (const filter of [
      ['--control', 'AC-99'],
      ['--check', 'aws/none'],
      ['--source', 'aws:1'],
    ]) {
      const ended = await proofline(['results', ...filter, ...demo], { cwd });
      expect(ended.code).toBe(2);
      expect(ended.err).toContain(`there is no ${filter[0]?.slice(2)} "${filter[1]}"`);
    }
  });
});

describe('what an auditor receives', () => {
  it('is exported and verifies; one changed byte ends with 4', async () => {
    const exported = await json('evidence export', '--out', 'handed-over');
    expect(exported.code).toBe(0);
    shapes['evidence export'].parse(exported.value);
    const verified = await proofline(['verify', 'handed-over', '--json'], { cwd });
    expect(verified.code).toBe(0);
    expect(shapes.verify.parse(JSON.parse(verified.out)).ok).toBe(true);
    const { writeFileSync } = await import('node:fs');
    const file = join(cwd, 'handed-over', 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"size":', '"size": '));
    const changed = await proofline(['verify', 'handed-over'], { cwd });
    expect(changed.code).toBe(4);
    expect(changed.out).toMatch(/FAIL {2}export/);
    expect((await proofline(['evidence', 'export', '--out', 'handed-over', ...demo], { cwd })).code).toBe(2);
  }, 240_000);
});

describe('looking after the log', () => {
  it('makes the index again, backs up, and refuses to restore over anything', async () => {
    expect((await proofline(['reindex', ...demo], { cwd })).code).toBe(0);
    expect((await proofline(['backup', '--out', 'log.backup', ...demo], { cwd })).code).toBe(0);
    expect(existsSync(join(cwd, 'log.backup'))).toBe(true);
    expect((await proofline(['backup', '--out', 'log.backup', ...demo], { cwd })).code).toBe(2);
    expect((await proofline(['restore', 'log.backup', ...demo], { cwd })).code).toBe(2);
  });
  it('keeps the demonstration’s controls as they are described', async () => {
    const ended = await proofline(['controls', 'adopt', 'AC-03', '--because', 'x', ...demo], { cwd });
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('described in Proofline itself');
  });
});

describe('Ctrl-C', () => {
  it('ends a collection honestly: what was seen is sealed, the log verifies, and the exit code says incomplete', async () => {
    const args = ['collect', '--demonstration', '--data', 'interrupted'];
    let pressed = false;
    const ended = await proofline(args, {
      cwd,
      onOutput(text, signal) {
        if (pressed || !text.includes('collected aws/')) return;
        pressed = true;
        signal('SIGINT');
      },
    });
    expect(ended.code).toBe(3);
    expect(ended.err).toContain('stopping: what was collected is kept');
    expect(ended.out).toContain('Interrupted: what was collected until then is sealed');
    const verified = await proofline(['verify', '--demonstration', '--data', 'interrupted', '--json'], { cwd });
    expect(shapes.verify.parse(JSON.parse(verified.out)).ok).toBe(true);
  }, 240_000);
});
