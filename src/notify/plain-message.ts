import type { DescribedMessage, Section } from './describe-message.ts';

/** A described message as text alone, as a mail or a terminal shows it. */
export function plainMessage(described: DescribedMessage): string {
  const parts = [
    ...(described.demonstration === null ? [] : [described.demonstration.toUpperCase()]),
    described.headline,
    ...(described.opening.length === 0 ? [] : [described.opening.join('\n')]),
    ...described.sections.map(sectionText),
    ...(described.more === null ? [] : [described.more]),
    `-- \n${described.origin}\nWritten by Proofline from what it recorded. Whether a control holds is for its owner and the auditor to say.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionText(section: Section): string {
  const width = Math.max(...section.facts.map(({ label }) => label.length)) + 2;
  const indented = (text: string, by: number) => text.replaceAll('\n', `\n${' '.repeat(by)}`);
  const resources = section.resources.map(
    ({ name, id, said }) => `- ${name}${id === '' ? '' : ` (${id})`}${said === null ? '' : `: ${said}`}`,
  );
  return [
    section.heading,
    '='.repeat(Math.min([...section.heading].length, 72)),
    ...section.facts.map(({ label, text }) => `${`${label}:`.padEnd(width)}${indented(text, width)}`),
    ...(resources.length === 0 ? [] : ['', 'Resources', ...resources]),
    ...(section.more === null ? [] : [`- ${section.more}`]),
    ...(section.fix.length === 0
      ? []
      : ['', 'How to put it right', ...section.fix.map(({ label, text }) => `  ${label}:\n    ${indented(text, 4)}`)]),
    '',
    `${section.recorded.sentence}:`,
    `    ${section.recorded.command}`,
  ].join('\n');
}
