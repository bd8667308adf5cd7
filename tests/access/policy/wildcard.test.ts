import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSatisfiable, matchesWildcard } from '../../../src/access/policy/wildcard.ts';

const letters = 'ab';
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
/** Every text of up to five letters, and one letter that no pattern names. */
const texts = [
  '',
  ...'12345'
    .split('')
    .reduce<string[][]>((all) => [...all, (all.at(-1) ?? ['']).flatMap((text) => [...letters, 'z'].map((letter) => text + letter))], [])
    .flat(),
];

describe('wildcards', () => {
  it('match as a regular expression does', () => {
    fc.assert(
      fc.property(pattern, fc.constantFrom(...texts), (one, text) => {
        const expression = new RegExp(`^${one.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesWildcard(one, text)).toBe(expression.test(text));
      }),
    );
  });
  it('a text in all groups and no exception is found exactly when there is one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(pattern, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
        fc.array(pattern, { maxLength: 2 }),
        (groups, exceptions) => {
          const fits = (text: string) =>
            groups.every((group) => group.some((one) => matchesWildcard(one, text))) &&
            !exceptions.some((one) => matchesWildcard(one, text));
          const found = texts.some(fits);
          const said = isSatisfiable(groups, exceptions);
          // Texts that are longer than those tried may exist; one that was tried must be found.
          if (found) expect(said).toBe(true);
          const bounded = groups.some((group) => group.every((one) => !one.includes('*')));
          if (!found && bounded) expect(said).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
  it('an intersection of two wildcards is seen where neither holds the other', () => {
    expect(isSatisfiable([['arn:aws:s3:::acme-*'], ['arn:aws:s3:::*-logs']], [])).toBe(true);
    expect(isSatisfiable([['arn:aws:s3:::acme-*'], ['arn:aws:s3:::other-*']], [])).toBe(false);
    expect(isSatisfiable([['arn:aws:s3:::acme-*']], ['arn:aws:s3:::*'])).toBe(false);
    expect(isSatisfiable([['arn:aws:s3:::acme-*']], ['arn:aws:s3:::acme-l*', 'arn:aws:s3:::acme-?*', 'arn:aws:s3:::acme-'])).toBe(false);
  });
});
