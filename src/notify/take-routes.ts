import type { NotifySettings } from '../config/notify-settings.ts';
import type { Notice } from '../model/notification.ts';

/** A notice that waits to be told on a route. One row per notice and route; the row is kept until it is settled. */
export interface Waiting {
  readonly notice: Notice;
  /** Name of the route; `default` where none is configured or fits, `escalation` for whom is told besides when a due time has passed. */
  readonly route: string;
  readonly channels: readonly string[];
  /** When it was found (the clock, not the log): batches and digests count from here. */
  readonly foundAt: string;
}
export interface TakenRoutes {
  readonly waiting: readonly Waiting[];
  /** Who is not told, and why; `route` null: nobody is. */
  readonly untold: readonly { readonly notice: string; readonly route: string | null; readonly reason: string }[];
}

/** Which routes take a notice. Every one that fits, in order, until one that is `last`. */
export function takeRoutes(_notices: readonly Notice[], _settings: NotifySettings, _foundAt: string): TakenRoutes {
  throw new Error('not built yet');
}
