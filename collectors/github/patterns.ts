import { type JsonObject, z } from '../../src/authoring.ts';

const settings = z.looseObject({ productionBranches: z.array(z.string().min(1)).default([]) });

/** Patterns that configuration calls production branches (`production`, `release/*`): GitHub's own kind, `*` stays within a path segment. */
export function productionPatterns(configured: JsonObject): readonly string[] {
  return settings.parse(configured).productionBranches;
}

/** Whether a branch name matches: `*` any characters but `/`, `**` any characters, `?` one character but `/`. */
export function matchesPattern(name: string, pattern: string): boolean {
  const source = pattern.replace(/\*\*|[\s\S]/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replace(/[.+^${}()|[\]\\/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's').test(name);
}

/** The longest part of a pattern that every match contains, by which GitHub can search; null when there is none. */
export function literalPart(pattern: string): string | null {
  const parts = pattern.split(/[*?]+/).sort((one, other) => other.length - one.length);
  return parts[0] === undefined || parts[0] === '' ? null : parts[0];
}
