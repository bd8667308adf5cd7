import {
  type Collector,
  defineCollector,
  type JsonObject,
  type RecordTypeName,
  type Reply,
  type ResourceDraft,
  type ResourceType,
  recordTypes,
  unread,
  z,
} from '../../src/authoring.ts';
import type { TabularClient } from './client.ts';
import { readRow } from './read-row.ts';
import { tableOf } from './table.ts';
import { Misfit, type Value } from './typed-value.ts';

const Row = z.strictObject({
  cells: z.record(z.string(), z.json()),
  /** Of a row that something is wrong with: where it is. */
  line: z.int().nullable().optional(),
});

/** Reads every table whose rows are declared to be of one kind: `tabular/hr-person` those of people. */
export function recordCollector(name: RecordTypeName, type: ResourceType): Collector<TabularClient> {
  const { roster = false, calledBy } = recordTypes[name] as { readonly roster?: true; readonly calledBy?: string };
  const noun = name.slice(name.indexOf('.') + 1);
  return defineCollector<TabularClient>({
    id: `tabular/${name.replaceAll('.', '-')}`,
    title: type.title,
    kind: roster ? 'roster' : 'state',
    scope: 'account',
    // What is asked for and how it is read is the company's own declaration.
    grade: 'entity-built-logic',
    yields: [type],
    permissions: ['table:read'],
    member: (settings) => settings['as'] === name,
    items: {
      'tabular:rows': { keep: ['*'], split: rowsIn },
      /** A cell that does not fit: of a row that is known. */
      'tabular:cells': { keep: ['*'], namesSubjects: false },
      'tabular:table': { keep: ['*'], volatile: ['asOf', 'facts'], namesSubjects: false },
      'tabular:total': { keep: ['*'], namesSubjects: false },
    },
    collect: (client) => client.read(),
    asOf: (view) => {
      const table = view.part('tabular:table', null, z.looseObject({ asOf: z.string().nullable() }));
      return table !== null && 'asOf' in table ? (table.asOf ?? undefined) : undefined;
    },
    normalise(view) {
      const table = tableOf(view.settings);
      return view.each('tabular:rows', Row, ({ cells }, { subject }): ResourceDraft => {
        const row = readRow(table, cells);
        const key = row.key?.join('/') ?? subject ?? '';
        const fields: Record<string, unknown> = { table: table.table, key };
        for (const [field, value] of Object.entries(row.fields)) fields[field] = reading(value);
        // Half a row would say that there is nothing in the other half.
        fields['values'] = row.problems.length === 0 ? row.values : unread('malformed-reply');
        const called = calledBy === undefined ? undefined : row.fields[calledBy];
        return {
          type: name,
          id: view.id(noun, subject ?? ''),
          display: typeof called === 'string' ? called : key,
          fields,
        };
      });
    },
  });
}

function reading(value: Value | Misfit | undefined): unknown {
  if (value === undefined) return unread('not-collected');
  return value instanceof Misfit ? unread('malformed-reply') : value;
}

/** The rows of a page as the client has named them. */
function rowsIn(output: JsonObject, _reply: Reply): readonly { readonly subject: string; readonly body: JsonObject }[] {
  return output['rows'] as unknown as readonly { readonly subject: string; readonly body: JsonObject }[];
}
