export interface CodeownersRule {
  readonly line: number;
  readonly pattern: string;
  /** `@login`, `@organisation/team` or an e-mail address. Empty: nobody owns what it matches. */
  readonly owners: readonly string[];
}

const owner = /^(?:@[\w.-]+(?:\/[\w.-]+)?|[^\s@]+@[^\s@]+\.[^\s@]+)$/;
/** What matches every file of a repository. `/*` matches those at its root alone. */
const everything: ReadonlySet<string> = new Set(['*', '**', '/', '/**', '**/*', '/**/*', '**/']);

/** The rules of a CODEOWNERS file in their order. A line that GitHub would skip (negation, character ranges, an owner it cannot read) is skipped. */
export function parseCodeowners(text: string): readonly CodeownersRule[] {
  return text.split(/\r\n?|\n/).flatMap((line, at): CodeownersRule[] => {
    const words = line.replace(/(^|\s)#.*$/, '').match(/(?:\\.|[^\s\\])+/g) ?? [];
    const [pattern, ...owners] = words;
    if (pattern === undefined || /^!|[[\]]/.test(pattern) || !owners.every((name) => owner.test(name))) return [];
    return [{ line: at + 1, pattern: pattern.replaceAll('\\ ', ' '), owners }];
  });
}

/** Who owns a repository as a whole: of the rules that match every file of it the last one counts, as everywhere in the file. */
export function ownersOfRepository(text: string): readonly string[] {
  return parseCodeowners(text).findLast(({ pattern }) => everything.has(pattern))?.owners ?? [];
}
