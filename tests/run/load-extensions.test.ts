import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Loaded, loadIn, type OwnFiles, ownCheck, ownCollector, soundUnits, writeOwn } from './own-units.ts';

const root = path.join(import.meta.dirname, '../..');
const check = 'checks/aws/thing-has-long-name.ts';
const collector = 'collectors/aws/others/collector.ts';
const made: string[] = [];
afterEach(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true });
});

async function own(files: OwnFiles): Promise<string> {
  const directory = await writeOwn(files);
  made.push(directory);
  return directory;
}
const load = (...directories: string[]): Promise<Loaded> => loadIn(root, '.ts', directories);
const messages = (loaded: Loaded) => (loaded.problems ?? []).map((problem) => `${path.basename(problem.file ?? '')}: ${problem.message}`);
async function refusal(files: OwnFiles): Promise<string[]> {
  const loaded = await load(await own({ ...soundUnits, ...files }));
  expect(loaded.code).toBe('extension-refused');
  return messages(loaded);
}

describe('users’ own units', () => {
  it('are loaded from TypeScript, speak of shipped resources and carry digests', async () => {
    const loaded = await load(await own(soundUnits));
    expect(loaded).toMatchObject({
      checks: ['own/aws/thing-has-long-name'],
      collectors: ['own/aws/others'],
      sameSubject: true,
    });
    expect(loaded.logic['own/aws/thing-has-long-name']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(Object.keys(loaded.logic)).toHaveLength(2);
  });

  it('keep their digest where they are moved, and change it with a file they import, and with no other', async () => {
    const before = await load(await own(soundUnits));
    const moved = await load(await own(soundUnits));
    const changed = await load(await own({ ...soundUnits, 'shared/lengths.ts': 'export const isLong = (): boolean => true;\n' }));
    expect(moved.logic).toEqual(before.logic);
    expect(changed.logic['own/aws/thing-has-long-name']).not.toBe(before.logic['own/aws/thing-has-long-name']);
    expect(changed.logic['own/aws/others']).toBe(before.logic['own/aws/others']);
  });

  it('may come from several directories, but not twice', async () => {
    const first = await own({ [check]: ownCheck, 'shared/lengths.ts': soundUnits['shared/lengths.ts'] ?? '' });
    const second = await own({
      [collector]: ownCollector,
      'collectors/aws/others/resource.ts': soundUnits['collectors/aws/others/resource.ts'] ?? '',
    });
    expect(await load(first, second)).toMatchObject({ checks: ['own/aws/thing-has-long-name'], collectors: ['own/aws/others'] });
    const again = await load(first, await own(soundUnits));
    expect(messages(again).join('\n')).toContain('another configured directory holds own/checks/aws/thing-has-long-name.ts');
  });

  it.each([
    ['a file its group may write', check, 0o664, 'can be written by its group'],
    ['a file everyone may write', check, 0o646, 'can be written by every user'],
    ['a shared file everyone may write', 'shared/lengths.ts', 0o646, 'can be written by every user'],
    ['a folder its group may write', 'shared', 0o775, 'can be written by its group'],
    ['the directory itself', '.', 0o777, 'can be written by every user'],
  ])('are refused from %s', async (_, file, mode, message) => {
    const directory = await own(soundUnits);
    await chmod(path.join(directory, file), mode);
    expect(messages(await load(directory)).join('\n')).toContain(message);
  });

  it('are refused below a folder everyone may write', async () => {
    const directory = await own(soundUnits);
    await mkdir(path.join(directory, 'open/inner'), { recursive: true });
    await rename(path.join(directory, 'checks'), path.join(directory, 'open/inner/checks'));
    await chmod(path.join(directory, 'open'), 0o777);
    expect(messages(await load(path.join(directory, 'open/inner'))).join('\n')).toContain('replace what lies below');
  });

  it('are refused under node_modules, with what to do', async () => {
    const directory = await own(soundUnits);
    await mkdir(path.join(directory, 'node_modules/theirs'), { recursive: true });
    await rename(path.join(directory, 'checks'), path.join(directory, 'node_modules/theirs/checks'));
    const loaded = await load(path.join(directory, 'node_modules/theirs'));
    expect(messages(loaded)).toEqual([expect.stringMatching(/^theirs: lies under node_modules.*copy the directory out/)]);
  });

  it('are refused through a symbolic link', async () => {
    const directory = await own(soundUnits);
    const elsewhere = await own({ 'other.ts': ownCheck });
    await symlink(path.join(elsewhere, 'other.ts'), path.join(directory, 'checks/aws/linked.ts'));
    expect(messages(await load(directory))).toEqual([
      'linked.ts: is a symbolic link; own code lies in the directory the configuration names',
    ]);
  });

  it.each(['checks/aws/lengths.test.ts', '.hidden/lengths.ts', 'node_modules/lengths/lengths.ts'])(
    'are refused when they import %s, which no digest covers',
    async (file) => {
      const text = `import '${path.posix.relative('checks/aws', file)}';\n`.replace("'lengths", "'./lengths") + ownCheck;
      const loaded = await load(await own({ ...soundUnits, [check]: text, [file]: 'export {};\n' }));
      expect(messages(loaded).join('\n')).toContain('are not loaded');
    },
  );

  it('are refused with TypeScript that is more than types', async () => {
    expect(await refusal({ [check]: `enum Size { small }\n${ownCheck}` })).toEqual([
      expect.stringContaining('thing-has-long-name.ts: holds TypeScript that is more than types'),
    ]);
  });

  it('are refused when they are no TypeScript at all', async () => {
    expect(await refusal({ [check]: 'export default {{{' })).toEqual([expect.stringMatching(/^thing-has-long-name\.ts: is not /)]);
  });

  it.each([
    ['a package', "import 'left-pad';", 'own units import proofline/authoring'],
    ['the disk', "import { readFileSync } from 'node:fs';", 'own units import proofline/authoring'],
    ['the engine', "import 'proofline/store';", 'own units import proofline/authoring'],
    ['a resource that is not there', "import 'proofline/resources/aws/nothing';", 'which proofline does not have'],
    ['a file outside', "import '../../../outside.ts';", 'from outside the directory'],
    ['a file that is not there', "import './absent.ts';", 'which is not there'],
    ['built code', "import './built.js';", 'its imports end in .ts'],
    ['something only running tells', 'await import(String(Math.random()));', 'only running it tells'],
  ])('are refused when they import %s', async (_, line, message) => {
    expect(await refusal({ [check]: `${line}\n${ownCheck}` })).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    [
      'an id that is not its place',
      ownCheck.replace('own/aws/thing-has-long-name', 'aws/root-user-has-mfa'),
      "its place says 'own/aws/thing-has-long-name'",
    ],
    [
      'no example that fails',
      ownCheck.replace("fail: { short: { ...thing, display: 'ab' } }", 'fail: {}'),
      'a check that cannot fail says nothing',
    ],
    ['a parameter without a default', ownCheck.replace('.default(3)', ''), 'must give every parameter a default'],
    ['no default export', ownCheck.replace('export default', 'export const check ='), 'the default export'],
  ])('are refused: a check with %s', async (_, text, message) => {
    expect((await refusal({ [check]: text })).join('\n')).toContain(message);
  });

  it.each([
    [
      'a shipped type',
      {
        'collectors/aws/others/resource.ts': (soundUnits['collectors/aws/others/resource.ts'] ?? '').replace(
          'aws.own.other',
          'aws.s3.bucket',
        ),
      },
      "must start with 'aws.own.'",
    ],
    ['an undeclared permission', { [collector]: ownCollector.replace("'others:read'", "'else:read'") }, "'listOthers' needs 'others:read'"],
    ['an operation nobody has', { [collector]: ownCollector.replaceAll('listOthers', 'deleteOthers') }, "has no operation 'deleteOthers'"],
  ])('are refused: a collector with %s', async (_, files, message) => {
    expect((await refusal(files)).join('\n')).toContain(message);
  });

  it('are refused for a source that is not there', async () => {
    const loaded = await load(
      await own({
        'collectors/elsewhere/others/collector.ts': ownCollector.replace('own/aws', 'own/elsewhere'),
        'collectors/elsewhere/others/resource.ts': soundUnits['collectors/aws/others/resource.ts'] ?? '',
      }),
    );
    expect(messages(loaded)).toEqual(["collector.ts: there is no source 'elsewhere'; there are aws"]);
  });

  it('are refused with every problem at once, and none of them is run', async () => {
    const witness = path.join(await own({ 'empty.txt': '' }), 'ran');
    const loaded = await load(
      await own({
        'checks/aws/writes.ts': `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(witness)}, '');\n`,
        'checks/aws/pads.ts': "import 'left-pad';\n",
        'checks/too/deep/check.ts': ownCheck,
      }),
    );
    expect(messages(loaded)).toHaveLength(4);
    await expect(writeFile(witness, '', { flag: 'wx' })).resolves.toBeUndefined();
  });
});
