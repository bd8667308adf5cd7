import { didYouMean } from '../config/nearest-name.ts';
import type { NotifySettings } from '../config/notify-settings.ts';
import type { YamlPath } from '../config/read-yaml.ts';
import { matchesPattern } from './matches-pattern.ts';

/**
 * Patterns of routes and owners that no check matches: nobody would ever be told by them, and nobody would notice. Sought where the checks are
 * known, those of extensions among them.
 * @param checks ids of all checks.
 */
export function findUnmatchedPatterns(
  settings: Pick<NotifySettings, 'routes' | 'owners'>,
  checks: readonly string[],
): { path: YamlPath; message: string }[] {
  const patterns = [
    ...settings.routes.flatMap(({ checks: of = [] }, route) =>
      of.map((pattern, place) => ({ pattern, path: ['notify', 'routes', route, 'checks', place] })),
    ),
    ...Object.keys(settings.owners.checks).map((pattern) => ({ pattern, path: ['notify', 'owners', 'checks', pattern] })),
  ];
  return patterns
    .filter(({ pattern }) => !checks.some((id) => matchesPattern(id, pattern)))
    .map(({ pattern, path }) => ({
      path,
      message: `there is no check "${pattern}"${didYouMean(pattern, checks)}; \`proofline catalog checks\` lists them`,
    }));
}
