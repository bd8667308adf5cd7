import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const section =
  readFileSync(path.join(root, 'README.md'), 'utf8').split('## Backup, another machine, lost keys\n')[1]?.split('\n## ')[0] ?? '';
const [backUp = '', elsewhere = '', accept = '', keysBack = '', succeed = ''] = [
  ...section.matchAll(/^```sh rehearsed\n(.*?)^```$/gms),
].map((match) => match[1] ?? '');

/** The section as an operator would live through it, on a log that has nothing but its own entries: the commands are the README's own. */
describe('what the README says of backups and lost keys', () => {
  let folder: string;
  const at = (...parts: string[]) => path.join(folder, ...parts);
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'proofline-rehearsal-'));
    for (const name of ['first', 'backups', 'safe']) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, 'passphrase'), 'a rehearsal, and nothing else\n');
    // A source that cannot be entered: that is recorded, and nothing is asked anywhere.
    await run('first', 'proofline init --yes --entity "Example Ltd" --report soc2 --github-organisation example');
    await run('first', 'proofline collect');
  }, 60_000);
  afterAll(() => {
    for (const child of processes.values()) child.kill();
    rmSync(folder, { recursive: true });
  });

  /** One process per machine: what it takes to begin a program is not what is rehearsed. */
  const processes = new Map<string, ChildProcess>();
  async function command(machine: string, args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    const child = processes.get(machine) ?? fork(path.join(import.meta.dirname, 'machine.ts'), { cwd: at(machine), env: { HOME: folder } });
    processes.set(machine, child);
    const answer = once(child, 'message');
    child.send(args);
    return ((await answer) as [{ readonly code: number; readonly text: string }])[0];
  }
  /** Runs a block line by line; a collection that could not see everything (3) has done what it could. */
  async function run(machine: string, block: string): Promise<{ readonly code: number; readonly text: string }> {
    let text = '';
    for (const line of block.trim().split('\n')) {
      const [program = '', ...args] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const ran =
        program === 'proofline'
          ? await command(machine, args)
          : { code: spawnSync(program, args, { cwd: at(machine) }).status ?? 1, text: '' };
      text += ran.text;
      if (ran.code !== 0 && !(ran.code === 3 && line === 'proofline collect')) return { code: ran.code, text };
    }
    return { code: 0, text };
  }
  const done = async (machine: string, block: string): Promise<string> => {
    const { code, text } = await run(machine, block);
    expect(code, text).toBe(0);
    return text;
  };
  /** Another machine has what is under version control, and nothing else. */
  function machine(name: string): void {
    mkdirSync(path.join(folder, name));
    for (const file of readdirSync(path.join(folder, 'first'))) {
      if (file.endsWith('.yaml')) cpSync(path.join(folder, 'first', file), path.join(folder, name, file));
    }
  }
  const entries = async (name: string) =>
    (JSON.parse(await done(name, 'proofline status --json')) as { log: { entries: number } }).log.entries;

  it('a backup and its keys go on elsewhere', async () => {
    await done('first', backUp);
    const before = await entries('first');
    machine('second');
    const text = await done('second', elsewhere);
    expect(text).toContain('sign.json, wrap.json, commit.json put back');
    expect(text).toContain(`${before} entries restored`);
    expect(text).not.toMatch(/^\s*FAIL/m);
    expect(await entries('second')).toBeGreaterThan(before);
  });

  it('an older backup is refused, and accepted only with a reason that is recorded', async () => {
    rmSync(at('second/.proofline/data'), { recursive: true });
    const refused = await run('second', 'proofline restore ../backups/evidence.backup');
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('an older copy was put back');
    expect(readdirSync(at('second/.proofline'))).not.toContain('data');
    await done('second', accept);
    expect(await done('second', 'proofline verify')).toMatch(/a gap is recorded: log, .* goes on from entry \d+ of an older or other copy/);
  });

  it('a signing key that others may have seen is replaced, and older copies do not bring it back', async () => {
    expect(await done('second', 'proofline keys rotate')).toContain('Verifier key to hand over: proofline.log/example-ltd+');
    const verified = await done('second', 'proofline verify');
    expect(verified).not.toMatch(/^\s*FAIL/m);
    const refused = await run('second', keysBack);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('nothing is overwritten');
  });

  it.each([
    ['sign', 'without it the log cannot be continued', 0],
    ['commit', 'without it nothing new can be sealed', 0],
    ['wrap', 'what was sealed cannot be read', 4],
  ])('without the %s key everything says so; its copy brings it back', async (key, said, verified) => {
    expect(section).toContain(said);
    renameSync(at(`first/.proofline/keys/${key}.json`), at(`${key}.lost`));
    const collected = await run('first', 'proofline collect --source github');
    expect(collected.code).toBe(1);
    expect(collected.text).toContain(`/keys/${key}.json`);
    expect(collected.text).toContain(said);
    const verify = await run('first', 'proofline verify');
    expect(verify.code, verify.text).toBe(verified);
    expect([...verify.text.matchAll(/^\s*FAIL\s+(\S+)/gm)].map((match) => match[1])).toEqual(verified === 0 ? [] : ['blobs']);
    await done('first', `proofline backup --out ../backups/without-${key}.backup`);
    expect(await done('first', keysBack)).toContain(`${key}.json put back`);
    await done('first', 'proofline collect');
  });

  it('where no copy is left, a new log names the old one', async () => {
    const before = await entries('first');
    const text = await done('first', succeed);
    expect(text).toContain(`It names the one before: ${before} entries, signed to ${before}`);
    const log = JSON.parse(await done('first', 'proofline verify --json')) as { ok: boolean };
    expect(log.ok).toBe(true);
    await done('first', 'proofline collect');
    expect((await run('first', 'proofline keys succeed --of ../old-data --because again')).code).toBe(2);
  });
});
