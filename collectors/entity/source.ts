import type { SourceDefinition } from '../../src/authoring.ts';
import { logHost } from '../../src/model/derived.ts';
import { type EntityClient, entityClient } from './client.ts';

const source: SourceDefinition<EntityClient> = {
  kind: 'entity',
  title: 'The entity as a whole, from its own log',
  client: entityClient,
  permissionFor: () => 'log:read',
  limitFor: () => ({ perSecond: 1_000_000, burst: 1_000_000 }),
  isOfficialHost: (host) => host === logHost,
  equivalentCommand: () => 'proofline recompute',
};
export default source;
