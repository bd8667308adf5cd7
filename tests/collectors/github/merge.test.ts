import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bypasser, type Layer, mergeLayers, type Requirement } from '../../../collectors/github/branches/merge.ts';
import { isUnread, type Reading, unread } from '../../../src/authoring.ts';

const owners: Bypasser = { actor: 'organisation owners', mode: 'always' };
function layer(name: string, change: Partial<Layer> & { bypassers?: Reading<readonly Bypasser[]> } = {}): Layer {
  const { bypassers = [], ...fields } = change;
  return {
    name,
    pullRequestRequired: false,
    requiredApprovals: 0,
    dismissesStaleApprovals: false,
    lastPushApprovalRequired: false,
    codeOwnerReviewRequired: false,
    requiredChecks: [],
    forcePushBlocked: false,
    deletionBlocked: false,
    bypass: () => bypassers,
    ...fields,
  };
}
const approved = { pullRequestRequired: true, requiredApprovals: 1 } as const;
const hidden = unread('access-denied');

test('the stricter of two protections counts', () => {
  const merged = mergeLayers(
    [
      layer('a', { ...approved, forcePushBlocked: true }),
      layer('b', { pullRequestRequired: true, requiredApprovals: 2, requiredChecks: ['build'] }),
    ],
    null,
  );
  expect(merged).toMatchObject({
    requiredApprovals: 2,
    forcePushBlocked: true,
    deletionBlocked: false,
    requiredChecks: ['build'],
    bypass: [],
  });
});
test('what one protection demands is demanded, even if another is unknown; what none demands is then unknown', () => {
  const merged = mergeLayers([layer('a', approved)], hidden);
  expect(merged).toMatchObject({
    pullRequestRequired: true,
    approvalRequired: true,
    requiredApprovals: hidden,
    forcePushBlocked: hidden,
    protectedBy: hidden,
  });
});
test('a protection without a bypass holds those whom another one lets out', () => {
  const lax = layer('lax', { ...approved, bypassers: [owners] });
  expect(mergeLayers([lax], null).bypass).toEqual([{ requirement: 'review', ...owners, through: 'lax' }]);
  expect(mergeLayers([lax, layer('strict', approved)], null).bypass).toEqual([]);
});
test('being held to a pull request without an approval does not hold against a required approval', () => {
  const merged = mergeLayers(
    [layer('lax', { ...approved, bypassers: [owners] }), layer('only a pull request', { pullRequestRequired: true })],
    null,
  );
  expect(merged.bypass).toEqual([{ requirement: 'review', ...owners, through: 'lax' }]);
});
test('who may bypass is unknown when the list is, unless another protection holds everybody', () => {
  const unseen = layer('unseen', { ...approved, bypassers: hidden });
  expect(mergeLayers([unseen], null).bypass).toEqual(hidden);
  expect(mergeLayers([unseen, layer('strict', approved)], null).bypass).toEqual([]);
});
test('a protection that could not be read may hold those whom a known one lets out', () => {
  const lax = layer('lax', { ...approved, forcePushBlocked: true, deletionBlocked: true, requiredChecks: ['x'], bypassers: [owners] });
  expect(mergeLayers([lax], hidden).bypass).toEqual(hidden);
});

const reading = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Reading<T>> =>
  fc.oneof({ weight: 4, arbitrary: of }, { weight: 1, arbitrary: fc.constant(hidden) });
const layers = fc.array(
  fc.record({
    pullRequestRequired: reading(fc.boolean()),
    requiredApprovals: reading(fc.nat(2)),
    requiredChecks: reading(fc.subarray(['build', 'test'])),
    forcePushBlocked: reading(fc.boolean()),
    deletionBlocked: reading(fc.boolean()),
    bypassers: reading(fc.subarray([owners, { actor: 'deploy keys', mode: 'always' as const }])),
  }),
  { maxLength: 4 },
);
test('learning what was unread never contradicts what was said before', () => {
  fc.assert(
    fc.property(layers, fc.boolean(), fc.infiniteStream(fc.boolean()), (found, whole, coins) => {
      const coin = () => coins.next().value === true;
      const known = <T>(value: Reading<T>, one: T, other: T): T => (isUnread(value) ? (coin() ? one : other) : value);
      const before = mergeLayers(
        found.map((fields, index) => layer(`layer ${index}`, fields)),
        whole ? null : hidden,
      );
      const learnt = found.map((fields, index) =>
        layer(`layer ${index}`, {
          pullRequestRequired: known(fields.pullRequestRequired, true, false),
          requiredApprovals: known(fields.requiredApprovals, 0, 2),
          requiredChecks: known<readonly string[]>(fields.requiredChecks, [], ['build']),
          forcePushBlocked: known(fields.forcePushBlocked, true, false),
          deletionBlocked: known(fields.deletionBlocked, true, false),
          bypassers: known<readonly Bypasser[]>(fields.bypassers, [], [owners]),
        }),
      );
      if (!whole && coin())
        learnt.push(layer('learnt', { ...approved, forcePushBlocked: true, deletionBlocked: true, requiredChecks: ['build'] }));
      const after = mergeLayers(learnt, null);
      for (const field of [
        'pullRequestRequired',
        'approvalRequired',
        'checkRequired',
        'forcePushBlocked',
        'deletionBlocked',
        'requiredApprovals',
      ] as const) {
        if (!isUnread(before[field])) expect(after[field], field).toEqual(before[field]);
      }
      // Nobody who was said to be held escapes afterwards.
      const escaping = (merged: typeof after, requirement: Requirement) =>
        isUnread(merged.bypass) ? undefined : merged.bypass.filter((of) => of.requirement === requirement).length;
      for (const requirement of ['review', 'status-checks', 'no-force-push', 'no-deletion'] as const) {
        if (escaping(before, requirement) === 0) expect(escaping(after, requirement), requirement).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
});
