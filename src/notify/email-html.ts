import type { DescribedMessage, Fact, Section } from './describe-message.ts';
import type { Tone } from './notice-words.ts';

/** Dark enough on white for everybody to read. */
const colours: Readonly<Record<Tone, { readonly ink: string; readonly wash: string }>> = {
  untrue: { ink: '#b42318', wash: '#fef3f2' },
  warning: { ink: '#93570a', wash: '#fffaeb' },
  'true-again': { ink: '#067647', wash: '#ecfdf3' },
  ended: { ink: '#475467', wash: '#f2f4f7' },
};
const font = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';
const ink = '#101828';
const faint = '#475467';
const rule = '#e4e7ec';

/** A mail in HTML as every reader shows it: tables, styles in place, no picture, nothing that is loaded. */
export function emailHtml(described: DescribedMessage): string {
  const tone = colours[described.tone ?? 'ended'];
  const rows = [
    described.demonstration === null
      ? ''
      : row(
          `<p style="margin:0;font-weight:600;color:#93570a">${escaped(described.demonstration)}</p>`,
          'background:#fffaeb;padding:12px 28px',
        ),
    row(
      `<h1 style="margin:0;font-size:20px;line-height:28px;font-weight:600;color:${ink}">${escaped(described.headline)}</h1>${described.opening.map((line) => `<p style="margin:8px 0 0;color:${faint}">${escaped(line)}</p>`).join('')}`,
      `border-top:4px solid ${tone.ink};padding:24px 28px`,
    ),
    ...described.sections.map((section) => row(sectionHtml(section), `border-top:1px solid ${rule};padding:24px 28px`)),
    described.more === null
      ? ''
      : row(`<p style="margin:0">${commandsIn(described.more)}</p>`, `border-top:1px solid ${rule};padding:16px 28px`),
    row(
      `<p style="margin:0;font-size:12px;line-height:18px;color:${faint}">${escaped(described.origin)}<br>Written by Proofline from what it recorded. Whether a control holds is for its owner and the auditor to say.</p>`,
      `border-top:1px solid ${rule};padding:16px 28px;background:#f9fafb`,
    ),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escaped(described.headline)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f2f4f7;font-family:${font};font-size:14px;line-height:21px;color:${ink}">
<table role="presentation" cellpadding="0" cellspacing="0" width="100%" style="max-width:680px;margin:0 auto;background:#ffffff;border:1px solid ${rule};border-radius:8px;border-collapse:separate;overflow:hidden">
${rows.filter((part) => part !== '').join('\n')}
</table>
</body></html>
`;
}

function row(content: string, style: string): string {
  return `<tr><td style="${style}">${content}</td></tr>`;
}

function sectionHtml(section: Section): string {
  const { ink: shade, wash } = colours[section.tone];
  const facts = section.facts.filter(({ label }) => label !== 'Severity');
  return [
    `<span style="display:inline-block;padding:1px 8px;border-radius:10px;background:${wash};color:${shade};font-size:12px;line-height:18px;font-weight:600">${section.severity}</span>`,
    `<h2 style="margin:8px 0 12px;font-size:16px;line-height:24px;font-weight:600;color:${shade}">${escaped(section.heading)}</h2>`,
    `<table role="presentation" cellpadding="0" cellspacing="0" style="border-collapse:collapse">${facts.map(factRow).join('')}</table>`,
    section.resources.length === 0 ? '' : resourcesHtml(section),
    section.fix.length === 0 ? '' : `${title('How to put it right')}${section.fix.map(fixHtml).join('')}`,
    `<p style="margin:16px 0 0;font-size:13px;line-height:20px;color:${faint}">${escaped(section.recorded.sentence)}:<br>${code(section.recorded.command)}</p>`,
  ].join('');
}

function title(text: string): string {
  return `<p style="margin:16px 0 6px;font-weight:600">${text}</p>`;
}
function factRow({ label, text }: Fact): string {
  const lines = text.split('\n').map(commandsIn).join('<br>');
  return `<tr><td style="padding:2px 16px 2px 0;vertical-align:top;white-space:nowrap;color:${faint}">${label}</td><td style="padding:2px 0;vertical-align:top;overflow-wrap:anywhere">${lines}</td></tr>`;
}
function resourcesHtml({ resources, more }: Section): string {
  const items = resources.map(
    ({ name, id, said }) =>
      `<li style="margin:0 0 4px;overflow-wrap:anywhere"><strong style="font-weight:600">${escaped(name)}</strong>${id === '' ? '' : ` <span style="font-family:${mono};font-size:12px;color:${faint}">${escaped(id)}</span>`}${said === null ? '' : `<br>${escaped(said)}`}</li>`,
  );
  const rest = more === null ? '' : `<li style="margin:0;color:${faint}">${escaped(more)}</li>`;
  return `${title('Resources')}<ul style="margin:0;padding:0 0 0 18px">${items.join('')}${rest}</ul>`;
}
function fixHtml({ label, text }: Fact): string {
  const how =
    label === 'Console'
      ? `<p style="margin:0 0 10px">${escaped(text).replaceAll('\n', '<br>')}</p>`
      : `<pre style="margin:0 0 10px;padding:10px 12px;background:#f9fafb;border:1px solid ${rule};border-radius:6px;font-family:${mono};font-size:12px;line-height:18px;white-space:pre-wrap;overflow-wrap:anywhere">${escaped(text)}</pre>`;
  return `<p style="margin:0 0 2px;font-size:12px;line-height:18px;color:${faint}">${label}</p>${how}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
function code(text: string): string {
  return `<code style="font-family:${mono};font-size:12px;color:${ink}">${escaped(text)}</code>`;
}
/** Our own sentences name commands between backticks. */
function commandsIn(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : escaped(part)))
    .join('');
}
