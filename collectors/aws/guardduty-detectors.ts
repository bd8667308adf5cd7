import type { ItemRule } from '../../src/authoring.ts';
import { namesIn } from './lists.ts';

/** GuardDuty lists bare ids; each becomes an item. */
export const detectorsRule: ItemRule = {
  keep: ['DetectorId'],
  split: (output) => namesIn(output, 'DetectorIds').map((id) => ({ subject: id, body: { DetectorId: id } })),
};
