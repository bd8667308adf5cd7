import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphOf, LogicDigests, loadDigests } from '../../src/run/logic-digests.ts';

const check = 'checks/aws/one.ts';
const collector = 'collectors/aws/things/collector.ts';
const house: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ dependencies: { zod: '4.0.0', '@scope/sdk': '1.0.0', unrelated: '9.9.9' } }),
  'src/authoring.ts': "import { z } from 'zod';\nimport type { Json } from './model/json.ts';\nexport { z };\n",
  'src/model/json.ts': 'export type Json = string;\n',
  [check]:
    "import { z } from '../../src/authoring.ts';\nimport { Thing } from '../../collectors/aws/things/resource.ts';\nexport default { z, Thing };\n",
  'checks/aws/two.ts': 'export default {};\n',
  [collector]: "import type { Client } from '../client.ts';\nimport { Thing } from './resource.ts';\nexport default { Thing };\n",
  'collectors/aws/things/resource.ts': "import { z } from '../../../src/authoring.ts';\nexport const Thing = z;\n",
  'collectors/aws/source.ts': "import { Client } from './client.ts';\nexport default { client: Client };\n",
  'collectors/aws/client.ts': "import '@scope/sdk/inner';\nexport class Client {}\n",
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'proofline-digests-'));
  for (const [file, text] of Object.entries(house)) await write(file, text);
});
afterEach(() => rm(root, { recursive: true }));
async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}
const digests = async () => new LogicDigests(await graphOf(root));

describe('a logic digest', () => {
  it('covers what a unit imports at run time, and nothing else', async () => {
    const parts = (await digests()).partsOf(check);
    expect(parts.files.map(([file]) => file)).toEqual([check, 'collectors/aws/things/resource.ts', 'src/authoring.ts']);
    expect(parts.packages).toEqual([['zod', '4.0.0']]);
  });

  it('covers the client of a collector’s source, although the collector imports only its type', async () => {
    const parts = (await digests()).partsOf(collector);
    expect(parts.files.map(([file]) => file)).toEqual(
      expect.arrayContaining([collector, 'collectors/aws/client.ts', 'collectors/aws/source.ts', 'src/authoring.ts']),
    );
    expect(parts.packages).toEqual([
      ['@scope/sdk', '1.0.0'],
      ['zod', '4.0.0'],
    ]);
  });

  it.each([
    ['the unit', check, 'export default 1;\n'],
    ['what it imports', 'collectors/aws/things/resource.ts', 'export const Thing = 2;\n'],
    ['what that imports', 'src/authoring.ts', 'export const z = 3;\n'],
    ['a version', 'package.json', JSON.stringify({ dependencies: { zod: '4.0.1', '@scope/sdk': '1.0.0' } })],
  ])('changes with %s', async (_, file, text) => {
    const before = (await digests()).of(check);
    await write(file, text);
    expect((await digests()).of(check)).not.toBe(before);
  });

  it.each([
    ['another check', 'checks/aws/two.ts', 'export default 2;\n'],
    ['types', 'src/model/json.ts', 'export type Json = number;\n'],
    ['another package', 'package.json', JSON.stringify({ dependencies: { zod: '4.0.0', '@scope/sdk': '2.0.0', unrelated: '1.0.0' } })],
    ['the line ends of a checkout', check, (house[check] ?? '').replaceAll('\n', '\r\n')],
  ])('stays with %s', async (_, file, text) => {
    const before = (await digests()).of(check);
    await write(file, text);
    expect((await digests()).of(check)).toBe(before);
  });

  it('is an error for a unit that is not there', async () => {
    const found = await digests();
    expect(() => found.of('checks/aws/none.ts')).toThrow(TypeError);
  });
});

it('every shipped unit has a digest', async () => {
  const shipped = await loadDigests();
  for (const file of Object.keys(shipped.graph.files)) expect(shipped.of(file)).toMatch(/^sha256:[0-9a-f]{64}$/);
});
