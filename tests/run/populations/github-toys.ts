import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import approved from '../../../checks/github/change-approved-by-another.ts';
import through from '../../../checks/github/change-came-through-pull-request.ts';
import members from '../../../collectors/github/members/collector.ts';
import changes from '../../../collectors/github/production-changes/collector.ts';
import source from '../../../collectors/github/source.ts';
import { defaultRuler } from '../../../src/config/engagements.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Collector, SourceDefinition } from '../../../src/model/collector.ts';
import { Control } from '../../../src/model/control.ts';
import { Engagement, type Period } from '../../../src/model/engagement.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { openSigner } from '../../../src/run/decisions/open-signer.ts';
import { type DecisionSigner, recordDecision } from '../../../src/run/decisions/record-decision.ts';
import { sshKeyLine, sshSignerOf } from '../../../src/seal/ssh-signature.ts';
import type { Store } from '../../../src/store/contract.ts';
import { acme } from '../../collectors/github/described.ts';
import { connectTo } from '../../collectors/github/run.ts';
import { createServer, type Server } from '../../collectors/github/world.ts';
import { Toys } from '../toy-source.ts';

export const quiet = { onProgress: () => {}, signal: new AbortController().signal };
export const january: Pick<Period, 'from' | 'to'> = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };

/** A composition over the described GitHub organisation, with a clock to put. */
export class GithubToys extends Toys {
  server: Server = createServer(acme());

  override composition(): Composition {
    const { server } = this;
    const toys = super.composition();
    const sources = { aws: [], github: [{ name: 'acme', organisations: ['acme'], productionBranches: [] }] };
    const configuration = {
      ...toys.configuration,
      sources,
      declared: { ...toys.configuration.declared, sources },
    } as unknown as Composition['configuration'];
    const settings = { authentication: 'token', productionBranches: [] };
    return {
      ...toys,
      configuration,
      registries: async () => ({
        checks: [approved, through] as unknown as readonly Check[],
        collectors: [members, changes] as unknown as readonly Collector<never>[],
        logicOf: () => `sha256:${'0'.repeat(64)}`,
        gradeOf: () => 'source-direct' as const,
      }),
      controls: async () => [
        {
          control: Control.parse({
            id: 'CM-02',
            status: 'adopted',
            statement: 'Every change is approved',
            frequency: 'many a day',
            satisfies: {},
            covers: ['github.change'],
            checks: ['github/change-approved-by-another', 'github/change-came-through-pull-request'],
          }),
          origin: 'own' as const,
          versions: [],
        },
      ],
      definition: async () => source as unknown as SourceDefinition,
      sources: async () => [
        {
          name: 'acme',
          kind: 'github',
          definition: source as unknown as SourceDefinition,
          members: async () => [
            {
              id: 'github:9919',
              tenant: 'acme',
              display: 'acme',
              settings,
              regions: undefined,
              open: (session: string) => ({
                exchange: connectTo(server).open(session).exchange,
                principal: async () => 'auditor',
                close: () => {},
              }),
            },
          ],
          close: () => {},
        },
      ],
    };
  }

  /** A key of a person's own, registered with his roles. */
  async person(app: Composition, store: Store, id: string, roles: ('auditor' | 'management')[]): Promise<DecisionSigner> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const file = join(this.directory, `${id}.pem`);
    writeFileSync(file, pem, { mode: 0o600 });
    await recordDecision(app, store, {
      payload: { type: 'register-person', person: { id, name: id, roles, keys: [sshKeyLine(sshSignerOf(pem).publicKey)] } },
      reason: 'registered',
      actor: { name: 'root' },
    });
    return openSigner(id, file);
  }

  async period(app: Composition, store: Store, bounds = january, withholdItemsOf: readonly string[] = []): Promise<Period> {
    const period: Period = {
      v: 1,
      id: 'soc2-january',
      engagement: Engagement.parse({ id: 'soc2', report: 'soc2', type: 2, redaction: { withholdItemsOf } }),
      start: bounds.from.slice(0, 10),
      end: '2026-01-31',
      zone: 'UTC',
      ...bounds,
      cutOff: null,
      ruler: defaultRuler,
      plan: 0,
    };
    await recordDecision(app, store, { payload: { type: 'open-period', period }, reason: 'opened', actor: { name: 'root' } });
    return period;
  }
}
