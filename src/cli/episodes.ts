import { type Command, InvalidArgumentError } from 'commander';
import { type Cli, printJson } from './cli.ts';
import type { EpisodeRow, EpisodesOutput } from './history-shapes.ts';
import { historyFor, type PeriodReadingOptions, periodHead, periodReading } from './period-options.ts';

interface EpisodesOptions extends PeriodReadingOptions {
  readonly limit: number;
}

export function addEpisodes(program: Command, cli: Cli): void {
  periodReading(program.command('episodes'))
    .description('every stretch in which a check failed for a subject, also those put right in time')
    .option('--limit <count>', 'at most so many', count, 200)
    .action(async (options: EpisodesOptions) => {
      const history = await historyFor(cli, options);
      const all = history.episodes.filter(({ series }) => (options.check ?? series.check) === series.check);
      const output: EpisodesOutput = {
        v: 1,
        period: periodHead(history),
        total: all.length,
        episodes: all.slice(0, options.limit).map(
          (episode): EpisodeRow => ({
            ...episode,
            messages: [...episode.messages],
            waivers: [...episode.waivers],
            actors: [...episode.actors],
            evidence: { ...episode.evidence, events: [...episode.evidence.events] },
          }),
        ),
      };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-history.ts')).renderEpisodes(output, { colours: cli.colours, columns: cli.columns }));
    });
}
function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
