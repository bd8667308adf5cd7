import { type Cli, plain } from '../../src/cli/cli.ts';
import { type ExitCode, worstExitCode } from '../../src/cli/exit-codes.ts';
import { run } from '../../src/cli/program.ts';
import type { Ended } from './spawned.ts';

/** Runs the command line within this process: many verbs in a row take a fraction of what as many processes take. */
export async function prooflineHere(args: readonly string[], env: Cli['env'] = {}): Promise<Ended> {
  let out = '';
  let err = '';
  const codes: ExitCode[] = [];
  await run(args, {
    env,
    interactive: false,
    liveProgress: false,
    columns: 120,
    colours: plain,
    out: (text) => {
      out += `${text}\n`;
    },
    err: (text) => {
      err += `${text}\n`;
    },
    errRaw: (text) => {
      err += text;
    },
    exit: (code) => void codes.push(code),
  });
  return { code: worstExitCode(codes), out, err };
}
