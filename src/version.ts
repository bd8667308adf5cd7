import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Version of the running copy: package.json lies one level above `src` in a checkout, two above in the built package. */
export const version: string = (() => {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    try {
      return z
        .object({ name: z.literal('proofline'), version: z.string() })
        .parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))).version;
    } catch (error) {
      if (directory === dirname(directory)) throw error;
    }
  }
})();
