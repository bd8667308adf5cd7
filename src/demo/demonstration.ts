import { join, resolve } from 'node:path';
import awsSource from '../../collectors/aws/source.ts';
import githubSource from '../../collectors/github/source.ts';
import tabularSource from '../../collectors/tabular/source.ts';
import type { Configuration } from '../config/configuration.ts';
import { libraryDirectory } from '../config/library-directory.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { tableSettings } from '../config/table-settings.ts';
import type { SourceDefinition } from '../model/collector.ts';
import type { SourceAccess, SourceMember } from '../run/source-access.ts';
import { awsExchange } from './aws-exchange.ts';
import { type CompanyState, stateAt } from './company.ts';
import { githubExchange, organisationId } from './github-exchange.ts';
import { tabularExchange } from './tabular-exchange.ts';
import { changes } from './year.ts';

export { describedClock } from './described-clock.ts';
export { describedLife } from './described-life.ts';
export { registriesAt } from './former-logic.ts';

/** Where the demonstration lives unless it is told otherwise. */
export const defaultDirectory = '.proofline-demo';

/**
 * Northwind Payroll's own configuration, with its log, keys and anchors put where the demonstration is kept: below
 * `.proofline-demo`, or `dataDir` for the log and folders beside it for keys and anchors.
 */
export function demonstrationConfiguration(dataDir?: string): Configuration {
  const data = resolve(dataDir ?? join(defaultDirectory, 'data'));
  const beside = (name: string) => (dataDir === undefined ? resolve(defaultDirectory, name) : `${data}-${name}`);
  const configuration = loadConfiguration(join(libraryDirectory(), 'demonstration', 'proofline.yaml'), {}, { dataDir: data });
  return {
    ...configuration,
    store: { data, keys: beside('keys') },
    anchors: configuration.anchors.map((anchor) => (anchor.kind === 'file' ? { ...anchor, path: beside(anchor.name) } : anchor)),
  };
}

/** The company's two AWS accounts, its GitHub organisation and its tables, behind the same seam as the real ones. */
export function demonstrationSources(now: () => string): readonly SourceAccess[] {
  const company = remembered();
  return [
    {
      name: 'northwind-aws',
      kind: 'aws',
      definition: awsSource as SourceDefinition,
      members: async () =>
        (['production', 'staging'] as const).map((account): SourceMember => {
          const { id, name } = company(now()).aws[account];
          return {
            id: `aws:${id}`,
            tenant: id,
            display: `${name} (${id})`,
            settings: {},
            regions: undefined,
            open: (session) => ({
              exchange: awsExchange({ account, now, stateAt: company, session }),
              principal: async () => `arn:aws:sts::${id}:assumed-role/ProoflineReadOnly/${session}`,
              close: () => {},
            }),
          };
        }),
      close: () => {},
    },
    {
      name: 'northwind-github',
      kind: 'github',
      definition: githubSource as SourceDefinition,
      members: async () => {
        const { login } = company(now()).github;
        return [
          {
            id: `github:${organisationId}`,
            tenant: login,
            display: login,
            settings: { authentication: 'app', productionBranches: ['release/*'] },
            regions: undefined,
            open: () => ({
              exchange: githubExchange({ now, stateAt: company }),
              principal: async () => 'northwind-evidence[bot]',
              close: () => {},
            }),
          },
        ];
      },
      close: () => {},
    },
    ...tabularSources(now),
  ];
}

let declared: Pick<Configuration, 'sources' | 'directory'> | undefined;
/** The tables of HR, payroll, ledger, bank and ticketing, as the configuration declares them. */
function tabularSources(now: () => string): readonly SourceAccess[] {
  declared ??= demonstrationConfiguration();
  const { sources, directory } = declared;
  return (sources.tabular ?? []).map((source) => ({
    name: source.name,
    kind: 'tabular',
    definition: tabularSource as SourceDefinition,
    members: async () =>
      source.tables.map((table): SourceMember => {
        const settings = tableSettings(source, table, directory);
        const name = `${source.name}.${table.name}`;
        return {
          id: `tabular:${name}`,
          tenant: name,
          display: name,
          settings,
          regions: undefined,
          open: () => ({ exchange: tabularExchange(name, settings, now), principal: async () => source.user ?? null, close: () => {} }),
        };
      }),
    close: () => {},
  }));
}

/** Thousands of questions fall between two changes of the company: it is described once for each stretch. */
function remembered(): (instant: string) => CompanyState {
  let last: { readonly happened: number; readonly state: CompanyState } | undefined;
  return (instant) => {
    const at = Date.parse(instant);
    const happened = changes.filter((change) => Date.parse(change.at) <= at).length;
    if (last?.happened !== happened) last = { happened, state: stateAt(instant) };
    return last.state;
  };
}
