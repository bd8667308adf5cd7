import { DeltaBlob, PopulationBlob } from '../../model/blobs.ts';
import type { ManagementPack } from '../../model/bundle-content.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import { type PeriodHistory, whySilent } from '../../model/history.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Evaluation } from '../../model/statement.ts';
import type { FrozenPopulation } from '../populations/read-populations.ts';
import { contentOf, type LogSurvey, type SurveyedDataset } from './survey-log.ts';

export interface Component {
  readonly type: string;
  readonly id: string;
  display: string;
  readonly source: string;
  readonly region: string | null;
  readonly firstSeen: string;
  lastSeen: string | null;
}

/** Drafts for management's own description, from what was seen in the period. */
export function managementPack(
  reader: LogReader,
  survey: LogSurvey,
  history: PeriodHistory,
  decisions: readonly RecordedDecision[],
  populations: readonly Pick<FrozenPopulation, 'record' | 'decision' | 'frozenAt' | 'supersededBy'>[],
): ManagementPack {
  const { period } = history;
  const components = inventory(reader, period);
  const types = [...Map.groupBy(components, ({ type }) => type)].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    inventory: components,
    inventorySummary: types.map(([type, all]) => ({
      type,
      atStart: all.filter(({ firstSeen }) => firstSeen <= period.from).length,
      atEnd: all.filter(({ lastSeen }) => lastSeen === null).length,
      ever: all.length,
    })),
    incidents: history.outages.map(({ source, from, to, ...why }, index) => ({
      id: `O-${index + 1}`,
      title: 'Nothing was collected',
      source,
      openedAt: from,
      closedAt: to,
      detail: `Proofline saw nothing of ${source}: ${whySilent(why)}`,
    })),
    zeroRowPulls: zeroRowPulls(survey.datasets, populations),
    controlChanges: controlChanges(history, decisions),
    sinceEnd: sinceEnd(survey, history),
  };
}

/**
 * What was asked and answered with nothing: a record of events of which no collection of the period had a row and none was incomplete, and
 * a population that is final, complete and empty.
 */
export function zeroRowPulls(
  datasets: readonly Pick<
    SurveyedDataset,
    'collector' | 'scope' | 'kind' | 'window' | 'total' | 'complete' | 'maxItems' | 'last' | 'lastIndex'
  >[],
  populations: readonly Pick<FrozenPopulation, 'record' | 'decision' | 'frozenAt' | 'supersededBy'>[],
): ManagementPack['zeroRowPulls'] {
  const quiet = datasets.flatMap(({ collector, scope, kind, window, total, complete, maxItems, last, lastIndex }) =>
    kind !== 'events' || window === null || last === undefined || maxItems > 0 || complete < total
      ? []
      : [
          {
            what: 'Events of the source’s own record',
            collector,
            scope,
            query: collector,
            from: window.from,
            to: window.to,
            at: last.finishedAt,
            index: lastIndex,
          },
        ],
  );
  const empty = populations.filter(({ record, supersededBy }) => record.final && record.complete && record.count === 0 && !supersededBy);
  return [
    ...quiet,
    ...empty.map(({ record: { title, collector, scopes, from, to }, frozenAt, decision }) => ({
      what: title,
      collector,
      scope: scopes.join(', '),
      query: collector,
      from,
      to,
      at: frozenAt,
      index: decision,
    })),
  ];
}

/** What came into force, changed or was decided within the period; what no decision stands behind is told without one. */
export function controlChanges(
  history: Pick<PeriodHistory, 'controls' | 'period'>,
  decisions: readonly RecordedDecision[],
): ManagementPack['controlChanges'] {
  const begun = history.controls.flatMap(({ control: { id }, versions: [first] }) =>
    first === undefined || first.from <= history.period.from
      ? []
      : [
          {
            control: id,
            at: first.from,
            change: `Came into force${first.control.because === undefined ? '' : `: ${first.control.because}`}`,
            decision: null,
            kind: null,
            by: null,
          },
        ],
  );
  const byVersion = history.controls.flatMap(({ control, versions }) =>
    versions.flatMap(({ from, changes }) =>
      changes.map((change) => ({ control: control.id, at: from, change, decision: null, kind: null, by: null })),
    ),
  );
  const byDecision = decisions.flatMap(({ index, at, payload, actor, reason }) => {
    if (payload.type !== 'adopt-control' && payload.type !== 'retire-control' && payload.type !== 'import-controls') return [];
    if (at < history.period.from || at >= history.period.to) return [];
    const word = { 'adopt-control': 'Adopted', 'retire-control': 'Retired', 'import-controls': 'Imported' }[payload.type];
    const by = { name: actor.name, authentication: actor.authentication };
    return payload.controls.map((control) => ({ control, at, change: `${word}: ${reason}`, decision: index, kind: payload.type, by }));
  });
  return [...begun, ...byVersion, ...byDecision].sort((left, right) =>
    left.at === right.at ? (left.control < right.control ? -1 : 1) : left.at < right.at ? -1 : 1,
  );
}

/** What changed in plan and configuration after the period's end: what a bridge letter has to speak of. */
function sinceEnd(survey: LogSurvey, { period }: PeriodHistory): ManagementPack['sinceEnd'] {
  const plans = survey.plans.filter(({ at }) => at >= period.to);
  const configuration = survey.configurationChanges.filter(({ statement: { at } }) => at >= period.to);
  const through = [...survey.lifecycle, ...survey.anchors]
    .map(({ statement: { at } }) => at)
    .sort()
    .at(-1);
  if (through === undefined || through < period.to) return null;
  return {
    through,
    changes: [
      ...configuration.map(({ index, statement: { at } }) => `The configuration of Proofline changed on ${at} (log ${index}).`),
      ...plans.map(({ index, at }) => `What is collected, judged or controlled was planned anew on ${at} (log ${index}).`),
    ],
  };
}

/** Every subject that was in a population of the period, with when it was first and last seen. */
export function inventory(reader: LogReader, period: { readonly from: string; readonly to: string }): Component[] {
  const open = new Map<string, Component>();
  const all: Component[] = [];
  const marked = '"kind":"evaluation"';
  for (const { bytes } of reader.entries()) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!text.includes(marked)) continue;
    const statement = Evaluation.safeParse(JSON.parse(text.toString('utf8'))).data;
    if (statement === undefined || statement.asOf >= period.to || statement.population.delta === null) continue;
    const delta = DeltaBlob.safeParse(contentOf(reader, statement.population.delta)).data;
    if (delta === undefined) continue;
    const key = (id: string): string => `${statement.source} ${id}`;
    for (const id of delta.removed) {
      const gone = open.get(key(id));
      if (gone !== undefined) gone.lastSeen = statement.asOf;
      open.delete(key(id));
    }
    for (const [id, content] of [...delta.added, ...delta.changed]) {
      const subject = PopulationBlob.safeParse(contentOf(reader, content)).data;
      if (subject === undefined) continue;
      const before = open.get(key(id));
      if (before !== undefined) {
        before.display = subject.display;
        continue;
      }
      const region = /^[^/]+\/([a-z]{2}(?:-[a-z]+)+-\d)\//.exec(subject.id)?.[1] ?? null;
      const component: Component = {
        type: subject.type,
        id: subject.id,
        display: subject.display,
        source: statement.source,
        region,
        firstSeen: statement.asOf,
        lastSeen: null,
      };
      open.set(key(id), component);
      all.push(component);
    }
  }
  return all
    .filter(({ lastSeen }) => lastSeen === null || lastSeen >= period.from)
    .sort((left, right) => (left.type === right.type ? (left.id < right.id ? -1 : 1) : left.type < right.type ? -1 : 1));
}
