import { expect, test } from 'vitest';
import { NotifySettings } from '../../src/config/notify-settings.ts';
import { findUnmatchedPatterns } from '../../src/notify/find-unmatched-patterns.ts';

const checks = ['aws/s3-bucket-versioned', 'aws/trail-is-logging', 'own/door-is-locked'];
const found = (settings: unknown) => findUnmatchedPatterns(NotifySettings.parse(settings), checks);

test('patterns of routes and owners that no check matches are named, each at its place', () => {
  const routes = [
    { name: 'one', channels: ['a'], checks: ['aws/s3-*', 'aws/nix-*'] },
    { name: 'two', channels: ['a'], checks: ['aws/trail-is-loging'] },
  ];
  expect(found({ routes, owners: { checks: { 'own/*': 'facility', 'azure/*': 'cloud' } } })).toEqual([
    { path: ['notify', 'routes', 0, 'checks', 1], message: expect.stringMatching(/^there is no check "aws\/nix-\*"/) },
    {
      path: ['notify', 'routes', 1, 'checks', 0],
      message: expect.stringContaining('no check "aws/trail-is-loging" (did you mean "aws/trail-is-logging"?)'),
    },
    { path: ['notify', 'owners', 'checks', 'azure/*'], message: expect.stringContaining('"azure/*"') },
  ]);
});
test('what matches is nothing to tell of', () => {
  expect(found({ routes: [{ name: 'one', channels: ['a'], checks: ['*', 'aws/*-is-logging'] }] })).toEqual([]);
});
