import { EntityDocumentRequest, exampleRequest } from '../../collectors/entity/documents/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/document-was-handed-in',
  claim: 'The document was handed in, approved by a second person when it was due, and states what it was to state',
  subject: EntityDocumentRequest,
  appliesTo: ({ controls }, { parameters }) => parameters.controls.length === 0 || controls.some((id) => parameters.controls.includes(id)),
  severity: 'medium',
  rationale:
    'What no API shows (a policy, minutes, a restore test, a training list) rests on somebody handing it in, and on somebody else having looked at it in time. What is missing, stale or approved by nobody is no evidence; what came late was not there when it was relied on.',
  remediation: {
    console: 'Ask the provider that the request names for the document, hand it in, and have a second person approve it.',
    cli: 'proofline evidence add FILE --request REQUEST --effective DAY --provided-by NAME --obtained HOW --because TEXT; proofline decisions approve ENTRY --because TEXT',
    terraform: 'Documents are handed in by people.',
  },
  references: ['https://pcaobus.org/oversight/standards/auditing-standards/details/AS1105'],
  parameters: z.object({ controls: z.array(z.string()).default([]) }),
  test(request) {
    const { approvedOn, due, unmet, document, approvedBy, providedBy, isDue } = request;
    if (approvedOn === null) return isDue ? fail(`was due ${due}`) : notApplicable(`due ${due}, and not there yet`);
    const what = `${document} from ${providedBy}, approved by ${approvedBy} on ${approvedOn}`;
    if (unmet.length > 0) return fail(`${what}, states ${unmet.join('; ')}`);
    return approvedOn <= due ? pass(`${what}; due ${due}`) : fail(`${what}: was due ${due}`);
  },
  examples: {
    pass: { 'approved in time': exampleRequest, 'on the last day': { ...exampleRequest, approvedOn: '2026-01-15' } },
    fail: {
      'a day late': { ...exampleRequest, approvedOn: '2026-01-16', isDue: true },
      'a restore test that failed': { ...exampleRequest, unmet: ['result: failed, expected passed'] },
    },
    notApplicable: { 'not due yet': { ...exampleRequest, approvedOn: null, document: null, approvedBy: null, standing: 'missing' } },
  },
});
