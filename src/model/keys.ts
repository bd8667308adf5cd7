/**
 * The keys of a log as the store and the anchors see them. Local files implement this today; a key service can, as long as
 * signing and wrapping answer at once. Nothing here gives out the secret of a signing or wrapping key.
 */
export interface SigningKey {
  /** As statements name it (seal/signed-note.ts, `signKeyId`). */
  readonly id: string;
  /** Ed25519, 32 bytes raw. */
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}
export interface WrappingKey {
  readonly id: string;
  /** AES-256-GCM of a data key under this key; `context` is authenticated, so that a wrapped key cannot stand in for another. */
  wrap(dataKey: Uint8Array, context: string): Uint8Array;
  /** @throws ProoflineError `key-refused` when the key or the context is another. */
  unwrap(wrapped: Uint8Array, context: string): Uint8Array;
}
export interface CommitmentKey {
  readonly id: string;
  /** 32 bytes: what salts are derived from. */
  readonly bytes: Uint8Array;
}
/** The furthest head of a log that was ever signed here: what shows that a store went back in time. */
export interface WitnessRecord {
  readonly origin: string;
  readonly size: number;
  /** Base64 RFC 6962 root at `size`. */
  readonly root: string;
  readonly at: string;
}
/** Where that head is remembered, apart from the data directory. */
export interface Witness {
  /** For messages: where it is. */
  readonly place: string;
  read(): WitnessRecord | undefined;
  write(record: WitnessRecord): void;
}
export interface Keys {
  readonly tenant: string;
  readonly demonstration: boolean;
  readonly sign: SigningKey;
  /** A signing key that a rotation has prepared; it takes over when the log says so. */
  readonly signNext: SigningKey | undefined;
  readonly wrap: WrappingKey;
  readonly commit: CommitmentKey;
  /** Keys that are not there, of whoever only reads: in their place stand such as refuse to be used. Empty for whoever writes. */
  readonly missing: readonly ('sign' | 'wrap' | 'commit')[];
  /** Directory of local key files; undefined for a key service. */
  readonly directory: string | undefined;
  witness(origin: string): Witness;
}
