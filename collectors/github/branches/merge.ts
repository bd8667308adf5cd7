import { isUnread, read as map, type Reading } from '../../../src/authoring.ts';

export interface Bypasser {
  readonly actor: string;
  readonly mode: 'always' | 'pull-request';
}
export type Requirement = 'review' | 'status-checks' | 'no-force-push' | 'no-deletion';

/** One protection that applies to a branch: classic protection, or one active ruleset. */
export interface Layer {
  readonly name: string;
  readonly pullRequestRequired: Reading<boolean>;
  readonly requiredApprovals: Reading<number>;
  readonly dismissesStaleApprovals: Reading<boolean>;
  readonly lastPushApprovalRequired: Reading<boolean>;
  readonly codeOwnerReviewRequired: Reading<boolean>;
  readonly requiredChecks: Reading<readonly string[]>;
  readonly forcePushBlocked: Reading<boolean>;
  readonly deletionBlocked: Reading<boolean>;
  /** Who need not keep to this one. */
  bypass(requirement: Requirement): Reading<readonly Bypasser[]>;
}

/** True as soon as one is; unread when one that was not read could make it so. */
function any(readings: readonly Reading<boolean>[]): Reading<boolean> {
  if (readings.includes(true)) return true;
  return readings.find((reading) => isUnread(reading)) ?? false;
}
/** A number that was not read could be higher than any that was; so the highest is known only when all are. */
function highest(readings: readonly Reading<number>[]): Reading<number> {
  const missing = readings.find((reading) => isUnread(reading));
  return missing ?? Math.max(0, ...readings.map((reading) => (isUnread(reading) ? 0 : reading)));
}
function union(readings: readonly Reading<readonly string[]>[]): Reading<string[]> {
  const missing = readings.find((reading) => isUnread(reading));
  return isUnread(missing) ? missing : [...new Set(readings.flatMap((reading) => (isUnread(reading) ? [] : reading)))].sort();
}

/** Protection in effect: everything that any layer demands is demanded. `layers` unread: not all of them are known. */
export function mergeLayers(layers: readonly Layer[], missing: Reading<null>) {
  const all = <K extends keyof Layer>(field: K): Layer[K][] => layers.map((layer) => layer[field]);
  const unknown = isUnread(missing) ? [missing] : [];
  return {
    pullRequestRequired: any([...all('pullRequestRequired'), ...unknown]),
    approvalRequired: any([...layers.map((layer) => map(layer.requiredApprovals, (count) => count > 0)), ...unknown]),
    requiredApprovals: highest([...all('requiredApprovals'), ...unknown]),
    dismissesStaleApprovals: any([...all('dismissesStaleApprovals'), ...unknown]),
    lastPushApprovalRequired: any([...all('lastPushApprovalRequired'), ...unknown]),
    codeOwnerReviewRequired: any([...all('codeOwnerReviewRequired'), ...unknown]),
    checkRequired: any([...layers.map((layer) => map(layer.requiredChecks, (checks) => checks.length > 0)), ...unknown]),
    requiredChecks: union([...all('requiredChecks'), ...unknown]),
    forcePushBlocked: any([...all('forcePushBlocked'), ...unknown]),
    deletionBlocked: any([...all('deletionBlocked'), ...unknown]),
    bypass: bypassOf(layers, missing),
    protectedBy: isUnread(missing) ? missing : [...new Set(layers.map((layer) => layer.name))].sort(),
  };
}

/** What a layer demands, in the terms in which it may be bypassed. */
function demands(layer: Layer, requirement: Requirement): Reading<boolean> {
  switch (requirement) {
    case 'review':
      return layer.pullRequestRequired;
    case 'status-checks':
      return map(layer.requiredChecks, (checks) => checks.length > 0);
    case 'no-force-push':
      return layer.forcePushBlocked;
    case 'no-deletion':
      return layer.deletionBlocked;
  }
}

/**
 * Who escapes a requirement altogether: where one layer that demands it lets nobody out, nobody does; else those whom the layers let
 * out. For a review only the layers that want an approval count, as long as there is one: to be let out of "a pull request" alone
 * does not help against "a pull request with an approval".
 */
function bypassOf(layers: readonly Layer[], missing: Reading<null>): Reading<(Bypasser & { requirement: Requirement; through: string })[]> {
  const found: (Bypasser & { requirement: Requirement; through: string })[] = [];
  for (const requirement of ['review', 'status-checks', 'no-force-push', 'no-deletion'] as const) {
    const stances = layers.map((layer) => ({ layer, demanded: demands(layer, requirement) }));
    let demanding = stances.filter(({ demanded }) => demanded === true).map(({ layer }) => layer);
    // A layer that may or may not demand it could also let nobody out.
    let open = stances.map(({ demanded }) => demanded).find((demanded) => isUnread(demanded)) ?? missing;
    if (requirement === 'review') {
      const approving = demanding.filter((layer) => !isUnread(layer.requiredApprovals) && layer.requiredApprovals > 0);
      open = demanding.map((layer) => layer.requiredApprovals).find((approvals) => isUnread(approvals)) ?? open;
      if (approving.some(holdsAll(requirement))) continue;
      // One that wants an approval and lets somebody out could be among what was not read.
      if (isUnread(open)) return open;
      if (approving.length > 0) demanding = approving;
    }
    if (demanding.some(holdsAll(requirement))) continue;
    const readings = demanding.map((layer) => ({ layer, actors: layer.bypass(requirement) }));
    const hidden = readings.map(({ actors }) => actors).find((actors) => isUnread(actors)) ?? open;
    if (isUnread(hidden)) return hidden;
    for (const { layer, actors } of readings) {
      for (const bypasser of isUnread(actors) ? [] : actors) found.push({ requirement, ...bypasser, through: layer.name });
    }
  }
  const key = ({ requirement, actor, through }: (typeof found)[number]) => `${requirement} ${actor} ${through}`;
  return found.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Whether a layer lets nobody out of a requirement, as far as is known. */
function holdsAll(requirement: Requirement): (layer: Layer) => boolean {
  return (layer) => {
    const actors = layer.bypass(requirement);
    return !isUnread(actors) && actors.length === 0;
  };
}
