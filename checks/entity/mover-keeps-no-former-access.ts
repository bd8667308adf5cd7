import { EntityMover, exampleMover } from '../../collectors/entity/movers/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/mover-keeps-no-former-access',
  claim: 'What the person held before he changed role was taken away or confirmed in time',
  subject: EntityMover,
  severity: 'high',
  rationale:
    'Whoever moves takes his old rights along unless somebody takes them: after two or three moves he can do both sides of what was kept apart. Each thing he held when the roster first showed the move has to be gone at a later reading, or confirmed since: by what his new department may hold, a review that kept it, or a request another person approved. What he was given for the new role before the roster showed the move is among them, and its request confirms it.',
  remediation: {
    console: 'Take away what is named, or have somebody entitled to confirm it in a review or a request.',
    cli: 'proofline people show PERSON',
    terraform: 'Take the person out of the groups and assignments of the former role, and apply it.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=PS-05'],
  parameters: z.object({
    days: z
      .int()
      .nonnegative()
      .default(14)
      .meta({ description: 'Days after the move was first seen by which each grant is gone or confirmed' }),
  }),
  test({ changed, movedAt, held }, { asOf, parameters }) {
    const limit = addDays(movedAt, parameters.days);
    const moved = `${changed.join(', ')}, first seen ${movedAt}`;
    const named = (grant: (typeof held)[number]) =>
      `${grant.permission}${grant.on === null ? '' : ` on ${grant.on}`} (${grant.login} in ${grant.system})`;
    const late = held.filter(({ state, by }) => (state === 'kept' ? asOf > limit : by !== null && by > limit));
    if (late.length > 0) {
      const shown = late
        .slice(0, 20)
        .map((grant) => `${named(grant)}${grant.state === 'kept' ? '' : `, ${grant.state} only by ${grant.by}`}`);
      const more = late.length - shown.length;
      return fail(`${moved}: still held after ${limit}: ${shown.join('; ')}${more === 0 ? '' : `; and ${more} more`}`);
    }
    const open = held.filter(({ state }) => state === 'kept');
    if (open.length > 0)
      return pass(`${moved}: until ${limit} to be taken away or confirmed: ${open.length} of ${held.length}`, {
        until: new Date(Date.parse(limit) + 1).toISOString(),
      });
    return pass(`${moved}: of ${held.length} grants ${held.filter(({ state }) => state === 'gone').length} are gone, the others confirmed`);
  },
  examples: {
    pass: {
      'gone or confirmed': exampleMover,
      'there is time yet': {
        ...exampleMover,
        held: [{ ...exampleMover.held[0]!, state: 'kept', by: null }],
      },
    },
    fail: {
      'kept after it was time': {
        ...exampleMover,
        movedAt: '2025-12-01T06:00:00.000Z',
        held: [{ ...exampleMover.held[0]!, state: 'kept', by: null }],
      },
      'taken away too late': {
        ...exampleMover,
        movedAt: '2025-12-01T06:00:00.000Z',
        held: [{ ...exampleMover.held[0]!, by: '2026-01-05T06:00:00.000Z' }],
      },
    },
  },
});
