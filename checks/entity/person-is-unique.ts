import { EntityPerson, examplePerson } from '../../collectors/entity/people/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/person-is-unique',
  claim: 'The roster has the person once, with an address that is nobody else’s',
  subject: EntityPerson,
  severity: 'medium',
  rationale:
    'Two rows for one person, or two persons with one address, leave open whose an account is and who left: what is decided about one is read of the other.',
  remediation: {
    console: 'Correct the roster where people operations keep it: one row for each person, one address for each row.',
    cli: 'proofline people show PERSON',
    terraform: 'None: the roster is the record of people operations.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=IA-04'],
  parameters: z.object({}),
  test({ problems, roster }) {
    const found = problems.filter(({ kind }) => kind === 'same-email' || kind === 'two-rows');
    return found.length === 0 ? pass(`once in ${roster}`) : fail(found.map(({ says }) => says).join('; '));
  },
  examples: {
    pass: { 'a person': examplePerson },
    fail: {
      'two with one address': {
        ...examplePerson,
        problems: [{ kind: 'same-email', says: 'has the address ana@example.com together with hr:E-207' }],
      },
      'two rows': {
        ...examplePerson,
        problems: [{ kind: 'two-rows', says: '2 rows of hr.people are about this person, and they differ in title' }],
      },
    },
  },
});
