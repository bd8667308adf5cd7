import { z } from 'zod';
import { type MissReason, missReasons, Time } from '../../model/statement.ts';
import type { TurnRecord } from '../../model/turn-record.ts';
import type { State } from '../../store/state.ts';

/** Stretches in which turns could not be taken, and why: what a later miss is explained by. Newest last. May be lost. */
const Outages = z.array(z.strictObject({ reason: z.enum(missReasons), from: Time, to: Time })).max(50);
type Outage = z.infer<typeof Outages>[number];
const key = 'outages';
const kept = 50;

/** Notes that turns due in `[from, to]` could not be taken; one that goes on replaces itself. */
export function noteOutage(values: State['values'], outage: Outage): void {
  const others = read(values).filter(({ reason, from }) => reason !== outage.reason || from !== outage.from);
  values.set(key, JSON.stringify([...others, outage].slice(-kept)));
}

/**
 * Why a turn due at `due` was not taken: as somebody noted it, or because the one before it (`record`: what the log says of its schedule) ended
 * only after that. Nothing else is guessed.
 */
export function whyMissed(values: State['values'], record: TurnRecord | undefined, due: string): MissReason {
  const noted = read(values).findLast(({ from, to }) => from <= due && due <= to);
  if (noted !== undefined) return noted.reason;
  const before = [record?.done, record?.failed].filter((turn) => turn != null && turn.due < due);
  return before.some((turn) => turn != null && turn.at >= due) ? 'overlap' : 'not-known';
}

function read(values: State['values']): readonly Outage[] {
  const text = values.get(key);
  return text === undefined ? [] : (Outages.safeParse(JSON.parse(text)).data ?? []);
}
