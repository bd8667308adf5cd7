import { expect, test } from 'vitest';
import { fillRemediation } from '../../src/notify/fill-remediation.ts';

const cli = (text: string, subject: string): string => fillRemediation({ console: '', cli: text, terraform: '' }, subject).cli;

test('a fix has the values of what it is about, and keeps the words for which nothing is known', () => {
  expect(cli('proofline sod explain RULE PERSON; aws ORG', 'entity:acme/separation/PAY-5/hr:E-103')).toBe(
    'proofline sod explain PAY-5 hr:E-103; aws ORG',
  );
  expect(cli('account link ACCOUNT --person hr:NUMBER', 'entity:acme/account/tabular:payroll.users/user/j%20doe')).toBe(
    "account link 'tabular:payroll.users/user/j doe' --person hr:NUMBER",
  );
  expect(cli('review start DEFINITION/OCCASION', 'entity:acme/review/quarterly-access/2026-q1')).toBe(
    'review start quarterly-access/2026-q1',
  );
  expect(cli('review assign DEFINITION/OCCASION', 'entity:acme/review/quarterly-access%2F2026-q1')).toBe(
    'review assign quarterly-access/2026-q1',
  );
  expect(cli('records explain EXAMINATION --record KEY', "entity:acme/record-examination/PR-07/payroll.payment/P-'3")).toBe(
    "records explain PR-07 --record 'P-'\\''3'",
  );
  expect(cli('show PERSON', 'aws:111122223333/leaver/hr:E-1')).toBe('show PERSON');
  expect(cli('show PERSON', 'entity:acme/sum')).toBe('show PERSON');
});
