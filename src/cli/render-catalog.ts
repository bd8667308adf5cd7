import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { CatalogChecksOutput, CatalogCollectorsOutput } from './shapes.ts';
import { counted } from './words.ts';

export function renderChecks(output: CatalogChecksOutput, { bold, cyan, dim }: Colours, columns: number): string {
  const rows = output.checks.map((check) => {
    const parameters = Object.entries(check.parameters).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const claim = parameters.length === 0 ? check.claim : `${check.claim} ${dim(`(${parameters.join(', ')})`)}`;
    return [cyan(check.id), claim, check.severity, check.controls.join(' ')];
  });
  const titles = [
    { title: bold('Check') },
    { title: bold('Claim'), flexible: true },
    { title: bold('Severity') },
    { title: bold('Controls') },
  ];
  return `${renderTable(titles, rows, columns)}\n\n${counted(output.checks.length, 'check')}`;
}

export function renderCollectors(output: CatalogCollectorsOutput, { bold, cyan, dim }: Colours, columns: number): string {
  const rows = output.collectors.map((collector) => [
    cyan(collector.id),
    `${collector.title}${dim(`, per ${collector.scope}`)}`,
    collector.yields.join('\n'),
    counted(collector.permissions.length, 'permission'),
  ]);
  const titles = [{ title: bold('Collector') }, { title: bold('Reads'), flexible: true }, { title: bold('Yields') }, { title: '' }];
  return `${renderTable(titles, rows, columns)}\n\n${counted(output.collectors.length, 'collector')}. What to grant: proofline permissions aws, proofline permissions github`;
}
