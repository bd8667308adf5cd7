/** One database and who reads it. The password is in memory alone. */
export interface DatabasePlace {
  readonly hostname: string;
  readonly port: number | undefined;
  /** With port, for evidence. */
  readonly host: string;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Undefined: this machine, without TLS. Any other server has to show a certificate that can be verified. */
  readonly tls: { readonly ca: string | undefined } | undefined;
  /** Told to the server as the name of the application. */
  readonly session: string;
}

/** The code of what the network or a driver said; never its text, which may hold names. */
export function networkCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'no-connection';
}
