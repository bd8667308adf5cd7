import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const Doer = z.strictObject({
  account: z.string(),
  name: z.string(),
  /** Id of the person whose account it is; of a bot: who answers for it. null: nobody can say. */
  person: z.string().nullable(),
  bot: z.boolean(),
});

/** Something that happened, and who had the parts in it that one rule keeps apart. */
export const EntityAct = defineResource({
  type: 'entity.act',
  title: 'Act in which two duties meet',
  shape: {
    rule: z.string(),
    title: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    /** `change`, `payroll-run`, `access-grant`. */
    kind: z.string(),
    /** Resource id of what it happened to. */
    object: z.string(),
    on: z.string(),
    /** ISO-8601 UTC. */
    at: z.string(),
    /** Who had the part of the first duty, and of the second. */
    first: z.array(Doer),
    second: z.array(Doer),
    /** In words: who did both, or why that cannot be told. */
    says: z.string(),
    conflict: z.boolean(),
  },
});

/** Everything that happened under one rule in the days that were looked at. */
export const EntityActRule = defineResource({
  type: 'entity.act-rule',
  title: 'Acts that a rule of separation was held against',
  aggregate: true,
  shape: {
    rule: z.string(),
    title: z.string(),
    kinds: z.array(z.string()),
    examined: z.int().nonnegative(),
    conflicts: z.int().nonnegative(),
    undecided: z.int().nonnegative(),
    /** Resource types that would show such acts and that nothing reads. */
    notConnected: z.array(z.string()),
    notSeenWhole: z.array(z.string()),
  },
});

/** A change that ana wrote and bo approved. */
export const exampleAct: ResourceOf<typeof EntityAct> = {
  id: 'entity:acme/act/SOD-01/github%3A9919%2Fchange%2FR_kgDOA%2F76384',
  display: 'SOD-01: acme/payroll main 7638417db6d5',
  rule: 'SOD-01',
  title: 'Nobody brings his own change into a protected branch by himself',
  severity: 'critical',
  kind: 'change',
  object: 'github:9919/change/R_kgDOA/76384',
  on: 'acme/payroll main 7638417db6d5',
  at: '2026-01-14T10:30:00.000Z',
  first: [{ account: 'github:9919/member/U_ana', name: 'ana', person: 'hr:E-104', bot: false }],
  second: [{ account: 'github:9919/member/U_bo', name: 'bo', person: 'hr:E-207', bot: false }],
  says: 'bo is another than ana',
  conflict: false,
};
export const exampleActRule: ResourceOf<typeof EntityActRule> = {
  id: 'entity:acme/act-rule/SOD-01',
  display: 'SOD-01',
  rule: 'SOD-01',
  title: exampleAct.title,
  kinds: ['change'],
  examined: 12,
  conflicts: 0,
  undecided: 0,
  notConnected: [],
  notSeenWhole: [],
};
