import { defineCollector, type JsonObject, type Reply, z } from '../../../src/authoring.ts';
import { carriedEvents } from '../change-events.ts';
import type { AwsClient } from '../client.ts';
import { objectsIn } from '../lists.ts';
import { given } from '../stated.ts';
import { changeOf, isCarried, keptOfRecord, TrailRecord } from '../trail-record.ts';
import { AwsChangeEvent } from './resource.ts';

const operation = 'cloudtrail:LookupEvents';
const Event = z.looseObject({
  EventId: z.string(),
  CloudTrailEvent: TrailRecord,
  // The name of an access key is withheld, like any other key id.
  Resources: given(z.array(z.looseObject({ ResourceName: given(z.string()) }))),
});

/**
 * CloudTrail's event history: it is always on, holds the management events of the last 90 days, and nobody can stop or edit it. One lookup per
 * region for everything that is not reading, because a lookup by name takes one name: a search for each of them would be a hundred.
 */
export default defineCollector<AwsClient>({
  id: 'aws/cloudtrail-events',
  title: 'Changes in CloudTrail’s event history',
  kind: 'events',
  scope: 'region',
  yields: [AwsChangeEvent],
  permissions: ['cloudtrail:LookupEvents'],
  remembersDays: 90,
  carries: carriedEvents,
  central: ['us-east-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'],
  items: {
    [operation]: {
      keep: ['EventId', 'EventName', 'EventSource', 'EventTime', 'Username', 'ReadOnly', 'Resources', ...keptOfRecord('CloudTrailEvent')],
      split: (output) =>
        objectsIn(output, 'Events').flatMap((event) => {
          const record = parsed(event['CloudTrailEvent']);
          // One that cannot be read may be anything: it is kept, and counts as malformed.
          return record !== undefined && !isCarried(record)
            ? []
            : [{ subject: String(event['EventId'] ?? ''), body: { ...event, CloudTrailEvent: record ?? null } }];
        }),
    },
  },
  async *collect(client) {
    const { from, to } = client.window;
    const seen = new Set<string>();
    const input = { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }], StartTime: from, EndTime: to };
    for await (const page of client.pages(operation, input)) yield withoutSeen(page, seen);
  },
  normalise: (view) =>
    view.each(operation, Event, ({ EventId, CloudTrailEvent: record, Resources = [] }) =>
      AwsChangeEvent.draft(
        { id: view.id('cloudtrail-event', EventId), display: `${record.eventName} at ${record.eventTime}` },
        changeOf(
          record,
          view.tenant,
          Resources.flatMap(({ ResourceName: name }) => (name === undefined ? [] : [name])),
        ),
      ),
    ),
});

/** The record as CloudTrail writes it, which the API hands over as text. */
function parsed(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const record: unknown = JSON.parse(text);
    return typeof record === 'object' && record !== null && !Array.isArray(record) ? (record as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Events that arrive while pages are turned move others to the next page: the same event twice is one event. */
function withoutSeen(reply: Reply, seen: Set<string>): Reply {
  const events = reply.output?.['Events'];
  if (!Array.isArray(events)) return reply;
  const fresh = (events as readonly JsonObject[]).filter((event) => {
    const id = event?.['EventId'];
    if (typeof id !== 'string') return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
  return { ...reply, output: { ...reply.output, Events: fresh } };
}
