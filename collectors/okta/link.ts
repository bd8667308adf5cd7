/** Where a list goes on: the cursor of its next page, null at the end, or why we do not follow what the reply says. */
export type NextPage =
  | { readonly after: string | null }
  | { readonly refused: 'foreign-host' | 'other-path' | 'unreadable' | 'without-cursor' };

/**
 * Reads where a list goes on from Link headers (`<https://acme.okta.com/api/v1/users?after=00u1>; rel="next"`). Only the cursor is taken
 * over, and only when the address is the one that was asked: a reply can never send us, and our token, elsewhere.
 */
export function nextPage(link: string, requested: URL): NextPage {
  for (const [, target = '', parameters = ''] of link.matchAll(/<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i.exec(parameters) ?? [];
    if ((quoted ?? bare ?? '').split(/\s+/).includes('next')) return cursorIn(target, requested);
  }
  return { after: null };
}

/** The cursor in the address of a next page. */
export function cursorIn(target: string, requested: URL): NextPage {
  if (!URL.canParse(target, requested.href)) return { refused: 'unreadable' };
  const url = new URL(target, requested);
  if (url.host !== requested.host || url.username !== '' || url.password !== '') return { refused: 'foreign-host' };
  if (url.pathname !== requested.pathname) return { refused: 'other-path' };
  const after = url.searchParams.get('after');
  return after === null || after === '' ? { refused: 'without-cursor' } : { after };
}
