import { entitySource } from '../../config/configured-sources.ts';
import type { Exchange } from '../../model/collector.ts';
import { logHost } from '../../model/derived.ts';
import type { JsonObject } from '../../model/json.ts';
import { canonicalBytes } from '../../seal/canonical-json.ts';
import type { Composition } from '../composition.ts';
import type { Registries } from '../registries.ts';
import type { SourceAccess } from '../source-access.ts';
import { deriveInput } from './derive-input.ts';
import { readingId } from './reading-id.ts';
import type { StoredLog } from './stored-log.ts';

/** How every id of the entity as a whole begins: `entity:northwind-payroll`. */
export function entityMember(tenant: string): string {
  return `${entitySource}:${tenant}`;
}

/**
 * The entity as a whole as a source: one member, whose questions are answered from the log as it stands when they are asked, so that what this
 * very run has sealed counts. What came over no wire is not committed to twice: the bytes of a reply are the list of the collections it was
 * made of, and its request id says when and how far the log was read.
 */
export async function entityAccess(
  app: Pick<Composition, 'configuration' | 'definition' | 'entitySettings' | 'now'>,
  log: StoredLog,
  registries: Registries,
): Promise<SourceAccess> {
  const { name, tenant } = app.configuration.entity;
  const [definition, settings] = await Promise.all([app.definition(entitySource), app.entitySettings()]);
  const entity = entityMember(tenant);
  const exchange: Exchange = async (_operation, input) => {
    const at = app.now();
    const { input: output, reads } = deriveInput(log.now(registries), registries, { entity, at, types: typesIn(input) });
    const { through } = output;
    return {
      output,
      status: 200,
      headers: { 'x-request-id': readingId({ through, at }) },
      bytes: canonicalBytes({ through, reads }),
      host: logHost,
      plain: true,
    };
  };
  return {
    name: entitySource,
    kind: entitySource,
    definition,
    members: async () => [
      {
        id: entity,
        tenant,
        display: name,
        settings: settings as JsonObject,
        regions: undefined,
        open: () => ({ exchange, principal: async () => 'proofline', close: () => {} }),
      },
    ],
    close: () => {},
  };
}

function typesIn({ types }: JsonObject): readonly string[] {
  if (!Array.isArray(types) || !types.every((type) => typeof type === 'string')) throw new TypeError('a question to the log names types');
  return types;
}
