/** Where a list goes on, as its Link header says: the query of the next page, null at the end, or why we do not follow it. */
export type NextPage =
  | { readonly next: Readonly<Record<string, string>> | null }
  | { readonly refused: 'foreign-host' | 'other-path' | 'unreadable' };

/**
 * Reads `rel="next"` of a Link header. Only the query of the next page is taken over, and only when the address is below the base we
 * were configured with and ends in the same resource: GitHub writes `/organizations/9919/members` for `/orgs/acme/members`. So a
 * reply can never send us, and our token, elsewhere.
 */
export function nextPage(link: string, requested: URL, base: URL): NextPage {
  const target = targetOf(link, 'next');
  if (target === undefined) return { next: null };
  if (!URL.canParse(target, requested.href)) return { refused: 'unreadable' };
  const url = new URL(target, requested);
  const prefix = base.pathname.replace(/\/+$/, '');
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') return { refused: 'foreign-host' };
  if (!url.pathname.startsWith(`${prefix}/`) || lastSegment(url) !== lastSegment(requested)) return { refused: 'other-path' };
  return { next: Object.fromEntries(url.searchParams) };
}

/** RFC 8288: `<target>; rel="next", <target>; rel="last"`; a relation may be one of several in its quotes. */
function targetOf(link: string, relation: string): string | undefined {
  for (const [, target, parameters] of link.matchAll(/<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i.exec(parameters ?? '');
    if ((relations?.[1] ?? relations?.[2] ?? '').split(/\s+/).includes(relation)) return target;
  }
  return undefined;
}

function lastSegment(url: URL): string | undefined {
  return url.pathname.replace(/\/+$/, '').split('/').at(-1);
}
