import { AwsDynamodbTable, exampleTable } from '../../collectors/aws/dynamodb-tables/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/dynamodb-table-point-in-time-recovery',
  claim: 'The table can be restored to a point in time',
  subject: AwsDynamodbTable,
  appliesTo: (table) => table.status !== 'DELETING',
  severity: 'medium',
  rationale:
    'Point-in-time recovery keeps continuous backups, so a table survives a bad write or deletion. On-demand backups and backup plans are not looked at.',
  remediation: {
    console: 'DynamoDB > Tables > the table > Backups > Point-in-time recovery > Edit: turn it on.',
    cli: 'aws dynamodb update-continuous-backups --table-name TABLE --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
    terraform: `resource "aws_dynamodb_table" "this" {
  # ...
  point_in_time_recovery { enabled = true }
}`,
  },
  references: ['https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html'],
  parameters: z.object({
    /** How far back the table has to be restorable. */
    minDays: z.int().min(1).max(35).default(1),
  }),
  test(table, { parameters: { minDays } }) {
    if (!table.pointInTimeRecovery) return fail('point-in-time recovery is off');
    // One day is the least there is, so the period matters only when more is asked for.
    if (minDays === 1) return pass('point-in-time recovery is on');
    const { recoveryPeriodDays: days } = table;
    return days !== null && days >= minDays
      ? pass(`restorable for ${days} days back`)
      : fail(`restorable for less than ${minDays} days back`);
  },
  examples: {
    pass: { on: exampleTable },
    fail: { off: { ...exampleTable, pointInTimeRecovery: false, recoveryPeriodDays: null } },
  },
});
