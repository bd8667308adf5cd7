import { hash } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as AWS makes them (`AIDA` + 17 letters and digits), the same for the same name for ever. */
export function iamId(prefix: 'AIDA' | 'AROA' | 'AGPA' | 'ANPA', name: string): string {
  const digest = Buffer.from(hash('sha256', `${prefix} ${name}`, 'hex'), 'hex');
  return prefix + Array.from(digest.subarray(0, 17), (byte) => base32[byte % 32]).join('');
}
/** `vol-` + 17 hex digits, `sg-`, `vpc-`, ... */
export function ec2Id(prefix: string, name: string): string {
  return `${prefix}-${hash('sha256', `${prefix} ${name}`, 'hex').slice(0, 17)}`;
}
export function uuid(name: string): string {
  const hex = hash('sha256', `uuid ${name}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
/** A GitHub database id. */
export function githubId(name: string): number {
  return 100_000 + (Number.parseInt(hash('sha256', `github ${name}`, 'hex').slice(0, 12), 16) % 90_000_000);
}
/** A GitHub node id (`R_kgDO...`). */
export function nodeId(prefix: string, name: string): string {
  return `${prefix}_kgDO${Buffer.from(hash('sha256', `${prefix} ${name}`, 'hex'), 'hex')
    .subarray(0, 9)
    .toString('base64url')}`;
}
