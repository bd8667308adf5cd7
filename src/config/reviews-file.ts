import { z } from 'zod';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { ReviewSettings } from '../model/review-settings.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import { findLiteralSecrets } from './load-configuration.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath } from './read-yaml.ts';

/** The access reviews that are due, in a file of their own. */
export const ReviewsFile = z
  .strictObject({ version: z.literal(1), ...ReviewSettings.shape })
  .meta({ title: 'Proofline access reviews', description: 'Which reviews are due, over which systems, and who may review' });

/**
 * Reads the access reviews, with defaults filled in: `reviews` of EntitySettings.
 * @throws ProoflineError `configuration` with every problem at once, with line: unknown systems and reviewers, two of one name, days that end
 * before they begin among them.
 */
export function loadReviews(file: string): JsonObject {
  const { source, problems: syntax } = readYaml(file);
  const parsed = ReviewsFile.safeParse(source.value);
  const problems: Problem[] = [...syntax];
  if (syntax.length === 0) problems.push(...findLiteralSecrets(source));
  if (syntax.length === 0 && !parsed.success) problems.push(...explainIssues(ReviewsFile, source, parsed.error.issues));
  if (parsed.success) {
    const say = (path: YamlPath, message: string) => problems.push({ file, line: source.lineOf(path), path: pathText(path), message });
    findContradictions(parsed.data, say);
  }
  if (!parsed.success || problems.length > 0) {
    const ordered = orderProblems(problems);
    throw new ProoflineError('configuration', `${file}: ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`}`, {
      problems: ordered,
    });
  }
  const { version: _, ...settings } = parsed.data;
  return JSON.parse(JSON.stringify(settings)) as JsonObject;
}

function findContradictions(settings: ReviewSettings, say: (path: YamlPath, message: string) => void): void {
  const systems = settings.systems.map(({ name }) => name);
  const reviewers = settings.reviewers.map(({ id }) => id);
  const known = (id: string, ids: readonly string[], what: string, path: YamlPath): void => {
    if (!ids.includes(id)) say(path, `there is no ${what} "${id}"${didYouMean(id, ids)}`);
  };
  const once = (ids: readonly string[], what: string, pathOf: (index: number) => YamlPath): void => {
    for (const [index, id] of ids.entries()) if (ids.indexOf(id) !== index) say(pathOf(index), `the ${what} "${id}" stands twice`);
  };
  if (!isZone(settings.zone)) say(['zone'], `"${settings.zone}" is no IANA time zone such as Europe/Berlin`);
  once(systems, 'system', (index) => ['systems', index, 'name']);
  once(
    settings.reviews.map(({ id }) => id),
    'review',
    (index) => ['reviews', index, 'id'],
  );
  for (const [index, { id, person, outside, from, until, systems: named }] of settings.reviewers.entries()) {
    const at = ['reviewers', index];
    if (person !== null && outside !== null) say([...at, 'outside'], `"${id}" is a person of the roster or of none, not both`);
    if (until !== null && until < from) say([...at, 'until'], 'ends before it begins');
    for (const [place, name] of (named ?? []).entries()) known(name, systems, 'system', [...at, 'systems', place]);
    const other = settings.reviewers.find((one) => one.id === id && (one.person ?? person) !== (person ?? one.person));
    if (other !== undefined) say([...at, 'person'], `"${id}" is two persons of the roster: ${person} and ${other.person}`);
  }
  for (const [index, { owner, provisioners, name }] of settings.systems.entries()) {
    if (owner !== null) known(owner, reviewers, 'reviewer', ['systems', index, 'owner']);
    if (owner !== null && provisioners.includes(owner))
      say(['systems', index, 'owner'], `"${owner}" grants access in ${name}, and cannot review it: name somebody else`);
  }
  for (const [index, { systems: named, otherwise }] of settings.reviews.entries()) {
    if (named !== 'all') for (const [place, name] of named.entries()) known(name, systems, 'system', ['reviews', index, 'systems', place]);
    for (const [place, id] of otherwise.entries()) known(id, reviewers, 'reviewer', ['reviews', index, 'otherwise', place]);
  }
  const covered = new Set(settings.reviews.flatMap(({ systems: named }) => (named === 'all' ? systems : named)));
  for (const [index, name] of systems.entries()) {
    if (!covered.has(name))
      say(['systems', index, 'name'], `no review takes in "${name}": add it to one, or list it under \`out\` with the reason`);
  }
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return !/^[+-]?\d/.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
