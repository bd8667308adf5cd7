import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The shipped `config/` directory: beside `src` in a checkout, beside `dist` in the installed package. */
export function libraryDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(directory, 'config');
    if (existsSync(join(candidate, 'frameworks', 'soc2.yaml'))) return candidate;
    const parent = dirname(directory);
    if (parent === directory) throw new Error('the shipped config directory is missing from this installation');
    directory = parent;
  }
}
