import { z } from 'zod';
import { GapReason } from './completeness.ts';
import { Severity } from './outcome.ts';
import { Time } from './statement.ts';

/**
 * What people are told: never a state, only that a state has changed. A *condition* is something that is untrue now (a check that fails for a
 * subject, evidence that went stale, an anchor that fails); a *notice* says that one began, ended or passed a mark; a *message* carries
 * notices over one channel. All of it can be worked out from the log again, with the same ids.
 */
export const conditionKinds = ['failing', 'stale', 'permission', 'source', 'turn', 'anchor', 'channel', 'due'] as const;
export type ConditionKind = (typeof conditionKinds)[number];

export const noticeKinds = [
  'check-failing',
  'check-recovered',
  'check-flapping',
  'waiver-expiring',
  'waiver-expired',
  'sla-near',
  'sla-passed',
  'evidence-stale',
  'evidence-back',
  /** A source has forgotten what nobody read in time: it was so, and no state of anything, and cannot be put right. */
  'record-lost',
  'permission-lost',
  'permission-back',
  'source-failed',
  'source-back',
  'turns-missed',
  'turn-failed',
  'turn-back',
  'anchor-failed',
  'anchor-back',
  'channel-failed',
  'channel-back',
  /** A review or a document that people owe by a day. */
  'due-soon',
  'due-passed',
  'due-met',
  /** What it was about left the configuration: nobody looks any more, and nothing is said of how it is. */
  'withdrawn',
] as const;
export const NoticeKind = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof NoticeKind>;

/** Why it is told now: a reading, the first one ever of its source, another logic or other parameters of the check, or a waiver that ended. */
export const noticeCauses = ['reading', 'first-collection', 'logic-changed', 'waiver-ended', 'time'] as const;

/** Whose it is, and by what that is known, in this order. `registered`: named for this very thing. `none`: nobody is named anywhere. */
export const Owner = z.strictObject({
  name: z.string().nullable(),
  by: z.enum(['registered', 'tag', 'codeowners', 'check', 'control', 'default', 'none']),
});
export type Owner = z.infer<typeof Owner>;

/** A change of state that somebody is told of. */
export const Notice = z.strictObject({
  /** `N-` and 20 hex digits of the digest of kind, condition and the log entry it follows from: told again it is the same. */
  id: z.string(),
  kind: NoticeKind,
  cause: z.enum(noticeCauses),
  /** When the log recorded what it follows from. */
  at: Time,
  /** Since when it is untrue; of a recovery: since when it had been. */
  since: Time,
  /** Identity of the condition: stable from its beginning to its end. */
  condition: z.string(),
  severity: Severity,
  /** Id of the account or organisation (`aws:111122223333`), and its name in the configuration; null for what concerns the log itself. */
  source: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  check: z
    .strictObject({
      id: z.string(),
      parametersDigest: z.string(),
      /** The sentence that is untrue now. */
      claim: z.string(),
      remediation: z.strictObject({ console: z.string(), cli: z.string(), terraform: z.string() }),
    })
    .nullable(),
  subject: z.strictObject({ id: z.string(), display: z.string() }),
  /** What the check said, or why something could not be read, in one sentence. */
  message: z.string(),
  controls: z.array(z.strictObject({ id: z.string(), statement: z.string() })),
  criteria: z.array(z.string()),
  objectives: z.array(z.string()),
  owner: Owner,
  /** By when it is to be put right; null: nothing says so. */
  due: Time.nullable(),
  /** Log entry that shows it, and the id of its statement. */
  evidence: z.strictObject({ index: z.int().nonnegative(), id: z.string() }),
});
export type Notice = z.infer<typeof Notice>;

/** Something that is untrue now, with the notice that began it. */
export const Condition = z.strictObject({
  key: z.string(),
  kind: z.enum(conditionKinds),
  since: Time,
  /** As it was when it began; what it says of it now (message, evidence) is kept up to date. */
  notice: Notice,
  /** Waiver that lies over it; nobody is told while it does. */
  waiver: z.string().nullable(),
  /** Ends of earlier runs of the same condition, newest last, for damping; ISO-8601. */
  ends: z.array(Time),
  /** Marks already told: `sla-near`, `sla-passed`, `waiver-expiring`, `flapping`; of what is not seen: `check:` and the id of each check that is blind. */
  told: z.array(z.string()),
});
export type Condition = z.infer<typeof Condition>;

/** A condition as it is remembered: also for a while after it ended, so that what comes and goes is known for that. */
export const Tracked = Condition.extend({
  /** Null: it is untrue now. */
  ended: Time.nullable(),
  /** It was untrue when last seen, and has not been seen since, for this reason. Not seen is no recovery. */
  unseen: GapReason.nullable(),
  /** When it last began or ended. */
  moved: Time,
});
export type Tracked = z.infer<typeof Tracked>;

/** What one channel is given to say. */
export const Message = z.strictObject({
  /** `M-` and 20 hex digits; the idempotency key. The same message to another channel has another. */
  id: z.string(),
  kind: z.enum(['notices', 'digest', 'test']),
  channel: z.string(),
  route: z.string().nullable(),
  at: Time,
  entity: z.string(),
  /** Of a demonstration's log; printed at the top. */
  demonstration: z.boolean(),
  /** Why they come together: `first-collection`, `logic-changed`, a daily or weekly digest; null: they were found within one batch. */
  because: z.enum(['first-collection', 'logic-changed', 'daily', 'weekly']).nullable(),
  /** Worst first. Never empty, but for a test. */
  notices: z.array(Notice),
});
export type Message = z.infer<typeof Message>;

/** What belongs together at a channel that keeps things: a Slack thread, a GitHub issue. */
export const Thread = z.strictObject({
  /** Of Slack: the message that began it, so that a relapse is another thread; of GitHub issues: check and owner. */
  key: z.string(),
  /** The channel's own id of it (issue number, `channel:ts`); null: there is none yet. */
  reference: z.string().nullable(),
  /** Something in it is still untrue. */
  open: z.boolean(),
  /** What is still untrue, worst and oldest first: at most 25, and how many there are. */
  conditions: z.array(Condition),
  count: z.int().nonnegative(),
});
export type Thread = z.infer<typeof Thread>;
