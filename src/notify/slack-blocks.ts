import type { DescribedMessage, Fact, Section } from './describe-message.ts';
import type { Tone } from './notice-words.ts';
import { shorten } from './plain-text.ts';

/** What Slack takes: at most 50 blocks, 3,000 characters in a section, 150 in a header. With ten sections of four blocks all hold. */
export const slackLimits = { sections: 10 };
/** A digest has one block for each section. */
export const slackDigestLimits = { sections: 35 };
const mostCharacters = 2900;

export type SlackBlock =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false } }
  | { readonly type: 'section'; readonly text: SlackText }
  | { readonly type: 'context'; readonly elements: SlackText[] }
  | { readonly type: 'divider' };
interface SlackText {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

const marks: Readonly<Record<Tone, string>> = {
  untrue: ':red_circle:',
  warning: ':large_yellow_circle:',
  'true-again': ':large_green_circle:',
  ended: ':white_circle:',
};

export interface SlackRendering {
  /** What a telephone shows. */
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** A described message as Slack shows it. `state`: above everything, how the thread stands. */
export function slackBlocks(described: DescribedMessage, options: { readonly brief: boolean; readonly state?: string }): SlackRendering {
  const blocks: SlackBlock[] = [];
  if (described.demonstration !== null) blocks.push(context(`:warning: *${escaped(described.demonstration)}*`));
  blocks.push({ type: 'header', text: { type: 'plain_text', text: described.headline, emoji: false } });
  if (options.state !== undefined) blocks.push(text(`*${escaped(options.state)}*`));
  if (described.opening.length > 0) blocks.push(text(described.opening.map(escaped).join('\n')));
  for (const section of described.sections) {
    blocks.push(...(options.brief ? [text(briefly(section))] : inFull(section)));
  }
  if (described.more !== null) blocks.push(text(commandsIn(described.more)));
  blocks.push(context(escaped(described.origin)));
  return { text: `${described.demonstration === null ? '' : 'Demonstration. '}${escaped(described.headline)}`, blocks };
}

function inFull(section: Section): SlackBlock[] {
  const head = [`${marks[section.tone]} *${escaped(section.heading)}*`, ...section.facts.map(factLine)].join('\n');
  const resources = [...section.resources.map(resourceLine), ...(section.more === null ? [] : [escaped(section.more)])].join('\n');
  const fix = section.fix.map(({ label, text: how }) => `*${label}*\n${label === 'Console' ? escaped(how) : preformatted(how)}`).join('\n');
  return [
    { type: 'divider' },
    text(resources === '' ? head : `${shorten(head, mostCharacters / 2)}\n${resources}`),
    ...(fix === '' ? [] : [text(`*How to put it right*\n${fix}`)]),
    context(`${escaped(section.recorded.sentence)} · ${code(section.recorded.command)}`),
  ];
}

function briefly(section: Section): string {
  const shown = new Set(['Severity', 'Owner', 'Control', 'Controls', 'Since', 'Was untrue']);
  const facts = section.facts
    .filter(({ label }) => shown.has(label))
    .map(({ label, text: said }) => `${label.toLowerCase()} ${escaped(said)}`);
  const resources = section.resources.map(({ name }) => code(name)).join(', ');
  return [
    `${marks[section.tone]} *${escaped(section.heading)}*`,
    `${resources}${section.more === null ? '' : ` ${section.more}`}`,
    facts.join(' · '),
    `${escaped(section.recorded.sentence)} · ${code(section.recorded.command)}`,
  ].join('\n');
}

function factLine({ label, text: said }: Fact): string {
  const lines = said.split('\n').map(commandsIn);
  return lines.length === 1 ? `*${label}:* ${lines[0]}` : `*${label}:*\n${lines.map((line) => `• ${line}`).join('\n')}`;
}
function resourceLine({ name, id, said }: Section['resources'][number]): string {
  return `• ${code(name)}${id === '' ? '' : ` ${code(id)}`}${said === null ? '' : `: ${escaped(said)}`}`;
}

function text(content: string): SlackBlock {
  return { type: 'section', text: mrkdwn(content) };
}
function context(content: string): SlackBlock {
  return { type: 'context', elements: [mrkdwn(content)] };
}
/** `verbatim`: names and addresses in it stay text and become no links and no mentions. */
function mrkdwn(content: string): SlackText {
  return { type: 'mrkdwn', text: shorten(content, mostCharacters), verbatim: true };
}

/**
 * Slack's three characters, so that nothing in it is a link or a mention. Stars and underscores stay as they are: names are copied from
 * here, and must not have unseen characters in them.
 */
function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
/** Our own sentences name commands between backticks. */
function commandsIn(content: string): string {
  return content
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : escaped(part)))
    .join('');
}
function code(content: string): string {
  return `\`${escaped(content).replaceAll('`', '\u2019')}\``;
}
function preformatted(content: string): string {
  return `\`\`\`${escaped(content).replaceAll('```', '\u2019\u2019\u2019')}\`\`\``;
}
