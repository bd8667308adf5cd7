import type { OperationPack } from '../../src/model/bundle-content.ts';

const digest = `sha256:${'c0'.repeat(32)}`;
const process = {
  run: 'run-1',
  role: 'serve' as const,
  host: 'evidence-1',
  pid: 41,
  version: '0.2.0',
  node: '24.1.0',
  configuration: digest,
  by: 'proofline',
};

/** How a year was run: a daemon that was killed, what was missed meanwhile, a turn that failed, a channel that was down for a while. */
export function operationOf(from: string, to: string): OperationPack {
  const changed = '2025-11-15T12:00:00.000Z';
  const schedule = {
    id: 'production/critical',
    kind: 'collect' as const,
    source: 'production',
    collectors: ['aws/iam-credential-report', 'aws/iam-account-summary'],
    cron: '0 */4 * * *',
    zone: 'Europe/Berlin',
    jitterMs: 60_000,
    declared: 'default' as const,
  };
  return {
    schedules: [
      {
        ...schedule,
        id: 'anchors',
        kind: 'anchor',
        source: null,
        collectors: [],
        cron: '5 * * * *',
        zone: 'UTC',
        jitterMs: 0,
        from,
        to,
        plan: 4,
      },
      { ...schedule, from, to: changed, plan: 4 },
      { ...schedule, cron: '0 */2 * * *', declared: 'configuration', from: changed, to, plan: 5_901 },
    ],
    servedFrom: from,
    turns: [
      { schedule: 'anchors', planned: 8_760, taken: 8_731, late: 1, missed: 29, failed: 0, unaccounted: 0, longestWaitMs: 3_600_000 },
      {
        schedule: 'production/critical',
        planned: 3_006,
        taken: 2_974,
        late: 1,
        missed: 29,
        failed: 1,
        unaccounted: 2,
        longestWaitMs: 18_034_210,
      },
    ],
    misses: [
      {
        index: 4_412,
        at: '2025-10-08T06:30:04.000Z',
        schedule: 'production/critical',
        source: 'production',
        from: '2025-10-03T06:00:00.000Z',
        to: '2025-10-08T06:00:00.000Z',
        count: 30,
        because: 'no daemon was running',
        late: true,
        taken: true,
        failed: false,
      },
    ],
    failedTurns: [
      {
        schedule: 'production/critical',
        due: '2025-12-24T18:00:00.000Z',
        index: 9_120,
        at: '2025-12-24T18:21:44.000Z',
        attempts: 3,
        reason: '=access-denied: the role <ProoflineReader> cannot be assumed',
      },
    ],
    processes: [
      {
        ...process,
        index: 10,
        startedAt: '2025-03-30T10:00:00.000Z',
        heardAt: '2025-10-03T04:00:00.000Z',
        endedAt: null,
        ended: 'unseen',
        detail: 'its lease ran out',
        reloads: 2,
      },
      {
        ...process,
        run: 'run-2',
        pid: 17,
        index: 4_411,
        startedAt: '2025-10-08T06:30:00.000Z',
        heardAt: '2026-02-01T09:00:00.000Z',
        endedAt: '2026-02-01T09:00:00.000Z',
        ended: 'stopped',
        detail: 'asked by SIGTERM',
        reloads: 0,
      },
      {
        ...process,
        run: 'run-3',
        role: 'worker',
        host: 'evidence-2',
        index: 4_500,
        startedAt: null,
        heardAt: '2026-03-31T20:00:00.000Z',
        endedAt: null,
        ended: 'not-recorded',
        detail: '',
        reloads: 0,
      },
    ],
    processEvents: [
      { ...process, index: 10, at: '2025-03-30T10:00:00.000Z', event: 'started', detail: '' },
      { ...process, index: 5_900, at: changed, event: 'reloaded', detail: 'schedules.entries changed' },
      { ...process, index: 4_411, at: '2025-10-08T06:30:00.000Z', event: 'ended-unseen', detail: 'its lease ran out' },
    ],
    channels: [
      {
        channel: 'oncall',
        kind: 'slack',
        messages: 212,
        delivered: 209,
        failed: 11,
        givenUp: 3,
        notices: { 'check-recovered': 180, 'check-failing': 190 },
        first: from,
        last: '2026-03-30T09:12:00.000Z',
      },
    ],
    deliveries: [
      {
        index: 9_130,
        at: '2025-12-24T18:22:00.000Z',
        message: 'M-00112233445566778899',
        channel: 'oncall',
        channelKind: 'slack',
        route: 'all',
        notices: { 'turn-failed': 1 },
        about: { first: 9_120, last: 9_120 },
        attempt: 1,
        outcome: 'failed',
        reason: 'HTTP 503',
        fallback: 'mail',
      },
    ],
  };
}
/** Where everything is collected by hand. */
export const nothingOperated: OperationPack = {
  schedules: [],
  servedFrom: null,
  turns: [],
  misses: [],
  failedTurns: [],
  processes: [],
  processEvents: [],
  channels: [],
  deliveries: [],
};
