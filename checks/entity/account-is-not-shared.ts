import { EntityAccount, exampleAccount, exampleServiceAccount } from '../../collectors/entity/accounts/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/account-is-not-shared',
  claim: 'The account is not a login of several people',
  subject: EntityAccount,
  appliesTo: ({ live }) => live,
  severity: 'high',
  rationale:
    'Of a login that several know nobody can say who did what with it, and it stays usable for everybody who ever knew its password. A name such as admin or support says that it is one, unless it is registered as a service account that no person signs in with.',
  remediation: {
    console: 'Give everybody a login of his own and close this one; register it as a service account if no person signs in with it.',
    cli: 'proofline account register-service ID --account ACCOUNT --owner hr:NUMBER --purpose TEXT --because TEXT',
    terraform: 'None: register it under `people.serviceAccounts` in proofline.yaml if no person signs in with it.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=IA-02'],
  parameters: z.object({}),
  test({ kind, nature, sharedWith, login, linkedBy }) {
    if (sharedWith.length > 0) return fail(`it is linked to ${sharedWith.length} persons: ${sharedWith.join(', ')}`);
    if (kind === 'service-account') return pass('a registered service account, which no person signs in with');
    if (nature !== 'generic') return pass('its name is no name of several');
    if (kind === 'person' && linkedBy === 'override')
      return pass(`"${login}" reads like a login of several, and a person decided that it is one person’s`);
    return fail(`"${login}" is a name that several people answer to, and it is no registered service account`);
  },
  examples: {
    pass: {
      'a person’s': exampleAccount,
      'a registered service account': { ...exampleServiceAccount, nature: 'generic' },
      'decided otherwise': { ...exampleAccount, nature: 'generic', login: 'test', linkedBy: 'override' },
    },
    fail: {
      admin: { ...exampleAccount, nature: 'generic', login: 'admin', kind: 'unresolved', owner: null, linkedBy: null, ownerPerson: null },
      'linked to two': {
        ...exampleAccount,
        kind: 'unresolved',
        owner: null,
        linkedBy: null,
        ownerPerson: null,
        sharedWith: ['hr:E-104', 'hr:E-207'],
      },
    },
    notApplicable: { 'nobody gets in with it': { ...exampleAccount, nature: 'generic', live: false } },
  },
});
