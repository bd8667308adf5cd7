import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { RequestsBlob } from '../model/blobs.ts';
import { ProoflineError } from '../model/errors.ts';
import type { LogReader } from '../model/log-reader.ts';
import { Collection } from '../model/statement.ts';

/** What is compared of a CloudTrail record. */
const TrailRecord = z.looseObject({
  eventTime: z.iso.datetime(),
  eventName: z.string(),
  eventSource: z.string(),
  awsRegion: z.string(),
  requestID: z.string().nullish(),
  userAgent: z.string().nullish(),
  recipientAccountId: z.string().nullish(),
  userIdentity: z.looseObject({ arn: z.string().nullish() }).nullish(),
});
type TrailRecord = z.infer<typeof TrailRecord>;
const TrailFile = z.union([
  z.looseObject({ Records: z.array(TrailRecord) }).transform(({ Records }) => Records),
  // What `aws cloudtrail lookup-events` prints.
  z
    .looseObject({ Events: z.array(z.looseObject({ CloudTrailEvent: z.string() })) })
    .transform(({ Events }) => Events.map(({ CloudTrailEvent }) => TrailRecord.parse(JSON.parse(CloudTrailEvent)))),
  z.array(TrailRecord),
]);

export interface ComparedClaim {
  readonly claim: string;
  readonly result: 'PASS' | 'WARN' | 'FAIL';
  readonly detail: string;
  readonly findings: { entry: number | null; message: string }[];
}

/** @throws ProoflineError `usage` when the file is no list of CloudTrail records. */
export function readTrail(file: string): readonly TrailRecord[] {
  try {
    const bytes = readFileSync(file);
    const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
    return TrailFile.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof z.ZodError || cause instanceof SyntaxError || (cause instanceof Error && 'code' in cause)) {
      throw new ProoflineError(
        'usage',
        `${file}: expected CloudTrail records: a delivered log file, or what \`aws cloudtrail lookup-events\` prints`,
        { cause },
      );
    }
    throw cause;
  }
}

/** The session of a call of ours: in the user agent always, in the role session's ARN where a role was assumed. */
function sessionOf(record: TrailRecord): string | undefined {
  return (
    /\bsession\/(proofline-[\w=,.@-]+)/.exec(record.userAgent ?? '')?.[1] ??
    /\/(proofline-[\w=,.@-]+)$/.exec(record.userIdentity?.arn ?? '')?.[1]
  );
}

/** Accounts are found, and `doctor` looks around, before there is a collection whose record could hold the calls. */
const isWithoutCollection = (session: string) => session === 'proofline-accounts' || session.startsWith('proofline-doctor-');
/** How a session begins: taking up its role and seeing who that is. Neither is a request of the collection. */
const isBeginning = ({ eventSource, eventName }: TrailRecord) =>
  eventSource === 'sts.amazonaws.com' && (eventName === 'AssumeRole' || eventName === 'GetCallerIdentity');

interface Recorded {
  readonly index: number;
  readonly collector: string;
  readonly account: string;
  /** Every request is kept, not a sample of them. */
  readonly whole: boolean;
  readonly requests: z.output<typeof RequestsBlob>;
}

/**
 * Compares the calls in the company's own CloudTrail with those the log records, both ways: calls under our session names that no
 * collection records, and recorded calls that CloudTrail does not have, over the time, accounts and regions the file covers.
 */
export function compareCloudtrail(log: LogReader, file: string): ComparedClaim[] {
  const trail = readTrail(file);
  const sessions = new Map<string, Recorded>();
  for (const { index, bytes } of log.entries()) {
    const parsed = Collection.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!parsed.success || !parsed.data.source.startsWith('aws:')) continue;
    const { session, collector, source, requests } = parsed.data;
    const blob = requests.kept === null ? undefined : log.blob(requests.kept);
    const kept = blob?.kind === 'open' ? RequestsBlob.parse(JSON.parse(Buffer.from(blob.bytes).toString('utf8'))) : [];
    sessions.set(session, {
      index,
      collector,
      account: source.slice('aws:'.length),
      whole: requests.keptAll && blob?.kind === 'open',
      requests: kept,
    });
  }
  const ours = trail.flatMap((record) => {
    const session = sessionOf(record);
    return session === undefined || isWithoutCollection(session) ? [] : [{ record, session }];
  });

  const strangers = new Map<string, number>();
  const unrecorded: ComparedClaim['findings'] = [];
  for (const { record, session } of ours) {
    const known = sessions.get(session);
    if (known === undefined) strangers.set(session, (strangers.get(session) ?? 0) + 1);
    else if (
      known.whole &&
      !isBeginning(record) &&
      typeof record.requestID === 'string' &&
      !known.requests.some(({ requestId }) => requestId === record.requestID)
    ) {
      unrecorded.push({
        entry: known.index,
        message: `${record.eventSource} ${record.eventName} at ${record.eventTime} (request ${record.requestID}) is in CloudTrail and not in this collection`,
      });
    }
  }
  const times = trail.map(({ eventTime }) => Date.parse(eventTime));
  const [first, last] = times.length === 0 ? [0, 0] : [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  const places = new Set(trail.map(({ recipientAccountId, awsRegion }) => `${recipientAccountId ?? '*'}/${awsRegion}`));
  const inTrail = new Set(trail.flatMap(({ requestID }) => (typeof requestID === 'string' ? [requestID] : [])));
  const missing: ComparedClaim['findings'] = [];
  let compared = 0;
  for (const { index, account, collector, requests } of sessions.values()) {
    for (const request of requests) {
      const at = Date.parse(request.startedAt);
      const region = request.region ?? 'us-east-1';
      const covered = places.has(`${account}/${region}`) || places.has(`*/${region}`);
      if (request.requestId === null || at < first || at > last || !covered) continue;
      compared += 1;
      if (!inTrail.has(request.requestId)) {
        missing.push({
          entry: index,
          message: `${request.operation} of ${collector} at ${request.startedAt} (request ${request.requestId}) is not in CloudTrail`,
        });
      }
    }
  }
  const some = <T>(findings: T[]) => findings.slice(0, 20);
  const lost = [...strangers].map(([session, calls]) => ({
    entry: null,
    message: `session ${session}: ${calls} calls, and no collection of that name in the log`,
  }));
  return [
    {
      claim: 'cloudtrail-recorded',
      result: unrecorded.length > 0 ? 'FAIL' : strangers.size > 0 ? 'WARN' : 'PASS',
      detail:
        unrecorded.length > 0
          ? `${unrecorded.length} of ${ours.length} calls in CloudTrail under our sessions are missing from collections that keep every request`
          : strangers.size > 0
            ? `${strangers.size} sessions in CloudTrail have no collection in the log: stopped before it was sealed, or removed`
            : `all ${ours.length} calls in CloudTrail under our session names belong to recorded collections`,
      findings: some([...unrecorded, ...lost]),
    },
    {
      claim: 'cloudtrail-seen',
      result: missing.length > 0 ? 'WARN' : 'PASS',
      detail:
        missing.length > 0
          ? `${missing.length} of ${compared} recorded calls in the time and regions of the file are not in it: an operation CloudTrail does not log, a late delivery, or a call that was not made`
          : `all ${compared} recorded calls in the time, accounts and regions of the file are in it`,
      findings: some(missing),
    },
  ];
}
