import { EntityAccount, exampleAccount, exampleServiceAccount } from '../../collectors/entity/accounts/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/account-belongs-to-someone',
  claim: 'The account is one person’s or a registered service account',
  subject: EntityAccount,
  appliesTo: ({ live }) => live,
  severity: 'high',
  rationale:
    'What is done with an account that nobody can be named for was done by nobody: it is not reviewed, not removed when its user leaves, and no separation of duties sees it.',
  remediation: {
    console: 'Find out who uses it. Record whose it is, register it as a service account with an owner, or remove it.',
    cli: 'proofline people unresolved; proofline account link ACCOUNT --person hr:NUMBER --because TEXT; proofline account register-service ID --account ACCOUNT --owner hr:NUMBER --purpose TEXT --because TEXT',
    terraform: 'None: add the person, the link or the service account under `people` in proofline.yaml.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=IA-04'],
  parameters: z.object({}),
  test({ kind, owner, linkedBy, reason, candidates }) {
    if (kind !== 'unresolved') return pass(`${owner} (${linkedBy}): ${reason}`);
    const could = candidates.length === 0 ? '' : `; it could be ${candidates.join(' or ')}`;
    return fail(`nobody is known for it: ${reason}${could}`);
  },
  examples: {
    pass: { 'a person’s': exampleAccount, 'a registered service account': exampleServiceAccount },
    fail: {
      'a stranger': {
        ...exampleAccount,
        kind: 'unresolved',
        owner: null,
        linkedBy: null,
        ownerPerson: null,
        reason: 'no rule names anybody',
      },
      'one of two': {
        ...exampleAccount,
        kind: 'unresolved',
        owner: null,
        linkedBy: null,
        ownerPerson: null,
        reason: 'its address is that of hr:E-104 and of hr:E-207',
        candidates: ['hr:E-104', 'hr:E-207'],
      },
    },
    notApplicable: { 'nobody gets in with it': { ...exampleAccount, live: false } },
  },
});
