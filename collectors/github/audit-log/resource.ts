import { changeFields, defineResource, recordFields, z } from '../../../src/authoring.ts';

/** An entry of the organisation's audit log: a change of something that a check looks at. */
export const GithubChangeEvent = defineResource({
  type: 'github.change-event',
  title: 'Change recorded in the audit log',
  shape: changeFields,
});

/** Whether the organisation has an audit log that can be asked at all: only plans for enterprises do. */
export const GithubAuditLog = defineResource({
  type: 'github.audit-log',
  title: 'Audit log of an organisation',
  aggregate: true,
  shape: {
    ...recordFields,
    /** GitHub's word for the plan (`team`, `enterprise`). */
    plan: z.string(),
  },
});
