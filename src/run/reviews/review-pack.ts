import type { DescribedReview, FollowedLine } from '../../access/reviews/describe-reviews.ts';
import { lineState } from '../../access/reviews/describe-reviews.ts';
import type { Decided, JudgedReview, Void } from '../../access/reviews/judge-reviews.ts';
import { linesText, type ReviewLine } from '../../access/reviews/to-lines.ts';
import { type AnyTable, asTable, type Cell, column, list, type Table } from '../../bundle/documents/table.ts';
import { writeCsv } from '../../bundle/documents/write-csv.ts';
import { writeWorkbook } from '../../bundle/documents/write-workbook.ts';
import type { RecordedDecision, ReviewRecord } from '../../model/decision.ts';
import type { ReviewSettings } from '../../model/review-settings.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { sha256, toHex } from '../../seal/digest.ts';

interface ToPack {
  readonly review: DescribedReview;
  /** The frozen lines, as they hash to the recorded digest. */
  readonly lines: readonly ReviewLine[];
  readonly settings: ReviewSettings;
  readonly decisions: readonly RecordedDecision[];
  /** ISO-8601 UTC. */
  readonly at: string;
  /** Replaces names of people, as a redaction profile asks. Then the lines as they were frozen, which have them, are left out. */
  readonly masked?: (text: string) => string;
}

const tableNames = [
  'roster',
  'reconciliation',
  'assignments',
  'decisions',
  'not-counted',
  'exceptions',
  'remediation',
  'sign-offs',
  'systems-not-reviewed',
  'metrics',
] as const;
/** Names of the files of every pack. */
export function packFiles(masked: boolean): readonly string[] {
  return ['review.json', 'review.xlsx', ...tableNames.map((name) => `${name}.csv`), ...(masked ? [] : ['roster.jsonl'])];
}

/**
 * The evidence pack of one review that was begun: roster with its digest, reconciliation, assignments, every decision with those it replaced and
 * those that do not count, exceptions, what was shown to be gone, sign-offs, systems not reviewed, and metrics; as CSV, JSON and one workbook.
 * File name to bytes; the same log at the same time gives the same bytes.
 */
export async function reviewPack(pack: ToPack): Promise<ReadonlyMap<string, Uint8Array>> {
  const { review, lines, settings, at } = pack;
  const { judged } = review;
  if (judged === null) throw new TypeError(`${review.id} was never begun: there is nothing to pack`);
  const { masked } = pack;
  const tables = tablesOf(pack, judged).map(([name, table]) => [name, masked === undefined ? table : maskTable(table, masked)] as const);
  const files = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  if (masked === undefined) files.set('roster.jsonl', encoder.encode(linesText(lines)));
  for (const [name, table] of tables) files.set(`${name}.csv`, Buffer.concat([...writeCsv(table)]));
  files.set('review.xlsx', await writeWorkbook(tables.map(([, table]) => table)));
  const summary = {
    v: 1,
    review: review.id,
    title: review.definition.title,
    controls: review.definition.controls,
    state: review.state,
    asOf: at,
    occasion: review.occasion,
    steps: review.steps,
    frozen: {
      lines: judged.record.count,
      digest: judged.record.digest,
      entry: judged.started.entry,
      file: masked === undefined ? 'roster.jsonl' : null,
    },
    rules: { digest: `sha256:${toHex(sha256(encoder.encode(canonicalText(JSON.parse(JSON.stringify(settings))))))}`, settings },
    systems: judged.record.systems,
    notReviewed: review.notReviewed,
    doubts: review.doubts,
    metrics: { ...review.metrics, ...ratesOf(review) },
  };
  const told: unknown = masked === undefined ? summary : maskTexts(summary, masked);
  files.set('review.json', encoder.encode(`${JSON.stringify(told, null, 2)}\n`));
  return files;
}

function maskTable(table: AnyTable, masked: (text: string) => string): AnyTable {
  return {
    ...table,
    lines: {
      *[Symbol.iterator]() {
        for (const line of table.lines) yield line.map((cell) => (typeof cell === 'string' ? masked(cell) : cell));
      },
    },
  };
}
function maskTexts(value: unknown, masked: (text: string) => string): unknown {
  if (typeof value === 'string') return masked(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => maskTexts(one, masked));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, maskTexts(one, masked)]));
}

/** Shares of one hundred, as the tables and the JSON have them; null: of nothing. */
export function ratesOf({ metrics }: Pick<DescribedReview, 'metrics'>) {
  const of = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 100);
  const gone = metrics.shown + metrics.open + metrics.overdue + metrics.unknown;
  return {
    systemsWholePercent: of(metrics.systemsWhole, metrics.systems),
    decidedOnTimePercent: of(metrics.decidedOnTime, metrics.lines),
    revokedPercent: of(metrics.revoke, metrics.decided),
    shownPercent: of(metrics.shown, gone),
  };
}

const keyed = <Row>(table: Table<Row>): AnyTable => asTable(table);

function tablesOf(
  { review, lines, decisions, at }: ToPack,
  judged: JudgedReview,
): readonly (readonly [(typeof tableNames)[number], AnyTable])[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const loginOf = (line: string): string => byId.get(line)?.login ?? '';
  const permissionOf = (line: string): string => byId.get(line)?.permission ?? '';
  const sorted = [...judged.decided].map(([line, decided]) => ({ line, decided, replaced: false }));
  const all = [...sorted, ...judged.replaced.map((one) => ({ line: one.line, decided: one as Decided, replaced: true }))].sort(
    (one, other) => (one.line === other.line ? one.decided.entry - other.decided.entry : one.line < other.line ? -1 : 1),
  );
  type Row = (typeof all)[number];
  return [
    ['roster', rosterTable(lines)],
    ['reconciliation', reconciliationTable(judged.record)],
    [
      'assignments',
      keyed({
        name: 'Assignments',
        columns: [
          column('line', 40, ([line]) => line),
          column('account', 24, ([line]) => loginOf(line)),
          column('reviewer', 20, ([, { reviewer }]) => reviewer),
          column('assigned_at', 24, ([, assigned]) => assigned.at),
          column('entry', 10, ([, { entry }]) => entry),
        ],
        rows: [...judged.assigned].sort(([one], [other]) => (one < other ? -1 : 1)),
      } satisfies Table<readonly [string, { reviewer: string; at: string; entry: number }]>),
    ],
    [
      'decisions',
      keyed({
        name: 'Decisions',
        columns: [
          column('line', 40, ({ line }) => line),
          column('account', 24, ({ line }) => loginOf(line)),
          column('permission', 24, ({ line }) => permissionOf(line)),
          column('decision', 12, ({ decided }) => decided.decision),
          column('reason', 40, ({ decided }) => decided.reason),
          column('expires', 12, ({ decided }) => decided.expires),
          column('decided_by', 30, ({ decided }) => decided.byText),
          column('decided_at', 24, ({ decided }) => decided.at),
          column('entry', 10, ({ decided }) => decided.entry),
          column('file_sha256', 20, ({ decided }) => decided.file),
          column('seconds', 10, ({ decided }) => decided.seconds),
          column('replaced_by_a_later_one', 12, ({ replaced }) => (replaced ? 'yes' : '')),
        ],
        rows: all,
      } satisfies Table<Row>),
    ],
    ['not-counted', voidsTable(review.voids)],
    [
      'exceptions',
      followedTable(
        'Exceptions',
        review.followed.filter(({ decision }) => decision === 'exception'),
        loginOf,
        at,
      ),
    ],
    [
      'remediation',
      followedTable(
        'Remediation',
        review.followed.filter(({ decision }) => decision !== 'exception'),
        loginOf,
        at,
      ),
    ],
    ['sign-offs', signOffsTable(judged, decisions)],
    [
      'systems-not-reviewed',
      keyed({ name: 'Systems not reviewed', columns: [column('system', 40, (system: string) => system)], rows: review.notReviewed }),
    ],
    ['metrics', metricsTable(review)],
  ];
}

function rosterTable(lines: readonly ReviewLine[]): AnyTable {
  return keyed({
    name: 'Roster',
    columns: [
      column('line', 40, ({ id }) => id),
      column('system', 20, ({ system }) => system),
      column('person', 24, ({ person }) => (person === null ? '' : `${person.name} (${person.id})`)),
      column('account', 24, ({ login }) => login),
      column('account_kind', 16, ({ kind }) => kind),
      column('permission', 24, ({ permission }) => permission),
      column('on', 24, ({ on }) => on),
      column('means', 40, ({ means }) => means),
      column('given_by', 40, ({ path }) => path),
      column('marks', 20, ({ marks }) => list(marks)),
      column('conflicts', 16, ({ conflicts }) => list(conflicts)),
      column('last_used', 24, ({ lastUsed, tellsUse }) => lastUsed ?? (tellsUse ? 'never' : 'not told')),
      column('not_evaluated', 24, ({ notEvaluated }) => list(notEvaluated)),
    ],
    rows: lines,
  } satisfies Table<ReviewLine>);
}

function reconciliationTable({ systems }: ReviewRecord): AnyTable {
  type Row = { readonly system: string; readonly cells: readonly Cell[] };
  const rows: Row[] = systems.flatMap(({ system, accounts, lines, complete, reconciliation, since, collections }) => [
    {
      system,
      cells: [
        'frozen lines',
        lines,
        null,
        `${accounts} accounts; ${complete ? 'seen whole' : 'not seen whole'}; entries ${list(collections)}`,
      ],
    },
    ...reconciliation.map((one) => ({ system, cells: [one.with, one.count, one.difference, one.explanation] })),
    ...(since === null
      ? [{ system, cells: ['the review before', null, null, 'this is the first'] }]
      : [
          {
            system,
            cells: [
              since.review,
              since.unchanged + since.removed,
              since.added - since.removed,
              `${since.added} added, ${since.removed} removed, ${since.unchanged} unchanged`,
            ],
          },
        ]),
  ]);
  const at =
    (place: number) =>
    ({ cells }: Row) =>
      cells[place] ?? null;
  return keyed({
    name: 'Reconciliation',
    columns: [
      column('system', 24, ({ system }) => system),
      column('with', 40, at(0)),
      column('count', 10, at(1)),
      column('difference', 10, at(2)),
      column('explanation', 60, at(3)),
    ],
    rows,
  } satisfies Table<Row>);
}

function voidsTable(voids: readonly Void[]): AnyTable {
  return keyed({
    name: 'Not counted',
    columns: [
      column('entry', 10, ({ entry }) => entry),
      column('at', 24, ({ at }) => at),
      column('by', 24, ({ by }) => by),
      column('what', 12, ({ what }) => what),
      column('line', 40, ({ line }) => line),
      column('rule', 16, ({ rule }) => rule),
      column('why', 60, ({ says }) => says),
    ],
    rows: voids,
  } satisfies Table<Void>);
}

const stateWords = {
  shown: 'shown to be gone by a later roster',
  open: 'still there, within its time',
  overdue: 'still there, past its time',
  unknown: 'not known: the rosters since were not seen whole',
  replaced: 'decided anew by a later review',
  holds: 'in force',
  past: 'ended, and still there',
} as const;

function followedTable(name: string, lines: readonly FollowedLine[], loginOf: (line: string) => string, at: string): AnyTable {
  return keyed({
    name,
    columns: [
      column('line', 40, ({ line }) => line),
      column('account', 24, ({ line }) => loginOf(line)),
      column('decision', 12, ({ decision }) => decision),
      column('decided_at', 24, ({ decidedAt }) => decidedAt),
      column('decided_by', 24, ({ by }) => by),
      column('privileged', 10, ({ privileged }) => (privileged ? 'yes' : '')),
      column('due', 24, ({ due }) => due),
      column('state', 30, (line) => stateWords[lineState(line, at)]),
      column('gone_by', 24, ({ goneBy }) => goneBy),
      column('used_after_the_decision', 24, ({ usedSince }) => usedSince),
      column('decided_anew_by', 24, ({ replacedBy }) => replacedBy),
    ],
    rows: lines,
  } satisfies Table<FollowedLine>);
}

/** One row per entry in which somebody decided. */
function signOffsTable({ decided, started, closed, record }: JudgedReview, decisions: readonly RecordedDecision[]): AnyTable {
  const lines = new Map<number, number>();
  for (const { entry } of decided.values()) lines.set(entry, (lines.get(entry) ?? 0) + 1);
  const own = decisions.filter(
    ({ index, payload }) =>
      (payload.type === 'decide-review' && payload.review === record.id) || index === started.entry || index === closed?.entry,
  );
  return keyed({
    name: 'Sign-offs',
    columns: [
      column('entry', 10, ({ index }) => index),
      column('what', 16, ({ payload }) => payload.type),
      column('by', 24, ({ actor }) => actor.person ?? actor.name),
      column('identity', 24, ({ actor }) => (actor.person === null ? 'identity not authenticated' : `${actor.name}, by his key`)),
      column('key', 30, ({ signature }) => signature?.key ?? null),
      column('at', 24, ({ at }) => at),
      column('lines_in_force', 10, ({ index }) => lines.get(index) ?? null),
      column('file_sha256', 20, ({ payload }) => (payload.type === 'decide-review' ? payload.file : null)),
      column('reason', 60, ({ reason }) => reason),
    ],
    rows: own,
  } satisfies Table<RecordedDecision>);
}

function metricsTable(review: DescribedReview): AnyTable {
  return keyed({
    name: 'Metrics',
    columns: [column('metric', 30, ([name]) => name), column('value', 12, ([, value]) => value)],
    rows: Object.entries({ ...review.metrics, ...ratesOf(review) }),
  } satisfies Table<[string, number | null]>);
}
