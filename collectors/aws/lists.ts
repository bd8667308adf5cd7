import type { JsonObject, Reply } from '../../src/authoring.ts';

/** The objects of a list in a reply, for a rule's `split`. Throws TypeError when it is no such list: the reply is then malformed. */
export function objectsIn(output: JsonObject, list: string): readonly JsonObject[] {
  const found = output[list];
  if (!Array.isArray(found)) throw new TypeError(`${list} is not a list`);
  return found.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw new TypeError(`${list} holds something that is no object`);
    return one as JsonObject;
  });
}

/** A list of bare names. Throws TypeError like `objectsIn`. */
export function namesIn(output: JsonObject, list: string): readonly string[] {
  const found = output[list];
  if (!Array.isArray(found)) throw new TypeError(`${list} is not a list`);
  return found.map((one: unknown) => {
    if (typeof one !== 'string' || one === '') throw new TypeError(`${list} holds something that is no name`);
    return one;
  });
}

/** What a reply lists, for going on to ask about each; nothing when it is malformed, which splitting it records. */
export function listed<T>(reply: Reply, read: (output: JsonObject, list: string) => readonly T[], list: string): readonly T[] {
  if (reply.output === null) return [];
  try {
    return read(reply.output, list);
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}
