import type { GapReason } from '../model/completeness.ts';
import type { ConditionKind, Notice, NoticeKind, Tracked } from '../model/notification.ts';
import { noticeId } from './identity.ts';
import type { Damping, Transitions, WaiverOver } from './source-reading.ts';

/** What a notice says of a condition, whenever it says it. */
export type About = Pick<
  Notice,
  'severity' | 'source' | 'check' | 'subject' | 'message' | 'controls' | 'criteria' | 'objectives' | 'owner' | 'evidence'
>;
type Cause = Notice['cause'];

/** By which notice a condition of each kind ends. A missed turn begins as `turns-missed` and ends as any other turn does. */
export const endingOf: Readonly<Record<ConditionKind, NoticeKind>> = {
  failing: 'check-recovered',
  stale: 'evidence-back',
  permission: 'permission-back',
  source: 'source-back',
  turn: 'turn-back',
  anchor: 'anchor-back',
  channel: 'channel-back',
  due: 'due-met',
};

/**
 * Conditions as they were, and what becomes of them at one entry of the log. Everything that begins or ends goes through here, so that
 * waivers and damping silence all of it alike.
 */
export class Tracking {
  readonly #at: string;
  readonly #damping: Damping;
  readonly #known: Map<string, Tracked>;
  readonly #changed = new Map<string, Tracked>();
  readonly #notices: Notice[] = [];
  readonly #endedSilently: Notice[] = [];
  readonly #continued: Transitions['continued'][number][] = [];

  /** @param at time of the entry, or of the clock */
  constructor(known: readonly Tracked[], at: string, damping: Damping) {
    this.#at = at;
    this.#damping = damping;
    this.#known = new Map(known.map((condition) => [condition.key, condition]));
  }

  /** What is untrue as far as is known by now. */
  open(): Tracked[] {
    return [...this.#known.values()].filter(({ ended }) => ended === null);
  }

  opened(key: string): Tracked | undefined {
    const condition = this.#known.get(key);
    return condition?.ended === null ? condition : undefined;
  }

  /**
   * Something became untrue. Nobody is told under a waiver, nor while it is known to flap; what begins the `times`th time within the
   * window is told for the last time until it has stood still.
   * @param from what it takes on from a condition it is the continuation of; such a one is not told anew
   */
  begin(
    key: string,
    kind: ConditionKind,
    noticeKind: NoticeKind,
    cause: Cause,
    about: About,
    options: {
      readonly due?: (since: string) => string | null;
      readonly waiver?: WaiverOver | null;
      readonly told?: readonly string[];
      readonly from?: Tracked | undefined;
    } = {},
  ): void {
    const former = options.from ?? this.#known.get(key);
    const since = options.from?.since ?? this.#at;
    const recent = (former?.ends ?? []).filter((end) => this.#isRecent(end));
    const waiver = options.waiver?.id ?? null;
    const flapping = former?.told.includes('flapping') && this.#isRecent(former.moved);
    const begun = (notice: Notice, told: readonly string[]): Tracked => ({
      key,
      kind,
      since: notice.since,
      notice,
      waiver,
      ends: recent,
      told: [...(options.told ?? []), ...told],
      ended: null,
      unseen: null,
      moved: options.from?.moved ?? this.#at,
    });
    if (flapping || options.from !== undefined) {
      const notice = this.#notice(key, noticeKind, cause, former?.since ?? since, about, former?.notice.due ?? null);
      if (options.from !== undefined) this.#continued.push({ from: options.from.key, to: key, since });
      this.#put(begun(notice, former?.told.filter((mark) => !mark.startsWith('check:')) ?? []));
      return;
    }
    const due = options.due?.(since) ?? null;
    const flaps = waiver === null && isTold(cause) && recent.length + 1 >= this.#damping.times;
    const notice = flaps
      ? this.#notice(
          key,
          kind === 'failing' ? 'check-flapping' : noticeKind,
          cause,
          since,
          this.#flappingAbout(about, recent.length + 1),
          due,
        )
      : this.#notice(key, noticeKind, cause, since, about, due);
    this.#put(begun({ ...notice, message: about.message }, flaps ? ['flapping'] : []));
    if (waiver === null) this.#notices.push(notice);
  }

  /** What is said of a condition that goes on. Written only when something of it is different. */
  update(condition: Tracked, about: About, changes: Partial<Pick<Tracked, 'unseen' | 'told' | 'waiver'>> = {}): Tracked {
    const { evidence, ...says } = about;
    const { evidence: _, ...said } = condition.notice;
    const next = { ...condition, ...changes, notice: { ...condition.notice, ...says } };
    if (JSON.stringify({ ...condition, notice: said }) === JSON.stringify({ ...next, notice: { ...said, ...says } })) return condition;
    const updated = { ...next, notice: { ...next.notice, evidence } };
    this.#put(updated);
    return updated;
  }

  /** It was not seen any more: it stays, and says so. */
  loseSight(condition: Tracked, reason: GapReason, why: string, evidence: Notice['evidence']): void {
    if (condition.unseen === reason) return;
    const said = condition.unseen === null ? condition.notice.message : saidBefore(condition.notice.message);
    this.#put({ ...condition, unseen: reason, notice: { ...condition.notice, message: `${said}${notSeenSince}${why}`, evidence } });
  }

  /** It goes on and somebody is told of it anew: it has become worse, or a mark was passed. */
  tell(condition: Tracked, kind: NoticeKind, cause: Cause, message: string, mark = '', marks: readonly string[] = []): void {
    const told = [...new Set([...condition.told, ...marks])];
    if (told.length !== condition.told.length) this.#put({ ...condition, told });
    if (condition.waiver !== null) return;
    const { key, since, notice } = condition;
    this.#notices.push({ ...notice, id: noticeId(kind, key, notice.evidence.index, mark), kind, cause, at: this.#at, since, message });
  }

  /** It is not untrue any more, or nobody looks any more (`withdrawn`). */
  end(condition: Tracked, cause: Cause, message: string, evidence: Notice['evidence'], kind: NoticeKind = endingOf[condition.kind]): void {
    const { key, since, notice, told } = condition;
    const flapping = told.includes('flapping') && this.#isRecent(condition.moved);
    const withdrawn = kind === 'withdrawn';
    this.#put({
      ...condition,
      ended: this.#at,
      unseen: null,
      moved: this.#at,
      ends: [...condition.ends.filter((end) => this.#isRecent(end)), this.#at],
      told: flapping && !withdrawn ? told : told.filter((mark) => mark !== 'flapping'),
    });
    const into = condition.waiver !== null ? this.#endedSilently : flapping && !withdrawn ? undefined : this.#notices;
    into?.push({ ...notice, id: noticeId(kind, key, evidence.index), kind, cause, at: this.#at, since, message, evidence });
  }

  /** It goes on under another key: ended, and nobody is told. */
  replace(condition: Tracked): void {
    this.#put({ ...condition, ended: this.#at, unseen: null, moved: this.#at, told: [], ends: [] });
  }

  put(condition: Tracked): void {
    this.#put(condition);
  }

  /** Sorted by key: the same entry gives the same, in whatever order the conditions came. */
  transitions(): Transitions {
    return {
      conditions: [...this.#changed.values()],
      notices: this.#notices,
      endedSilently: this.#endedSilently,
      continued: this.#continued,
    };
  }

  #put(condition: Tracked): void {
    this.#known.set(condition.key, condition);
    this.#changed.set(condition.key, condition);
  }

  #isRecent(time: string): boolean {
    return Date.parse(this.#at) - Date.parse(time) < this.#damping.withinMs;
  }

  #flappingAbout(about: About, times: number): About {
    const { withinMs } = this.#damping;
    const spell = `within ${lengthText(withinMs)}`;
    return { ...about, message: `${about.message}; it began ${times} times ${spell}, and nothing more is told until it stands still` };
  }

  #notice(condition: string, kind: NoticeKind, cause: Cause, since: string, about: About, due: string | null): Notice {
    return { ...about, id: noticeId(kind, condition, about.evidence.index), kind, cause, at: this.#at, since, condition, due };
  }
}

const notSeenSince = ' (not seen any more: ';
const saidBefore = (message: string): string => message.slice(0, message.lastIndexOf(notSeenSince));
/** A first collection, and another logic, are no coming and going. */
const isTold = (cause: Cause): boolean => cause === 'reading' || cause === 'time';

/** `6 h`, `90 min`, `2 d`. */
export function lengthText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes >= 2880 && minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
