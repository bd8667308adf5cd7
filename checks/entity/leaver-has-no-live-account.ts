import { EntityLeaver, exampleLeaver } from '../../collectors/entity/accounts/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/leaver-has-no-live-account',
  claim: 'No account of who left was seen live later than so many hours after his last day',
  subject: EntityLeaver,
  severity: 'critical',
  rationale:
    'An account that outlives its person is a way in that nobody watches. The clock begins at the end of the last day in the company’s zone; that an account was removed is what a later reading of its system shows, not a ticket.',
  remediation: {
    console: 'Disable or remove each account that is named, in its own system, and look at what it was used for since.',
    cli: 'proofline people show PERSON',
    terraform: 'Take the user out of the configuration that makes him, and apply it.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=PS-04'],
  parameters: z.object({
    hours: z
      .int()
      .nonnegative()
      .default(24)
      .meta({ description: 'Hours after the end of the last day by which every account is to be gone' }),
    seenWithinHours: z
      .int()
      .nonnegative()
      .default(30)
      .meta({ description: 'Hours after that by which a reading has to have shown it: whoever reads rarely shows little' }),
  }),
  test({ lastDay, leftAt, takenBack, accounts }, { asOf, parameters }) {
    if (takenBack) return notApplicable('the roster took the last day back');
    const later = (hours: number) => new Date(Date.parse(leftAt) + hours * 3_600_000).toISOString();
    const limit = later(parameters.hours);
    const shown = later(parameters.hours + parameters.seenWithinHours);
    const left = lastDay === null ? `missing from the roster since ${leftAt}` : `last day ${lastDay}`;
    const late = accounts.flatMap(({ login, system, state, lastLive, shutBy }) => {
      const name = `${login} in ${system}`;
      if (state === 'live') return asOf > limit ? [`${name} is live, ${ago(leftAt, asOf)} after it`] : [];
      if (lastLive !== null && lastLive > limit)
        return [`${name} was live at ${lastLive}, ${ago(leftAt, lastLive)} after it${shutBy === null ? '' : `, and gone by ${shutBy}`}`];
      if (lastLive !== null && shutBy !== null && shutBy > shown)
        return [`${name} was live at ${lastLive}, and nothing shows it gone before ${shutBy}`];
      return [];
    });
    if (late.length > 0) return fail(`${left}: ${late.join('; ')}`);
    const open = accounts.filter(({ state }) => state === 'live').map(({ login, system }) => `${login} in ${system}`);
    if (open.length > 0)
      return pass(`${left}: to be gone by ${limit}: ${open.join(', ')}`, { until: new Date(Date.parse(limit) + 1).toISOString() });
    const gone = accounts.map(({ login, system, shutBy }) => `${login} in ${system}${shutBy === null ? '' : ` by ${shutBy}`}`);
    return pass(gone.length === 0 ? `${left}: no account of his is known` : `${left}: gone are ${gone.join(', ')}`);
  },
  examples: {
    pass: {
      'gone the day after': exampleLeaver,
      'he has a few hours': {
        ...exampleLeaver,
        lastDay: '2026-01-14',
        leftAt: '2026-01-15T00:00:00.000Z',
        accounts: [{ ...exampleLeaver.accounts[0]!, state: 'live', lastLive: '2026-01-15T06:00:00.000Z', shutBy: null }],
      },
    },
    fail: {
      'still there': {
        ...exampleLeaver,
        accounts: [{ ...exampleLeaver.accounts[0]!, state: 'live', lastLive: '2026-01-15T06:00:00.000Z', shutBy: null }],
      },
      'gone after nine days': {
        ...exampleLeaver,
        lastDay: '2025-12-31',
        leftAt: '2026-01-01T00:00:00.000Z',
        accounts: [{ ...exampleLeaver.accounts[0]!, lastLive: '2026-01-09T06:00:00.000Z', shutBy: '2026-01-10T06:00:00.000Z' }],
      },
      'nobody looked for a week': {
        ...exampleLeaver,
        lastDay: '2025-12-31',
        leftAt: '2026-01-01T00:00:00.000Z',
        accounts: [{ ...exampleLeaver.accounts[0]!, lastLive: '2026-01-01T06:00:00.000Z', shutBy: '2026-01-08T06:00:00.000Z' }],
      },
    },
    notApplicable: { 'he stays': { ...exampleLeaver, takenBack: true } },
  },
});

/** `9 days` or `31 hours`. */
function ago(from: string, to: string): string {
  const hours = Math.floor((Date.parse(to) - Date.parse(from)) / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
