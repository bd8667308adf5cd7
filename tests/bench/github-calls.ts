/**
 * Counts the requests of every GitHub collector at the seam, for 1,000 repositories with two rulesets each, and compares them with the
 * 12,000 of a well-known scanner. Run: node tests/bench/github-calls.ts. Exits with 1 when a figure is missed.
 */
import { collectors } from '../collectors/github/collectors.ts';
import { acme, baseline } from '../collectors/github/described.ts';
import { runOn } from '../collectors/github/run.ts';
import { createServer, type World } from '../collectors/github/world.ts';

const size = 1_000;
const peer = 12_000;
const mostPaged = 60;
/** Whose the repositories are is read for those who are told, and nothing is judged by it: counted apart, fifty repositories a request. */
const ownership = 'github/codeowners';
const mostForOwnership = size / 50 + 1;
/** Who may do what in each repository is judged by what is worked out of it: counted apart too, twenty repositories a request. */
const access = 'github/repository-access';
const mostForAccess = size / 20 + 2;
/** Asked once per repository or environment, because GraphQL does not give it; the collectors say why at the call. */
const perRepository = (operation: string) => operation.startsWith('GET /repos/');

function world(change: Partial<World> = {}): World {
  return acme({
    outside: [],
    teams: [],
    rulesets: [],
    secretAlerts: [],
    dependabotAlerts: [],
    auditLog: [],
    ruleSuites: [],
    rulesetVersions: [],
    repositories: Array.from({ length: size }, (_, index) => ({
      name: `repository-${index}`,
      id: index + 1,
      branches: { main: {} },
      rulesets: [
        { ...baseline, id: 10_000 + index * 2, name: 'own' },
        { ...baseline, id: 10_001 + index * 2, name: 'more', rules: [{ type: 'DELETION' }] },
      ],
      environments: index % 10 === 0 ? [{ id: 50_000 + index, name: 'production', reviewers: ['ann'], preventSelfReview: true }] : [],
    })),
    ...change,
  });
}

async function count(
  title: string,
  of: World,
): Promise<{ readonly paged: number; readonly forOwnership: number; readonly forAccess: number }> {
  const rows: { collector: string; isRecord: boolean; paged: number; single: ReadonlyMap<string, number> }[] = [];
  for (const collector of collectors) {
    const seen = await runOn(createServer(of), collector);
    if (title.startsWith('owner') && seen.completeness.kind !== 'complete')
      throw new Error(`${collector.id} is incomplete: ${JSON.stringify(seen.gaps[0])}`);
    const single = new Map<string, number>();
    let paged = 0;
    for (const { operation } of seen.requests) {
      if (perRepository(operation)) single.set(operation, (single.get(operation) ?? 0) + 1);
      else paged += 1;
    }
    rows.push({ collector: collector.id, isRecord: collector.kind === 'events', paged, single });
  }
  // The figure is about the state of an organisation; what happened in it is read as much as there is of it.
  const paged = rows.reduce(
    (sum, row) => (row.isRecord || row.collector === ownership || row.collector === access ? sum : sum + row.paged),
    0,
  );
  const forOwnership = rows.find(({ collector }) => collector === ownership)?.paged ?? 0;
  const forAccess = rows.find(({ collector }) => collector === access)?.paged ?? 0;
  const single = rows.reduce((sum, row) => sum + [...row.single.values()].reduce((all, one) => all + one, 0), 0);
  console.log(`\n${title}: ${size} repositories, two rulesets each`);
  for (const row of rows) {
    const also = [...row.single].map(([operation, requests]) => `+ ${requests} x ${operation}`).join(' ');
    console.log(`  ${row.collector.padEnd(32)} ${String(row.paged).padStart(5)} ${also}${asideOf(row)}`);
  }
  console.log(`  ${'paged or once'.padEnd(32)} ${String(paged).padStart(5)}   ${(peer / paged).toFixed(0)} times fewer than ${peer}`);
  console.log(
    `  ${'with those per repository'.padEnd(32)} ${String(paged + single).padStart(5)}   ${(peer / (paged + single)).toFixed(1)} times fewer than ${peer}`,
  );
  return { paged, forOwnership, forAccess };
}

function asideOf({ collector, isRecord }: { readonly collector: string; readonly isRecord: boolean }): string {
  if (isRecord) return '(what happened; not in the sum)';
  if (collector === access) return '(who may do what; not in the sum)';
  return collector === ownership ? '(whose they are; not in the sum)' : '';
}

const { paged: owner, forOwnership, forAccess } = await count('owner, strict Actions settings', world());
const { paged: open } = await count(
  'owner, Actions settings left to repositories',
  world({ actions: { enabled: 'all', allowed: 'all', token: 'write', approve: true } }),
);
await count('member, who may not administer: worst case', world({ viewer: { owner: false, member: true, repositoryAdmin: false } }));
console.log(
  `\nfigure: at most ${mostPaged} paged requests: ${owner} and, with Actions settings left to repositories (10 pages to name them), ${open}; at most ${mostForOwnership} for whose they are: ${forOwnership}; at most ${mostForAccess} for who may do what: ${forAccess}`,
);
if (owner > mostPaged || forOwnership > mostForOwnership || forAccess > mostForAccess) {
  console.error(`missed: ${owner} > ${mostPaged}, ${forOwnership} > ${mostForOwnership} or ${forAccess} > ${mostForAccess}`);
  process.exitCode = 1;
}
