import type { CollectProgress } from '../run/progress.ts';
import { counted } from './words.ts';

/** What is known of a run while it goes on. */
export interface ProgressState {
  readonly source: string | undefined;
  /** Calls per source; the sum is shown. */
  readonly calls: Readonly<Record<string, number>>;
  readonly items: number;
  /** Collections done and known of, per source: what a member reports restarts with the next. */
  readonly done: Readonly<Record<string, { readonly done: number; readonly of: number }>>;
  readonly incomplete: number;
  readonly current: string | undefined;
}
export const noProgress: ProgressState = { source: undefined, calls: {}, items: 0, done: {}, incomplete: 0, current: undefined };

const sourceOf = (scope: string) => scope.split('/')[0] ?? scope;

export function nextProgress(state: ProgressState, event: CollectProgress): ProgressState {
  switch (event.kind) {
    case 'source':
      return {
        ...state,
        source: event.display,
        done: { ...state.done, [event.source]: { done: state.done[event.source]?.done ?? 0, of: event.collections } },
      };
    case 'collecting':
      return { ...state, current: `${event.collector} ${event.scope}` };
    case 'calls':
      return { ...state, calls: { ...state.calls, [event.source]: event.calls } };
    case 'collected':
      return {
        ...state,
        items: state.items + event.items,
        incomplete: state.incomplete + (event.completeness.kind === 'incomplete' ? 1 : 0),
        done: { ...state.done, [sourceOf(event.scope)]: { done: event.done, of: event.of } },
      };
    default:
      return state;
  }
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

/** `2 min 5 s`, `40 s`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** One line for a terminal, no wider than `width`. Time left is guessed once enough is done to guess from. */
export function progressLine(state: ProgressState, elapsedMs: number, width: number): string {
  const done = sum(Object.values(state.done).map((entry) => entry.done));
  const of = sum(Object.values(state.done).map((entry) => entry.of));
  const calls = sum(Object.values(state.calls));
  const left = done >= 3 && of > done ? `, about ${durationText((elapsedMs / done) * (of - done))} left` : '';
  const gaps = state.incomplete > 0 ? `, ${state.incomplete} incomplete` : '';
  const head = `${state.source ?? 'connecting'}: ${done}/${of} collections, ${counted(calls, 'call')}, ${counted(state.items, 'item')}${gaps}${left}`;
  const line = state.current === undefined ? head : `${head}  ${state.current}`;
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}

/** What is printed where nobody watches: one line per thing that happened; undefined for what only moves a counter. */
export function progressText(event: CollectProgress): string | undefined {
  switch (event.kind) {
    case 'source':
      return `source ${event.source} ${event.display}: ${counted(event.collections, 'collection')} to do`;
    case 'collected': {
      const gaps = event.completeness.kind === 'incomplete' ? ` INCOMPLETE (${event.completeness.reasons.join(', ')})` : '';
      return `collected ${event.collector} ${event.scope}: ${counted(event.items, 'item')}${event.changed ? ', changed' : ''}${gaps} [${event.done}/${event.of}]`;
    }
    case 'forgotten':
      return `${event.collector} ${event.scope}: the source no longer knows what happened from ${event.from} to ${event.to}; recorded as a gap`;
    case 'unreachable':
      return `source ${event.source} could not be read: ${event.message}`;
    case 'evaluated':
      return `judged ${event.source}: ${counted(event.results, 'result')}, ${event.judged} anew`;
    case 'anchored':
      return `anchored at ${event.anchor}${event.at === null ? '' : ` at ${event.at}`}`;
    case 'anchor-failed':
      return `anchor ${event.anchor} failed: ${event.message}`;
    default:
      return undefined;
  }
}
