import { EntityAccounts, exampleAccounts } from '../../collectors/entity/accounts/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/roster-agrees-with-accounts',
  claim: 'Everybody who works here has an identity, every identity is somebody’s, and no account was lost on the way',
  subject: EntityAccounts,
  severity: 'medium',
  rationale:
    'A person without an identity is missing from the review of access, or signs in by another way; an identity without a person is a stranger. The counts show that what each system listed is what was looked at.',
  remediation: {
    console: 'Go through the names: correct the roster, remove the identity, or say whose it is.',
    cli: 'proofline people unresolved; proofline account link ACCOUNT --person hr:NUMBER --because TEXT',
    terraform: 'None: correct `people` in proofline.yaml where it names what is not there.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-02'],
  parameters: z.object({
    mostWithoutIdentity: z
      .int()
      .nonnegative()
      .default(0)
      .meta({ description: 'So many active persons need no account at the identity provider' }),
  }),
  test({ systems, persons, serviceAccounts, unresolved, withoutIdentity, identitiesWithoutPerson, problems }, { parameters }) {
    const lost = systems.filter(({ read, accounts, joined }) => read !== accounts + joined);
    const without = withoutIdentity ?? [];
    const found = [
      ...lost.map(
        ({ system, type, read, accounts, joined }) => `${system} lists ${read} ${type}, and ${accounts + joined} of them are here`,
      ),
      ...(without.length > parameters.mostWithoutIdentity ? [`${without.length} active persons without an identity: ${few(without)}`] : []),
      ...(identitiesWithoutPerson.length > 0
        ? [`${identitiesWithoutPerson.length} identities without a person: ${few(identitiesWithoutPerson)}`]
        : []),
      ...(problems.length > 0 ? [`${problems.length} links or registrations lead nowhere: ${few(problems)}`] : []),
    ];
    const counts = `${persons + serviceAccounts + unresolved.length} accounts: ${persons} of persons, ${serviceAccounts} of services, ${unresolved.length} of nobody known`;
    if (found.length > 0) return fail(`${found.join('; ')} (${counts})`);
    return pass(withoutIdentity === null ? `${counts}; no identity provider is connected` : counts);
  },
  examples: {
    pass: { 'it agrees': exampleAccounts, 'no identity provider': { ...exampleAccounts, withoutIdentity: null } },
    fail: {
      'somebody without an identity': { ...exampleAccounts, withoutIdentity: ['Ana Example (hr:E-104)'] },
      'a stranger': { ...exampleAccounts, identitiesWithoutPerson: ['kim@example.com (okta:00o1/user/00u9)'] },
      'a link to nobody': { ...exampleAccounts, problems: ['the settings link github.member:bo to hr:E-999, who is on no roster'] },
      'one was lost': {
        ...exampleAccounts,
        systems: [{ system: 'github:9919', type: 'github.member', read: 12, accounts: 11, joined: 0 }],
      },
    },
  },
});

function few(names: readonly string[]): string {
  const shown = names.slice(0, 20);
  return names.length === shown.length ? shown.join(', ') : `${shown.join(', ')} and ${names.length - shown.length} more`;
}
