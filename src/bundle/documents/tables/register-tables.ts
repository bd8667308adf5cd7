import type { AnsweredRequest, BundleContent, DatasetRecord, NotCollected } from '../../../model/bundle-content.ts';
import { notAuthenticated, type RecordedDecision } from '../../../model/decision.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { actorWords } from '../words.ts';
import { hours, type Local, timeColumns } from './time-columns.ts';

export function scopeTable(content: BundleContent, local: Local): AnyTable {
  type Row = { readonly rule: BundleContent['scope'][number]; readonly subject: BundleContent['scope'][number]['subjects'][number] | null };
  return asTable<Row>({
    name: 'Scope',
    columns: [
      column('rule', 50, (row) => row.rule.rule),
      column('effect', 8, (row) => row.rule.effect),
      column('reason', 50, (row) => row.rule.reason),
      ...timeColumns<Row>('from', local, (row) => row.rule.from),
      column('decided_by', 34, (row) => actorWords(row.rule.by)),
      column('decision_log', 12, (row) => row.rule.decision),
      column('subject', 40, (row) => row.subject?.id ?? null),
      column('display', 34, (row) => row.subject?.display ?? null),
      column('type', 24, (row) => row.subject?.type ?? null),
    ],
    rows: content.scope.flatMap((rule): Row[] =>
      rule.subjects.length === 0 ? [{ rule, subject: null }] : rule.subjects.map((subject) => ({ rule, subject })),
    ),
  });
}

export function notCollectedTable(content: BundleContent, local: Local): AnyTable {
  return asTable<NotCollected>({
    name: 'Not collected',
    columns: [
      column('what', 40, (one) => one.what),
      column('source', 24, (one) => one.source),
      column('state', 18, (one) => one.state),
      column('reason', 60, (one) => one.reason),
      column('controls', 30, (one) => list(one.controls)),
      ...timeColumns<NotCollected>('from', local, (one) => one.from),
      ...timeColumns<NotCollected>('to', local, (one) => one.to),
    ],
    rows: content.notCollected,
  });
}

/** What a decision is about, where its kind says more than its subjects. */
function aboutOf(one: RecordedDecision): string {
  const { payload } = one;
  switch (payload.type) {
    case 'approve':
    case 'refuse':
    case 'withdraw':
      return `decision ${payload.of}`;
    case 'amend-period':
      return list([...payload.loosens.map((text) => `loosens: ${text}`), ...payload.tightens.map((text) => `tightens: ${text}`)]);
    case 'dispose':
      return `${payload.deviation}: ${payload.disposition}`;
    case 'respond':
      return payload.deviation;
    default:
      return list(one.subjects);
  }
}

/** Every decision, also those that do not count. */
export function decisionsTable(content: BundleContent, local: Local): AnyTable {
  interface Row {
    readonly index: number;
    readonly at: string;
    readonly decision: string;
    readonly about: string;
    readonly actor: string;
    readonly authentication: string;
    readonly reason: string;
    readonly counts: string;
    readonly approval: RecordedDecision['approval'];
    readonly key: string | null;
  }
  const counts = (one: RecordedDecision): string => {
    if (one.ended !== null) return `no: refused or withdrawn by decision ${one.ended}`;
    return one.needsApproval && one.approval === null ? 'no: nobody else approved it' : 'yes';
  };
  const authentication = (words: string): string => (words === 'none' ? notAuthenticated : words);
  const rows: Row[] = [
    ...content.decisions.map((one) => ({
      index: one.index,
      at: one.at,
      decision: one.payload.type,
      about: aboutOf(one),
      actor: one.actor.name,
      authentication: authentication(one.actor.authentication),
      reason: one.reason,
      counts: counts(one),
      approval: one.approval,
      key: one.signature?.key ?? null,
    })),
    ...content.refusedDecisions.map((one) => ({
      index: one.index,
      at: one.at,
      decision: one.decision,
      about: '',
      actor: one.actor.name,
      authentication: authentication(one.actor.authentication),
      reason: '',
      counts: `no: ${one.problems.join(' ')}`,
      approval: null,
      key: null,
    })),
  ].sort((a, b) => a.index - b.index);
  return asTable<Row>({
    name: 'Decisions',
    columns: [
      column('log', 10, (row) => row.index),
      ...timeColumns<Row>('at', local, (row) => row.at),
      column('decision', 20, (row) => row.decision),
      column('about', 50, (row) => row.about),
      column('by', 24, (row) => row.actor),
      column('authentication', 24, (row) => row.authentication),
      column('key', 34, (row) => row.key),
      column('reason', 60, (row) => row.reason),
      column('counts', 30, (row) => row.counts),
      column('approved_by', 24, (row) => (row.approval === null ? null : actorWords(row.approval.actor))),
      ...timeColumns<Row>('approved', local, (row) => row.approval?.at ?? null),
      column('approval_log', 12, (row) => row.approval?.index ?? null),
    ],
    rows,
  });
}

export function outagesTable(content: BundleContent, local: Local): AnyTable {
  type Row = BundleContent['history']['outages'][number];
  return asTable<Row>({
    name: 'Outages',
    columns: [
      column('source', 26, (one) => one.source),
      ...timeColumns<Row>('from', local, (one) => one.from),
      ...timeColumns<Row>('to', local, (one) => one.to),
      column('hours', 11, (one) => hours(Date.parse(one.to) - Date.parse(one.from))),
      column('reason', 60, (one) => one.reason),
      column('turns_missed', 12, (one) => one.turns?.missed ?? 0),
      column('turns_failed', 12, (one) => one.turns?.failed ?? 0),
      column('turns_because', 60, (one) => list(one.turns?.because ?? [])),
      column('turns_log', 20, (one) => list(one.turns?.entries ?? [])),
    ],
    rows: content.history.outages,
  });
}

/** What became of the turns that would have collected it: null where no plan says which these are. */
function turnsOf({ tool }: BundleContent, { schedules }: DatasetRecord): Record<'taken' | 'missed' | 'failed', number | null> {
  if (schedules.length === 0) return { taken: null, missed: null, failed: null };
  const own = tool.operation.turns.filter(({ schedule }) => schedules.includes(schedule));
  const sum = (of: 'taken' | 'missed' | 'failed') => own.reduce((total, turns) => total + turns[of], 0);
  return { taken: sum('taken'), missed: sum('missed'), failed: sum('failed') };
}

/** Completeness and accuracy of every dataset. */
export function datasetsTable(content: BundleContent, local: Local): AnyTable {
  return asTable<DatasetRecord>({
    name: 'Completeness and accuracy',
    columns: [
      column('dataset', 40, (one) => one.id),
      column('title', 34, (one) => one.title),
      column('kind', 10, (one) => one.kind),
      column('system', 34, (one) => one.system),
      column('tenant', 30, (one) => one.tenant),
      column('tenant_said_by_source_log', 12, (one) => one.identityProof),
      column('scope', 30, (one) => one.scope),
      column('yields', 30, (one) => list(one.yields)),
      column('hosts', 30, (one) => list(one.hosts.map((host) => (host.official ? host.host : `${host.host} (not official)`)))),
      column('requests_as_sent', 60, (one) => list(one.requests.map((request) => `${request.operation} ${JSON.stringify(request.input)}`))),
      column('commands', 60, (one) => list(one.requests.flatMap((request) => request.command ?? []))),
      column('principal', 50, (one) => one.principal),
      column('permissions', 40, (one) => list(one.permissions)),
      column('triggers', 40, (one) => list(one.triggers.map((trigger) => `${actorWords(trigger.actor)}: ${trigger.collections}`))),
      column('collections', 12, (one) => one.collections.total),
      column('collections_complete', 12, (one) => one.collections.complete),
      column('collections_incomplete', 12, (one) => one.collections.incomplete),
      ...timeColumns<DatasetRecord>('first_started', local, (one) => one.first.startedAt),
      column('first_log', 10, (one) => one.first.index),
      ...timeColumns<DatasetRecord>('last_started', local, (one) => one.last.startedAt),
      ...timeColumns<DatasetRecord>('last_finished', local, (one) => one.last.finishedAt),
      column('last_log', 10, (one) => one.last.index),
      column('last_session', 24, (one) => one.last.session),
      ...timeColumns<DatasetRecord>('last_as_of', local, (one) => one.last.sourceAsOf),
      ...timeColumns<DatasetRecord>('window_from', local, (one) => one.window?.from ?? null),
      ...timeColumns<DatasetRecord>('window_to', local, (one) => one.window?.to ?? null),
      column('window_backfilled', 12, (one) => (one.window === null ? null : one.window.backfilled ? 'yes' : 'no')),
      column('clock_offset_ms_min', 12, (one) => one.clock.offsetMs?.min ?? null),
      column('clock_offset_ms_max', 12, (one) => one.clock.offsetMs?.max ?? null),
      column('clock_suspect_collections', 12, (one) => one.clock.suspect),
      column('requests', 12, (one) => one.counts.requests),
      column('requests_failed', 12, (one) => one.counts.failedRequests),
      column('pages', 12, (one) => one.counts.pages),
      column('items_last', 12, (one) => one.last.items),
      column('items_min', 12, (one) => one.counts.items.min),
      column('items_max', 12, (one) => one.counts.items.max),
      column('item_versions', 12, (one) => one.counts.versions),
      column('request_ids_recorded', 12, (one) => one.requestIds.recorded),
      column('request_ids_sample', 40, (one) => list(one.requestIds.sample)),
      column('scope_attempted', 30, (one) => list(one.attempted)),
      column('scope_succeeded', 30, (one) => list(one.succeeded)),
      column('denied', 50, (one) =>
        list(
          one.denied.map((gap) => `${gap.what}: ${gap.reason}${gap.code === null ? '' : ` (${gap.code})`}, ${gap.collections} collections`),
        ),
      ),
      column('reconciliation', 40, (one) =>
        list(
          one.reconciliation.map(
            (other) => `${other.with} ${other.field}: ${other.expected ?? 'not known'}, seen ${other.seen}, differed ${other.differed}`,
          ),
        ),
      ),
      column('redactions', 30, (one) => list(one.redactions.map((redaction) => `${redaction.field}: ${redaction.count}`))),
      column('logic', 30, (one) => list(one.logic.map((logic) => logic.digest))),
      column('evidence_grade', 20, (one) => one.grade),
      column('schedules', 40, (one) => list(one.schedules)),
      column('turns_taken', 12, (one) => turnsOf(content, one).taken),
      column('turns_missed', 12, (one) => turnsOf(content, one).missed),
      column('turns_failed', 12, (one) => turnsOf(content, one).failed),
    ],
    rows: content.datasets,
  });
}

export function requestsTable(content: BundleContent): AnyTable {
  return asTable<AnsweredRequest>({
    name: 'Requests',
    columns: [
      column('request_id', 16, (one) => one.id),
      column('description', 60, (one) => one.description),
      column('control', 12, (one) => one.control),
      column('evidence', 24, (one) => one.evidence),
      column('state', 18, (one) => one.state),
      column('folder', 30, (one) => one.folder),
      column('files', 60, (one) => list(one.files)),
      column('note', 50, (one) => one.note),
      column('auditor_status', 16, () => null),
      column('auditor_comment', 30, () => null),
    ],
    rows: content.requests,
  });
}
