import { Temporal } from 'temporal-polyfill';
import type { DocumentSettings } from '../../model/document-settings.ts';

/** A control that is assumed to be in place at clients, and when it is to be looked at again. Day, both. */
export interface UserEntityControl {
  readonly id: string;
  readonly text: string;
  readonly reviewedOn: string | null;
  readonly reviewDue: string;
}

/** Pure. What nobody has looked at yet was due when time began. */
export function toUserEntityControls(cuecs: DocumentSettings['cuecs']): readonly UserEntityControl[] {
  return cuecs.map(({ id, text, reviewedOn, reviewEveryMonths }) => ({
    id,
    text,
    reviewedOn,
    reviewDue: reviewedOn === null ? '1970-01-01' : Temporal.PlainDate.from(reviewedOn).add({ months: reviewEveryMonths }).toString(),
  }));
}
