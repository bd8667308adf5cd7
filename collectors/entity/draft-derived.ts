import { type ItemView, type ResourceDraft, type ResourceType, unread, z } from '../../src/authoring.ts';
import { GapReason } from '../../src/model/completeness.ts';

const Body = z.looseObject({ of: z.string(), unread: z.record(z.string(), GapReason) });

/**
 * Drafts of what was worked out, by its `of`: the fields of the type, those that could not be known unread.
 * @param makes per `of` the type, and its id and display by the fields
 */
export function draftDerived(
  view: ItemView,
  operation: string,
  makes: Readonly<
    Record<
      string,
      { readonly type: ResourceType; readonly id: (subject: string) => string; readonly display: string | ((fields: Fields) => string) }
    >
  >,
): readonly ResourceDraft[] {
  return view.each(operation, Body, ({ of, unread: missing, ...fields }, { subject }) => {
    const make = makes[of];
    if (make === undefined) return [];
    const { type, id, display } = make;
    const read = Object.keys(type.shape).map((field) => {
      const reason = missing[field];
      return [field, reason === undefined ? fields[field] : unread(reason)];
    });
    const native = (subject ?? '').slice(of.length + 1);
    return {
      type: type.type,
      id: id(native),
      display: typeof display === 'string' ? display : display(fields),
      fields: Object.fromEntries(read),
    };
  });
}
type Fields = Readonly<Record<string, unknown>>;
