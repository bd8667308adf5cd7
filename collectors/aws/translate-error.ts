import { type GapReason, SourceError } from '../../src/authoring.ts';

/** What the transport saw of an answer, whether or not the SDK could make sense of it. */
export interface Seen {
  status?: number;
  headers: Record<string, string>;
  bytes?: Uint8Array;
  host?: string;
}

const throttled = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'EC2ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'ProvisionedThroughputExceededException',
  'PriorRequestNotComplete',
  'SlowDown',
]);
/** The principal may not, or is not (any more) who he says. An expired session keeps its code, so that the collection can end there. */
const refused = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedForDependencyException',
  'AuthFailure',
  'AuthorizationError',
  'AuthorizationErrorException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'ForbiddenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'SubscriptionRequiredException',
  'TokenProviderError',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);
/** Worth asking again: the SDK has corrected its clock meanwhile, or the service was slow. */
const transient = new Set([
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'RequestTimeoutException',
  'InternalError',
  'InternalFailure',
  'ServiceUnavailable',
]);
const networkNames = new Set(['TimeoutError', 'NetworkingError', 'AbortError', 'ConnectionError']);

/**
 * What an error of the SDK says about the source: by its name, code and HTTP status, never by its message. Undefined when it says
 * nothing about the source, that is, when it is a bug of ours and has to stay one.
 */
export function translateError(operation: string, error: unknown, seen: Seen): SourceError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  const status = statusOf(error) ?? seen.status;
  const reason = reasonOf(error, code, status);
  if (reason === undefined) return undefined;
  return new SourceError(reason, operation, {
    cause: error,
    sourceCode: code ?? (status === undefined ? 'Unknown' : `HTTP ${status}`),
    ...(status === undefined ? {} : { status }),
    headers: seen.headers,
    ...(seen.host === undefined ? {} : { host: seen.host }),
  });
}

function reasonOf(error: Error, code: string | undefined, status: number | undefined): GapReason | undefined {
  if (code !== undefined && throttled.has(code)) return 'rate-limited';
  if (code !== undefined && transient.has(code)) return 'source-unavailable';
  if (code !== undefined && refused.has(code)) return 'access-denied';
  if (status === undefined) return networkNames.has(error.name) || isSystemError(error) ? 'source-unavailable' : undefined;
  if (status === 429) return 'rate-limited';
  if (status === 401 || status === 403) return 'access-denied';
  if (status >= 500) return 'source-unavailable';
  // The request got its answer, and the SDK could not read it.
  if (status < 300) return networkNames.has(error.name) || isSystemError(error) ? 'source-unavailable' : 'malformed-reply';
  // The source answered that it has no such thing, or not here. An operation that expects this names the code in `absent`.
  return 'not-collected';
}

/** The service's own code; the SDK puts it in `name`. Names of JavaScript's own errors are no codes of a source. */
function codeOf(error: Error): string | undefined {
  const own = 'Code' in error && typeof error.Code === 'string' ? error.Code : undefined;
  const system = isSystemError(error) ? error.code : undefined;
  const named = /^(?:Error|SyntaxError|TypeError|RangeError|ReferenceError|EvalError|URIError|AggregateError|UnknownError|Unknown)$/.test(
    error.name,
  )
    ? undefined
    : error.name;
  // Query services prefix some codes with their namespace (`Client.UnauthorizedOperation`, `aws.protocols#AccessDenied`).
  return (own ?? system ?? named)?.split(/[#.]/).at(-1);
}
function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined;
  const status = 'httpStatusCode' in error.$metadata ? error.$metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
function isSystemError(error: Error): error is Error & { readonly code: string } {
  return (
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?:E(?!RR_)[A-Z_]+|ERR_(?:SSL|TLS)_[A-Z_]+|(?:DEPTH_|SELF_|CERT_|UNABLE_)[A-Z_]+)$/.test(error.code)
  );
}
