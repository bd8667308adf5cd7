import type { Control } from '../../model/control.ts';
import type { Notice } from '../../model/notification.ts';
import type { Severity } from '../../model/outcome.ts';
import { PlanDetail } from '../../model/plan.ts';
import { Statement } from '../../model/statement.ts';
import type { Store } from '../../store/contract.ts';

/** What a plan says of a check with its parameters: the words of a notice. Only adopted controls speak for a framework. */
export interface DescribedCheck {
  readonly check: NonNullable<Notice['check']>;
  readonly severity: Severity;
  readonly controls: readonly Control[];
  readonly criteria: readonly string[];
  readonly objectives: readonly string[];
  readonly collector: { readonly id: string; readonly title: string };
}

export interface PlanInForce {
  readonly index: number;
  readonly id: string;
  readonly detail: PlanDetail;
  /** Name in the configuration of what an account or organisation belongs to; the id itself where the plan does not know it. */
  nameOf(source: string): string;
  describe(check: string, parametersDigest: string): DescribedCheck;
  /** What adopted ones of these controls speak for. */
  speakFor(controls: readonly string[]): Pick<Notice, 'controls' | 'criteria' | 'objectives'>;
}

/** Reads the plan of a log entry, remembering those of late; undefined when it was erased or is of a release that cannot be read. */
export function planReader(store: Pick<Store, 'entry' | 'blob'>): (index: number | null) => PlanInForce | undefined {
  const known = new Map<number, PlanInForce | undefined>();
  return (index) => {
    if (index === null) return undefined;
    if (known.has(index)) return known.get(index);
    const plan = readPlan(store, index);
    if (known.size >= plansKept) known.clear();
    known.set(index, plan);
    return plan;
  };
}
const plansKept = 4;

function readPlan(store: Pick<Store, 'entry' | 'blob'>, index: number): PlanInForce | undefined {
  const entry = store.entry(index);
  const statement = entry === undefined ? undefined : Statement.safeParse(JSON.parse(new TextDecoder().decode(entry.bytes))).data;
  if (statement?.kind !== 'plan') return undefined;
  const blob = store.blob(statement.detail);
  if (blob?.kind !== 'open') return undefined;
  const detail = PlanDetail.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes))).data;
  if (detail === undefined) return undefined;
  const names = new Map(detail.sources.flatMap(({ name, members }) => (members ?? []).map((member) => [member, name] as const)));
  const described = new Map<string, DescribedCheck>();
  return {
    index,
    id: statement.id,
    detail,
    nameOf: (source) => names.get(source) ?? source,
    describe(check, parametersDigest) {
      const key = `${check} ${parametersDigest}`;
      const made = described.get(key) ?? describe(detail, check, parametersDigest);
      described.set(key, made);
      return made;
    },
    speakFor(ids) {
      const controls = detail.controls.filter(({ status, id }) => status === 'adopted' && ids.includes(id));
      return {
        controls: controls.map(({ id, statement: text }) => ({ id, statement: text })),
        criteria: spokenFor(controls, 'soc2'),
        objectives: spokenFor(controls, 'soc1'),
      };
    },
  };
}

function spokenFor(controls: readonly Control[], report: 'soc1' | 'soc2'): string[] {
  return [
    ...new Set(controls.flatMap(({ satisfies }) => satisfies[report].map((link) => (typeof link === 'string' ? link : link.id)))),
  ].sort();
}

function describe(detail: PlanDetail, id: string, parametersDigest: string): DescribedCheck {
  const row = detail.checks.find((check) => check.id === id && check.parametersDigest === parametersDigest);
  const controls = detail.controls.filter((control) => control.status === 'adopted' && (row?.controls ?? []).includes(control.id));
  const collector = detail.collectors.find(({ yields }) => row !== undefined && yields.includes(row.subject));
  return {
    // A plan that does not have the check is of a log that was put together otherwise; what fails is told all the same.
    check: {
      id,
      parametersDigest,
      claim: row?.claim ?? id,
      remediation: row?.remediation ?? { console: '', cli: '', terraform: '' },
    },
    severity: row?.severity ?? 'medium',
    controls,
    criteria: spokenFor(controls, 'soc2'),
    objectives: spokenFor(controls, 'soc1'),
    collector: { id: collector?.id ?? id, title: collector?.title ?? id },
  };
}
