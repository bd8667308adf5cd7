import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../src/cli/generate.ts';

const root = path.join(import.meta.dirname, '../..');

describe('generated files', () => {
  it('are what their sources say', async () => {
    await expect(generate({ root, check: true })).resolves.toEqual([]);
  });

  describe('in a copy', () => {
    let copy: string;
    beforeEach(async () => {
      copy = await mkdtemp(path.join(tmpdir(), 'proofline-generate-'));
      for (const folder of ['checks', 'collectors', 'config'])
        await cp(path.join(root, folder), path.join(copy, folder), { recursive: true });
    });
    afterEach(() => rm(copy, { recursive: true }));

    it('are refused, by name, when a unit was added and nobody generated', async () => {
      await writeFile(path.join(copy, 'checks/aws/zz-new.ts'), 'export default {};\n');
      await expect(generate({ root: copy, check: true })).rejects.toMatchObject({
        code: 'configuration',
        problems: [{ file: 'checks/index.generated.ts' }],
      });
    });

    it('list a new unit in the order of ids', async () => {
      await writeFile(path.join(copy, 'checks/aws/zz-new.ts'), 'export default {};\n');
      await writeFile(path.join(copy, 'checks/aws/aa-new.ts'), 'export default {};\n');
      await mkdir(path.join(copy, 'collectors/aws/zz-new'), { recursive: true });
      await writeFile(path.join(copy, 'collectors/aws/zz-new/collector.ts'), 'export default {};\n');
      expect(await generate({ root: copy })).toEqual(['checks/index.generated.ts', 'collectors/index.generated.ts']);
      const checks = await readFile(path.join(copy, 'checks/index.generated.ts'), 'utf8');
      expect(checks).toContain("import awsZzNew from './aws/zz-new.ts';");
      expect(checks.indexOf('  awsAaNew,')).toBeLessThan(checks.indexOf('  awsZzNew,'));
      const collectors = await readFile(path.join(copy, 'collectors/index.generated.ts'), 'utf8');
      expect(collectors).toContain("import awsZzNew from './aws/zz-new/collector.ts';");
      expect(await generate({ root: copy, check: true })).toEqual([]);
    });
  });
});
