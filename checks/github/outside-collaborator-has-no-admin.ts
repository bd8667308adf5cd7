import { exampleCollaborator, GithubOutsideCollaborator } from '../../collectors/github/outside-collaborators/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const ranks = ['read', 'triage', 'write', 'maintain', 'admin'];

export default defineCheck({
  id: 'github/outside-collaborator-has-no-admin',
  claim: 'The outside collaborator holds no more than the allowed permission in any repository',
  subject: GithubOutsideCollaborator,
  severity: 'high',
  rationale:
    'Who administers a repository can change its protection, its secrets and its collaborators. That is not handed to accounts outside the organisation’s own joiner and leaver process.',
  remediation: {
    console: 'Repository, Settings, Collaborators and teams: lower the collaborator’s role, or make him a member and grant through a team.',
    cli: 'gh api -X PUT repos/OWNER/REPO/collaborators/LOGIN -f permission=push',
    terraform: 'github_repository_collaborator: permission = "push" (or "pull", "triage", "maintain").',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization',
    'https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-outside-collaborators/adding-outside-collaborators-to-repositories-in-your-organization',
  ],
  parameters: z.object({
    /** The most an outside collaborator may hold. */
    most: z.enum(['read', 'triage', 'write', 'maintain', 'admin']).default('maintain'),
  }),
  test({ grants }, { parameters }) {
    const allowed = ranks.indexOf(parameters.most);
    // Nobody can change anything in an archived repository.
    const beyond = grants.filter(
      (grant) => !grant.archived && !(ranks.indexOf(grant.permission) <= allowed && ranks.includes(grant.permission)),
    );
    return beyond.length === 0
      ? pass(`holds no more than ${parameters.most} in ${grants.length} ${grants.length === 1 ? 'repository' : 'repositories'}`)
      : fail(`holds ${beyond.map(({ permission, repository }) => `${permission} on ${repository}`).join(', ')}`);
  },
  examples: {
    pass: {
      'write on one': exampleCollaborator,
      'administers only an archived repository': {
        ...exampleCollaborator,
        grants: [{ repository: 'acme/old', permission: 'admin', archived: true }],
      },
      'no grant at all': { ...exampleCollaborator, grants: [] },
    },
    fail: {
      'administers one': {
        ...exampleCollaborator,
        grants: [...exampleCollaborator.grants, { repository: 'acme/payroll', permission: 'admin', archived: false }],
      },
    },
  },
});
