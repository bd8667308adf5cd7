import type { Actor } from '../../model/statement.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { formerVersion } from '../former-plan.ts';
import { countChanges, type NextPlan, previewUpgrade, type UpgradePreview } from './preview-upgrade.ts';

/**
 * Records that another version takes over a log, before its plan applies, with how many verdicts will change by it. Does nothing where the
 * plan in force is of this version, there is none, or it is recorded already. Sealing a plan calls it, so that it is recorded whatever runs first.
 * @returns what was recorded; undefined when there was nothing to
 * @throws ProoflineError like `previewUpgrade`
 */
export async function recordUpgrade(app: Composition, store: Store, prepared: NextPlan, actor: Actor): Promise<UpgradePreview | undefined> {
  const from = formerVersion(store);
  if (from === undefined || from === app.version || isRecorded(store, from, app.version)) return undefined;
  const preview = await previewUpgrade(app, store, prepared);
  const { changes, same, sources } = preview;
  const { otherwise: _, ...counts } = countChanges(changes);
  const event = isLater(app.version, from) ? 'upgraded' : 'downgraded';
  await store.append<'lifecycle'>({
    kind: 'lifecycle',
    event,
    detail: `${event} from ${from} to ${app.version} by ${actor.name}: ${changes.length} of ${changes.length + same.verdicts} verdicts of the newest evidence change`,
    upgrade: {
      from,
      to: app.version,
      verdicts: { changed: changes.length, ...counts, same: same.verdicts },
      notJudged: sources.flatMap(({ source, evaluation }) => (evaluation === null ? [source] : [])),
    },
  });
  return preview;
}

/** Recorded, and the plan that was to follow is not there yet: a process was cut off in between, or is about to record it. */
function isRecorded(store: Store, from: string, to: string): boolean {
  const last = store.latest('lifecycle');
  const upgrade = last?.statement.upgrade;
  return upgrade?.from === from && upgrade.to === to && last!.index > (store.latest('plan')?.index ?? -1);
}

/** By the numbers of a version; what stands behind a hyphen does not count. */
function isLater(left: string, right: string): boolean {
  const numbers = (version: string) => (version.split('-')[0] ?? '').split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? left > right : (a[at] ?? 0) > (b[at] ?? 0);
}
