import type { NoticeKind } from '../model/notification.ts';

/** What a section is about: something is untrue, will be unless somebody acts, is true again, or is not looked at any more. */
export type Tone = 'untrue' | 'warning' | 'true-again' | 'ended';

/** Worst first. */
export const tones: readonly Tone[] = ['untrue', 'warning', 'true-again', 'ended'];

export interface Words {
  readonly tone: Tone;
  /** Before the claim, or before what it is about. */
  readonly heading: string;
  readonly one: string;
  readonly many: string;
  /** What follows from it, or what to do where no check says it. */
  readonly next: string | null;
}
/** How each kind of notice is said: once, for every channel. */
export const words: Readonly<Record<NoticeKind, Words>> = {
  'check-failing': { tone: 'untrue', heading: 'Untrue', one: 'check fails', many: 'checks fail', next: null },
  'check-recovered': { tone: 'true-again', heading: 'True again', one: 'check recovered', many: 'checks recovered', next: null },
  'check-flapping': {
    tone: 'warning',
    heading: 'Changes back and forth',
    one: 'check changes back and forth',
    many: 'checks change back and forth',
    next: 'You are told again when it stands still. Every change is recorded.',
  },
  'waiver-expiring': {
    tone: 'warning',
    heading: 'Waiver ends soon',
    one: 'waiver ends soon',
    many: 'waivers end soon',
    next: 'Put it right before then, or ask for another waiver: `proofline waiver`.',
  },
  'waiver-expired': {
    tone: 'untrue',
    heading: 'Waiver has ended, still untrue',
    one: 'waiver has ended',
    many: 'waivers have ended',
    next: null,
  },
  'sla-near': { tone: 'warning', heading: 'Due soon, still untrue', one: 'check is due soon', many: 'checks are due soon', next: null },
  'sla-passed': { tone: 'untrue', heading: 'Overdue, still untrue', one: 'check is overdue', many: 'checks are overdue', next: null },
  'evidence-stale': {
    tone: 'warning',
    // Too old, refused in part, or never there: the message says which.
    heading: 'No fresh evidence',
    one: 'reading is missing or stale',
    many: 'readings are missing or stale',
    next: 'Checks that need it show no evidence until it is read again. `proofline doctor` says what keeps it from being read.',
  },
  'evidence-back': {
    tone: 'true-again',
    heading: 'Evidence is fresh again',
    one: 'reading is fresh again',
    many: 'readings are fresh again',
    next: null,
  },
  'record-lost': {
    tone: 'ended',
    heading: 'Record lost',
    one: 'stretch of a record was lost',
    many: 'stretches of records were lost',
    next: 'The source remembers it no longer. The gap is recorded and counts against coverage; what happened in it must be shown by other means.',
  },
  'permission-lost': {
    tone: 'untrue',
    heading: 'Permission lost',
    one: 'permission was lost',
    many: 'permissions were lost',
    next: 'What it let us read is not seen, and checks over it show no evidence. `proofline permissions` prints what to grant.',
  },
  'permission-back': {
    tone: 'true-again',
    heading: 'Permission is back',
    one: 'permission is back',
    many: 'permissions are back',
    next: null,
  },
  'source-failed': {
    tone: 'untrue',
    heading: 'Source cannot be read',
    one: 'source cannot be read',
    many: 'sources cannot be read',
    next: 'Its checks show no evidence until it can be read. `proofline doctor` tries it and says what is wrong.',
  },
  'source-back': {
    tone: 'true-again',
    heading: 'Source can be read again',
    one: 'source can be read again',
    many: 'sources can be read again',
    next: null,
  },
  'turns-missed': {
    tone: 'warning',
    heading: 'Collections were missed',
    one: 'schedule missed turns',
    many: 'schedules missed turns',
    next: 'The stretch without a reading is recorded and counts against coverage. `proofline schedule list` shows what is next.',
  },
  'turn-failed': {
    tone: 'untrue',
    heading: 'Collection failed',
    one: 'collection failed',
    many: 'collections failed',
    next: 'Its checks show no evidence for this turn. `proofline schedule list` shows when it is tried next.',
  },
  'turn-back': {
    tone: 'true-again',
    heading: 'Collection works again',
    one: 'collection works again',
    many: 'collections work again',
    next: null,
  },
  'anchor-failed': {
    tone: 'untrue',
    heading: 'Anchor fails',
    one: 'anchor fails',
    many: 'anchors fail',
    next: 'Entries since its last receipt are recorded by the entity alone. `proofline anchor now` tries again.',
  },
  'anchor-back': { tone: 'true-again', heading: 'Anchor works again', one: 'anchor works again', many: 'anchors work again', next: null },
  'channel-failed': {
    tone: 'untrue',
    heading: 'Channel takes no messages',
    one: 'channel takes no messages',
    many: 'channels take no messages',
    next: 'What it should have said is recorded, and went to its fallback where one is named. `proofline notify test` tries it.',
  },
  'channel-back': {
    tone: 'true-again',
    heading: 'Channel takes messages again',
    one: 'channel takes messages again',
    many: 'channels take messages again',
    next: null,
  },
  'due-soon': {
    tone: 'warning',
    heading: 'Due soon',
    one: 'review or document is due soon',
    many: 'reviews and documents are due soon',
    next: null,
  },
  'due-passed': {
    tone: 'untrue',
    heading: 'Overdue',
    one: 'review or document is overdue',
    many: 'reviews and documents are overdue',
    next: 'Until it is there its control shows no evidence. What comes late stays late.',
  },
  'due-met': { tone: 'true-again', heading: 'Done', one: 'review or document is done', many: 'reviews and documents are done', next: null },
  withdrawn: {
    tone: 'ended',
    heading: 'No longer looked at',
    one: 'check is no longer looked at',
    many: 'checks are no longer looked at',
    next: 'What it was about left the configuration or the scope. Nothing is said of how it is now; what was recorded stays.',
  },
};

/** It is over: nothing is due and nothing is to be put right. */
export function isOver(tone: Tone): boolean {
  return tone === 'true-again' || tone === 'ended';
}
