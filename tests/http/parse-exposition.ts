/** One figure of the Prometheus text format with its lines. */
export interface Family {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}
export type Families = Map<string, Family>;

const sampleLine = /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>-?[\d.e+-]+|[Nn]an|NaN|[+-]Inf)$/;
const label = /(?<key>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>(?:[^"\\]|\\.)*)"(?:,|$)/gy;

/**
 * Reads the text format (version 0.0.4) as strictly as a scraper does: help and type come first, every line belongs to its family, and no
 * series is there twice. @throws Error with the line
 */
export function parseExposition(text: string): Families {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended');
  const families: Families = new Map();
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, what, name = '', rest = ''] = comment;
      const family = families.get(name) ?? { type: '', help: '', samples: [] };
      if (family.samples.length > 0) throw new Error(`after its samples: ${line}`);
      families.set(name, what === 'HELP' ? { ...family, help: rest } : { ...family, type: rest });
      continue;
    }
    const { name = '', labels = '', value = '' } = sampleLine.exec(line)?.groups ?? {};
    if (name === '') throw new Error(`no sample: ${line}`);
    const series = `${name}{${labels}}`;
    if (seen.has(series)) throw new Error(`twice: ${series}`);
    seen.add(series);
    const family = families.get(name) ?? families.get(name.replace(/_(?:bucket|sum|count)$/, ''));
    if (family === undefined || family.type === '' || family.help === '') throw new Error(`without help and type: ${line}`);
    const pairs = [...labels.matchAll(label)].map(({ groups }) => [groups?.['key'] ?? '', groups?.['text'] ?? ''] as const);
    if (pairs.map(([key, of]) => `${key}="${of}"`).join(',') !== labels) throw new Error(`labels: ${line}`);
    family.samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value.replace('Inf', 'Infinity')) });
  }
  return families;
}
