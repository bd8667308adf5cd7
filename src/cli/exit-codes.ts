import type { ErrorCode } from '../model/errors.ts';

/** How a command ends: 0 done, 1 error, 2 usage or configuration, 3 collected but incomplete, 4 verification failed, 5 results fail. */
export const exitCodes = { done: 0, error: 1, usage: 2, incomplete: 3, verificationFailed: 4, resultsFail: 5 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** When several apply, the first of these is what the command ends with. */
const precedence: readonly ExitCode[] = [2, 1, 4, 3, 5, 0];

export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'usage' || code === 'configuration') return exitCodes.usage;
  return code === 'verification-failed' ? exitCodes.verificationFailed : exitCodes.error;
}
/** The exit code of a command to which several apply; none at all is 0. */
export function worstExitCode(codes: Iterable<ExitCode>): ExitCode {
  const all = new Set(codes);
  return precedence.find((code) => all.has(code)) ?? exitCodes.done;
}
