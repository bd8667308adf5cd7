import { severities } from '../model/outcome.ts';
import type { StatusOutput } from './shapes.ts';

/**
 * What a person would do next, most pressing first; at most five.
 * @param call how the program is called, and what every verb needs to find the same log again
 */
export function nextSteps(
  status: Omit<StatusOutput, 'nextSteps' | 'v'>,
  call: { readonly program: string; readonly options: string } = { program: 'proofline', options: '' },
): StatusOutput['nextSteps'] {
  const steps: StatusOutput['nextSteps'] = [];
  const add = (text: string, command: string | null) =>
    steps.push({ text, command: command === null ? null : `${call.program} ${command}${call.options}` });
  if (status.sources.length === 0) {
    add('Look whether the sources can be read, then collect.', 'doctor');
    add('Collect, seal and judge.', 'collect');
    return steps;
  }
  const worst = severities.find((severity) => status.failures[severity] > 0);
  if (worst !== undefined) {
    const count = status.failures[worst];
    add(
      `${count} ${worst} ${count === 1 ? 'failure' : 'failures'}: each with how to mend it.`,
      `results --outcome fail --severity ${worst}`,
    );
  }
  if (status.sources.some(({ incomplete }) => incomplete.length > 0)) {
    add('Some collections are incomplete: see what keeps them from being whole.', 'doctor');
  }
  if (!status.demonstration && status.controls.every((control) => control.status !== 'adopted')) {
    add('No control is adopted yet. Take up those you perform, in your own words.', 'controls adopt AC-02 --because "approved by ..."');
  }
  if (!status.demonstration && status.controls.some((control) => control.reasons.some((reason) => reason.endsWith('is not collected')))) {
    add('Controls speak for resources nobody collects. Say which do not exist here.', 'scope preview');
  }
  if (status.anchors.configured.length === 0 && !status.demonstration) {
    add('Let somebody else see the head of the log: add an anchor to proofline.yaml.', null);
  }
  if (status.demonstration) {
    add('See what an auditor receives.', 'evidence export --out evidence');
    steps.push({
      text: 'Verify it as the auditor would: every hash, signature and manifest is recomputed.',
      command: `${call.program} verify evidence`,
    });
  }
  return steps.slice(0, 5);
}
