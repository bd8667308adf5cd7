import { expect, it } from 'vitest';
import { plain } from '../../src/cli/cli.ts';
import { renderNotifyList } from '../../src/cli/render-notify.ts';
import type { NotifyListOutput } from '../../src/cli/shapes.ts';

const empty: NotifyListOutput = {
  v: 1,
  at: '2026-03-02T08:00:00.000Z',
  followed: null,
  conditions: [],
  held: 0,
  dispatches: [],
  channels: [],
};

it('does not take for well what nobody followed', () => {
  const view = { colours: plain, columns: 100 };
  const unfollowed = renderNotifyList(empty, view);
  expect(unfollowed).toContain('nothing is known here of what is untrue');
  expect(unfollowed).not.toContain('Nothing is known to be untrue');
  expect(renderNotifyList({ ...empty, followed: 7 }, view)).toContain('Nothing is known to be untrue.');
});
