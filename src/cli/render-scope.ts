import type { Colours } from './cli.ts';
import type { ScopePreviewOutput } from './shapes.ts';
import { counted } from './words.ts';

const shownPerRule = 20;

export function renderScope(preview: ScopePreviewOutput, { bold, dim, cyan, yellow }: Colours): string {
  const lines = [`${bold(`Scope on ${preview.on}`)}: ${counted(preview.resources, 'resource')} collected, ${preview.inScope} in scope`, ''];
  if (preview.rules.length === 0) lines.push('No rule is in force: everything that is collected is in scope.');
  for (const rule of preview.rules) {
    const dates = `from ${rule.from}${rule.until === null ? '' : ` until ${rule.until}`}`;
    lines.push(
      `${cyan(rule.id)} ${rule.decision}: ${counted(rule.resources.length, 'resource')}  ${dim(`${rule.because} (${rule.by}, ${dates})`)}`,
    );
    for (const resource of rule.resources.slice(0, shownPerRule)) lines.push(`    ${resource.type}  ${resource.display}`);
    if (rule.resources.length > shownPerRule) lines.push(`    and ${rule.resources.length - shownPerRule} more: --json lists all`);
    if (rule.resources.length === 0) lines.push(yellow('    names nothing that was collected'));
  }
  if (preview.absent.length > 0) {
    lines.push('', bold('None of these, says'));
    for (const absent of preview.absent) lines.push(`  ${absent.type}  ${absent.by}, from ${absent.from}: ${absent.reason}`);
  }
  if (preview.notCollected.length > 0) {
    lines.push('', bold('Nobody collects these; the controls that speak for them show no evidence until they are declared absent'));
    for (const type of preview.notCollected) lines.push(`  ${type.type}  ${dim(`${type.title}; ${type.controls.join(', ')}`)}`);
  }
  return lines.join('\n');
}
