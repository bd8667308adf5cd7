/**
 * Every GraphQL text we send, by name. A query is its own allow-list: nothing is asked for that is not kept. Connections are paged
 * with `$first` and `$after` and always ask for their total, so that a page that went missing shows.
 */

const paged = 'totalCount pageInfo{hasNextPage endCursor}';
const byAge = 'orderBy:{field:CREATED_AT,direction:ASC}';
const allowances = 'totalCount nodes{actor{__typename ... on App{slug} ... on Team{slug} ... on User{login}}}';

/**
 * Protection of one ref. `rules` are those of active rulesets that apply to it, whoever set them and by whatever condition;
 * who may bypass them hangs on the ruleset, and is asked once per ruleset and not once per rule (see the branches query).
 */
const protection = `
  prefix name
  branchProtectionRule{
    id pattern isAdminEnforced
    requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews requireLastPushApproval requiresCodeOwnerReviews
    requiresStatusChecks requiresStrictStatusChecks requiredStatusCheckContexts
    allowsForcePushes allowsDeletions lockBranch restrictsPushes
    requiresCommitSignatures requiresLinearHistory requiresConversationResolution
    bypassPullRequestAllowances(first:50){${allowances}}
    bypassForcePushAllowances(first:50){${allowances}}
  }
  rules(first:100){
    totalCount
    nodes{
      type
      parameters{
        __typename
        ... on PullRequestParameters{requiredApprovingReviewCount dismissStaleReviewsOnPush requireLastPushApproval requireCodeOwnerReview}
        ... on RequiredStatusChecksParameters{strictRequiredStatusChecksPolicy requiredStatusChecks{context}}
        ... on WorkflowsParameters{workflows{path repositoryId}}
      }
      repositoryRuleset{
        databaseId name enforcement target
        source{__typename ... on Enterprise{slug} ... on Organization{login} ... on Repository{nameWithOwner}}
      }
    }
  }`;

const ruleset = `
  id databaseId name enforcement target createdAt updatedAt
  source{__typename ... on Enterprise{slug} ... on Organization{login} ... on Repository{nameWithOwner}}
  conditions{
    refName{include exclude}
    repositoryName{include exclude protected}
    repositoryId{repositoryIds}
    repositoryProperty{include{name propertyValues} exclude{name propertyValues}}
  }
  rules(first:50){totalCount nodes{type}}
  bypassActors(first:20){
    totalCount
    nodes{
      bypassMode deployKey enterpriseOwner organizationAdmin repositoryRoleName
      actor{__typename ... on App{slug} ... on Team{slug}}
    }
  }`;

/** One account of a repository, and all that gives it what it may do. */
const accessEdge = 'permission permissionSources{permission roleName source{__typename ... on Team{id slug}}} node{id login}';

const repository = 'id databaseId nameWithOwner visibility isArchived isFork isDisabled isEmpty viewerCanAdminister';

const file = '__typename ... on Blob{isTruncated text}';

/** A repository and a branch of it, with how many commits its history has in the range. */
const changedRepository = 'id nameWithOwner isArchived isFork isEmpty createdAt';
const changedRef = 'name target{__typename oid ... on Commit{history(since:$since,until:$until){totalCount}}}';
/** What is the same in the commit of a branch and in that of a pull request: who wrote it, and who made a commit of it. */
const written = `
  oid committedDate committedViaWeb
  committer{name email user{id login}}
  authors(first:20){totalCount nodes{name email user{id login}}}`;
const actor =
  '__typename login ... on User{id} ... on Bot{id} ... on Mannequin{id} ... on Organization{id} ... on EnterpriseUserAccount{id}';

export const queries = {
  'organisation-membership': `query($organisation:String!){
    organization(login:$organisation){id databaseId viewerIsAMember viewerCanAdminister membersWithRole(first:1){totalCount}}
  }`,

  'outside-collaborator-grants': `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{id nameWithOwner isArchived collaborators(first:100,affiliation:OUTSIDE){${paged} edges{permission node{id login}}}}
      }
    }
  }`,

  'repository-outside-collaborator-grants': `query($repository:ID!,$first:Int!,$after:String){
    node(id:$repository){
      ... on Repository{id nameWithOwner isArchived collaborators(first:$first,after:$after,affiliation:OUTSIDE){${paged} edges{permission node{id login}}}}
    }
  }`,

  'repository-access': `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{id nameWithOwner isArchived collaborators(first:100,affiliation:ALL){${paged} edges{${accessEdge}}}}
      }
    }
  }`,

  'repository-collaborators': `query($repository:ID!,$first:Int!,$after:String){
    node(id:$repository){
      ... on Repository{id nameWithOwner isArchived collaborators(first:$first,after:$after,affiliation:ALL){${paged} edges{${accessEdge}}}}
    }
  }`,

  teams: `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      teams(first:$first,after:$after,orderBy:{field:NAME,direction:ASC}){
        ${paged}
        nodes{
          id databaseId name slug privacy parentTeam{id slug}
          members(first:50,membership:IMMEDIATE){${paged} edges{role node{id login}}}
          repositories(first:50){${paged} edges{permission node{id nameWithOwner}}}
        }
      }
    }
  }`,

  'team-members': `query($team:ID!,$first:Int!,$after:String){
    node(id:$team){... on Team{members(first:$first,after:$after,membership:IMMEDIATE){${paged} edges{role node{id login}}}}}
  }`,

  'team-repositories': `query($team:ID!,$first:Int!,$after:String){
    node(id:$team){... on Team{repositories(first:$first,after:$after){${paged} edges{permission node{id nameWithOwner}}}}}
  }`,

  repositories: `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          ${repository}
          createdAt pushedAt updatedAt isTemplate forkingAllowed deleteBranchOnMerge webCommitSignoffRequired
          hasVulnerabilityAlertsEnabled isSecurityPolicyEnabled defaultBranchRef{name}
        }
      }
    }
  }`,

  branches: `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          ${repository}
          defaultBranchRef{${protection}}
          rulesets(first:10,includeParents:false){${paged} nodes{${ruleset}}}
        }
      }
    }
  }`,

  'production-branches': `query($organisation:String!,$first:Int!,$after:String,$literal:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          ${repository}
          defaultBranchRef{name}
          refs(refPrefix:"refs/heads/",query:$literal,first:10){${paged} nodes{${protection}}}
        }
      }
    }
  }`,

  'repository-production-branches': `query($repository:ID!,$first:Int!,$after:String,$literal:String){
    node(id:$repository){
      ... on Repository{
        ${repository}
        defaultBranchRef{name}
        refs(refPrefix:"refs/heads/",query:$literal,first:$first,after:$after){${paged} nodes{${protection}}}
      }
    }
  }`,

  'organisation-rulesets': `query($organisation:String!){
    organization(login:$organisation){
      id viewerCanAdminister
      rulesets(first:100,includeParents:true){${paged} nodes{${ruleset}}}
    }
  }`,

  'repository-rulesets': `query($repository:ID!,$first:Int!,$after:String){
    node(id:$repository){
      ... on Repository{id nameWithOwner viewerCanAdminister rulesets(first:$first,after:$after,includeParents:false){${paged} nodes{${ruleset}}}}
    }
  }`,

  environments: `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          id nameWithOwner isArchived isFork
          environments(first:20){${paged} nodes{id databaseId name protectionRules(first:10){totalCount nodes{type timeout preventSelfReview}}}}
        }
      }
    }
  }`,

  'repository-environments': `query($repository:ID!,$first:Int!,$after:String){
    node(id:$repository){
      ... on Repository{
        id nameWithOwner isArchived isFork
        environments(first:$first,after:$after){${paged} nodes{id databaseId name protectionRules(first:10){totalCount nodes{type timeout preventSelfReview}}}}
      }
    }
  }`,

  'actions-repositories': `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){${paged} nodes{id nameWithOwner isArchived isDisabled}}
    }
  }`,

  codeowners: `query($organisation:String!,$first:Int!,$after:String){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          id nameWithOwner isArchived
          codeowners{errors{kind line}}
          inGithub:object(expression:"HEAD:.github/CODEOWNERS"){${file}}
          inRoot:object(expression:"HEAD:CODEOWNERS"){${file}}
          inDocs:object(expression:"HEAD:docs/CODEOWNERS"){${file}}
        }
      }
    }
  }`,

  'change-branches': `query($organisation:String!,$first:Int!,$after:String,$since:GitTimestamp!,$until:GitTimestamp!){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){${paged} nodes{${changedRepository} defaultBranchRef{${changedRef}}}}
    }
  }`,

  'change-production-branches': `query($organisation:String!,$first:Int!,$after:String,$literal:String,$since:GitTimestamp!,$until:GitTimestamp!){
    organization(login:$organisation){
      repositories(first:$first,after:$after,${byAge}){
        ${paged}
        nodes{
          ${changedRepository}
          defaultBranchRef{name}
          refs(refPrefix:"refs/heads/",query:$literal,first:10){${paged} nodes{${changedRef}}}
        }
      }
    }
  }`,

  'repository-change-branches': `query($repository:ID!,$first:Int!,$after:String,$literal:String,$since:GitTimestamp!,$until:GitTimestamp!){
    node(id:$repository){
      ... on Repository{id refs(refPrefix:"refs/heads/",query:$literal,first:$first,after:$after){${paged} nodes{${changedRef}}}}
    }
  }`,

  'branch-changes': `query($repository:ID!,$head:GitObjectID!,$first:Int!,$after:String,$since:GitTimestamp!,$until:GitTimestamp!){
    node(id:$repository){
      ... on Repository{
        id
        object(oid:$head){
          ... on Commit{
            history(first:$first,after:$after,since:$since,until:$until){
              ${paged}
              nodes{
                id messageHeadline parents{totalCount} ${written}
                associatedPullRequests(first:10){
                  totalCount
                  nodes{id number state mergedAt baseRefName baseRef{name} mergeCommit{oid} repository{id}}
                }
              }
            }
          }
        }
      }
    }
  }`,

  'change-pull-requests': `query($ids:[ID!]!){
    nodes(ids:$ids){
      ... on PullRequest{
        id number title state mergedAt baseRefName headRefOid mergeCommit{oid} repository{id}
        author{${actor}}
        mergedBy{${actor}}
        reviews(first:100){totalCount nodes{id state submittedAt author{${actor}} commit{oid}}}
        timelineItems(first:100,itemTypes:[REVIEW_DISMISSED_EVENT]){
          totalCount
          nodes{... on ReviewDismissedEvent{createdAt previousReviewState actor{${actor}} review{id}}}
        }
        commits(first:100){totalCount nodes{commit{${written}}}}
      }
    }
  }`,

  'change-checks': `query($ids:[ID!]!){
    nodes(ids:$ids){
      ... on PullRequest{
        id
        commits(last:1){
          nodes{
            commit{
              oid
              statusCheckRollup{
                contexts(first:100){
                  totalCount
                  nodes{
                    __typename
                    ... on CheckRun{name status conclusion startedAt completedAt}
                    ... on StatusContext{context state createdAt}
                  }
                }
              }
            }
          }
        }
      }
    }
  }`,

  'merged-pull-requests': `query($search:String!){search(query:$search,type:ISSUE,first:1){issueCount}}`,
} as const satisfies Readonly<Record<string, string>>;

export type QueryName = keyof typeof queries;
