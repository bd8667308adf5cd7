import { readFileSync, statSync } from 'node:fs';
import type { Configuration } from '../../config/configuration.ts';
import { userName } from './process-life.ts';

/** Changes with every file that the configuration is made of; secrets are read where they are needed and are not among them. */
export function fingerprintOf(configuration: Configuration): string {
  const { file, controls, objectives, scope, engagements, separation = [], reviews, records = [], documents } = configuration;
  const files = [file, ...controls, objectives, scope, engagements, ...separation, reviews, ...records, documents].filter(
    (path) => path !== undefined,
  );
  return JSON.stringify(files.map((path) => [path, stampOf(path)]));
}
function stampOf(path: string): readonly number[] | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : [stat.ino, stat.size, stat.mtimeMs];
}

/** When the file of the configuration was last written, ISO-8601 UTC; undefined when it is not there. */
export function writtenAt({ file }: Pick<Configuration, 'file'>): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtime.toISOString();
}

/** Whose the file of the configuration is, as the operating system says it: the nearest there is to who changed it. */
export function ownerOf({ file }: Pick<Configuration, 'file'>): string {
  const uid = statSync(file, { throwIfNoEntry: false })?.uid;
  if (uid === undefined || uid === process.getuid?.()) return userName();
  return nameOf(uid) ?? `uid ${uid}`;
}
function nameOf(uid: number): string | undefined {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === String(uid));
    return line?.split(':')[0];
  } catch {
    return undefined;
  }
}
