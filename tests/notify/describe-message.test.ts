import { expect, test } from 'vitest';
import { describeMessage } from '../../src/notify/describe-message.ts';
import { failing, messageOf } from './channels/fixture.ts';

const check = failing().check!;
const other = { ...check, parametersDigest: `sha256:${'1'.repeat(64)}` };

test('what a check says of one thing for two controls with parameters of their own is said once, with both', () => {
  const notices = [
    failing({ id: 'N-1', due: '2026-11-30T00:00:00.000Z' }),
    failing({
      id: 'N-2',
      check: other,
      severity: 'high',
      controls: [{ id: 'AC-16', statement: 'Duties are kept apart.' }],
      criteria: ['CC6.3'],
    }),
  ];
  const { headline, sections } = describeMessage(messageOf(notices), { sections: 10 });
  expect(headline).toBe('[critical] Untrue for payroll-exports: The bucket lets nobody outside the account read it (production)');
  expect(sections).toHaveLength(1);
  const facts = new Map(sections[0]?.facts.map(({ label, text }) => [label, text]));
  expect(facts.get('Controls')).toMatch(/^DP-02 .*\nAC-16 /);
  expect(facts.get('Due')).toContain('29 Nov 2026');
  expect(facts.get('SOC 2 criteria')).toBe('CC6.1, CC6.3, CC6.6');
});

test('what it says of another thing, or otherwise of the same, stays', () => {
  const notices = [failing({ id: 'N-1' }), failing({ id: 'N-2', check: other, message: 'It is 40 days old, 30 are allowed' })];
  expect(describeMessage(messageOf(notices), { sections: 10 }).sections).toHaveLength(2);
});

test('what no check says is counted one by one', () => {
  const stale = (id: string) => failing({ id, kind: 'evidence-stale', check: null, subject: { id, display: id } });
  expect(describeMessage(messageOf([stale('N-1'), stale('N-2'), failing({ id: 'N-3' })]), { sections: 10 }).headline).toContain(
    '2 readings are missing or stale',
  );
});
