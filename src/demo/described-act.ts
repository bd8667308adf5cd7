import type { RecordedDecision } from '../model/decision.ts';
import { readDecisions } from '../run/decisions/read-decisions.ts';
import { recordDecision } from '../run/decisions/record-decision.ts';
import type { DescribedStep, Living } from '../run/described-life.ts';
import { type DecidingPerson, signerOf } from './described-people.ts';

/** Something that people do at `at` (ISO-8601 UTC), and what is said of it to whoever watches. */
export const act = (at: string, what: string, does: (living: Living) => Promise<unknown>): DescribedStep => ({
  at,
  kind: 'act',
  async act(living) {
    await does(living);
    living.say(what);
  },
});

/** The latest decision that waits for a second person and that `matches`. */
function waiting(living: Living, matches: (decision: RecordedDecision) => boolean): number {
  const found = readDecisions(living.log.store).findLast((one) => one.approval === null && one.ended === null && matches(one));
  if (found === undefined) throw new TypeError('the described year approves what nobody asked for');
  return found.index;
}
/** Somebody else approves what waits for it. */
export const approves = (at: string, what: string, by: DecidingPerson, type: RecordedDecision['payload']['type'], reason: string) =>
  act(at, what, ({ app, log: { store }, ...rest }) =>
    recordDecision(app, store, {
      signer: signerOf(by),
      payload: { type: 'approve', of: waiting({ app, log: { store } as Living['log'], ...rest }, ({ payload }) => payload.type === type) },
      reason,
    }),
  );
