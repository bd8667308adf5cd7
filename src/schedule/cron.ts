import { createRequire } from 'node:module';
import type { CronExpression } from 'cron-parser';

/**
 * When a cron expression is due. BullMQ reckons with the same library in the same version, so every process and both backends come to the same
 * times: an hour that a zone skips is made up for right after it, one that it repeats counts once for what names the hour and twice for
 * what comes every hour.
 */

/** Loaded when the first expression is read: most commands have none, and it brings a calendar of its own. */
function parse(cron: string, zone: string, after: number): CronExpression {
  const { CronExpressionParser } = createRequire(import.meta.url)('cron-parser') as typeof import('cron-parser');
  return CronExpressionParser.parse(cron, { tz: zone, currentDate: new Date(after) });
}

/** No zone repeats more than two hours: who begins so much before stands on no hour's second pass. */
const warmUpMs = 3 * 3_600_000;

/** What is wrong with an expression, or undefined. */
export function cronProblem(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 6) {
    return `expected five fields (minute hour day month weekday), or six with seconds first; found ${fields[0] === '' ? 0 : fields.length}`;
  }
  // The library takes H for a number of its own choice, another one at every start.
  if (fields.some((field) => /h/i.test(field.replaceAll(/thu|mar/gi, '')))) return 'H is no time that everybody reads alike: name it';
  try {
    parse(cron, 'UTC', 0).next();
    return undefined;
  } catch (error) {
    return `cannot be read as a cron expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether it is a zone of the IANA database. */
export function isZone(zone: string): boolean {
  // Offsets have no summer: who wants one says Etc/GMT-1.
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Every time a cron is due after `after`, oldest first, without end. Milliseconds since 1970. */
export function* dueAfter({ cron, zone }: { readonly cron: string; readonly zone: string }, after: number): Generator<number, void> {
  let last = zone === 'UTC' ? after : after - warmUpMs;
  let expression = parse(cron, zone, last);
  let looked = 0;
  while (looked < lookAtMost) {
    let found: readonly number[];
    let until: number;
    try {
      until = expression.next().getTime();
      found = [until];
      looked = 0;
    } catch {
      // Its search gets lost where a zone is put back by half an hour (Australia/Lord_Howe): that night is looked at minute by minute.
      until = last + nightMs;
      found = matchesIn(expression, last, until, /^0?\s|^\S+(\s+\S+){4}$/.test(cron.trim()) ? 60_000 : 1000);
      expression = parse(cron, zone, until);
      looked += 1;
    }
    for (const due of found) if (due > after) yield due;
    last = until;
  }
}

const nightMs = 26 * 3_600_000;
/** So many nights in a row without any: it never comes. */
const lookAtMost = 400;

function matchesIn(expression: CronExpression, after: number, until: number, step: number): number[] {
  const found: number[] = [];
  for (let at = Math.floor(after / step) * step + step; at <= until; at += step) if (expression.includesDate(new Date(at))) found.push(at);
  return found;
}
