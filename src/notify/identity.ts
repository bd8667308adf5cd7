import type { ConditionKind, NoticeKind } from '../model/notification.ts';
import { digestOf } from '../seal/digest.ts';

const digits = 20;

/** `C-` and 20 hex digits: the same for every run of the same condition, and whoever reads the log again. */
export function conditionKey(kind: ConditionKind, of: Readonly<Record<string, string | null>>): string {
  return `C-${shortDigest({ kind, ...of })}`;
}

/** `N-` and 20 hex digits. `mark`: what tells apart notices of one kind that follow from one entry (a due time, a waiver). */
export function noticeId(kind: NoticeKind, condition: string, index: number, mark = ''): string {
  return `N-${shortDigest({ kind, condition, index, mark })}`;
}

/** `M-` and 20 hex digits: the same notices over the same channel on the same route are one message, planned twice or not. */
export function messageId(of: { readonly channel: string; readonly route: string; readonly notices: readonly string[] }): string {
  return `M-${shortDigest(of)}`;
}

const shortDigest = (value: unknown): string => digestOf(value).slice('sha256:'.length, 'sha256:'.length + digits);
