import type { Colours } from './cli.ts';
import type { DoctorOutput } from './shapes.ts';
import { counted } from './words.ts';

const titles = {
  configuration: 'Configuration',
  extensions: 'Own collectors and checks',
  keys: 'Keys',
  store: 'Store',
  anchors: 'Anchors',
  notify: 'Channels',
  source: 'Sources',
} as const;
const order = ['configuration', 'extensions', 'keys', 'store', 'anchors', 'notify', 'source'] as const;

/** What the doctor found, by area, and what to do about each thing that is wrong. */
export function renderDoctor(output: DoctorOutput, { bold, dim, red, green, yellow, cyan }: Colours): string {
  const marks = { ok: green('ok'), note: dim('note'), warning: yellow('warning'), problem: red('problem') };
  const lines: string[] = [];
  for (const area of order) {
    const found = output.findings.filter((finding) => finding.area === area);
    if (found.length === 0) continue;
    lines.push(bold(titles[area]));
    let about = '';
    for (const finding of found) {
      if (finding.about !== about) lines.push(`  ${cyan(finding.about)}`);
      about = finding.about;
      lines.push(`    ${marks[finding.level]}: ${finding.message}`);
      if (finding.advice !== null) lines.push(`      ${finding.advice}`);
    }
    lines.push('');
  }
  const problems = output.findings.filter(({ level }) => level === 'problem').length;
  const warnings = output.findings.filter(({ level }) => level === 'warning').length;
  lines.push(
    problems + warnings === 0 ? 'Nothing stands in the way.' : `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`,
  );
  return lines.join('\n');
}
