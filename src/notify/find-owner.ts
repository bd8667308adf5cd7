import type { NotifySettings } from '../config/notify-settings.ts';
import type { Owner } from '../model/notification.ts';
import { ownersOfRepository } from './codeowners.ts';
import { matchesPattern } from './matches-pattern.ts';

export interface OwnedThing {
  /** Named for this very thing where it is registered: the owner of a service account, who provides a document, who answers for a system. */
  readonly registered?: string | undefined;
  /** Of the resource, where its source gave any. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Text of its repository's CODEOWNERS, where it has one and it was read. */
  readonly codeowners: string | undefined;
  readonly check: string | null;
  /** Owners of the controls that use the check, in their order; controls without one left out. */
  readonly controlOwners: readonly string[];
}

/**
 * Whose it is: who is registered for it, the resource's tag, its repository's CODEOWNERS, the check, the control, the default, in this order. Of several owners the
 * first one named; of several patterns of checks the longest, which says most.
 */
export function findOwner(thing: OwnedThing, settings: NotifySettings['owners']): Owner {
  const { registered, tags = {}, codeowners, check } = thing;
  if (registered !== undefined) return { name: registered, by: 'registered' };
  const tagged = settings.tags.flatMap((tag) => (Object.hasOwn(tags, tag) ? [tags[tag]?.trim() ?? ''] : [])).find((name) => name !== '');
  if (tagged !== undefined) return { name: tagged, by: 'tag' };
  const [coding] = codeowners === undefined ? [] : ownersOfRepository(codeowners);
  if (coding !== undefined) return { name: coding, by: 'codeowners' };
  const pattern = check === null ? undefined : patternFor(check, settings.checks);
  if (pattern !== undefined) return { name: settings.checks[pattern] ?? null, by: 'check' };
  const [controlling] = thing.controlOwners;
  if (controlling !== undefined) return { name: controlling, by: 'control' };
  return settings.default === undefined ? { name: null, by: 'none' } : { name: settings.default, by: 'default' };
}

function patternFor(check: string, patterns: NotifySettings['owners']['checks']): string | undefined {
  return Object.keys(patterns)
    .filter((pattern) => matchesPattern(check, pattern))
    .sort((left, right) => right.length - left.length || (left < right ? -1 : 1))[0];
}
