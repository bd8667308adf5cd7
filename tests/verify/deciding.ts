import { createPrivateKey } from 'node:crypto';
import type { DecisionPayload, Person, SignedDecision } from '../../src/model/decision.ts';
import { decisionNamespace } from '../../src/model/decision.ts';
import { canonicalText } from '../../src/seal/canonical-json.ts';
import { type SshSigner, sshKeyLine, sshSignerOf } from '../../src/seal/ssh-signature.ts';
import type { LogBuilder } from './log-builder.ts';

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A person with a key from one byte, so that a log built twice is the same. */
export class Decider {
  readonly person: Person;
  readonly key: SshSigner;
  constructor(id: string, seed: number, roles: Person['roles'] = ['management']) {
    const key = createPrivateKey({ key: Buffer.concat([pkcs8, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
    this.key = sshSignerOf(key.export({ format: 'pem', type: 'pkcs8' }) as string);
    this.person = { id, name: id[0]!.toUpperCase() + id.slice(1), roles, keys: [sshKeyLine(this.key.publicKey)] };
  }
  get fingerprint(): string {
    return this.key.publicKey.fingerprint;
  }
}

export interface Deceit {
  /** In what is signed. */
  readonly said?: Partial<SignedDecision>;
  /** In the statement, after signing. */
  readonly statement?: Record<string, unknown>;
  /** In the detail blob, after signing. */
  readonly detail?: Record<string, unknown>;
  /** In the signature member, after signing. */
  readonly signature?: Record<string, unknown>;
  readonly namespace?: string;
  readonly key?: SshSigner;
}
let nonces = 0;

/** Appends a decision to a log: signed by a decider, or under a name; with `deceit`, not as it should be. Returns its index. */
export function decide(log: LogBuilder, by: Decider | string, payload: DecisionPayload, deceit: Deceit = {}): number {
  const subjects: string[] = [];
  const reason = 'because';
  const statement = { kind: 'decision', decision: payload.type, subjects, reason };
  if (typeof by === 'string') {
    const detail = log.putBlob('decision', { v: 1, payload, signature: null, ...deceit.detail });
    return log.append({ ...statement, actor: { name: by, authentication: 'none' }, detail, ...deceit.statement });
  }
  const { size, root } = log.checkpoint();
  nonces += 1;
  const said: SignedDecision = {
    v: 1,
    origin: log.origin,
    head: { size, root },
    nonce: `nonce-${nonces}`,
    signedAt: log.now(),
    person: by.person.id,
    decision: payload.type,
    subjects,
    reason,
    payload,
    ...deceit.said,
  };
  const signedText = canonicalText(said);
  const key = deceit.key ?? by.key;
  const sshsig = key.sign(new TextEncoder().encode(signedText), deceit.namespace ?? decisionNamespace);
  const signature = { signedText, sshsig, key: key.publicKey.fingerprint, ...deceit.signature };
  const detail = log.putBlob('decision', { v: 1, payload, signature, ...deceit.detail });
  return log.append({ ...statement, actor: { name: by.person.name, authentication: 'personal-key' }, detail, ...deceit.statement });
}
