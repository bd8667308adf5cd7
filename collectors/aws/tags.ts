import { z } from '../../src/authoring.ts';
import { body, given } from './stated.ts';

/** Tags as AWS lists them, by key. What does not fit is left out like what is not there: nothing is judged by them. */
export const Tags = given(
  z.array(body({ Key: z.string(), Value: z.string() })).transform((tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))),
);

/** For the base of a draft: the tags, where the reply had any. */
export function tagged(tags: z.output<typeof Tags>): { readonly tags?: Readonly<Record<string, string>> } {
  return tags === undefined ? {} : { tags };
}
