import { EntityLeaver, exampleLeaver } from '../../collectors/entity/accounts/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/account-not-used-after-leaving',
  claim: 'No account of who left was used after his last day, as far as its system tells of use',
  subject: EntityLeaver,
  severity: 'critical',
  rationale:
    'An account used after its person left was used by him without a right to, or by somebody else. Either is an incident and not a matter of tidiness. Systems that do not tell when an account was used last are named.',
  remediation: {
    console: 'Disable the account, treat it as an incident, and look in the system’s own record at what was done.',
    cli: 'proofline people show PERSON',
    terraform: 'None: what was done with it is in the record of the system.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=PS-04'],
  parameters: z.object({}),
  test({ lastDay, leftAt, takenBack, uses }) {
    if (takenBack) return notApplicable('the roster took the last day back');
    const left = lastDay === null ? `missing from the roster since ${leftAt}` : `last day ${lastDay}, over at ${leftAt}`;
    const used = uses.filter((use) => use.used === 'after');
    if (used.length > 0)
      return fail(`${left}: ${used.map(({ login, system, lastUsed }) => `${login} in ${system} was used at ${lastUsed}`).join('; ')}`);
    const untold = [...new Set(uses.filter((use) => use.used === 'not-told').map(({ system }) => system))];
    const aside = untold.length === 0 ? '' : `; not told by ${untold.join(', ')}`;
    const told = uses.filter((use) => use.used === 'not-after');
    return pass(
      told.length === 0
        ? `${left}: no use is told${aside}`
        : `${left}: not used since (${told.map(({ login, system }) => `${login} in ${system}`).join(', ')})${aside}`,
    );
  },
  examples: {
    pass: {
      'not told': exampleLeaver,
      'not used since': {
        ...exampleLeaver,
        uses: [
          {
            account: 'okta:00o1/user/00u1',
            system: 'okta:00o1',
            login: 'bo@example.com',
            lastUsed: '2026-01-09T16:30:00.000Z',
            used: 'not-after',
          },
        ],
      },
    },
    fail: {
      'used the week after': {
        ...exampleLeaver,
        uses: [
          {
            account: 'okta:00o1/user/00u1',
            system: 'okta:00o1',
            login: 'bo@example.com',
            lastUsed: '2026-01-13T22:10:00.000Z',
            used: 'after',
          },
        ],
      },
    },
    notApplicable: { 'he stays': { ...exampleLeaver, takenBack: true } },
  },
});
