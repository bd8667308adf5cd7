import type { Exchange, SourceDefinition } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { ProoflineError, SourceError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';

/** A way into one account or organisation for one collection: its own session name, credentials and connection pool. */
export interface SourceSession {
  readonly exchange: Exchange;
  /** Who reads: the role session's ARN, the token's login, the App installation. @throws SourceError */
  principal(): Promise<string | null>;
  close(): void;
}

/** One account or organisation to collect from. */
export interface SourceMember {
  /** `aws:111122223333`, `github:9919`: the source's own immutable id, prefixed. */
  readonly id: string;
  /** The source's present name for itself, for paths: the account id, the organisation's login. */
  readonly tenant: string;
  readonly display: string;
  readonly settings: JsonObject;
  /** Limits region-scoped collections; undefined: every region the source says is enabled. */
  readonly regions: readonly string[] | undefined;
  /** `session`: 2 to 64 characters of `[A-Za-z0-9_=,.@-]`. */
  open(session: string): SourceSession;
}

/** One source as the configuration names it; finding its members may already call it. */
export interface SourceAccess {
  readonly name: string;
  readonly kind: string;
  readonly definition: SourceDefinition;
  /**
   * @throws SourceError when not all could be found: half a list would pass for a whole one; ProoflineError `configuration` when a secret
   * is not where the configuration says.
   */
  members(): Promise<readonly SourceMember[]>;
  close(): void;
}

/** Why a source could not be entered, in words without secrets; undefined for a bug. */
export function whyNotEntered(error: unknown): { readonly reason: GapReason; readonly message: string } | undefined {
  if (error instanceof SourceError) {
    const code = error.sourceCode === undefined ? '' : ` (${error.sourceCode})`;
    return { reason: error.reason, message: `${error.reason}${code} at ${error.operation}` };
  }
  if (error instanceof ProoflineError && error.code === 'configuration') return { reason: 'access-denied', message: error.message };
  return undefined;
}
