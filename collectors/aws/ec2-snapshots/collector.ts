import { defineCollector, type JsonObject, type Reading, type Reply, read, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, pageSubject, pagesAbout, stated, textIn, unreadable } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEc2Snapshot } from './resource.ts';

const Snapshot = body({
  SnapshotId: z.string(),
  VolumeId: z.string().optional(),
  State: given(z.string()),
  Encrypted: given(z.boolean()),
  Tags,
});
const PublicOnes = body({ SnapshotIds: z.array(z.string()) });
const Sharing = body({ State: z.enum(['block-all-sharing', 'block-new-sharing', 'unblocked']) });

/** Subject of the items that name the snapshots everybody may restore. */
const publicOnes = 'restorable-by-all';

/**
 * Which snapshots are public is asked in one list instead of once per snapshot, and only where one can be: not when every snapshot is
 * encrypted, because AWS shares no encrypted snapshot with everybody, and not where the region blocks all public sharing.
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
      keep: ['SnapshotId', 'VolumeId', 'State', 'Encrypted', 'KmsKeyId', 'StartTime', 'Tags', 'SnapshotIds'],
    },
  },
  async *collect(client) {
    let mayBePublic = false;
    for await (const page of client.pages('ec2:DescribeSnapshots', { OwnerIds: ['self'] })) {
      yield page;
      mayBePublic ||= !objectsIn(page.output ?? {}, 'Snapshots')?.every((snapshot) => snapshot['Encrypted'] === true);
    }
    if (!mayBePublic) return;
    const sharing = await client.call('ec2:GetSnapshotBlockPublicAccessState');
    if (sharing) yield sharing;
    if (sharing?.output?.['State'] === 'block-all-sharing') return;
    yield* client.pages('ec2:DescribeSnapshots', { OwnerIds: ['self'], RestorableByUserIds: ['all'] }, { subject: publicOnes });
  },
  normalise(view) {
    const sharing = read(view.part('ec2:GetSnapshotBlockPublicAccessState', null, Sharing), (found) => stated(found?.State));
    const open = read(
      pagesAbout(view, 'ec2:DescribeSnapshots', publicOnes, PublicOnes),
      (pages) => new Set(pages.flatMap((page) => page.SnapshotIds)),
    );
    return view.each('ec2:DescribeSnapshots', z.union([PublicOnes.strip(), Snapshot]), (snapshot) => {
      if ('SnapshotIds' in snapshot) return [];
      const { SnapshotId: snapshotId, Encrypted: encrypted, VolumeId: volumeId } = snapshot;
      return AwsEc2Snapshot.draft(
        { id: view.id('ec2-snapshot', snapshotId), display: snapshotId, ...tagged(snapshot.Tags) },
        {
          snapshotId,
          // AWS writes this id for a snapshot that was copied and so has no volume.
          volumeId: volumeId === undefined || volumeId === 'vol-ffffffff' ? null : volumeId,
          state: stated(snapshot.State),
          encrypted: stated(encrypted),
          public: encrypted === true || sharing === 'block-all-sharing' ? false : isRestorable(snapshotId, open, sharing),
          publicSharing: encrypted === true ? null : sharing,
        },
      );
    });
  },
});

function splitSnapshots(output: JsonObject, reply: Reply) {
  const snapshots = objectsIn(output, 'Snapshots');
  if (reply.input['RestorableByUserIds'] === undefined) {
    return snapshots?.map((snapshot) => ({ subject: textIn(snapshot, 'SnapshotId'), body: snapshot })) ?? unreadable;
  }
  const ids = snapshots?.flatMap(({ SnapshotId: id }) => (typeof id === 'string' ? [id] : []));
  return [{ subject: pageSubject(publicOnes, reply.page), body: ids === undefined ? {} : { SnapshotIds: ids } }];
}
/** A snapshot in the list is public unless the region blocks that, so its state has to be known; one that is not in it is not public. */
function isRestorable(id: string, open: Reading<ReadonlySet<string>>, sharing: Reading<string>): Reading<boolean> {
  return read(open, (ids) => (ids.has(id) ? read(sharing, (state) => state !== 'block-all-sharing') : false));
}
