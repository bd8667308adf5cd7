import type { NotifySettings } from '../config/notify-settings.ts';
import type { Owner } from '../model/notification.ts';

export interface OwnedThing {
  /** Of the resource, where its source gave any. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Text of its repository's CODEOWNERS, where it has one and it was read. */
  readonly codeowners: string | undefined;
  readonly check: string | null;
  /** Owners of the controls that use the check, in their order; controls without one left out. */
  readonly controlOwners: readonly string[];
}

/** Whose it is: the resource's tag, its repository's CODEOWNERS, the check, the control, the default, in this order. */
export function findOwner(_thing: OwnedThing, _settings: NotifySettings['owners']): Owner {
  throw new Error('not built yet');
}
