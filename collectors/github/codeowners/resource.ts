import { defineResource, z } from '../../../src/authoring.ts';

/** Nobody is judged by it: it says whose a repository is, for those who have to be told. */
export const GithubCodeowners = defineResource({
  type: 'github.codeowners',
  title: 'CODEOWNERS of a GitHub repository',
  shape: {
    /** `acme/payroll`. */
    repository: z.string(),
    archived: z.boolean(),
    /** Where it lies on the default branch, and what it says; null: there is none. */
    file: z.strictObject({ path: z.string(), text: z.string() }).nullable(),
    /** Lines that GitHub cannot use. */
    errors: z.array(z.strictObject({ line: z.int(), kind: z.string() })),
  },
});
