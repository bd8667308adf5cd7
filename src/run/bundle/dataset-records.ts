import { RequestsBlob } from '../../model/blobs.ts';
import type { DatasetRecord } from '../../model/bundle-content.ts';
import type { SourceDefinition } from '../../model/collector.ts';
import type { Period } from '../../model/engagement.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { Registries } from '../registries.ts';
import { schedulesOfDataset } from './operation-pack.ts';
import { contentOf, redactionsOf, type SurveyedDataset, type SurveyedPlan } from './survey-log.ts';

const identityCollector = 'aws/caller-identity';
const commandsKept = 40;

export const datasetId = ({ collector, scope }: Pick<SurveyedDataset, 'collector' | 'scope'>): string => `${collector}@${scope}`;

/** What an auditor asks of information produced by the entity, for every collector and scope that was collected in the period. */
export function datasetRecords(
  reader: LogReader,
  datasets: readonly SurveyedDataset[],
  plans: readonly SurveyedPlan[],
  period: Period,
  definitions: ReadonlyMap<string, SourceDefinition>,
  { collectors }: Pick<Registries, 'collectors'>,
): DatasetRecord[] {
  const plan = plans.at(-1)?.detail;
  const identities = new Map(datasets.filter(({ collector }) => collector === identityCollector).map((one) => [one.source, one.lastIndex]));
  return datasets.flatMap((dataset): DatasetRecord[] => {
    const { first, last } = dataset;
    if (first === undefined || last === undefined) return [];
    const planned = plans.findLast(({ detail }) => detail.collectors.some(({ id }) => id === dataset.collector))?.detail;
    const described = planned?.collectors.find(({ id }) => id === dataset.collector);
    const installed = collectors.find(({ id }) => id === dataset.collector);
    const operations = new Set([...dataset.gaps.values()].map(({ what }) => what));
    return [
      {
        id: datasetId(dataset),
        collector: dataset.collector,
        title: described?.title ?? installed?.title ?? dataset.collector,
        kind: dataset.kind,
        source: dataset.source,
        scope: dataset.scope,
        system: systemOf(period, plan, dataset.source),
        tenant: tenantOf(plan, dataset.source),
        identityProof: identities.get(dataset.source) ?? null,
        yields: described?.yields ?? installed?.yields.map(({ type }) => type) ?? [],
        hosts: [...dataset.hosts].sort().map(([host, official]) => ({ host, official })),
        requests: requestsOf(reader, last, definitions.get(dataset.source.slice(0, dataset.source.indexOf(':')))),
        principal: last.principal,
        permissions: described?.permissions ?? installed?.permissions ?? [],
        triggers: [...dataset.triggers.values()],
        first: { index: dataset.firstIndex, startedAt: first.startedAt },
        last: {
          index: dataset.lastIndex,
          session: last.session,
          startedAt: last.startedAt,
          finishedAt: last.finishedAt,
          sourceAsOf: last.sourceAsOf,
          items: last.items.size,
        },
        window: dataset.window,
        collections: { total: dataset.total, complete: dataset.complete, incomplete: dataset.total - dataset.complete },
        clock: { offsetMs: dataset.offset, suspect: dataset.suspect },
        counts: {
          requests: dataset.requests,
          failedRequests: dataset.failedRequests,
          pages: dataset.pages,
          items: { min: Math.min(dataset.minItems, dataset.maxItems), max: dataset.maxItems },
          versions: dataset.versions,
        },
        requestIds: { sample: dataset.idSample, recorded: dataset.recordedIds },
        attempted: [dataset.scope],
        succeeded: dataset.complete > 0 || operations.size === 0 ? [dataset.scope] : [],
        denied: [...dataset.gaps.values()],
        reconciliation: last.reconciliation.map((one) => ({
          ...one,
          differed: dataset.differed.get(JSON.stringify([one.with, one.field])) ?? 0,
        })),
        redactions: redactionsOf(reader, last),
        logic: dataset.logic,
        grade: dataset.grade,
        schedules: schedulesOfDataset(plans, dataset),
      },
    ];
  });
}

function systemOf(period: Period, plan: PlanDetail | undefined, source: string): string {
  const name = plan?.sources.find(({ members }) => members?.includes(source) === true)?.name;
  const systems = period.engagement.systems.filter(({ sources }) => sources.length === 0 || (name !== undefined && sources.includes(name)));
  return systems.map((system) => system.name).join(', ') || (name ?? source);
}
function tenantOf(plan: PlanDetail | undefined, source: string): string {
  for (const { settings } of plan?.sources ?? []) {
    const member = settings === undefined || !Object.hasOwn(settings, source) ? undefined : settings[source];
    if (member !== undefined) return member.display;
  }
  return source.slice(source.indexOf(':') + 1);
}

function requestsOf(
  reader: LogReader,
  { requests }: NonNullable<SurveyedDataset['last']>,
  definition: SourceDefinition | undefined,
): DatasetRecord['requests'] {
  const kept = requests.kept === null ? [] : (RequestsBlob.safeParse(contentOf(reader, requests.kept)).data ?? []);
  const distinct = new Map<string, { operation: string; input: Record<string, unknown>; pages: number; command: string | null }>();
  for (const { operation, input, region } of kept) {
    const command = definition?.equivalentCommand(operation, input, region === undefined ? {} : { region }) ?? null;
    const key = JSON.stringify([operation, input, command]);
    const known = distinct.get(key) ?? { operation, input, pages: 0, command };
    known.pages += 1;
    distinct.set(key, known);
  }
  return [...distinct.values()].slice(0, commandsKept);
}
