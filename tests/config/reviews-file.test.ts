import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadReviews } from '../../src/config/reviews-file.ts';
import { ReviewSettings } from '../../src/model/review-settings.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const good = `version: 1
reviewers:
  - { id: mia, person: 'hr:E-100', from: 2026-01-01 }
systems:
  - { name: code, match: ['github:*'], owner: mia }
reviews:
  - { id: quarterly, title: Quarterly, controls: [AC-12], frequency: quarterly, first: 2026-01-01 }
`;
const load = (text: string) => loadReviews(join(directoryWith({ 'reviews.yaml': text }), 'reviews.yaml'));

it('is read with its defaults, as the plan seals it', () => {
  const settings = load(good);
  expect(ReviewSettings.parse(settings)).toEqual(settings);
  expect(settings).toMatchObject({
    zone: 'UTC',
    reviews: [
      {
        dueDays: 15,
        lateDays: 15,
        systems: 'all',
        route: ['manager', 'owner'],
        sla: { revoke: { businessDays: 5 }, privileged: { businessDays: 1 } },
      },
    ],
  });
});

it('ships an example that holds', () => {
  expect(loadReviews(join(libraryDirectory(), 'reviews.example.yaml'))).toMatchObject({ reviews: [{ id: 'quarterly-access' }] });
});

it('names everything that contradicts itself at once, with its line', async () => {
  const refused = await refusalOf(() =>
    load(`version: 1
zone: Berlin
reviewers:
  - { id: mia, person: 'hr:E-100', outside: external, from: 2026-01-01, until: 2025-01-01 }
  - { id: omar, from: 2026-01-01, systems: [cod] }
systems:
  - { name: code, match: ['github:*'], owner: mai, provisioners: [] }
  - { name: bank, match: ['tabular:bank.*'], owner: omar, provisioners: [omar] }
  - { name: bank, match: ['x'] }
reviews:
  - { id: quarterly, title: Quarterly, controls: [AC-12], frequency: quarterly, first: 2026-01-01, systems: [code], otherwise: [nobody] }
`),
  );
  expect(problemLines(refused)).toEqual([
    '2 zone: "Berlin" is no IANA time zone such as Europe/Berlin',
    '4 reviewers[0].outside: "mia" is a person of the roster or of none, not both',
    '4 reviewers[0].until: ends before it begins',
    '5 reviewers[1].systems[0]: there is no system "cod" (did you mean "code"?)',
    '7 systems[0].owner: there is no reviewer "mai" (did you mean "mia"?)',
    '8 systems[1].owner: "omar" grants access in bank, and cannot review it: name somebody else',
    '8 systems[1].name: no review takes in "bank": add it to one, or list it under `out` with the reason',
    '9 systems[2].name: the system "bank" stands twice',
    '11 reviews[0].otherwise[0]: there is no reviewer "nobody"',
  ]);
});

it.each([
  ['an unknown frequency', good.replace('frequency: quarterly', 'frequency: weekly'), /reviews\[0\]\.frequency/],
  [
    'no reviewer at all',
    good.replace(/ {2}- \{ id: mia.*\n/, ' []\n').replace('reviewers:\n []', 'reviewers: []'),
    /at least one approved reviewer/,
  ],
  ['what nobody knows', `${good}extra: 1\n`, /extra/],
])('refuses %s', async (_what, text, message) => {
  expect(problemLines(await refusalOf(() => load(text))).join('\n')).toMatch(message);
});
