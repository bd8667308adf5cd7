import { NotifySettings } from '../../src/config/notify-settings.ts';
import type { Notice, Tracked } from '../../src/model/notification.ts';
import type { Result } from '../../src/model/result.ts';
import { findTransitions } from '../../src/notify/find-transitions.ts';
import type { CheckReading, SourceReading, TransitionContext, Transitions } from '../../src/notify/source-reading.ts';

export const source = { id: 'toy:1', name: 'production' };
export const hourMs = 3_600_000;
export const damping = { withinMs: 6 * hourMs, times: 3 };

/** `hours` after the first of March. */
export const at = (hours: number): string => new Date(Date.parse('2026-03-01T00:00:00.000Z') + hours * hourMs).toISOString();

export const fail = (subject: string, message = 'the door is open'): Result => ({ subject, display: subject, outcome: 'fail', message });
export const unseen = (subject: string, reason: Result['reason'] & string = 'access-denied'): Result => ({
  subject,
  display: subject,
  outcome: 'no-evidence',
  message: `not judged: ${reason}`,
  reason,
});

export function check(
  notPass: readonly Result[],
  changes: Partial<CheckReading> & { id?: string; parametersDigest?: string } = {},
): CheckReading {
  const { id = 'toy/door-is-shut', parametersDigest = 'sha256:1', ...rest } = changes;
  return {
    check: { id, parametersDigest, claim: `${id} holds`, remediation: { console: 'shut it', cli: 'shut', terraform: 'shut = true' } },
    severity: 'high',
    controls: [{ id: 'AC-01', statement: 'Doors are shut.' }],
    criteria: ['CC6.1'],
    objectives: [],
    collector: { id: 'toy/doors', title: 'Doors' },
    changed: false,
    excluded: [],
    notPass,
    ...rest,
  };
}

export function reading(hours: number, checks: readonly CheckReading[], changes: Partial<SourceReading> = {}): SourceReading {
  return {
    source,
    at: at(hours),
    evidence: { index: 100 + hours, id: `S${hours}` },
    first: false,
    schedule: null,
    collected: [{ collector: 'toy/doors', reason: null }],
    checks,
    denied: () => [],
    behind: () => [],
    has: () => true,
    ...changes,
  };
}

/** Conditions as an outbox would keep them, and everything that was told. */
export class Remembered {
  readonly conditions = new Map<string, Tracked>();
  readonly told: Notice[] = [];
  readonly #context: Omit<TransitionContext, 'known'>;

  constructor(context: Partial<Omit<TransitionContext, 'known'>> = {}) {
    this.#context = {
      damping,
      waiverOf: () => null,
      ownerOf: () => ({ name: 'platform', by: 'default' }),
      dueOf: () => null,
      ...context,
    };
  }

  get known(): Tracked[] {
    return [...this.conditions.values()];
  }
  get open(): Tracked[] {
    return this.known.filter(({ ended }) => ended === null);
  }

  /** @returns kinds of what is told now, sorted */
  read(next: SourceReading): string[] {
    return this.take(findTransitions(next, { ...this.#context, known: this.known }));
  }

  take({ conditions, notices }: Transitions): string[] {
    for (const condition of conditions) this.conditions.set(condition.key, condition);
    this.told.push(...notices);
    return notices.map(({ kind }) => kind).sort();
  }

  last(): Notice {
    const notice = this.told.at(-1);
    if (notice === undefined) throw new Error('nothing was told');
    return notice;
  }
}

export const settingsOf = (settings: Record<string, unknown> = {}): NotifySettings =>
  NotifySettings.parse({
    channels: [
      { name: 'team', kind: 'slack', webhook: { env: 'A' } },
      { name: 'mail', kind: 'slack', webhook: { env: 'B' } },
    ],
    ...settings,
  });

let made = 0;
export function notice(changes: Partial<Notice> = {}): Notice {
  made += 1;
  return {
    id: `N-${made}`,
    kind: 'check-failing',
    cause: 'reading',
    at: at(0),
    since: at(0),
    condition: `C-${made}`,
    severity: 'high',
    source,
    check: check([]).check,
    subject: { id: `toy:1/door/${made}`, display: `door ${made}` },
    message: 'the door is open',
    controls: [{ id: 'AC-01', statement: 'Doors are shut.' }],
    criteria: ['CC6.1'],
    objectives: [],
    owner: { name: 'platform', by: 'default' },
    due: null,
    evidence: { index: made, id: `S${made}` },
    ...changes,
  };
}
