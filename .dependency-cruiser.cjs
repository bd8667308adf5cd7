/**
 * Who may import whom. Every wall carries its reason as its comment, and `npm run walls` prints that reason with each breach.
 * Levels, strictly downward: cli > app http demo > run checks > collect evaluate collectors >
 * history access bundle notify config verify store index keys anchor schedule authoring web > model seal.
 */
const levels = [
  ['^src/model/', '^src/seal/'],
  ['^src/(?:history|access|bundle|notify|config|verify|store|index|keys|anchor|schedule|web)/', '^src/authoring\\.ts$'],
  ['^src/(?:collect|evaluate)/', '^collectors/'],
  ['^src/run/', '^checks/'],
  ['^src/app\\.ts$', '^src/(?:http|demo)/'],
  ['^src/cli/'],
];

const upward = levels.slice(0, -1).map((from, level) => ({
  name: `downward-only-${level + 1}`,
  comment: 'Imports go strictly downward, so that every room can be read, tested and recomputed with only what lies beneath it.',
  severity: 'error',
  from: { path: from },
  to: { path: levels.slice(level + 1).flat() },
}));

const stages = ['collect', 'evaluate', 'history', 'access', 'notify', 'bundle'];
const betweenStages = stages.map((stage) => ({
  name: `stage-${stage}-stands-alone`,
  comment: 'Stages meet in run and speak in model: a stage that knew another, or the store, could not be recomputed without it.',
  severity: 'error',
  from: { path: `^src/${stage}/` },
  to: { path: `^src/(?:${[...stages.filter((other) => other !== stage), 'store', 'index', 'run', 'cli'].join('|')})/` },
}));

const sourceSdks = ['(?:^|/)node_modules/@aws-sdk/', '(?:^|/)node_modules/@smithy/', '(?:^|/)node_modules/@octokit/'];

module.exports = {
  forbidden: [
    ...upward,
    ...betweenStages,
    {
      name: 'demonstration-only-by-app',
      comment: 'The demonstration is one more thing that app chooses; imported anywhere else it could end up in a real log.',
      severity: 'error',
      from: { path: '^(?:src|collectors|checks)/', pathNot: '^src/(?:app\\.ts$|demo/)' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'registries-come-from-app',
      comment:
        'Run gets the registries of checks and collectors from app, so that the walk is the same for shipped, users’ own and recomputed units.',
      severity: 'error',
      from: { path: '^src/run/' },
      to: { path: ['^checks/', '^collectors/'] },
    },
    {
      name: 'a-check-never-collects',
      comment:
        'A check judges what was collected; it never collects. It may import src/authoring and the resource it judges, and nothing else.',
      severity: 'error',
      from: { path: '^checks/', pathNot: '^checks/index\\.generated\\.ts$' },
      to: { pathNot: ['^src/authoring\\.ts$', '^collectors/.+/resource\\.ts$', '^checks/'] },
    },
    {
      name: 'a-check-stands-alone',
      comment: 'One check is one file. What two checks share is a property of the resource and belongs to its normalise.',
      severity: 'error',
      from: { path: '^checks/', pathNot: '^checks/index\\.generated\\.ts$' },
      to: { path: '^checks/' },
    },
    {
      name: 'a-collector-knows-its-source-only',
      comment: 'No store, no checks, no engine: a collector may import src/authoring, its own SDK and its own source.',
      severity: 'error',
      from: { path: '^collectors/', pathNot: ['^collectors/index\\.generated\\.ts$', '^collectors/entity/'] },
      to: { path: ['^src/', '^checks/', '^config/'], pathNot: '^src/authoring\\.ts$' },
    },
    {
      name: 'the-entity-is-worked-out-by-access',
      comment:
        'What the entity as a whole comes to is a pure function of what was sealed: its collectors import src/access, so that their logic digests cover it, and its nouns.',
      severity: 'error',
      from: { path: '^collectors/entity/' },
      to: { path: ['^src/', '^checks/', '^config/'], pathNot: ['^src/authoring\\.ts$', '^src/access/', '^src/model/'] },
    },
    {
      name: 'no-source-knows-another',
      comment:
        'A source is added or removed as one folder; a collector that reads another source would be judged by that source’s limits and rights.',
      severity: 'error',
      from: { path: '^collectors/([^/]+)/' },
      to: { path: '^collectors/[^/]+/', pathNot: '^collectors/$1/' },
    },
    {
      name: 'a-collector-imports-its-client-as-a-type',
      comment:
        'Catalogue, recompute and --help load every collector and must load no SDK: a collector is handed its client and imports its type only.',
      severity: 'error',
      from: { path: '^collectors/.+/(?:collector|resource)\\.ts$' },
      to: { path: '^collectors/[^/]+/(?:client|connect)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'a-resource-is-only-a-shape',
      comment:
        'Checks import resources; what a resource imports, every check loads. The names of the events that change it are a list and no more.',
      severity: 'error',
      from: { path: '^collectors/.+/(?:resource|change-events)\\.ts$' },
      to: { path: '^collectors/', pathNot: '/(?:resource|change-events)\\.ts$' },
    },
    {
      name: 'recomputed-rooms-touch-nothing',
      comment:
        'An auditor recomputes these rooms from the bundle alone: of Node they may use crypto, and nothing that reads a disk, a network or a clock.',
      severity: 'error',
      from: { path: '^src/(?:model|seal|verify|evaluate|history|access)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?crypto$' },
    },
    {
      name: 'units-touch-nothing',
      comment:
        'Collectors, resources and checks are pure but for the client they are handed: what they could read by themselves nobody would have recorded.',
      severity: 'error',
      from: { path: ['^checks/', '^collectors/.+/(?:collector|resource)\\.ts$'] },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?crypto$' },
    },
    {
      name: 'model-imports-zod-only',
      comment: 'The nouns are shared by everything; what they import, everything imports.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: ['^src/model/', '(?:^|/)node_modules/zod/'] },
    },
    {
      name: 'verify-is-readable',
      comment: 'What must be trusted must be readable: verify imports seal and model, and is small enough to read in one sitting.',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: { path: '^(?:src|collectors|checks)/', pathNot: '^src/(?:verify|seal|model)/' },
    },
    {
      name: 'verify-needs-no-package',
      comment:
        'What must be trusted must be readable: verify brings no package of its own but zod, through which model describes statements.',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: { path: '(?:^|/)node_modules/', pathNot: '(?:^|/)node_modules/zod/' },
    },
    {
      name: 'authoring-is-small',
      comment: 'What a collector or a check is written with, and nothing more: every unit, and every user’s own unit, loads it.',
      severity: 'error',
      from: { path: '^src/authoring\\.ts$' },
      to: { path: '^src/', pathNot: '^src/model/' },
    },
    {
      name: 'source-sdks-in-their-source',
      comment: 'One place to see every call we make: an SDK of a source is imported where that source connects, and nowhere else.',
      severity: 'error',
      from: {
        path: '^(?:src|collectors|checks)/',
        pathNot: ['^collectors/[^/]+/(?:client|connect)\\.ts$', '^collectors/[^/]+/connect/[^/]+\\.ts$', '^src/notify/github-issues\\.ts$'],
      },
      to: { path: sourceSdks },
    },
    {
      name: 'aws-sdk-in-aws',
      comment:
        'A source is added or removed as one folder, its SDK with it. Tables may lie in a bucket: one file opens it, and asks for nothing else.',
      severity: 'error',
      from: { path: '^collectors/', pathNot: ['^collectors/aws/', '^collectors/tabular/connect/bucket-files\\.ts$'] },
      to: { path: ['(?:^|/)node_modules/@aws-sdk/', '(?:^|/)node_modules/@smithy/'] },
    },
    {
      name: 'octokit-in-github',
      comment: 'A source is added or removed as one folder, its SDK with it.',
      severity: 'error',
      from: { path: '^collectors/', pathNot: '^collectors/github/' },
      to: { path: '(?:^|/)node_modules/@octokit/' },
    },
    {
      name: 'storage-where-evidence-lies',
      comment:
        'Whoever opens a database can change evidence: only store and index do, and each its own. Databases of the company are opened where tables are read, to read alone.',
      severity: 'error',
      from: { path: '^(?:src|collectors|checks)/', pathNot: ['^src/(?:store|index)/', '^collectors/tabular/connect/[^/]+\\.ts$'] },
      to: { path: ['(?:^|/)node_modules/(?:kysely|pg|mysql2)/', '^(?:node:)?sqlite$'] },
    },
    {
      name: 'web-is-a-client',
      comment: 'The user interface is a client like any other: it knows the shapes of what it is sent, and nothing of how it came about.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^(?:src|collectors|checks)/', pathNot: ['^src/web/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-knows-model-only',
      comment: 'The user interface is a client like any other: of the program it may know the types of model.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^(?:src|collectors|checks)/', pathNot: ['^src/(?:web|model)/'] },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thought in two places; neither can be read, tested or digested alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'what-runs-is-shipped',
      comment: 'The installed package has no development dependencies: what imports one works here and breaks there.',
      severity: 'error',
      from: { path: '^(?:src|collectors|checks)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'what-is-imported-exists',
      comment: 'An import that leads nowhere is a crash that waits for its verb.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'nothing-runs-from-tests',
      comment: 'Tests may know everything; nothing may know the tests.',
      severity: 'error',
      from: { path: '^(?:src|collectors|checks)/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
