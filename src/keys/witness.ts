import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import type { Witness } from '../model/keys.ts';
import { Hash, Time } from '../model/statement.ts';
import { makePrivateDirectory, replacePrivateFile } from './private-files.ts';

export const WitnessFile = z.strictObject({ origin: z.string(), size: z.int().nonnegative(), root: Hash, at: Time });

export const witnessFilePattern = /^witness-[0-9a-f]{16}\.json$/;

/**
 * Remembers a log's furthest head beside the keys. It must not lie in the data directory: a backup that is restored brings its own
 * past back with it, and only what was left out of the backup can tell. A directory that is not there is made, open to nobody else.
 */
export function fileWitness(directory: string, origin: string): Witness {
  const place = join(directory, `witness-${createHash('sha256').update(origin).digest('hex').slice(0, 16)}.json`);
  return {
    place,
    read() {
      let text: string;
      try {
        text = readFileSync(place, 'utf8');
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
        throw new ProoflineError('store-not-continuation', `the last known head of the log, ${place}, cannot be read`, { cause });
      }
      try {
        return WitnessFile.parse(JSON.parse(text));
      } catch (cause) {
        throw new ProoflineError('store-not-continuation', `the last known head of the log, ${place}, is damaged`, { cause });
      }
    },
    write(record) {
      makePrivateDirectory(directory);
      replacePrivateFile(place, `${JSON.stringify(record)}\n`);
    },
  };
}
