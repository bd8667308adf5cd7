import { expect, it } from 'vitest';
import type { PlanDetail } from '../../../src/model/plan.ts';
import { typesReadOtherwise } from '../../../src/run/notify/types-read-otherwise.ts';

const collector = (id: string, logic: string, yields: string[]) => ({ id, logic, yields }) as PlanDetail['collectors'][number];

it('names what another logic makes of the same items; not what nobody collected before', () => {
  const before = { collectors: [collector('toy/doors', 'a', ['toy.door']), collector('toy/lamps', 'a', ['toy.lamp'])] };
  const after = {
    collectors: [
      collector('toy/doors', 'b', ['toy.door', 'toy.lock']),
      collector('toy/lamps', 'a', ['toy.lamp']),
      collector('toy/cats', 'b', ['toy.cat']),
    ],
  };
  expect([...typesReadOtherwise(before, after)]).toEqual(['toy.door', 'toy.lock']);
  expect([...typesReadOtherwise(after, after)]).toEqual([]);
});
