import { EntityRoster, exampleRoster } from '../../collectors/entity/people/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/roster-is-consistent',
  claim: 'The rosters of people contradict neither themselves nor each other',
  subject: EntityRoster,
  severity: 'medium',
  rationale:
    'Who joined, moved and left is read from the roster. Where its dates and status disagree, or a manager does not exist, nobody can say when access had to be given or taken.',
  remediation: {
    console: 'Correct each row where people operations keep the roster.',
    cli: 'proofline people list --problems',
    terraform: 'None: the roster is the record of people operations.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=PS-04'],
  parameters: z.object({ most: z.int().nonnegative().default(0).meta({ description: 'So many contradictions are put up with' }) }),
  test({ problems, rosters, active, left, notStarted }, { parameters }) {
    const people = `${active} active, ${notStarted} not started, ${left} left in ${rosters.map(({ name }) => name).join(', ')}`;
    if (problems.length <= parameters.most) return pass(people);
    const shown = problems.slice(0, 20);
    const more = problems.length - shown.length;
    return fail(`${problems.length} contradictions: ${shown.join('; ')}${more === 0 ? '' : `; and ${more} more`}`);
  },
  examples: {
    pass: { 'in order': exampleRoster },
    fail: {
      'a manager who does not exist': { ...exampleRoster, problems: ['hr:E-104: its manager "E-999" is on no roster'] },
    },
  },
});
