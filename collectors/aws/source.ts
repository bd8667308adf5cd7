import type { ExchangeScope, JsonObject, SourceDefinition } from '../../src/authoring.ts';
import { AwsClient } from './client.ts';
import { findOperation, services } from './operations.ts';

const suffixes = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'api.amazonwebservices.com.cn',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
] as const;
const alternatives = (words: readonly string[]) => words.map((word) => word.replaceAll('.', '\\.')).join('|');
const plainHosts = Object.values(services)
  .map((service) => service.host)
  .filter((host) => !host.startsWith('s3'));
const region = '[a-z]{2,4}(?:-[a-z]+)+-\\d+';
/**
 * Only names that AWS's own services answer under. Everyone can have a name below amazonaws.com (a load balancer, an API gateway),
 * so the suffix alone says nothing; below S3's names everyone can have a bucket, but it is S3 that answers.
 */
const official = new RegExp(
  `^(?:(?:${alternatives(plainHosts)})(?:-fips)?|(?:[a-z0-9.-]+\\.)?s3(?:-fips)?(?:\\.dualstack)?|(?:\\d{12}\\.)?s3-control(?:-fips)?(?:\\.dualstack)?)` +
    `(?:\\.${region})?\\.(?:${alternatives(suffixes)})(?::443)?$`,
);

/** Everything the rooms above need to know of AWS; loads no SDK. */
const source: SourceDefinition<AwsClient> = {
  kind: 'aws',
  title: 'Amazon Web Services',
  client: (context) => new AwsClient(context),
  permissionFor(operation) {
    const found = findOperation(operation);
    return found && (found.facts.permission ?? `${found.of.prefix}:${found.name}`);
  },
  limitFor(operation) {
    const found = findOperation(operation);
    return found?.facts.limit ?? found?.of.limit ?? { perSecond: 1, burst: 1 };
  },
  regions: { collector: 'aws/regions', type: 'aws.region' },
  isOfficialHost: (host) => official.test(host.toLowerCase()),
  equivalentCommand,
};
export default source;

function equivalentCommand(operation: string, input: JsonObject, scope: ExchangeScope): string {
  const [service = '', name = ''] = operation.split(':', 2);
  const asked = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '$token'));
  return [
    'aws',
    findOperation(operation)?.of.cli ?? service,
    commandName(name),
    ...(scope.region === undefined ? [] : ['--region', scope.region]),
    '--no-paginate',
    ...(Object.keys(asked).length === 0 ? [] : ['--cli-input-json', `'${JSON.stringify(asked).replaceAll("'", `'\\''`)}'`]),
  ].join(' ');
}

/** `ListVirtualMFADevices` -> `list-virtual-mfa-devices`, as AWS's command line does it. */
function commandName(operation: string): string {
  return operation
    .replace(/([A-Z]{2,})s$/, (_, letters: string) => `-${letters.toLowerCase()}s`)
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
