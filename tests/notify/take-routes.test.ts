import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/model/notification.ts';
import { takeRoutes } from '../../src/notify/take-routes.ts';
import { at, notice, settingsOf } from './fixture.ts';

const routed = (of: Partial<Notice>, settings: Record<string, unknown>) => {
  const { waiting, untold } = takeRoutes([notice(of)], settingsOf(settings), at(0));
  return { taken: waiting.map(({ route, channels }) => `${route}: ${channels.join(' ')}`), untold: untold.map(({ reason }) => reason) };
};

describe('a notice', () => {
  it('goes to the first channel when no route is configured', () => {
    expect(routed({}, {}).taken).toEqual(['default: team']);
    expect(routed({}, { channels: [] })).toEqual({ taken: [], untold: ['no channel is configured'] });
  });

  it.each([
    ['severities', ['high'], ['low']],
    ['sources', ['production'], ['staging']],
    ['frameworks', ['soc2'], ['soc1']],
    ['owners', ['platform'], ['payroll']],
    ['checks', ['toy/*-is-*'], ['toy/door']],
    ['kinds', ['check-failing'], ['sla-passed']],
  ])('is taken by a route by %s', (filter, fitting, other) => {
    expect(routed({}, { routes: [{ name: 'a', channels: ['mail'], [filter]: fitting }] }).taken).toEqual(['a: mail']);
    expect(routed({}, { routes: [{ name: 'a', channels: ['mail'], [filter]: other }] })).toEqual({
      taken: [],
      untold: ['no route takes it'],
    });
  });

  it('is taken by every route that fits until the last, and told by a channel once', () => {
    const routes = [
      { name: 'a', channels: ['mail'], digest: 'daily' },
      { name: 'b', channels: ['team'] },
      { name: 'c', channels: ['team', 'mail'] },
      { name: 'd', channels: ['team'], last: true },
      { name: 'e', channels: ['mail'] },
    ];
    expect(routed({}, { routes })).toEqual({ taken: ['a: mail', 'b: team', 'c: mail'], untold: ['route b tells the same channels'] });
  });

  it('that says Proofline is blind is never left to filters', () => {
    const routes = [{ name: 'a', channels: ['mail'], checks: ['aws/*'] }];
    expect(routed({ kind: 'source-failed', check: null }, { routes }).taken).toEqual(['default: team']);
    expect(routed({ kind: 'source-back', check: null }, { routes }).untold).toEqual(['no route takes it']);
  });

  it('of a channel that fails goes to another', () => {
    const failed = { kind: 'channel-failed', check: null, subject: { id: 'team', display: 'team' } } as const;
    expect(routed(failed, {}).taken).toEqual(['default: mail']);
    expect(routed(failed, { routes: [{ name: 'a', channels: ['team'] }] })).toEqual({
      taken: ['default: mail'],
      untold: ['its channels are the one that fails'],
    });
    expect(routed(failed, { channels: [{ name: 'team', kind: 'slack', webhook: { env: 'A' } }] }).untold).toEqual([
      'the only channel is the one that fails',
    ]);
  });

  it('of a due time that passed goes to whom it is escalated to besides, unless a route tells them already', () => {
    expect(routed({ kind: 'sla-passed' }, { escalate: ['mail'] }).taken).toEqual(['default: team', 'escalation: mail']);
    const routes = [{ name: 'a', channels: ['mail'] }];
    expect(routed({ kind: 'sla-passed' }, { escalate: ['mail'], routes }).taken).toEqual(['a: mail']);
    expect(routed({ kind: 'sla-near' }, { escalate: ['mail'] }).taken).toEqual(['default: team']);
  });
});
