import { type ItemRule, type Reply, z } from '../../src/authoring.ts';
import type { AwsClient } from './client.ts';

const Page = z.object({ DetectorIds: z.array(z.string()) });

/** GuardDuty lists bare ids; each becomes an item. */
export const detectorsRule: ItemRule = {
  keep: ['DetectorId'],
  split: (output) => {
    const page = Page.safeParse(output);
    return (page.success ? page.data.DetectorIds : []).map((id) => ({ subject: id, body: { DetectorId: id } }));
  },
};
export function detectorIds(client: AwsClient, reply: Reply): readonly string[] {
  const page = Page.safeParse(reply.output);
  if (!page.success) client.miss('malformed-reply', 'guardduty:ListDetectors');
  return page.success ? page.data.DetectorIds : [];
}
