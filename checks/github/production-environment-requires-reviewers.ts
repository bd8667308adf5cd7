import { exampleEnvironment, GithubEnvironment } from '../../collectors/github/environments/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/production-environment-requires-reviewers',
  claim: 'A deployment to the production environment waits for the approval of somebody who did not start it',
  subject: GithubEnvironment,
  appliesTo: ({ production }) => production,
  severity: 'high',
  rationale:
    'The environment is the last gate before production. Without a required reviewer it opens to whoever can start a workflow; with one who may approve his own run, the author still deploys alone.',
  remediation: {
    console: 'Repository, Settings, Environments, the environment: "Required reviewers" with at least one name, and "Prevent self-review".',
    cli: 'gh api -X PUT repos/OWNER/REPO/environments/production --input - <<< \'{"prevent_self_review":true,"reviewers":[{"type":"Team","id":ID}]}\'',
    terraform: 'github_repository_environment: reviewers { teams = [ID] } and prevent_self_review = true.',
  },
  references: [
    'https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-deployments/managing-environments-for-deployment',
    'https://docs.github.com/en/rest/deployments/environments#get-an-environment',
  ],
  parameters: z.object({
    /** Accepts that who started a deployment approves it. */
    selfReviewAllowed: z.boolean().default(false),
    /** Accepts that repository administrators deploy without the review, which GitHub allows unless it is switched off. */
    administratorsMayBypass: z.boolean().default(true),
  }),
  test(environment, { parameters }) {
    if (environment.archived) return notApplicable('the repository is archived: no workflow runs there');
    if (!environment.reviewRequired) return fail('deployments start without a review');
    if (!parameters.selfReviewAllowed && !environment.selfReviewPrevented) return fail('who starts a deployment may approve it');
    if (!parameters.administratorsMayBypass && environment.administratorsMayBypass)
      return fail('administrators may deploy without the review');
    return pass('another person’s approval is required');
  },
  examples: {
    pass: { 'reviewers, not oneself': exampleEnvironment },
    fail: {
      'no reviewers': { ...exampleEnvironment, reviewRequired: false, reviewers: [], selfReviewPrevented: false },
      'one’s own review': { ...exampleEnvironment, selfReviewPrevented: false },
    },
    notApplicable: { 'an archived repository': { ...exampleEnvironment, archived: true, reviewRequired: false } },
  },
});
