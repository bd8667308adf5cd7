import type { Colours } from './cli.ts';
import type { TestOutput } from './shapes.ts';
import { counted } from './words.ts';

export function renderTest(output: TestOutput, { red, green, cyan }: Colours): string {
  const lines: string[] = [];
  for (const { id, kind, examples, problems } of output.units) {
    const what = counted(examples, kind === 'check' ? 'example' : 'exchange');
    lines.push(`${problems.length === 0 ? green('ok') : red('not ok')}  ${cyan(id)}  ${what}`);
    for (const problem of problems) lines.push(`    ${problem}`);
  }
  const wrong = output.units.filter(({ problems }) => problems.length > 0).length;
  lines.push(`${counted(output.units.length, 'unit')}, ${wrong === 0 ? 'each does what its examples say' : red(`${wrong} not`)}`);
  return lines.join('\n');
}
