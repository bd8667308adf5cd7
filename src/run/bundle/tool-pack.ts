import type { BundlePerson, ToolPack } from '../../model/bundle-content.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Collection } from '../../model/statement.ts';
import { operationPack } from './operation-pack.ts';
import type { LogSurvey, SurveyedPlan } from './survey-log.ts';

/** General controls over Proofline itself, as far as its own log tells. */
export function toolPack(
  reader: LogReader,
  survey: LogSurvey,
  period: { readonly from: string; readonly to: string; readonly through: string },
  persons: readonly BundlePerson[],
): ToolPack {
  const within = ({ statement: { at } }: { readonly statement: { readonly at: string } }): boolean => at >= period.from && at < period.to;
  return {
    operation: operationPack(reader, survey, period),
    versions: stretches(survey.plans, period, ({ version }) => [['', version]]).map(({ value, from, to, plan }) => ({
      version: value,
      from,
      to,
      plan,
    })),
    logic: [
      ...stretches(survey.plans, period, ({ collectors }) => collectors.map(({ id, logic }) => [`collector ${id}`, logic])),
      ...stretches(survey.plans, period, ({ checks }) => checks.map(({ id, logic }) => [`check ${id}`, logic])),
    ].map(({ key, value, from, to }) => ({
      kind: key.startsWith('collector ') ? ('collector' as const) : ('check' as const),
      id: key.slice(key.indexOf(' ') + 1),
      digest: value,
      from,
      to,
    })),
    administrators: [
      ...persons.map(({ person, fingerprints }) => ({
        name: person.name,
        can: person.roles.map((role) => role.replaceAll('-', ' ')).join(', '),
        known: `registered key ${fingerprints.join(', ')}`,
      })),
      {
        name: 'whoever can write the data directory',
        can: 'Change configuration, keys and code',
        known: 'the log cannot name them: ask for the access list of the host',
      },
    ],
    configurationChanges: survey.configurationChanges
      .filter(within)
      .map(({ index, statement: { at, actor, from, to } }) => ({ index, at, actor, from, to })),
    keys: survey.keys.map(({ index, statement: { at, purpose, retired, introduced } }) => ({ index, at, purpose, retired, introduced })),
    runs: survey.runs,
    // The lives of processes have registers of their own.
    lifecycle: survey.lifecycle.flatMap(({ index, statement: { at, event, detail, process } }) =>
      process === undefined ? [{ index, at, event, detail }] : [],
    ),
    failures: {
      *[Symbol.iterator]() {
        for (const index of survey.failures) {
          for (const { bytes } of reader.entries(index, index + 1)) {
            const { finishedAt, collector, scope, completeness, gapCount } = Collection.parse(
              JSON.parse(Buffer.from(bytes).toString('utf8')),
            );
            const reasons = completeness.kind === 'complete' ? [] : completeness.reasons;
            yield { index, at: finishedAt, collector, scope, reasons, gaps: gapCount };
          }
        }
      },
    },
    erasures: survey.erasures.map(({ index, statement: { at, commitments, authority, reason, actor } }) => ({
      index,
      at,
      commitments: commitments.length,
      authority,
      reason,
      actor,
    })),
  };
}

/** How something that plans say changed over the period: one stretch for each value. */
function stretches(
  plans: readonly SurveyedPlan[],
  period: { readonly from: string; readonly to: string },
  values: (detail: SurveyedPlan['detail']) => readonly (readonly [key: string, value: string])[],
): { key: string; value: string; from: string; to: string; plan: number }[] {
  const found = new Map<string, { key: string; value: string; from: string; to: string; plan: number }[]>();
  for (const [n, { at, index, detail }] of plans.entries()) {
    const from = n === 0 || at < period.from ? period.from : at;
    const next = plans[n + 1]?.at ?? period.to;
    const to = next < period.to ? next : period.to;
    if (from >= to) continue;
    for (const [key, value] of new Map(values(detail).map(([id, digest]) => [`${id}\u0000${digest}`, [id, digest] as const])).values()) {
      const list = found.get(key) ?? [];
      found.set(key, list);
      const last = list.findLast((one) => one.value === value);
      if (last?.to === from) last.to = to;
      else list.push({ key, value, from, to, plan: index });
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, list]) => list);
}
