import { controlStateWords } from '../model/control.ts';
import { efforts, effortWords, type ReadinessStep, type ReadinessTopic } from '../model/readiness.ts';
import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { ReadinessOutput } from './shapes.ts';
import { counted } from './words.ts';

export interface ReadinessView {
  readonly colours: Colours;
  readonly columns: number;
  /** Every step, also those that are many. */
  readonly all: boolean;
  readonly call: { readonly program: string; readonly options: string };
}

const fewSteps = 8;
const topicStates: Readonly<Record<ReadinessTopic['state'], string>> = {
  adopted: 'adopted',
  proposed: 'only proposed',
  missing: 'no control',
};

/** Where each criterion or objective stands, and what to do in order of effort. */
export function renderReadiness(output: ReadinessOutput, view: ReadinessView): string {
  const { colours } = view;
  const { bold, yellow } = colours;
  const what = output.report === 'soc2' ? 'criterion' : 'control objective';
  const whats = output.report === 'soc2' ? 'criteria' : 'control objectives';
  const { counts } = output;
  const lines = [
    bold(`${output.entity}${output.demonstration ? ' (demonstration)' : ''}: readiness for ${titleOf(output)} as of ${output.at}`),
    '',
    `${counted(counts.topics, what, whats)}: ${counts.adopted} with an adopted control (${counts.showing} of these without failures today), ${counts.proposed} with proposed ones only, ${counts.missing} with none.`,
    ...output.warnings.map((warning) => yellow(warning)),
    '',
    topicTable(output, view),
  ];
  const steps = Map.groupBy(output.steps, ({ effort }) => effort);
  if (output.steps.length === 0) lines.push('', 'Nothing is known that would have to be done first.');
  else lines.push('', bold('What to do, least effort first'));
  for (const effort of efforts) lines.push(...stepLines(effort, steps.get(effort) ?? [], view));
  lines.push(
    '',
    'What is shown is what monitoring observed and what the control files say; whether it is enough is not for Proofline to say.',
  );
  return lines.join('\n');
}

function titleOf(output: ReadinessOutput): string {
  const report = `SOC ${output.report === 'soc2' ? 2 : 1}${output.type === null ? '' : ` Type ${output.type}`}`;
  const services = output.trustServices.length === 0 ? '' : ` (${output.trustServices.join(', ')})`;
  return `${output.engagement === null ? '' : `${output.engagement}, `}${report}${services}`;
}

function topicTable({ topics }: ReadinessOutput, { colours, columns }: ReadinessView): string {
  const { cyan, dim, green, red, yellow } = colours;
  const shade = { adopted: String, proposed: yellow, missing: red };
  const shown = { 'failures-observed': red, 'no-evidence': yellow, 'no-failures-observed': green, 'did-not-operate': dim };
  return renderTable(
    [{ title: '' }, { title: '' }, { title: '' }, { title: '', flexible: true }],
    topics.map((topic) => [
      cyan(topic.id),
      shade[topic.state](topicStates[topic.state]),
      topic.shows === null ? '' : shown[topic.shows](controlStateWords[topic.shows]),
      topic.adopted.length > 0 ? topic.adopted.join(' ') : dim(topic.proposed.join(' ')),
    ]),
    columns,
  );
}

function stepLines(
  effort: ReadinessStep['effort'],
  steps: readonly ReadinessStep[],
  { colours, columns, all, call }: ReadinessView,
): string[] {
  if (steps.length === 0) return [];
  const { bold, cyan, dim, red, yellow } = colours;
  const { title, why } = effortWords[effort];
  const shown = all ? steps : steps.slice(0, fewSteps);
  const shade = { critical: red, high: red, medium: yellow, low: dim };
  const rows = shown.map((step) => [
    step.severity === null ? '' : shade[step.severity](step.severity),
    `${step.text}${step.owner === null ? '' : ` ${dim(`(${step.owner})`)}`}`,
    dim(step.topics.length > 6 ? `${step.topics.slice(0, 5).join(' ')} +${step.topics.length - 5}` : step.topics.join(' ')),
  ]);
  const severe = shown.some(({ severity }) => severity !== null);
  const table = renderTable(
    [...(severe ? [{ title: '' }] : []), { title: '', flexible: true }, { title: '' }],
    severe ? rows : rows.map(([, ...rest]) => rest),
    columns - 2,
  );
  const commands = [...new Set(shown.flatMap(({ command }) => (command === null ? [] : [command])))];
  const shortCommand = effort === 'mend-setting' ? 'results --outcome fail' : commands[0];
  return [
    '',
    `${bold(title)} ${dim(`(${steps.length}; ${why})`)}`,
    ...table.split('\n').map((line) => `  ${line}`),
    ...(shown.length < steps.length ? [dim(`  and ${steps.length - shown.length} more: --all`)] : []),
    ...(shortCommand === undefined ? [] : [`    ${cyan(`${call.program} ${shortCommand}${call.options}`)}`]),
  ];
}
