import { defineCollector, type JsonObject, type Reading, unread, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, part, stated, unreadParts } from '../readings.ts';
import { at, isObject, nodeItems, whyUnread } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { GithubCodeowners } from './resource.ts';

const operation = 'graphql:codeowners';
const connection = 'organization.repositories';
/** The text of three files comes with every repository, so a page has half of what other pages have. */
const perPage = 50;
/** Longer ones are not kept: whoever is named in so many lines is not found by a message. */
const longestText = 65_536;
/** In the order in which GitHub looks: the first that is there counts. */
const places = [
  ['inGithub', '.github/CODEOWNERS'],
  ['inRoot', 'CODEOWNERS'],
  ['inDocs', 'docs/CODEOWNERS'],
] as const;

/** null: there is nothing at the path. Something that is no file has none of the fields. */
const file = given(body({ __typename: z.string(), isTruncated: z.boolean().optional(), text: z.string().nullish() }).nullable());
const repository = body({
  id: z.string(),
  nameWithOwner: z.string(),
  isArchived: given(z.boolean()),
  codeowners: given(body({ errors: z.array(body({ kind: z.string(), line: z.int() })) }).nullable()),
  inGithub: file,
  inRoot: file,
  inDocs: file,
  unread: unreadParts,
});
type Repository = z.output<typeof repository>;

export default defineCollector<GithubClient>({
  id: 'github/codeowners',
  title: 'CODEOWNERS files',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubCodeowners],
  permissions: ['contents:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [operation]: {
      keep: ['id', 'nameWithOwner', 'isArchived', 'codeowners', ...places.map(([field]) => field), 'unread'],
      split: (output) => nodeItems(output, connection).map(({ subject, body: node }) => ({ subject, body: withinBounds(node) })),
    },
  },
  async *collect(client) {
    let seen = 0;
    for await (const reply of client.graphqlPages('codeowners', {}, connection, { first: perPage })) {
      yield reply;
      const nodes = at(reply.output, ['data', ...connection.split('.'), 'nodes']);
      seen += Array.isArray(nodes) ? nodes.length : 0;
    }
    yield* seeAll(client, operation, seen);
  },
  normalise: (view) =>
    view.each(operation, repository, (found) =>
      GithubCodeowners.draft(
        { id: view.id('codeowners', found.id), display: `CODEOWNERS of ${found.nameWithOwner}` },
        {
          repository: found.nameWithOwner,
          archived: stated(found.isArchived),
          file: fileOf(found),
          errors: part(found.unread, 'codeowners', () => errorsOf(found)),
        },
      ),
    ),
});

function withinBounds(node: JsonObject): JsonObject {
  const long = places.flatMap(([field]) => {
    const found = node[field];
    const text = isObject(found) ? found['text'] : undefined;
    return typeof text === 'string' && text.length > longestText
      ? [[field, { ...(found as JsonObject), isTruncated: true, text: null }]]
      : [];
  });
  return { ...node, ...Object.fromEntries(long) };
}

function fileOf(found: Repository): Reading<{ path: string; text: string } | null> {
  for (const [field, path] of places) {
    const reason = whyUnread(found.unread, field);
    if (reason !== undefined) return unread(reason);
    const here = found[field];
    if (here === undefined) return unread('malformed-reply');
    if (here?.__typename !== 'Blob') continue;
    if (here.isTruncated !== false) return unread(here.isTruncated === true ? 'truncated' : 'malformed-reply');
    // GitHub has no text of what is not text.
    return typeof here.text === 'string' ? { path, text: here.text } : unread('malformed-reply');
  }
  return null;
}

/** GitHub says nothing of errors where there is no file. */
function errorsOf({ codeowners }: Repository): Reading<{ line: number; kind: string }[]> {
  if (codeowners === undefined) return unread('malformed-reply');
  return codeowners === null ? [] : codeowners.errors.map(({ line, kind }) => ({ line, kind }));
}
