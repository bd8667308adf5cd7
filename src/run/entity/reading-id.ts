/** When, and up to which entry, the log was read: what a derived collection's request is called by, so that the same can be read again. */
export interface LogReading {
  readonly through: number;
  /** ISO-8601 UTC with milliseconds. */
  readonly at: string;
}

/** `log/1234/2026-03-15T12:00:00.000Z`. */
export function readingId({ through, at }: LogReading): string {
  return `log/${through}/${at}`;
}

/** undefined: it is no such name. */
export function readingOf(id: string | null): LogReading | undefined {
  const [, through, at] = /^log\/(\d+)\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/.exec(id ?? '') ?? [];
  return through === undefined || at === undefined ? undefined : { through: Number(through), at };
}
