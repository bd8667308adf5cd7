import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const depcruise = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const config = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
  forbidden: { name: string; comment?: string; severity: string }[];
};

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Every breach of a wall below `folder`. */
async function cruise(folder: string): Promise<readonly Violation[]> {
  const command = promisify(execFile)(
    process.execPath,
    [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'collectors', 'checks'],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  const { stdout } = await command.catch((error: { stdout?: string }) => {
    if (!error.stdout) throw error;
    return { stdout: error.stdout };
  });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

/** One breach each: file, its text, the walls it must run into. */
const breaches: readonly (readonly [file: string, text: string, walls: readonly string[]])[] = [
  ['src/model/upward.ts', "import '../authoring.ts';", ['downward-only-1', 'model-imports-zod-only']],
  ['src/store/upward.ts', "import '../collect/run.ts';", ['downward-only-2']],
  ['src/evaluate/upward.ts', "import '../run/walk.ts';", ['downward-only-3', 'stage-evaluate-stands-alone']],
  ['src/run/upward.ts', "import '../app.ts';", ['downward-only-4']],
  ['src/app.ts', "import './cli/main.ts';", ['downward-only-5']],
  ['src/cli/main.ts', "import '../demo/company.ts';", ['demonstration-only-by-app']],
  ['src/collect/store.ts', "import '../store/contract.ts';", ['stage-collect-stands-alone']],
  ['src/history/stage.ts', "import '../notify/find.ts';", ['stage-history-stands-alone']],
  ['src/access/stage.ts', "import '../history/stage.ts';", ['stage-access-stands-alone']],
  ['src/notify/stage.ts', "import '../store/contract.ts';", ['stage-notify-stands-alone']],
  ['src/bundle/stage.ts', "import '../index/open.ts';", ['stage-bundle-stands-alone']],
  ['src/run/registry.ts', "import '../../checks/aws/good.ts';", ['registries-come-from-app']],
  ['checks/aws/collects.ts', "import '../../collectors/aws/one/collector.ts';", ['a-check-never-collects']],
  ['checks/aws/shares.ts', "import './good.ts';", ['a-check-stands-alone']],
  ['checks/aws/reads.ts', "import 'node:fs';", ['units-touch-nothing', 'a-check-never-collects']],
  ['collectors/aws/one/engine.ts', "import '../../../src/model/json.ts';", ['a-collector-knows-its-source-only']],
  ['collectors/aws/one/other.ts', "import '../../github/client.ts';", ['no-source-knows-another']],
  ['collectors/aws/one/collector.ts', "import '../client.ts';", ['a-collector-imports-its-client-as-a-type']],
  ['collectors/aws/one/resource.ts', "import '../operations.ts';", ['a-resource-is-only-a-shape']],
  ['src/evaluate/clock.ts', "import 'node:fs';", ['recomputed-rooms-touch-nothing']],
  ['src/verify/unreadable.ts', "import '../store/contract.ts';", ['verify-is-readable']],
  ['src/verify/package.ts', "import 'kysely';", ['verify-needs-no-package', 'storage-where-evidence-lies']],
  ['src/authoring.ts', "import './seal/digest.ts';", ['authoring-is-small']],
  ['src/run/sdk.ts', "import '@aws-sdk/client-s3';", ['source-sdks-in-their-source']],
  ['collectors/github/connect.ts', "import '@aws-sdk/client-s3';", ['aws-sdk-in-aws']],
  ['collectors/aws/connect.ts', "import '@octokit/rest';", ['octokit-in-github']],
  ['collectors/entity/made/collector.ts', "import '../../../src/run/walk.ts';", ['the-entity-is-worked-out-by-access', 'downward-only-3']],
  ['src/run/database.ts', "import 'node:sqlite';", ['storage-where-evidence-lies']],
  ['src/web/page.ts', "import '../model/json.ts';", ['web-is-a-client']],
  ['src/web/state.ts', "import type { S } from '../store/contract.ts';", ['web-knows-model-only']],
  // A cycle is reported once, at one of its files.
  ['src/index/open.ts', "import './cycle.ts';", []],
  ['src/index/cycle.ts', "import './open.ts';", ['no-cycles']],
  ['src/run/tested.ts', "import 'vitest';", ['what-runs-is-shipped']],
  ['src/run/nowhere.ts', "import './missing.ts';", ['what-is-imported-exists']],
  ['src/run/helped.ts', "import '../../tests/replay.ts';", ['nothing-runs-from-tests']],
];
/** What the breaches import and what stands within the walls. */
const sound: readonly (readonly [file: string, text: string])[] = [
  ['src/collect/run.ts', "import '../model/json.ts';"],
  ['src/run/walk.ts', "import '../collect/run.ts'; import '../store/contract.ts';"],
  ['src/demo/company.ts', 'export {};'],
  ['src/store/contract.ts', "import 'node:sqlite'; import '../model/json.ts';"],
  ['src/model/json.ts', "import 'zod';"],
  ['src/seal/digest.ts', "import 'node:crypto';"],
  ['src/notify/find.ts', 'export {};'],
  ['checks/aws/good.ts', "import '../../src/authoring.ts'; import '../../collectors/aws/two/resource.ts';"],
  ['checks/index.generated.ts', "import './aws/good.ts';"],
  ['collectors/aws/two/resource.ts', "import '../../../src/authoring.ts';"],
  ['collectors/aws/two/collector.ts', "import type { C } from '../client.ts'; import './resource.ts';"],
  ['collectors/index.generated.ts', "import './aws/two/collector.ts'; import type { S } from '../src/authoring.ts';"],
  ['collectors/aws/client.ts', 'export interface C {}'],
  ['collectors/aws/operations.ts', 'export {};'],
  ['collectors/github/client.ts', 'export {};'],
  ['tests/replay.ts', 'export {};'],
];

describe('the walls', () => {
  it('hold', async () => {
    expect((await cruise(root)).map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it('give a reason each', () => {
    for (const rule of config.forbidden) {
      expect(rule.comment, rule.name).toMatch(/^[A-Z].{40,}\.$/s);
      expect(rule.severity).toBe('error');
    }
  });

  describe('in a house of breaches', () => {
    let house: string;
    let violations: readonly Violation[];
    beforeAll(async () => {
      house = await mkdtemp(path.join(tmpdir(), 'proofline-walls-'));
      for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
        await cp(path.join(root, file), path.join(house, file));
      await symlink(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
      for (const [file, text] of [...breaches, ...sound]) {
        await mkdir(path.dirname(path.join(house, file)), { recursive: true });
        await writeFile(path.join(house, file), `${text}\n`);
      }
      violations = await cruise(house);
    });
    afterAll(() => rm(house, { recursive: true }));

    it.each(breaches)('%s runs into its wall', (file, _, walls) => {
      const met = violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name);
      expect(met).toEqual(expect.arrayContaining([...walls]));
    });
    it.each(sound)('%s runs into none', (file) => {
      expect(violations.filter((violation) => violation.from === file)).toEqual([]);
    });
    it('meets every wall', () => {
      const met = new Set(violations.map((violation) => violation.rule.name));
      expect(config.forbidden.map((rule) => rule.name).filter((name) => !met.has(name))).toEqual([]);
    });
  });
});
