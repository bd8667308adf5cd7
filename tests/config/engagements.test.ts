import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultRuler, loadEngagements, rulerOf } from '../../src/config/engagements.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { durationMs } from '../../src/model/compare-rulers.ts';
import { Ruler } from '../../src/model/engagement.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const catalog = {
  frameworks: loadFrameworks(libraryDirectory()),
  sources: ['production', 'code'],
  collectors: ['aws/iam-users', 'github/repositories'],
};
const load = (text: string) => loadEngagements(join(directoryWith({ 'engagements.yaml': text }), 'engagements.yaml'), catalog);

describe('the engagements file', () => {
  it('that is shipped as an example is right', () => {
    const engagements = loadEngagements(join(libraryDirectory(), 'engagements.example.yaml'), catalog);
    expect(engagements.map(({ id, report, type }) => `${id} ${report} ${type}`)).toEqual(['soc2-type2 soc2 2', 'soc1-type2 soc1 2']);
    expect(rulerOf(engagements[0]!)).toMatchObject({
      thresholds: defaultRuler.thresholds,
      calendar: { holidays: ['2026-01-01', '2026-05-01', '2026-12-25'] },
    });
    expect(rulerOf(engagements[1]!)).toEqual(defaultRuler);
  });
  it('says everything that is wrong at once, with its line', async () => {
    const text = `version: 1
engagements:
  - id: soc2
    report: soc2
    type: 2
    trustServices: [privacy]
    objectives: [{ id: CO-LA1 }]
    systems: [{ name: Payroll, description: pays, sources: [prodution] }]
    cuecs: [{ id: C1, text: t, supports: [CC6.99] }]
    redaction: { withholdItemsOf: [aws/iam-user] }
  - id: soc2
    report: soc1
    type: 1
    objectives: [{ id: CO-LA99 }, { id: CO-LA1 }, { id: CO-LA1 }]
    subserviceOrganisations: [{ name: AWS, services: s, method: carve-out, csocs: [{ id: X, text: t, supports: [CC6.1] }] }]
    ruler: { thresholds: { critical: { lateAfter: P5D, gapAfter: P3D, materialAfter: P7D }, standard: { lateAfter: PT36H, gapAfter: PT72H, materialAfter: P7D }, roster: { lateAfter: PT48H, gapAfter: P7D, materialAfter: P31D }, events: { lateAfter: PT48H, gapAfter: P7D, materialAfter: P7D } } }
`;
    expect(problemLines(await refusalOf(() => load(text)))).toEqual([
      '6 engagements[0].trustServices: security is part of every SOC 2 report: add it',
      '7 engagements[0].objectives: a SOC 2 report is about criteria: objectives belong to SOC 1',
      '8 engagements[0].systems[0].sources[0]: there is no source "prodution" (did you mean "production"?)',
      '9 engagements[0].cuecs[0].supports[0]: there is no SOC 2 criterion "CC6.99" (did you mean "CC6.1"?)',
      '10 engagements[0].redaction.withholdItemsOf[0]: there is no collector "aws/iam-user" (did you mean "aws/iam-users"?)',
      '11 engagements[1].id: the id "soc2" is taken',
      expect.stringContaining('14 engagements[1].objectives[0].id: there is no control objective "CO-LA99"'),
      '14 engagements[1].objectives[2].id: "CO-LA1" is named twice',
      expect.stringContaining('15 engagements[1].subserviceOrganisations[0].csocs[0].supports[0]: there is no control objective "CC6.1"'),
      '16 engagements[1].ruler.thresholds.critical: late comes before a gap, and a gap before a material one: expected lateAfter <= gapAfter <= materialAfter',
    ]);
  });
  it.each([
    ['an unknown key', '- { id: a1, report: soc2, type: 2, frm: x }', /unknown key "frm" \(did you mean "firm"\?\)/],
    ['a report that is none', '- { id: a1, report: soc3, type: 2 }', /expected one of soc1, soc2/],
    ['a type that is none', '- { id: a1, report: soc2, type: 3 }', /expected 1 or 2|expected/],
    [
      'a duration that is none',
      '- { id: a1, report: soc2, type: 2, ruler: { flappingWithin: P1Y } }',
      /expected a duration of days, hours or minutes/,
    ],
    ['a recipient that is none', '- { id: a1, report: soc2, type: 2, recipients: [ssh-rsa] }', /expected an age recipient/],
    ['a secret', '- { id: a1, report: soc2, type: 2, firm: ghp_0123456789abcdefghijklmnopqrstuvwxyz }', /as text/],
  ])('refuses %s', async (_, entry, expected) => {
    expect(problemLines(await refusalOf(() => load(`version: 1\nengagements:\n  ${entry}\n`))).join('\n')).toMatch(expected);
  });
});

it('the default ruler is one, in which late comes before a gap, and a gap before a material one', () => {
  expect(Ruler.parse(defaultRuler)).toEqual(defaultRuler);
  for (const { lateAfter, gapAfter, materialAfter } of Object.values(defaultRuler.thresholds)) {
    expect(durationMs(lateAfter)).toBeLessThan(durationMs(gapAfter));
    expect(durationMs(gapAfter)).toBeLessThanOrEqual(durationMs(materialAfter));
  }
});
