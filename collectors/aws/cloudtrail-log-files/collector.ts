import { defineCollector, type JsonObject, type Reply, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { changeOf, isCarried, keptOfRecord, TrailRecord } from '../trail-record.ts';
import { AwsTrailDigests, AwsTrailEvent } from './resource.ts';
import { DigestFile, type FoundDigest, problemsOf, unpack } from './trail-files.ts';

const trailsOf = 'cloudtrail:DescribeTrails';
const publicKeys = 'cloudtrail:ListPublicKeys';
const bucketsOf = 's3:ListBuckets';
const listing = 's3:ListObjectsV2';
const object = 's3:GetObject';

const Settings = z.object({ trailFiles: z.literal(true) });
const Listed = z.object({ Trails: z.array(z.object({ TrailARN: z.string(), HomeRegion: z.string() })) });
const Trail = z.object({
  TrailARN: z.string(),
  Name: z.string(),
  HomeRegion: z.string(),
  S3BucketName: z.string(),
  S3KeyPrefix: z.string().optional(),
  LogFileValidationEnabled: z.boolean(),
});
type Trail = z.output<typeof Trail>;
const Buckets = z.object({ Buckets: z.array(z.object({ Name: z.string(), BucketRegion: z.string().optional() })) });
const Page = z.object({
  Contents: z.array(z.object({ Key: z.string() })).optional(),
  CommonPrefixes: z.array(z.object({ Prefix: z.string() })).optional(),
});
const Key = z.object({ Fingerprint: z.string(), Value: z.object({ $bytes: z.string() }) });
const DigestItem = z.object({ kind: z.literal('digest'), key: z.string(), sha256: z.string(), signature: z.string(), digest: DigestFile });
const FileItem = z.object({ kind: z.literal('file'), key: z.string(), sha256: z.string() });
const EventItem = z.object({ kind: z.literal('event'), record: TrailRecord });
const Found = z.discriminatedUnion('kind', [DigestItem, FileItem, EventItem]);

const hour = 3_600_000;
/** A digest is delivered some time after the hour that it is about. */
const deliveredWithin = 2 * hour;

/**
 * The files that a trail itself writes, with the digests that CloudTrail signs: the record that reaches back further than the event history does, and that
 * shows whether somebody altered it. Reading them needs the right to read the objects of the trail's bucket, so it is done only where the
 * configuration says so (`trailFiles`). Of what the trail does not record it can say nothing: no state is corroborated by it.
 */
export default defineCollector<AwsClient>({
  id: 'aws/cloudtrail-log-files',
  title: 'Changes in the log files of trails, and their digests',
  kind: 'events',
  scope: 'account',
  yields: [AwsTrailEvent, AwsTrailDigests],
  permissions: [
    ...['cloudtrail:ListTrails', 'cloudtrail:DescribeTrails', 'cloudtrail:ListPublicKeys'],
    ...['s3:ListAllMyBuckets', 's3:ListBucket', 's3:GetObject'],
  ],
  items: {
    'cloudtrail:ListTrails': { list: 'Trails', key: 'TrailARN', keep: ['TrailARN', 'Name', 'HomeRegion'] },
    [trailsOf]: {
      list: 'trailList',
      key: 'TrailARN',
      keep: ['TrailARN', 'Name', 'HomeRegion', 'S3BucketName', 'S3KeyPrefix', 'LogFileValidationEnabled'],
    },
    [publicKeys]: {
      namesSubjects: false,
      list: 'PublicKeyList',
      key: 'Fingerprint',
      keep: ['Fingerprint', 'Value', 'ValidityStartTime', 'ValidityEndTime'],
    },
    [bucketsOf]: { namesSubjects: false, list: 'Buckets', key: 'Name', keep: ['Name', 'BucketRegion'] },
    [listing]: {
      split: (output, { input, page }) => {
        // S3 leaves an empty list out; a list that cannot be read is not an empty one.
        if (!Page.safeParse(output).success) throw new TypeError('the listing is not one of S3');
        return [{ subject: `${String(input['Prefix'])}#${page}`, body: { keys: keysIn(output), folders: foldersIn(output) } }];
      },
      keep: ['keys', 'folders'],
    },
    [object]: { split: splitFile, keep: ['kind', 'key', 'sha256', 'signature', 'digest', ...keptOfRecord('record')] },
  },
  async *collect(client) {
    if (!Settings.safeParse(client.settings).success) return;
    const trails: Trail[] = [];
    for await (const reply of ownTrails(client)) {
      yield reply;
      for (const trail of objectsOf(reply, 'trailList')) {
        const read = Trail.safeParse(trail);
        // Without validation there is nothing that could be verified, and what could not be verified is not worth reading.
        if (read.success && read.data.LogFileValidationEnabled) trails.push(read.data);
      }
    }
    if (trails.length === 0) return;
    const regionOf = new Map<string, string>();
    for await (const reply of client.pages(bucketsOf)) {
      yield reply;
      for (const { Name, BucketRegion } of Buckets.safeParse(reply.output).data?.Buckets ?? []) regionOf.set(Name, BucketRegion ?? '');
    }
    const asked = new Set<string>();
    for (const trail of trails) {
      const options = { region: regionOf.get(trail.S3BucketName) || trail.HomeRegion };
      const base = [trail.S3KeyPrefix, 'AWSLogs', client.account, 'CloudTrail-Digest', ''].filter((part) => part !== undefined).join('/');
      const folders: string[] = [];
      for await (const page of client.pages(
        listing,
        { Bucket: trail.S3BucketName, Prefix: base, Delimiter: '/' },
        { ...options, subject: `${base}#1` },
      )) {
        yield page;
        folders.push(...foldersIn(page.output));
      }
      for (const folder of folders) {
        const region = folder.slice(base.length, -1);
        if (!asked.has(region)) {
          asked.add(region);
          yield* keysOfRegion(client, region);
        }
        yield* readDigests(client, trail, folder, options);
      }
    }
  },
  normalise(view) {
    const keys = new Map(
      view
        .list(publicKeys, Key)
        .map(({ body: { Fingerprint, Value } }) => [Fingerprint, new Uint8Array(Buffer.from(Value.$bytes, 'base64'))]),
    );
    const found = view.list(object, Found).map(({ body }) => body);
    const hashes = new Map(found.flatMap((one) => (one.kind === 'file' ? [[one.key, one.sha256] as const] : [])));
    const chains = Map.groupBy(
      found.filter((one) => one.kind === 'digest'),
      ({ key }) => chainOf(key),
    );
    const events = new Map(found.flatMap((one) => (one.kind === 'event' ? [[one.record.eventID, one.record] as const] : [])));
    return [
      ...[...chains].map(([chain, digests]) => digestsDraft(view.id('digest-chain', ...chain.split(' ')), chain, digests, keys, hashes)),
      ...[...events.values()].map((record) =>
        AwsTrailEvent.draft(
          { id: view.id('cloudtrail-event', record.eventID), display: `${record.eventName} at ${record.eventTime}` },
          changeOf(record, view.tenant),
        ),
      ),
    ];
  },
});

/** Trails that live in this account; the files of an organisation's trail are for its own account to read. */
async function* ownTrails(client: AwsClient): AsyncGenerator<Reply> {
  const own: { TrailARN: string; HomeRegion: string }[] = [];
  for await (const page of client.pages('cloudtrail:ListTrails')) {
    yield page;
    own.push(...(Listed.safeParse(page.output).data?.Trails ?? []).filter(({ TrailARN }) => TrailARN.split(':')[4] === client.account));
  }
  for (const [region, of] of Map.groupBy(own, ({ HomeRegion }) => HomeRegion)) {
    const reply = await client.call(
      trailsOf,
      { trailNameList: of.map(({ TrailARN }) => TrailARN), includeShadowTrails: false },
      { region },
    );
    if (reply) yield reply;
  }
}

/** CloudTrail signs with keys of each region. */
async function* keysOfRegion(client: AwsClient, region: string): AsyncGenerator<Reply> {
  const { from, to } = client.window;
  const StartTime = new Date(Date.parse(from) - 24 * hour).toISOString();
  yield* client.pages(publicKeys, { StartTime, EndTime: to }, { region });
}

/** The digests of a region that ended in the window or were delivered in it, and every log file they name. */
async function* readDigests(client: AwsClient, trail: Trail, folder: string, options: { readonly region: string }): AsyncGenerator<Reply> {
  const { from, to } = client.window;
  const first = Date.parse(from) - deliveredWithin;
  const keys: string[] = [];
  for (let day = new Date(first).toISOString().slice(0, 10); day <= to.slice(0, 10); day = nextDay(day)) {
    const Prefix = `${folder}${day.replaceAll('-', '/')}/`;
    for await (const page of client.pages(listing, { Bucket: trail.S3BucketName, Prefix }, { ...options, subject: `${Prefix}#1` })) {
      yield page;
      keys.push(...keysIn(page.output));
    }
  }
  const wanted = keys.filter((key) => {
    const ended = endOf(key);
    return key.includes(`_${trail.Name}_`) && ended !== undefined && ended > first && ended <= Date.parse(to);
  });
  const get = (Key: string) => client.call(object, { Bucket: trail.S3BucketName, Key }, { ...options, subject: Key });
  const files = new Set<string>();
  for await (const reply of client.each(wanted, async (key) => [await get(key)])) {
    yield reply;
    for (const file of filesOf(reply)) files.add(file);
  }
  yield* client.each([...files], async (key) => [await get(key)]);
}

function splitFile(output: JsonObject, { input }: Reply): { subject: string; body: JsonObject }[] {
  const key = String(input['Key']);
  const { sha256, content } = unpack(output);
  if (endOf(key) !== undefined) {
    const metadata = output['Metadata'];
    const signature = typeof metadata === 'object' && metadata !== null && 'signature' in metadata ? metadata.signature : undefined;
    return [{ subject: key, body: { kind: 'digest', key, sha256, signature: String(signature ?? ''), digest: content } }];
  }
  const records = content['Records'];
  if (!Array.isArray(records)) throw new TypeError('the file has no records');
  return [
    { subject: key, body: { kind: 'file', key, sha256 } },
    ...(records as readonly JsonObject[])
      .filter((record) => isCarried(record) && record['readOnly'] !== true)
      .map((record) => ({ subject: `${key}#${String(record['eventID'])}`, body: { kind: 'event', record } })),
  ];
}

/** `.../111122223333_CloudTrail-Digest_eu-central-1_audit_eu-central-1_20260115T120043Z.json.gz`: when the hour ended, in milliseconds. */
function endOf(key: string): number | undefined {
  const [, year, month, day, hours, minutes, seconds] =
    /\/\d{12}_CloudTrail-Digest_.*_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.json\.gz$/.exec(key) ?? [];
  const ended = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(ended) ? undefined : ended;
}
/** Region and trail of a digest file's key. */
function chainOf(key: string): string {
  const [, region, trail] = /_CloudTrail-Digest_([a-z0-9-]+)_(.+)_[a-z0-9-]+_\d{8}T\d{6}Z\.json\.gz$/.exec(key) ?? [];
  return `${region ?? ''} ${trail ?? ''}`;
}
function filesOf(reply: Reply): string[] {
  try {
    return DigestFile.parse(unpack(reply.output ?? {}).content).logFiles.map(({ s3Object }) => s3Object);
  } catch {
    // Splitting it records that it is malformed.
    return [];
  }
}
function keysIn(output: JsonObject | null): string[] {
  return (Page.safeParse(output).data?.Contents ?? []).map(({ Key }) => Key);
}
function foldersIn(output: JsonObject | null): string[] {
  return (Page.safeParse(output).data?.CommonPrefixes ?? []).map(({ Prefix }) => Prefix);
}
function objectsOf(reply: Reply, list: string): readonly unknown[] {
  const found = reply.output?.[list];
  return Array.isArray(found) ? found : [];
}
function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * hour).toISOString().slice(0, 10);
}

function digestsDraft(
  id: string,
  chain: string,
  digests: readonly FoundDigest[],
  keys: ReadonlyMap<string, Uint8Array>,
  hashes: ReadonlyMap<string, string>,
) {
  const [region = '', trail = ''] = chain.split(' ');
  const times = digests.flatMap(({ digest }) => [digest.digestStartTime, digest.digestEndTime]).sort();
  const problems = problemsOf(digests, keys, hashes);
  return AwsTrailDigests.draft(
    { id, display: `${trail} in ${region}` },
    {
      trail,
      region,
      digests: digests.length,
      logFiles: digests.reduce((sum, { digest }) => sum + digest.logFiles.length, 0),
      from: times[0] ?? '',
      to: times.at(-1) ?? '',
      verified: problems.length === 0,
      problems: [...problems],
    },
  );
}
