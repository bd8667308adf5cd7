import type { Change } from './company.ts';
import { joins, remove, replacePerson } from './edit-company.ts';
import type { Person } from './people.ts';
import { audit } from './recorded-changes.ts';

const joining = (at: string, what: string, person: Person, by = 'amara-okafor'): Change => ({
  at,
  what,
  audit: [audit('org.add_member', by, { user: person.login, permission: 'read' })],
  apply: (state) => joins(state, person),
});
const secures = (at: string, what: string, login: string): Change => ({
  at,
  what,
  apply: (state) => replacePerson(state, login, (person) => ({ ...person, github: { factor: 'secure' } })),
});
const engineer = (login: string, name: string, factor: 'secure' | 'none'): Person => ({
  login,
  name,
  role: 'engineering',
  aws: ['engineers'],
  github: { factor },
});

/** Who came and went, oldest first. */
export const changesOfPeople: readonly Change[] = [
  joining('2025-04-14T07:30:00.000Z', 'Nadia Petrov joins engineering', engineer('nadia-petrov', 'Nadia Petrov', 'secure')),
  joining(
    '2025-06-17T10:00:00.000Z',
    'A new engineer, Jonas Weber, joins GitHub without a second factor',
    engineer('jonas-weber', 'Jonas Weber', 'none'),
  ),
  secures('2025-06-20T15:40:00.000Z', 'Jonas Weber sets up his second factor', 'jonas-weber'),
  {
    at: '2025-07-22T16:00:00.000Z',
    what: 'Piotr Nowak leaves and loses his accounts',
    audit: [audit('org.remove_member', 'amara-okafor', { user: 'piotr-nowak' })],
    apply: (state) => remove(state.people, (person) => person.login === 'piotr-nowak', 'Piotr Nowak'),
  },
  joining('2026-01-12T08:00:00.000Z', 'Ines Moreau joins as the second security engineer', {
    login: 'ines-moreau',
    name: 'Inès Moreau',
    role: 'security',
    aws: ['auditors'],
    github: { factor: 'secure' },
  }),
  joining(
    '2026-03-12T08:30:00.000Z',
    'A new engineer, Tomasz Zielinski, joins GitHub without a second factor',
    engineer('tomasz-zielinski', 'Tomasz Zieliński', 'none'),
  ),
  secures('2026-03-17T09:10:00.000Z', 'Tomasz Zielinski sets up his second factor', 'tomasz-zielinski'),
];
