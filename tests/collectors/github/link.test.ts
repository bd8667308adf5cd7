import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextPage } from '../../../collectors/github/link.ts';

const base = new URL('https://api.github.com/');
const enterprise = new URL('https://github.example.com/api/v3');
const requested = new URL('https://api.github.com/orgs/acme/members?per_page=100');

test('takes the query of the next page, also from the path by id', () => {
  const link =
    '<https://api.github.com/organizations/9919/members?per_page=100&page=2>; rel="next", <https://api.github.com/organizations/9919/members?per_page=100&page=5>; rel="last"';
  expect(nextPage(link, requested, base)).toEqual({ next: { per_page: '100', page: '2' } });
});
test('ends where there is no next', () => {
  expect(nextPage('<https://api.github.com/organizations/9919/members?page=1>; rel="prev"', requested, base)).toEqual({ next: null });
  expect(nextPage('', requested, base)).toEqual({ next: null });
});
test.each([
  ['another host', '<https://example.com/orgs/acme/members?page=2>; rel="next"', 'foreign-host'],
  ['another port', '<https://api.github.com:8443/orgs/acme/members?page=2>; rel="next"', 'foreign-host'],
  ['plain HTTP', '<http://api.github.com/orgs/acme/members?page=2>; rel="next"', 'foreign-host'],
  ['credentials', '<https://user:pass@api.github.com/orgs/acme/members?page=2>; rel="next"', 'foreign-host'],
  ['another resource', '<https://api.github.com/orgs/acme/hooks?page=2>; rel="next"', 'other-path'],
  ['no address', '<https://>; rel="next"', 'unreadable'],
])('refuses %s', (_, link, refused) => {
  expect(nextPage(link, requested, base)).toEqual({ refused });
});
test('stays below the path of an Enterprise Server', () => {
  const asked = new URL('https://github.example.com/api/v3/orgs/acme/members');
  const next = (path: string) => nextPage(`<https://github.example.com${path}?page=2>; rel="next"`, asked, enterprise);
  expect(next('/api/v3/organizations/1/members')).toEqual({ next: { page: '2' } });
  expect(next('/other/members')).toEqual({ refused: 'other-path' });
  expect(next('/api/v30/members')).toEqual({ refused: 'other-path' });
});
test('reads relations in any order and several at once', () => {
  expect(nextPage('</orgs/acme/members?page=9>; title="a, b"; rel="last next"', requested, base)).toEqual({ next: { page: '9' } });
  expect(nextPage('</orgs/acme/members?page=9>; rel=next', requested, base)).toEqual({ next: { page: '9' } });
});
test('never follows what lies elsewhere, whatever the header says', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const found = nextPage(`<${url}>; rel="next"`, requested, base);
      const target = URL.canParse(url) ? new URL(url) : undefined;
      if ('next' in found && found.next !== null) expect(target?.origin).toBe(base.origin);
    }),
  );
  fc.assert(fc.property(fc.string(), (link) => void nextPage(link, requested, base)));
});
