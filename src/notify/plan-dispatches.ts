import type { NotifySettings } from '../config/notify-settings.ts';
import type { Message } from '../model/notification.ts';
import type { Waiting } from './take-routes.ts';

export interface PlanDispatchesInput {
  /** Everything that is not settled. */
  readonly waiting: readonly Waiting[];
  readonly settings: NotifySettings;
  readonly now: string;
  readonly entity: string;
  readonly demonstration: boolean;
  /** Id of the waiver that lies over a condition now; null: none. */
  waiverOver(condition: string): string | null;
}
export interface DispatchPlan {
  /** To be said now: one per route, channel and `because`. */
  readonly messages: readonly Message[];
  /** Rows that no longer wait: told in `messages`, or the reason why nobody is told. */
  readonly settled: readonly {
    readonly notice: string;
    readonly route: string;
    readonly messages: readonly string[];
    readonly reason: string | null;
  }[];
  /** When to look again if nothing new is found; null: nothing waits. */
  readonly next: string | null;
}

/** What is said now and what waits for its batch, its digest or the end of the quiet hours. */
export function planDispatches(_input: PlanDispatchesInput): DispatchPlan {
  throw new Error('not built yet');
}
