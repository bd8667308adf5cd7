import { expect, it } from 'vitest';
import { separationNamed } from '../../../src/run/separation/separation-named.ts';

type Opened = Parameters<typeof separationNamed>[0];
const opened = {
  settings: { rules: ['SOD-04', 'SOD-06'].map((id) => ({ id, canDo: true })), disabled: [] },
  totals: [],
  separations: [{ rule: 'SOD-06', holder: 'hr:E-102', name: 'Ana Costa' }],
} as unknown as Opened;

it('says of nobody whom it does not know that he holds nothing', () => {
  expect(() => separationNamed(opened, 'SOD-04', 'ana costa')).toThrow('he holds none of its duties');
  expect(() => separationNamed(opened, 'SOD-04', 'E-102')).toThrow('he holds none of its duties');
  expect(() => separationNamed(opened, 'SOD-04', 'ana@example.com')).toThrow(/^nobody known to hold a duty is "ana@example.com"/);
});
