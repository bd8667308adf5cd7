import type { BundleExamination, BundleFailingRecord, RecordsPack } from '../../../model/entity-pack.ts';
import { type Life, livesBefore, mergeLives, unknownOf } from './read-lives.ts';

type Fields = Partial<Omit<BundleExamination, 'shown' | 'unknown' | 'latest' | 'population'>> & {
  readonly population?: BundleExamination['population'];
  readonly record?: {
    readonly name: string;
    readonly table: string;
    readonly key: string;
    readonly at: string | null;
    readonly why: string;
  } | null;
  readonly holds?: boolean;
  readonly explanation?: BundleFailingRecord['explanation'];
};

/** Examinations of records over a period, and the records that failed them. Pure. */
export function recordsPack(lives: readonly Life[], period: { readonly from: string; readonly to: string }): RecordsPack {
  const all = lives.filter(({ type }) => type === 'entity.record-examination');
  const isRecord = ({ fields }: Life): boolean => typeof fields['record'] === 'object' && fields['record'] !== null;
  const wholes = mergeLives(
    livesBefore(
      all.filter((life) => !isRecord(life)),
      period.to,
    ),
    ({ fields, unread }) => [fields['population'], fields['tables'], fields['blocked'], unread],
  );
  const records = mergeLives(all.filter(isRecord), ({ fields, unread }) => [
    fields['record'],
    fields['holds'],
    fields['explanation'],
    unread,
  ]);
  return {
    examinations: wholes.map((life, n) => examination(life, wholes[n + 1]?.id !== life.id)),
    // A record of the last days may be examined after they are over.
    failing: records.flatMap(failing).filter(({ shown, at }) => shown.from < period.to || (at !== null && at < period.to)),
  };
}

function examination(life: Life, latest: boolean): BundleExamination {
  const fields = life.fields as Fields;
  const population = fields.population ?? null;
  return {
    examination: fields.examination ?? life.display,
    title: fields.title ?? '',
    control: fields.control ?? null,
    severity: fields.severity ?? 'critical',
    population:
      population === null
        ? null
        : {
            examined: population.examined,
            failing: population.failing,
            explained: population.explained,
            waiting: population.waiting,
            from: population.from,
            to: population.to,
          },
    tables: fields.tables ?? [],
    blocked: fields.blocked ?? null,
    latest,
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function failing(life: Life): BundleFailingRecord[] {
  const fields = life.fields as Fields;
  const { record } = fields;
  if (record === null || record === undefined) return [];
  return [
    {
      examination: fields.examination ?? life.display,
      title: fields.title ?? '',
      control: fields.control ?? null,
      severity: fields.severity ?? 'critical',
      record: record.name,
      table: record.table,
      key: record.key,
      at: record.at,
      why: record.why,
      fails: fields.holds === false,
      explanation: fields.explanation ?? null,
      shown: life.shown,
      unknown: unknownOf(life),
    },
  ];
}
