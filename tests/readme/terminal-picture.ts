/** How a terminal shows text: as SVG, in the colours that the text asks for. */

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly colour: string | undefined;
}
const plain: Style = { bold: false, dim: false, colour: undefined };
const colours: Readonly<Record<number, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const size = { character: 7.8, line: 17, margin: 18, bar: 30 };

/** Runs of one style of a line with ANSI colours; throws on a sequence that is no colour. */
function runsOf(line: string): { readonly text: string; readonly style: Style }[] {
  const runs: { text: string; style: Style }[] = [];
  let style = plain;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes === undefined) {
      if (part !== '') runs.push({ text: part, style });
      continue;
    }
    for (const code of codes.split(';').map(Number)) style = styled(style, code);
  }
  return runs;
}
function styled(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  const colour = colours[code];
  if (colour === undefined) throw new TypeError(`no colour ${code}`);
  return { ...style, colour };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `lines` as a terminal window of `columns` characters shows them, the command that was typed above them. */
export function terminalPicture(command: string, lines: readonly string[], columns: number): string {
  const shown = [`\u001b[2m$\u001b[22m \u001b[1m${command}\u001b[22m`, ...lines];
  const width = Math.ceil(columns * size.character + 2 * size.margin);
  const height = Math.ceil(shown.length * size.line + size.bar + 2 * size.margin);
  const texts = shown.map((line, row) => {
    const y = size.bar + size.margin + row * size.line + 12;
    let column = 0;
    const spans = runsOf(line).map(({ text, style }) => {
      const x = (size.margin + column * size.character).toFixed(1);
      column += [...text].length;
      const looks = [
        style.bold ? ' font-weight="bold"' : '',
        style.dim ? ' fill-opacity="0.6"' : '',
        style.colour === undefined ? '' : ` fill="${style.colour}"`,
      ];
      return `<tspan x="${x}"${looks.join('')}>${escaped(text)}</tspan>`;
    });
    return spans.length === 0 ? '' : `<text y="${y}" xml:space="preserve">${spans.join('')}</text>\n`;
  });
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => `<circle cx="${20 + index * 20}" cy="15" r="6" fill="${fill}"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(command)}">\n`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>\n${dots.join('')}\n`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3">\n',
    ...texts,
    '</g>\n</svg>\n',
  ].join('');
}
