import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { ControlsListOutput } from './shapes.ts';
import { counted } from './words.ts';

export function renderControls(output: ControlsListOutput, { bold, cyan, dim }: Colours, columns: number): string {
  const rows = output.controls.map((control) => [
    cyan(control.id),
    control.statement,
    control.status === 'proposed' ? dim('proposed') : control.status,
    [...control.soc2, ...control.soc1].join(' '),
    control.checks.length === 0 ? dim('people') : counted(control.checks.length, 'check'),
  ]);
  const table = renderTable(
    [
      { title: bold('Control') },
      { title: bold('Statement'), flexible: true },
      { title: bold('Status') },
      { title: bold('Satisfies') },
      { title: bold('Evidence') },
    ],
    rows.map((row) => row.map((cell, index) => (index === 3 ? wrap(cell, 24) : cell))),
    columns,
  );
  const adopted = output.controls.filter(({ status }) => status === 'adopted').length;
  return `${table}\n\n${counted(output.controls.length, 'control')}, ${adopted} adopted. A proposed control is a suggestion: proofline controls adopt ID --because TEXT`;
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
