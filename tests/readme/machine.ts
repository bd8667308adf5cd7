/** A machine at which one command after the other is given: arguments come in as messages, the exit code and what was printed go back. */
import { prooflineHere } from '../cli/in-process.ts';

process.on('message', async (args: readonly string[]) => {
  const { code, out, err } = await prooflineHere(args, { HOME: process.env['HOME'] });
  process.send?.({ code, text: out + err });
});
