import { changeFields, defineResource, z } from '../../../src/authoring.ts';

/** One version of a ruleset of the organisation: who put it in force, and when. */
export const GithubRulesetVersion = defineResource({
  type: 'github.ruleset-version',
  title: 'Version of a ruleset of a GitHub organisation',
  shape: { ...changeFields, ruleset: z.string() },
});
