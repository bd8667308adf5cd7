/** Patterns of AWS: `*` any run of characters, `?` one. A policy is somebody else's text, so nothing here takes exponential time. */

/** Whether a pattern names exactly this text. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

const hasWildcard = (pattern: string) => pattern.includes('*') || pattern.includes('?');
const matchesAny = (patterns: readonly string[], text: string) => patterns.some((pattern) => matchesWildcard(pattern, text));
const isEverything = (pattern: string) => /^\*+$/.test(pattern);

/**
 * Whether there is a text that every group lets in by one of its patterns and that none of the exceptions names. Exact, but for
 * searches past `maximumStates`, which say yes: whoever asks widens, never narrows.
 */
export function isSatisfiable(groups: readonly (readonly string[])[], exceptions: readonly string[]): boolean {
  if (exceptions.some(isEverything)) return false;
  const narrowing = groups.filter((group) => !group.some(isEverything));
  if (narrowing.some((group) => group.length === 0)) return false;
  // A group of plain names leaves nothing to search for: each is tried.
  const plain = narrowing.find((group) => !group.some(hasWildcard));
  if (plain !== undefined)
    return plain.some((text) => narrowing.every((group) => matchesAny(group, text)) && !matchesAny(exceptions, text));
  if (!narrowing.every((group, index) => narrowing.slice(index + 1).every((later) => meet(group, later)))) return false;
  // Most questions are answered by the first texts that come to mind.
  const tries = narrowing.length === 0 ? ['\u0001'] : narrowing.flatMap((group) => group.flatMap(examplesOf));
  if (tries.some((text) => narrowing.every((group) => matchesAny(group, text)) && !matchesAny(exceptions, text))) return true;
  return search(narrowing, exceptions);
}

/** Whether two groups could have a text in common, by what their patterns begin and end with. */
function meet(group: readonly string[], later: readonly string[]): boolean {
  return group.some((one) => later.some((other) => agree(beginning(one), beginning(other)) && agree(reversedEnd(one), reversedEnd(other))));
}
const agree = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
const beginning = (pattern: string) => /^[^*?]*/.exec(pattern)![0];
const reversedEnd = (pattern: string) => [.../[^*?]*$/.exec(pattern)![0]].reverse().join('');

/** A character of no pattern stands for all those that no pattern names. */
const other = '\u0001';
const examplesOf = (pattern: string) => [
  pattern.replaceAll('*', other).replaceAll('?', other),
  pattern.replaceAll('*', '').replaceAll('?', other),
];

const maximumStates = 20_000;
/** Walks all patterns at once, character by character: a state is where in each pattern one can be. */
function search(groups: readonly (readonly string[])[], exceptions: readonly string[]): boolean {
  const patterns = [...groups.flat(), ...exceptions].map((pattern) => pattern.replace(/\*+/g, '*'));
  const start = patterns.map((pattern) => settle(pattern, [0]));
  const seen = new Set([keyOf(start)]);
  const waiting = [start];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (isAccepted(state, patterns, groups)) return true;
    for (const character of nextCharacters(state, patterns)) {
      const next = patterns.map((pattern, index) => step(pattern, state![index]!, character));
      // A group none of whose patterns can go on will never be met.
      if (!groupsOf(next, groups).every((group) => group.some((positions) => positions.length > 0))) continue;
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (seen.size >= maximumStates) return true;
      seen.add(key);
      waiting.push(next);
    }
  }
  return false;
}

type State = readonly (readonly number[])[];
const keyOf = (state: State) => state.map((positions) => positions.join(',')).join(';');

/** Past the stars that may stand for nothing. */
function settle(pattern: string, positions: readonly number[]): number[] {
  const reached = new Set<number>();
  for (const position of positions) {
    reached.add(position);
    if (pattern[position] === '*') reached.add(position + 1);
  }
  return [...reached].sort((a, b) => a - b);
}
function step(pattern: string, positions: readonly number[], character: string): number[] {
  const next: number[] = [];
  for (const position of positions) {
    const token = pattern[position];
    if (token === '*') next.push(position);
    else if (token === '?' || token === character) next.push(position + 1);
  }
  return settle(pattern, next);
}
function nextCharacters(state: State, patterns: readonly string[]): Set<string> {
  const characters = new Set([other]);
  patterns.forEach((pattern, index) => {
    for (const position of state[index]!) {
      const token = pattern[position];
      if (token !== undefined && token !== '*' && token !== '?') characters.add(token);
    }
  });
  return characters;
}
function groupsOf(state: State, groups: readonly (readonly string[])[]): State[] {
  let from = 0;
  return groups.map((group) => {
    from += group.length;
    return state.slice(from - group.length, from);
  });
}
function isAccepted(state: State, patterns: readonly string[], groups: readonly (readonly string[])[]): boolean {
  const ended = state.map((positions, index) => positions.includes(patterns[index]!.length));
  let from = 0;
  for (const group of groups) {
    if (!ended.slice(from, from + group.length).includes(true)) return false;
    from += group.length;
  }
  return !ended.slice(from).includes(true);
}
