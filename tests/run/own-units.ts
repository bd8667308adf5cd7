import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Files of a directory of users' own units, by path. */
export type OwnFiles = Readonly<Record<string, string>>;

export const ownCheck = `
import { defineCheck, fail, pass, z } from 'proofline/authoring';
import { AwsS3AccountPublicAccess } from 'proofline/resources/aws/s3-account-public-access';
import { isLong } from '../../shared/lengths.ts';

const flags = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
const thing = { id: 'a', account: '111122223333', configured: true, ...flags };

export default defineCheck({
  id: 'own/aws/thing-has-long-name',
  claim: 'The thing has a long name',
  subject: AwsS3AccountPublicAccess,
  severity: 'low',
  rationale: 'Short names are taken twice.',
  remediation: { console: 'Rename it', cli: 'rename', terraform: 'name = "..."' },
  references: [],
  parameters: z.object({ atLeast: z.number().default(3) }),
  test: (thing, { parameters }) => (isLong(thing.display, parameters.atLeast) ? pass('long') : fail('short')),
  examples: { pass: { long: { ...thing, display: 'abcd' } }, fail: { short: { ...thing, display: 'ab' } } },
});
`;
export const ownLengths = 'export const isLong = (name: string, atLeast: number): boolean => name.length >= atLeast;\n';
export const ownResource = `
import { defineResource, z } from 'proofline/authoring';
export default defineResource({ type: 'aws.own.other', title: 'other thing', shape: { on: z.boolean() } });
`;
export const ownCollector = `
import { defineCollector } from 'proofline/authoring';
import Other from './resource.ts';

interface Client { pages(operation: string): AsyncIterable<never> }
export default defineCollector<Client>({
  id: 'own/aws/others',
  title: 'Others',
  kind: 'state',
  scope: 'account',
  yields: [Other],
  permissions: ['others:read'],
  items: { listOthers: { keep: ['on'], list: 'others', key: 'id' } },
  async *collect(client) { yield* client.pages('listOthers'); },
  normalise: () => [],
});
`;
/** A directory with one check that shares a file, and one collector. */
export const soundUnits: OwnFiles = {
  'checks/aws/thing-has-long-name.ts': ownCheck,
  'shared/lengths.ts': ownLengths,
  'collectors/aws/others/collector.ts': ownCollector,
  'collectors/aws/others/resource.ts': ownResource,
};

export async function writeOwn(files: OwnFiles): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofline-own-'));
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(directory, file);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, text);
    await chmod(target, 0o644);
  }
  return directory;
}

export interface Loaded {
  readonly checks: readonly string[];
  readonly collectors: readonly string[];
  readonly logic: Readonly<Record<string, string>>;
  readonly sameSubject: boolean;
  readonly code?: string;
  readonly problems?: readonly { readonly file?: string; readonly message: string }[];
}
/**
 * Loads directories in a process of its own, as Node alone runs it, by the copy of proofline under `code` (`ending` .ts: a checkout,
 * .js: built). `sameSubject` says whether the
 * check's resource is the very one of that copy.
 */
const resource = { dataset: 'aws/s3-account-public-access', name: 'AwsS3AccountPublicAccess' };

export async function loadIn(code: string, ending: '.ts' | '.js', directories: readonly string[]): Promise<Loaded> {
  const script = `
    import { loadExtensions } from ${JSON.stringify(path.join(code, `src/run/load-extensions${ending}`))};
    import { ${resource.name} as subject } from ${JSON.stringify(path.join(code, `collectors/${resource.dataset}/resource${ending}`))};
    const permissions = { listOthers: 'others:read' };
    const sources = [{ kind: 'aws', permissionFor: (operation) => permissions[operation] }];
    try {
      const found = await loadExtensions({ directories: ${JSON.stringify(directories)}, sources, shippedTypes: new Set([subject.type]) });
      const ids = (units) => units.map((unit) => unit.id);
      console.log(JSON.stringify({
        checks: ids(found.checks), collectors: ids(found.collectors), logic: Object.fromEntries(found.logic),
        sameSubject: found.checks.every((check) => check.subject === subject),
      }));
    } catch (error) {
      if (error.code !== 'extension-refused') throw error;
      console.log(JSON.stringify({ code: error.code, problems: error.problems }));
    }
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout) as Loaded;
}
