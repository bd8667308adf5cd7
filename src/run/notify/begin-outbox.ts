import { Statement } from '../../model/statement.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Outbox } from '../../store/outbox.ts';
import { failingSince } from './failing-since.ts';
import type { LogFollower } from './follow-log.ts';

/**
 * Begins an outbox that has followed no log, or another one than this, at the head of the log. Was somebody told of this log before, what
 * holds now is taken in as told: nothing is told twice, and that it is so is recorded. Was nobody, it is told now, as of a first collection.
 * @returns what is to be shown; undefined: the outbox goes on where it was.
 */
export async function beginOutbox(
  store: EmbeddedStore,
  outbox: Outbox,
  follower: LogFollower,
  dataDir: string,
): Promise<string | undefined> {
  const cursor = outbox.cursor();
  if (cursor !== undefined && isOfThisLog(store, cursor)) return undefined;
  if (cursor !== undefined) {
    outbox.transaction((writer) => {
      writer.reset();
      writer.setValue(followedAnother, 'yes');
    });
  }
  const told = outbox.value(followedAnother) !== undefined || wasTold(store);
  const taken = follower.takeIn(await failingSince(store, dataDir));
  follower.begin(taken, told);
  const { length: count } = taken.conditions;
  const those = count === 1 ? '1 condition that holds is' : `${count} conditions that hold are`;
  const why = cursor === undefined ? 'there was none' : 'the one there was followed another log';
  if (!told && count === 0) return undefined;
  const detail = told
    ? `the outbox of notifications was begun at entry ${taken.next} (${why}): ${those} taken as told, nothing is told again`
    : `the outbox of notifications was begun at entry ${taken.next} (nobody was told of this log before): ${those} told now`;
  await store.append<'lifecycle'>({ kind: 'lifecycle', event: 'outbox-begun', detail });
  return detail;
}

/** Of what is here now somebody may have been told under the other log. */
const followedAnother = 'followed-another-log';

function isOfThisLog(store: EmbeddedStore, cursor: { readonly next: number; readonly last: string | null }): boolean {
  if (cursor.next === 0) return true;
  const entry = store.entry(cursor.next - 1);
  if (entry === undefined) return false;
  const { id } = JSON.parse(new TextDecoder().decode(entry.bytes)) as { readonly id?: string };
  return cursor.last === null || id === cursor.last;
}

/** A message of a test tells nothing of the log. */
function wasTold(store: EmbeddedStore): boolean {
  return store.indexesOf('delivery').some((index) => {
    const entry = store.entry(index);
    const statement = entry === undefined ? undefined : Statement.safeParse(JSON.parse(new TextDecoder().decode(entry.bytes))).data;
    return statement?.kind === 'delivery' && statement.outcome === 'delivered' && statement.about !== null;
  });
}
