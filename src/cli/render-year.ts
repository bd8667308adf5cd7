import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Composition } from '../run/composition.ts';
import type { Lived } from '../run/live-through.ts';
import { type Colours, type CommonOptions, callOf } from './cli.ts';
import { durationText } from './render-progress.ts';

export interface RenderYearOptions {
  /** Where the bundles lie. */
  readonly out: string;
  /** Milliseconds. */
  readonly took: number;
  readonly colours: Colours;
  readonly call: CommonOptions;
}

/** What the year came to, as one of its bundles has it, and what to look at next. */
export function renderYear(app: Composition, lived: Lived, options: RenderYearOptions): string {
  const { out, colours } = options;
  const { bold, cyan, yellow } = colours;
  const call = callOf(options.call);
  const demonstration = callOf({ ...options.call, demonstration: true });
  if (lived.interrupted) {
    return yellow(
      `Stopped at ${app.now().slice(0, 10)} after ${lived.done} steps. \`${call.program} demo${call.options}\` goes on from here.`,
    );
  }
  const title = lived.done === 0 ? 'The year was lived through before' : `A year in ${durationText(options.took)}`;
  const bundle = join(out, 'soc2-2026');
  const next = [
    ['Read a bundle as an auditor does', `open ${join(bundle, 'index.html')}`],
    ['Verify it: digests, signatures, anchors, decisions', `${call.program} verify ${bundle}`],
    ['Make every verdict again from its items', `${call.program} recompute ${bundle}`],
    ['See where every control stands at the end of it', `${demonstration.program} status${demonstration.options}`],
  ] as const;
  const width = Math.max(...next.map(([text]) => text.length));
  return [
    ...deviationLines(bundle, colours),
    `${bold(title)}: ${app.configuration.entity.name}, ${lived.collections} collections, log at entry ${lived.log.size}. Nothing here is an auditor's conclusion.`,
    '',
    bold('Next'),
    ...next.map(([text, command]) => `  ${text.padEnd(width)}  ${cyan(command)}`),
  ].join('\n');
}

/** The deviations of a bundle, those of one subject over the same days together. */
function deviationLines(bundle: string, { bold, dim }: Colours): string[] {
  const file = join(bundle, 'registers', 'deviations.csv');
  if (!existsSync(file)) return [];
  const rows = parse(readFileSync(file), { columns: true, bom: true }) as Readonly<Record<string, string>>[];
  const day = (time: string | undefined) => (time === undefined || time === '' ? 'open' : time.slice(0, 10));
  const groups = Map.groupBy(rows, (row) => [day(row['from_utc']), day(row['to_utc']), row['display']].join(' '));
  const lines = [...groups.values()]
    .map((group) => {
      const [first] = group;
      const [from, to] = [day(first?.['from_utc']), day(first?.['to_utc'])];
      const distinct = (name: string) => [...new Set(group.map((row) => row[name] ?? ''))].join(', ');
      const when = (from === to ? from : `${from} to ${to}`).padEnd(24);
      return `  ${when}  ${distinct('control').padEnd(12)}  ${first?.['display'] ?? ''}  ${dim(group.length > 3 ? `${group.length} checks` : distinct('check'))}`;
    })
    .sort();
  return [bold(`Deviations recorded in the SOC 2 period (${rows.length})`), ...lines, ''];
}
