import { addDays, type Check, defineCheck, defineResource, fail, notApplicable, pass, z } from '../../src/authoring.ts';
import type { ReadResource } from '../../src/model/resource.ts';

export const Key = defineResource({
  type: 'house.key',
  title: 'Key',
  shape: {
    owner: z.string(),
    spare: z.boolean(),
    cutAt: z.string(),
    opens: z.array(z.object({ door: z.string(), times: z.int() })),
    ring: z.object({ colour: z.string().nullable() }),
  },
});

const example = {
  id: 'house:1/key/k1',
  display: 'k1',
  owner: 'anna',
  spare: false,
  cutAt: '2026-01-01T00:00:00.000Z',
  opens: [{ door: 'front', times: 3 }],
  ring: { colour: 'red' },
};

/** Reads a plain field, a date with an end, a list of objects and a nested nullable: what real checks read. */
export const keyCheck = defineCheck({
  id: 'house/key-is-young',
  claim: 'A key is younger than the limit and opens something',
  subject: Key,
  appliesTo: (key) => !key.spare,
  severity: 'medium',
  rationale: 'Old keys get copied.',
  remediation: { console: '-', cli: '-', terraform: '-' },
  references: [],
  parameters: z.object({ maxDays: z.int().default(30) }),
  test(key, { asOf, parameters }) {
    const until = addDays(key.cutAt, parameters.maxDays);
    if (key.ring.colour === 'black') return notApplicable('a black key is a decoration');
    if (!key.opens.some((door) => door.times > 0)) return fail(`${key.owner}'s key opens nothing`);
    return asOf < until ? pass(`cut on ${key.cutAt}`, { until }) : fail(`cut on ${key.cutAt}`);
  },
  examples: { pass: { young: example }, fail: { old: { ...example, cutAt: '2025-01-01T00:00:00.000Z' } } },
});
/** As a registry holds it. */
export const anyKeyCheck = keyCheck as unknown as Check;

export const asOf = '2026-01-15T12:00:00.000Z';
export function key(n: number | string, fields: Record<string, unknown> = {}, unread: ReadResource['unread'] = {}): ReadResource {
  const { id: _, display: __, ...plain } = structuredClone(example);
  const all = { ...plain, ...fields };
  return {
    type: Key.type,
    id: `house:1/key/k${n}`,
    display: `k${n}`,
    fields: Object.fromEntries(Object.entries(all).filter(([name]) => unread[name] === undefined)),
    unread,
  };
}
