import type { BundlePerson, ToolPack } from '../../model/bundle-content.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Collection } from '../../model/statement.ts';
import { operationPack } from './operation-pack.ts';
import { planStretches } from './plan-stretches.ts';
import type { LogSurvey } from './survey-log.ts';

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
    versions: planStretches(survey.plans, period, ({ version }) => [['', version]]).map(({ value, from, to, plan }) => ({
      version: value,
      from,
      to,
      plan,
    })),
    logic: [
      ...planStretches(survey.plans, period, ({ collectors }) => collectors.map(({ id, logic }) => [`collector ${id}`, logic])),
      ...planStretches(survey.plans, period, ({ checks }) => checks.map(({ id, logic }) => [`check ${id}`, logic])),
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
