import { expect, test } from 'vitest';
import { whoDid } from '../../../src/access/separation/who-did.ts';
import { decided } from '../../run/entity/entity-kit.ts';

const account = 'github:9919/outside-collaborator/U_ana2';
const did = { id: 'U_ana2', kind: 'user', name: 'ana-2' };
const link = (to: { kind: 'person'; person: string } | { kind: 'nobody' }) => decided({ type: 'link-account', link: { account, to } });
const asked = (decisions: Parameters<typeof whoDid>[0]['decisions']) =>
  whoDid({ settings: {}, decisions }, [], [{ id: 'hr:E-1', name: 'Ana', emails: [] }]).ofGithub('github:9919', did);

test('an account that is gone is whose somebody decided that it is', () => {
  expect(asked([])).toMatchObject({ person: null });
  expect(asked([link({ kind: 'person', person: 'hr:E-1' })])).toMatchObject({ person: 'hr:E-1', bot: false });
  expect(asked([link({ kind: 'person', person: 'hr:E-1' }), link({ kind: 'nobody' })])).toMatchObject({ person: null });
  expect(asked([{ ...link({ kind: 'person', person: 'hr:E-1' }), ended: 9 }])).toMatchObject({ person: null });
});
