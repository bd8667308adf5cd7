import { describe, expect, it } from 'vitest';
import { ownersOfRepository, parseCodeowners } from '../../src/notify/codeowners.ts';
import { findOwner, type OwnedThing } from '../../src/notify/find-owner.ts';
import { settingsOf } from './fixture.ts';

const { owners } = settingsOf({
  owners: { checks: { 'toy/*': 'toys', 'toy/door-*': 'doors' }, default: 'security' },
});
const whole: OwnedThing = {
  tags: { Team: 'blue', owner: 'red' },
  codeowners: '* @acme/platform @alice',
  check: 'toy/door-is-shut',
  controlOwners: ['platform', 'finance'],
};

describe('the owner', () => {
  it('is found in this order: who is named for it, tag, CODEOWNERS, check, control, default, nobody', () => {
    expect(findOwner({ ...whole, registered: 'Ana Ruiz' }, owners)).toEqual({ name: 'Ana Ruiz', by: 'registered' });
    expect(findOwner(whole, owners)).toEqual({ name: 'red', by: 'tag' });
    expect(findOwner({ ...whole, tags: { owner: ' ', Team: 'blue' } }, owners)).toEqual({ name: 'blue', by: 'tag' });
    expect(findOwner({ ...whole, tags: { colour: 'red' } }, owners)).toEqual({ name: '@acme/platform', by: 'codeowners' });
    const untold = { ...whole, tags: undefined, codeowners: '/docs @bob' };
    expect(findOwner(untold, owners)).toEqual({ name: 'doors', by: 'check' });
    expect(findOwner({ ...untold, check: 'aws/x' }, owners)).toEqual({ name: 'platform', by: 'control' });
    expect(findOwner({ ...untold, check: null, controlOwners: [] }, owners)).toEqual({ name: 'security', by: 'default' });
    const nobody = settingsOf().owners;
    expect(findOwner({ ...untold, check: null, controlOwners: [] }, nobody)).toEqual({ name: null, by: 'none' });
  });

  it('is not read from what every object has', () => {
    const { owners: odd } = settingsOf({ owners: { tags: ['constructor', '__proto__'] } });
    expect(findOwner({ ...whole, codeowners: undefined, check: null, controlOwners: [] }, odd)).toEqual({ name: null, by: 'none' });
  });
});

describe('CODEOWNERS', () => {
  it('has its rules in order, without comments and without lines that GitHub skips', () => {
    const text = [
      '# who owns what',
      '*       @acme/platform # all of it',
      '',
      'docs/\\ old/  docs@example.com\t@bob',
      '!secret @bob',
      '[ab].ts @bob',
      'apps/ not-an-owner',
      '/generated',
    ].join('\r\n');
    expect(parseCodeowners(text)).toEqual([
      { line: 2, pattern: '*', owners: ['@acme/platform'] },
      { line: 4, pattern: 'docs/ old/', owners: ['docs@example.com', '@bob'] },
      { line: 8, pattern: '/generated', owners: [] },
    ]);
  });

  it('gives a repository to the last rule that matches all of it', () => {
    expect(ownersOfRepository('* @a\n/** @b\n/docs @c\n/* @d\n*.ts @e')).toEqual(['@b']);
    expect(ownersOfRepository('* @a\n*')).toEqual([]);
    expect(ownersOfRepository('')).toEqual([]);
  });
});
