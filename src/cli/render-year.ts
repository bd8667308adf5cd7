import type { Composition } from '../run/composition.ts';
import type { Lived } from '../run/live-through.ts';
import { type Colours, type CommonOptions, callOf } from './cli.ts';
import { durationText } from './render-progress.ts';

export interface RenderYearOptions {
  readonly out: string;
  /** Milliseconds. */
  readonly took: number;
  readonly colours: Colours;
  readonly call: CommonOptions;
}

/** What the year came to, and what to look at next. */
export async function renderYear(app: Composition, lived: Lived, options: RenderYearOptions): Promise<string> {
  const { bold, cyan, yellow } = options.colours;
  const { program, options: more } = callOf({ ...options.call, demonstration: true });
  const lines: string[] = [];
  if (lived.interrupted) {
    lines.push(yellow(`Stopped at ${app.now().slice(0, 10)} after ${lived.done} steps. \`${program} demo\` goes on from here.`));
    return lines.join('\n');
  }
  lines.push(
    `${bold(lived.done === 0 ? 'The year was lived through before' : `Lived through in ${durationText(options.took)}`)}: ${lived.collections} collections, log at entry ${lived.log.size}.`,
    '',
    bold('Next'),
    `  Where every control stands at the end of it:  ${cyan(`${program} status${more}`)}`,
  );
  return lines.join('\n');
}
