import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { Keys, SigningKey } from '../model/keys.ts';
import type { StatementOf } from '../model/statement.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { toBase64 } from '../seal/digest.ts';
import { parseVkey, signKeyId, vkeyOf } from '../seal/signed-note.ts';
import { indexesOf, type LogSession, statementAt } from './log.ts';

/** Which keys a log has had and which it has now, as its statements say. */
export interface LogKeys {
  readonly origin: string;
  readonly tenant: string;
  readonly demonstration: boolean;
  /** Ids in force. */
  readonly sign: string;
  readonly wrap: string;
  readonly commit: string;
  /** vkeys of every key that ever signed, the first one first. */
  readonly vkeys: readonly string[];
}

export function logKeysOf(database: DatabaseSync, file: string): LogKeys {
  const { statement: genesis } = statementAt(database, file, 'genesis', 0);
  let { sign, wrap, commit } = genesis.keys;
  const vkeys = [firstVkey(genesis, file)];
  for (const index of indexesOf(database, 'key', '', 0, Number.MAX_SAFE_INTEGER)) {
    const { statement } = statementAt(database, file, 'key', index);
    if (statement.purpose === 'wrap') wrap = statement.introduced;
    if (statement.purpose === 'commit') commit = statement.introduced;
    if (statement.purpose === 'sign' && statement.vkey !== null) {
      sign = statement.introduced;
      vkeys.push(statement.vkey);
    }
  }
  const { origin, tenant, demonstration } = genesis;
  return { origin, tenant, demonstration, sign, wrap, commit, vkeys };
}

/** The genesis carries the first key's public half beside its id: after a rotation nobody else has it. */
function firstVkey(genesis: StatementOf<'genesis'>, file: string): string {
  const vkey = genesis['vkey'];
  try {
    if (typeof vkey === 'string' && signKeyId(parseVkey(vkey).publicKey) === genesis.keys.sign) return vkey;
  } catch (cause) {
    if (!(cause instanceof ProoflineError)) throw cause;
  }
  throw new ProoflineError('store-corrupt', `${file}: the genesis does not show its signing key; run proofline verify`);
}

/**
 * Whether these keys belong to this log.
 * @returns the signing key in force: a rotation that was cut off may have left it beside its predecessor. Where it is missing, its public half.
 * @throws ProoflineError `demonstration-refused`, `key-refused`
 */
export function matchKeys(log: LogKeys, keys: Keys, file: string): SigningKey {
  if (log.demonstration !== keys.demonstration) {
    throw new ProoflineError(
      'demonstration-refused',
      log.demonstration
        ? `${file} is a demonstration log: real keys and real evidence have no place in it`
        : `${file} is a real log: demonstration keys and data have no place in it`,
    );
  }
  const refuse = (what: string): never => {
    throw new ProoflineError('key-refused', `${file}: ${what}; point the configuration to the keys this log was made with`);
  };
  if (log.tenant !== keys.tenant) refuse(`it is the log of tenant "${log.tenant}", the keys are of "${keys.tenant}"`);
  const has = (purpose: Keys['missing'][number]) => !keys.missing.includes(purpose);
  if (has('commit') && log.commit !== keys.commit.id) refuse(`its commit key is ${log.commit}, not ${keys.commit.id}`);
  if (has('wrap') && log.wrap !== keys.wrap.id) refuse(`its wrap key is ${log.wrap}, not ${keys.wrap.id}`);
  if (!has('sign')) return { ...keys.sign, id: log.sign, publicKey: parseVkey(log.vkeys.at(-1) ?? '').publicKey };
  const inForce = [keys.sign, keys.signNext].find((key) => key?.id === log.sign);
  return inForce ?? refuse(`its signing key is ${log.sign}, not ${keys.sign.id}`);
}

/** Appends the `key` statement of a rotation: signed by the old key and by the new; format/1, section 6. */
export function appendRotation(session: LogSession, origin: string, old: SigningKey, next: SigningKey, at: string) {
  const retired = old.id;
  const introduced = signKeyId(next.publicKey);
  const vkey = vkeyOf(origin, next.publicKey);
  const message = new TextEncoder().encode(`proofline/1 key\n${canonicalText({ at, introduced, retired, vkey })}`);
  return session.append<'key'>({
    kind: 'key',
    at,
    purpose: 'sign',
    retired,
    introduced,
    vkey,
    signatures: [toBase64(old.sign(message)), toBase64(next.sign(message))],
  });
}
