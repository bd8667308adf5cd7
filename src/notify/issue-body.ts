import type { DescribedMessage, Fact, Section } from './describe-message.ts';
import { shorten } from './plain-text.ts';

/** GitHub takes 65,536 characters of a body. */
const mostCharacters = 65_000;

/** A described message in GitHub's Markdown. `state`: above everything, how the issue stands. */
export function issueBody(described: DescribedMessage, options: { readonly state?: string } = {}): string {
  const parts = [
    ...(described.demonstration === null ? [] : [`> [!WARNING]\n> **${escaped(described.demonstration)}**`]),
    ...(options.state === undefined ? [] : [`**${escaped(options.state)}**`]),
    ...(described.opening.length === 0 ? [] : [described.opening.map(escaped).join('\n')]),
    ...described.sections.map(sectionMarkdown),
    ...(described.more === null ? [] : [commandsIn(described.more)]),
    `<sub>${escaped(described.origin)} · Written by Proofline from what it recorded, and rewritten when that changes. Whether a control holds is for its owner and the auditor to say.</sub>`,
  ];
  return shorten(parts.join('\n\n'), mostCharacters);
}

function sectionMarkdown(section: Section): string {
  const list = section.resources.map(
    ({ name, id, said }) => `- ${code(name)}${id === '' ? '' : ` ${code(id)}`}${said === null ? '' : `: ${escaped(said)}`}`,
  );
  const resources = section.more === null ? list : [...list, `- ${escaped(section.more)}`];
  return [
    `### ${escaped(section.heading)}`,
    `| | |\n|---|---|\n${section.facts.map(factRow).join('\n')}`,
    ...(resources.length === 0 ? [] : [`**Resources**\n\n${resources.join('\n')}`]),
    ...(section.fix.length === 0 ? [] : [`**How to put it right**\n\n${section.fix.map(fixMarkdown).join('\n\n')}`]),
    `${escaped(section.recorded.sentence)}: ${code(section.recorded.command)}`,
  ].join('\n\n');
}

function factRow({ label, text }: Fact): string {
  return `| ${label} | ${text.split('\n').map(commandsIn).join('<br>')} |`;
}
function fixMarkdown({ label, text }: Fact): string {
  return label === 'Console' ? `${label}: ${escaped(text)}` : `${label}:\n\n${fenced(text)}`;
}

/**
 * Text that stays text: no markup, no HTML, nobody mentioned. Mentions and references are found in what is shown and
 * not in what is written, so that an entity does not hide them; a word joiner behind the sign does.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()!|~]/g, String.raw`\$&`)
    .replaceAll(/^(\s*)([-+=#]|\d+\.)/gm, '$1\u2060$2')
    .replaceAll(/[@#](?=\w)|\bGH-(?=\d)/g, '$&\u2060')
    .replaceAll('\n', ' ');
}
/** Our own sentences name commands between backticks. */
function commandsIn(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : escaped(part)))
    .join('');
}
function code(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  // In a table a bar ends the cell even within code.
  const shown = text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return text.includes('`') ? `${ticks} ${shown} ${ticks}` : `${ticks}${shown}${ticks}`;
}
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}\n${text}\n${fence}`;
}
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
