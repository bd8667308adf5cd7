import { defineResource, type FieldKind, type RecordTypeName, type ResourceType, recordTypes, z } from '../../src/authoring.ts';

const shapes = {
  text: z.string().nullable(),
  list: z.array(z.string()),
  date: z.iso.date().nullable(),
  time: z.iso.datetime({ precision: 3 }).nullable(),
  /** Decimal text, as exact as its source. */
  decimal: z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .nullable(),
  integer: z.int().nullable(),
  boolean: z.boolean().nullable(),
} as const;

type ShapeOf<K> = K extends keyof typeof shapes
  ? (typeof shapes)[K]
  : K extends readonly (infer W extends string)[]
    ? z.ZodNullable<z.ZodEnum<{ [N in W]: N }>>
    : never;

/** What every record has, whatever it is. */
const common = {
  /** `hr.people`: source and table. */
  table: z.string(),
  /** Parts of its key, joined by slashes. */
  key: z.string(),
  /** Every declared column by name. */
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])),
};
type RecordShape<T extends RecordTypeName> = typeof common & {
  readonly [F in keyof (typeof recordTypes)[T]['fields']]: ShapeOf<(typeof recordTypes)[T]['fields'][F]>;
};

/** The noun of one kind of record: its fields as `recordTypes` has them, beside table, key and values. */
export function recordResource<T extends RecordTypeName>(type: T): ResourceType<RecordShape<T>> {
  const { title, fields } = recordTypes[type];
  const own = Object.fromEntries(
    Object.entries<FieldKind>(fields).map(([field, kind]) => [field, typeof kind === 'string' ? shapes[kind] : z.enum(kind).nullable()]),
  );
  return defineResource({ type, title, shape: { ...common, ...own } as RecordShape<T> });
}
