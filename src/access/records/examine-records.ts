import { z } from 'zod';
import type { GapReason } from '../../model/completeness.ts';
import { notAuthenticated, type RecordedDecision } from '../../model/decision.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import type { JsonObject } from '../../model/json.ts';
import { recordTypes } from '../../model/record-types.ts';
import type { ReadResource } from '../../model/resource.ts';
import { type Examination, type ExaminedTable, RecordSettings } from './examination.ts';
import { type Cell, orderRows, type RecordRow, type RecordTable } from './record-table.ts';
import { runExamination, tablesOf } from './run-examination.ts';
import type { Examined, Finding } from './select-records.ts';
import { type KnownAccount, type WhoIs, whoIs } from './who-is.ts';

/** What is sealed of records: an examination as a whole, always, and each record that fails it or of which it cannot be told. */
export interface DerivedItem {
  readonly subject: string;
  readonly body: JsonObject;
}

/** Everything examinations may read: records of every kind, and whose the logins in them are. */
export const examinedTypes = [...Object.keys(recordTypes), 'entity.person', 'entity.account'];

const dayLast = 'T23:59:59.999Z';

/**
 * Carries out every declared examination over what was sealed of its tables. Pure. A table that is not connected or was not seen whole leaves
 * the examination unread, and what fails in it is found all the same.
 * @throws ZodError for settings of another shape: they were checked when they were loaded, so it is a bug.
 */
export function examineRecords(input: DerivedInput): readonly DerivedItem[] {
  const sealed = z.object({ records: RecordSettings.nullable() }).parse(input.settings).records;
  if (sealed === null) return [];
  const populations = new Map(sealed.tables.map((table) => [table.name, tableFrom(input, table)]));
  const population = (name: string): RecordTable => {
    const known = populations.get(name);
    if (known === undefined) throw new Error(`the settings do not say what ${name} is`);
    return known;
  };
  const who = peopleIn(input);
  return sealed.examinations.flatMap(({ examination, blocked }) => {
    if (blocked !== null) return [summaryItem(examination, null, [], { reason: 'not-collected', because: blocked })];
    const read = tablesOf(examination).map(population);
    const gap = read.find((table) => table.gap !== null)?.gap ?? null;
    const examined = runExamination(examination, { table: population, who, at: input.at });
    return itemsOf(examination, examined, gap, explanationsOf(input, examination));
  });
}

interface Explanation {
  readonly by: string;
  readonly approvedBy: string;
  readonly reason: string;
  readonly expires: string | null;
}
/** Explanations of an examination's records that a second person approved, by record; the later one counts. */
function explanationsOf({ decisions, at }: DerivedInput, { id }: Examination): ReadonlyMap<string, Explanation> {
  const found = new Map<string, Explanation>();
  for (const { payload, actor, approval, ended } of decisions) {
    if (payload.type !== 'explain-record' || payload.examination !== id || approval === null || ended !== null) continue;
    if (payload.expires !== null && at > `${payload.expires}${dayLast}`) continue;
    const { explanation: reason, expires } = payload;
    found.set(payload.record, { by: nameOf(actor), approvedBy: nameOf(approval.actor), reason, expires });
  }
  return found;
}
function nameOf({ name, person }: RecordedDecision['actor']): string {
  return person ?? `${name} (${notAuthenticated})`;
}

/** How a decision names a record: by its key, and one of another table than the examined one by table and key. */
export function recordName({ over }: Pick<Examination, 'over'>, { table, key }: Pick<Finding, 'table' | 'key'>): string {
  return table === over ? key : `${table}/${key}`;
}

function itemsOf(
  examination: Examination,
  examined: Examined,
  gap: GapReason | null,
  explanations: ReadonlyMap<string, Explanation>,
): readonly DerivedItem[] {
  const names = new Set<string>();
  const subjectOf = (finding: Finding) => {
    const name = [examination.id, finding.table, finding.key].map((part) => part.replaceAll('/', '%2F')).join('/');
    let subject = name;
    for (let count = 2; names.has(subject); count += 1) subject = `${name}#${count}`;
    names.add(subject);
    return subject;
  };
  const item = (finding: Finding, undecided: GapReason | null): DerivedItem => ({
    subject: subjectOf(finding),
    body: {
      examination: examination.id,
      title: examination.title,
      control: examination.control ?? null,
      severity: examination.severity,
      record: { name: recordName(examination, finding), table: finding.table, key: finding.key, at: finding.at, why: finding.why },
      undecided,
      explanation: undecided === null ? asJson(explanations.get(recordName(examination, finding))) : null,
    },
  });
  const findings = examined.findings.map((finding) => item(finding, null));
  const undecided = examined.undecided.map((finding) => item(finding, finding.reason));
  const explained = findings.filter(({ body }) => body['explanation'] !== null).length;
  const reason: GapReason | null = gap ?? examined.undecided[0]?.reason ?? (examined.unseen > 0 ? 'malformed-reply' : null);
  return [
    summaryItem(examination, examined, [findings.length - explained, explained], reason === null ? null : { reason, because: null }),
    ...findings,
    ...undecided,
  ];
}
function asJson(explanation: Explanation | undefined): JsonObject | null {
  return explanation === undefined ? null : { ...explanation };
}

function summaryItem(
  examination: Examination,
  examined: Examined | null,
  [failing = 0, explained = 0]: readonly number[],
  unread: { readonly reason: GapReason; readonly because: string | null } | null,
): DerivedItem {
  return {
    subject: examination.id,
    body: {
      examination: examination.id,
      title: examination.title,
      control: examination.control ?? null,
      severity: examination.severity,
      kind: examination.kind,
      tables: (examined?.read ?? tablesOf(examination).map((table) => ({ table, records: 0, keys: null }))).map((read) => ({ ...read })),
      examined: examined?.read[0]?.records ?? 0,
      failing,
      explained,
      undecided: (examined?.undecided.length ?? 0) + (examined?.unseen ?? 0),
      waiting: examined?.pending ?? 0,
      until: examined?.until ?? null,
      from: examined?.from ?? null,
      to: examined?.to ?? null,
      unread: unread === null ? null : { ...unread },
    },
  };
}

function tableFrom({ seen, events, missing }: DerivedInput, { name, of, columns }: ExaminedTable): RecordTable {
  const isIt = of === 'table' ? (one: SeenType) => one.member === `tabular:${name}` : (one: SeenType) => one.type === name;
  const whole = [...seen, ...events].filter(isIt);
  const several = new Set(whole.map(({ member }) => member)).size > 1;
  const rows = whole.flatMap(({ resources }) => resources.map((resource) => rowOf(resource, of, several)));
  const missed = missing.filter(({ type, member }) => (of === 'table' ? member === `tabular:${name}` : type === name));
  const gap = whole.find(({ incomplete }) => incomplete !== null)?.incomplete ?? missed[0]?.reason;
  return {
    name,
    columns: new Map(Object.entries(columns)),
    rows: orderRows(rows),
    gap: gap ?? (whole.length === 0 ? 'not-collected' : null),
  };
}

const Text = z.string().min(1);
const Values = z.record(z.string(), z.unknown());
/** Of a table its values, all of which are unread where one is; of a kind of record its fields, each by itself. */
function rowOf({ fields, unread, display }: ReadResource, of: ExaminedTable['of'], several: boolean): RecordRow {
  const key = Text.safeParse(fields['key']).data ?? display;
  const values = of === 'table' ? (Values.safeParse(fields['values']).data ?? {}) : fields;
  return { key: several ? `${String(fields['table'])}/${key}` : key, values: values as Readonly<Record<string, Cell>>, unread };
}

const KnownPerson = z.object({ person: z.string(), emails: z.array(z.string()) });
const Known = z.object({
  system: z.string(),
  login: z.string(),
  emails: z.array(z.string()),
  kind: z.enum(['person', 'service-account', 'unresolved']),
  owner: z.string().nullable(),
  sharedWith: z.array(z.string()),
});

function peopleIn({ seen }: DerivedInput): WhoIs {
  const fieldsOf = <S extends z.ZodType>(type: string, shape: S): z.output<S>[] =>
    seen
      .filter((one) => one.type === type)
      .flatMap(({ resources }) => resources)
      .flatMap(({ fields }) => {
        const read = shape.safeParse(fields);
        return read.success ? [read.data] : [];
      });
  const persons = fieldsOf('entity.person', KnownPerson).map(({ person, emails }) => {
    const [, number] = /^[^:]+:(.+)$/.exec(person) ?? [];
    return { id: person, names: number === undefined ? emails : [...emails, number] };
  });
  const accounts = fieldsOf('entity.account', Known).map(
    ({ system, login, emails, kind, owner, sharedWith }): KnownAccount => ({
      system: system.replace(/^tabular:/, ''),
      names: [login, ...emails],
      kind: sharedWith.length > 0 ? 'unresolved' : kind,
      owner,
    }),
  );
  return whoIs(persons, accounts);
}
