import { defineCollector, type ItemView, type JsonObject, type Reading, type Reply, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, stated, unreadable } from '../stated.ts';
import { AwsEc2Snapshot } from './resource.ts';

const Snapshot = body({
  SnapshotId: z.string(),
  VolumeId: z.string().optional(),
  State: given(z.string()),
  Encrypted: given(z.boolean()),
});
const PublicOnes = body({ SnapshotIds: z.array(z.string()) });
const Sharing = body({ State: z.string() });

/** Subject of the items that name the snapshots everybody may restore: one per page, so that an empty answer is an answer too. */
const publicOnes = 'restorable-by-all';

/**
 * Which snapshots are public is asked in one list instead of once per snapshot, and only where one can be: not where the region
 * blocks all public sharing, and not when every snapshot is encrypted, because AWS shares no encrypted snapshot with everybody.
 */
export default defineCollector<AwsClient>({
  id: 'aws/ec2-snapshots',
  title: 'EBS snapshots of the account',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2Snapshot],
  permissions: ['ec2:DescribeSnapshots', 'ec2:GetSnapshotBlockPublicAccessState'],
  items: {
    'ec2:GetSnapshotBlockPublicAccessState': { keep: ['State'] },
    'ec2:DescribeSnapshots': {
      split: splitSnapshots,
      keep: ['SnapshotId', 'VolumeId', 'State', 'Encrypted', 'KmsKeyId', 'StartTime', 'SnapshotIds'],
    },
  },
  async *collect(client) {
    const sharing = await client.call('ec2:GetSnapshotBlockPublicAccessState');
    if (sharing) yield sharing;
    let mayBePublic = false;
    for await (const page of client.pages('ec2:DescribeSnapshots', { OwnerIds: ['self'] })) {
      yield page;
      mayBePublic ||= !objectsIn(page.output ?? {}, 'Snapshots')?.every((snapshot) => snapshot['Encrypted'] === true);
    }
    if (mayBePublic && sharing?.output?.['State'] !== 'block-all-sharing') {
      yield* client.pages('ec2:DescribeSnapshots', { OwnerIds: ['self'], RestorableByUserIds: ['all'] });
    }
  },
  normalise(view) {
    const sharing = read(view.part('ec2:GetSnapshotBlockPublicAccessState', null, Sharing), (found) => stated(found?.State));
    const open = publicSnapshots(view);
    return view.each('ec2:DescribeSnapshots', z.union([PublicOnes.strip(), Snapshot]), (snapshot) => {
      if ('SnapshotIds' in snapshot) return [];
      const { SnapshotId: snapshotId, Encrypted: encrypted, VolumeId: volumeId } = snapshot;
      return AwsEc2Snapshot.draft(
        { id: view.id('ec2-snapshot', snapshotId), display: snapshotId },
        {
          snapshotId,
          // AWS writes this id for a snapshot that was copied and so has no volume.
          volumeId: volumeId === undefined || volumeId === 'vol-ffffffff' ? null : volumeId,
          state: stated(snapshot.State),
          encrypted: stated(encrypted),
          public: encrypted === true || sharing === 'block-all-sharing' ? false : read(open, (ids) => ids.has(snapshotId)),
          publicSharing: sharing,
        },
      );
    });
  },
});

function splitSnapshots(output: JsonObject, reply: Reply) {
  const snapshots = objectsIn(output, 'Snapshots');
  if (reply.input['RestorableByUserIds'] === undefined) {
    return snapshots?.map((snapshot) => ({ subject: String(snapshot['SnapshotId']), body: snapshot })) ?? unreadable;
  }
  const ids = snapshots?.flatMap(({ SnapshotId: id }) => (typeof id === 'string' ? [id] : []));
  return [{ subject: `${publicOnes}/${reply.page}`, body: ids === undefined ? {} : { SnapshotIds: ids } }];
}
/** The ids of all public snapshots; a gap anywhere in the operation leaves the list open. */
function publicSnapshots(view: ItemView): Reading<ReadonlySet<string>> {
  const gap = view.gapIn('ec2:DescribeSnapshots');
  if (gap !== undefined) return unread(gap);
  return read(view.part('ec2:DescribeSnapshots', `${publicOnes}/1`, PublicOnes), () => {
    const pages = view.list('ec2:DescribeSnapshots', PublicOnes);
    return new Set(pages.flatMap(({ body: page }) => page.SnapshotIds));
  });
}
