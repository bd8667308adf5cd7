/** Somebody who works for Northwind Payroll, or for it. */
export interface Person {
  readonly login: string;
  readonly name: string;
  readonly role: 'platform' | 'engineering' | 'security' | 'finance' | 'people' | 'support' | 'contractor';
  /** Signs in to AWS through Identity Center. */
  readonly aws?: readonly ('platform-administrators' | 'engineers' | 'auditors' | 'finance-readers')[];
  /** Is a member of the GitHub organisation. */
  readonly github?: { readonly owner?: true; readonly factor: 'secure' | 'insecure' | 'none' };
}

const engineer = (login: string, name: string, role: Person['role'] = 'engineering'): Person => ({
  login,
  name,
  role,
  aws: ['engineers'],
  github: { factor: 'secure' },
});

/** Everybody with an account on the first day of the described year. */
export const people: readonly Person[] = [
  { ...engineer('amara-okafor', 'Amara Okafor', 'platform'), aws: ['platform-administrators'], github: { owner: true, factor: 'secure' } },
  {
    ...engineer('henrik-solberg', 'Henrik Solberg', 'platform'),
    aws: ['platform-administrators'],
    github: { owner: true, factor: 'secure' },
  },
  { ...engineer('ines-carvalho', 'Inês Carvalho', 'security'), aws: ['auditors'], github: { owner: true, factor: 'secure' } },
  engineer('dmitri-volkov', 'Dmitri Volkov', 'platform'),
  engineer('leila-haddad', 'Leila Haddad'),
  engineer('marcus-lindqvist', 'Marcus Lindqvist'),
  engineer('priya-raman', 'Priya Raman'),
  engineer('tobias-brenner', 'Tobias Brenner'),
  engineer('yuki-tanabe', 'Yuki Tanabe'),
  engineer('clara-jensen', 'Clara Jensen'),
  engineer('oluwaseun-ade', 'Oluwaseun Ade'),
  engineer('rosa-jimenez', 'Rosa Jiménez'),
  engineer('piotr-nowak', 'Piotr Nowak'),
  engineer('hannah-weiss', 'Hannah Weiss'),
  engineer('samir-benali', 'Samir Benali'),
  engineer('grace-obrien', 'Grace O’Brien'),
  engineer('lukas-maurer', 'Lukas Maurer', 'support'),
  { login: 'eva-richter', name: 'Eva Richter', role: 'finance', aws: ['finance-readers'] },
  { login: 'noah-dekker', name: 'Noah Dekker', role: 'finance', aws: ['finance-readers'] },
  { login: 'maya-thompson', name: 'Maya Thompson', role: 'people' },
];
