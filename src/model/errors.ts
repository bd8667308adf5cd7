import type { GapReason } from './completeness.ts';

/** Everything that can go wrong, by code. The command line maps codes to exit codes; nothing is told apart by its message. */
export const errorCodes = [
  'usage',
  'configuration',
  'store-missing',
  'store-unreadable',
  'store-corrupt',
  'store-not-continuation',
  'store-busy',
  'disk-full',
  'key-missing',
  'key-refused',
  'demonstration-refused',
  'not-canonical',
  'statement-too-large',
  'anchor-failed',
  'verification-failed',
  'source-refused',
  'extension-refused',
  'not-found',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** One thing wrong with an input: where it is and what was expected there. */
export interface Problem {
  readonly file?: string;
  readonly line?: number;
  readonly path?: string;
  readonly message: string;
}

/** An expected failure with a code from the closed list. Anything that is not one of ours is a bug and stays one. */
export class ProoflineError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; problems?: readonly Problem[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProoflineError';
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** A source did not answer as it should; thrown by a client's exchange only. `absent` codes are told apart by `sourceCode`. */
export class SourceError extends Error {
  readonly reason: GapReason;
  readonly operation: string;
  /** The source's own error code (`AccessDenied`, `NoSuchBucketPolicy`), when it gave one. */
  readonly sourceCode: string | undefined;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string | undefined;
  constructor(
    reason: GapReason,
    operation: string,
    options: { cause?: unknown; sourceCode?: string; status?: number; headers?: Record<string, string>; host?: string } = {},
  ) {
    super(`${operation}: ${reason}${options.sourceCode ? ` (${options.sourceCode})` : ''}`, { cause: options.cause });
    this.name = 'SourceError';
    this.reason = reason;
    this.operation = operation;
    this.sourceCode = options.sourceCode;
    this.status = options.status;
    this.headers = options.headers ?? {};
    this.host = options.host;
  }
}
