import { Counter, type Registry } from 'prom-client';
import { type Outcome, outcomes, type Severity, severities } from '../../../model/outcome.ts';
import { gaugeOf } from './gauge-of.ts';

/** What the log says at one time, as figures; worked out beside the scrapes (keep-standing.ts). */
export interface Standing {
  /** When it was worked out, ISO-8601 UTC. */
  readonly at: string;
  /** By check. */
  readonly results: readonly { readonly severity: Severity | null; readonly counts: Readonly<Record<Outcome, number>> }[];
  /** Judged subjects by id of the account or organisation. */
  readonly resources: readonly { readonly source: string; readonly count: number }[];
  /**
   * As-of time of the oldest evidence each control rests on; null: on none. Only those that checks judge: what people gather by hand has no
   * age that is known here.
   */
  readonly controls: readonly {
    readonly control: string;
    readonly status: 'proposed' | 'adopted';
    readonly evidenceAsOf: string | null;
  }[];
  /** When the log recorded the latest receipt of each configured anchor; null: it has none. */
  readonly anchors: readonly { readonly anchor: string; readonly at: string | null }[];
}

/** Figures of what was last worked out; ages are of the time of the scrape. */
export function showStanding(
  registry: Registry,
  now: () => string,
): {
  standing(standing: Standing): void;
  standingFailed(): void;
} {
  let known: Standing | undefined;
  const of = <T>(values: (standing: Standing) => readonly T[]) => (known === undefined ? [] : values(known));
  const secondsSince = (time: string) => Math.max(0, (Date.parse(now()) - Date.parse(time)) / 1000);
  const failures = new Counter({
    name: 'proofline_standing_failures_total',
    help: 'Times that results, resources, evidence and anchors could not be worked out',
    registers: [registry],
  });
  gaugeOf(
    registry,
    {
      name: 'proofline_results',
      help: 'Results that stand now, by severity of the check and outcome; what is too old is no-evidence',
      labels: ['severity', 'outcome'],
    },
    () =>
      of(({ results }) =>
        severities.flatMap((severity) => {
          const checks = results.filter((check) => check.severity === severity);
          return outcomes.map((outcome) => [{ severity, outcome }, checks.reduce((sum, { counts }) => sum + counts[outcome], 0)] as const);
        }),
      ),
  );
  gaugeOf(registry, { name: 'proofline_resources', help: 'Resources that were judged last', labels: ['source'] }, () =>
    of(({ resources }) => resources.map(({ source, count }) => [{ source }, count] as const)),
  );
  gaugeOf(
    registry,
    {
      name: 'proofline_control_evidence_age_seconds',
      help: 'Age of the oldest evidence a control that checks judge rests on; absent: on none',
      labels: ['control', 'status'],
    },
    () =>
      of(({ controls }) =>
        controls.flatMap(({ control, status, evidenceAsOf }) =>
          evidenceAsOf === null ? [] : [[{ control, status }, secondsSince(evidenceAsOf)] as const],
        ),
      ),
  );
  gaugeOf(
    registry,
    {
      name: 'proofline_controls_without_evidence',
      help: 'Controls that checks judge and that rest on no evidence at all; adopted: performed by management, proposed: of the library',
      labels: ['status'],
    },
    () =>
      of(({ controls }) =>
        (['adopted', 'proposed'] as const).map((status) => [
          { status },
          controls.filter((control) => control.status === status && control.evidenceAsOf === null).length,
        ]),
      ),
  );
  gaugeOf(
    registry,
    {
      name: 'proofline_anchor_age_seconds',
      help: 'Time since the log recorded the latest receipt of an anchor; absent: it has none',
      labels: ['anchor'],
    },
    () => of(({ anchors }) => anchors.flatMap(({ anchor, at }) => (at === null ? [] : [[{ anchor }, secondsSince(at)] as const]))),
  );
  gaugeOf(
    registry,
    {
      name: 'proofline_standing_age_seconds',
      help: 'How long ago results, resources, evidence and anchors were last worked out',
    },
    () => of(({ at }) => [[{}, secondsSince(at)] as const]),
  );
  return {
    standing(standing) {
      known = standing;
    },
    standingFailed: () => failures.inc(),
  };
}
