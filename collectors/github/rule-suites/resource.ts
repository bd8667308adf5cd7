import { changeFields, defineResource, z } from '../../../src/authoring.ts';

/** A push that went past the rules, because who pushed may bypass them. */
export const GithubRuleBypass = defineResource({
  type: 'github.rule-bypass',
  title: 'Push that bypassed rules',
  shape: {
    ...changeFields,
    /** Name of the repository, without the organisation's. */
    repository: z.string(),
    ref: z.string(),
    afterSha: z.string(),
  },
});
