import { describe, expect, it } from 'vitest';
import { NotifySettings } from '../../../src/config/notify-settings.ts';
import type { ReadResource } from '../../../src/model/resource.ts';
import { type OwnedParts, ownersOf } from '../../../src/run/notify/owned-things.ts';
import type { PlanInForce } from '../../../src/run/notify/plan-in-force.ts';

const resource = (type: string, id: string, more: Partial<ReadResource> = {}): ReadResource => ({
  type,
  id,
  display: id,
  fields: {},
  unread: {},
  ...more,
});
const codeowners = (repository: string, name: string, text: string | null) =>
  resource('github.codeowners', `github:1/codeowners/${repository}`, {
    fields: { repository: name, file: text === null ? null : { path: 'CODEOWNERS', text } },
  });

/** A source of which one collector yields each type; counts how often collections are read. */
function parts(resources: readonly ReadResource[]): OwnedParts & { reads: number } {
  const types = [...new Set(resources.map(({ type }) => type))];
  const counting = {
    reads: 0,
    settings: NotifySettings.parse({}),
    registries: { collectors: types.map((type) => ({ id: type, yields: [{ type }] })) },
    store: { latestCollections: () => types.map((type) => ({ index: 0, statement: { collector: type } })) },
    collections: {
      read: (_store: unknown, collector: { id: string }) => {
        counting.reads += 1;
        return { resources: resources.filter(({ type }) => type === collector.id) };
      },
    },
  };
  return counting as unknown as OwnedParts & { reads: number };
}
const planOf = (check: string, subject: string): PlanInForce =>
  ({
    detail: {
      checks: [{ id: check, subject }],
      controls: [{ id: 'AC-01', owner: 'platform' }],
      sources: [{ settings: { 'github:1': { tenant: 'acme', display: 'acme', settings: {} } } }],
    },
  }) as unknown as PlanInForce;

describe('whose it is', () => {
  const about = { check: 'github/x', controls: ['AC-01'], subject: 'github:1/branch/R_1/main' };
  const branch = (more: Partial<ReadResource> = {}) => resource('github.branch', about.subject, more);
  const owner = (resources: readonly ReadResource[]) => ownersOf(parts(resources), 'github:1', planOf('github/x', 'github.branch'))(about);

  it('follows from the tag, then from the CODEOWNERS of the repository its id names, then from the control', () => {
    const file = codeowners('R_1', 'acme/payroll', '* @acme/payroll-team');
    expect(owner([branch({ tags: { team: 'payments' } }), file])).toEqual({ name: 'payments', by: 'tag' });
    expect(owner([branch(), file])).toEqual({ name: '@acme/payroll-team', by: 'codeowners' });
    expect(owner([branch(), codeowners('R_2', 'acme/other', '* @acme/other')])).toEqual({ name: 'platform', by: 'control' });
    expect(owner([branch(), codeowners('R_1', 'acme/payroll', null)])).toEqual({ name: 'platform', by: 'control' });
  });
  it('follows from the repository that a field names', () => {
    const named = branch({ fields: { repository: 'acme/other' } });
    expect(owner([named, codeowners('R_2', 'acme/other', '* @acme/other')])).toEqual({ name: '@acme/other', by: 'codeowners' });
  });
  it('is no tag that looks like a secret', () => {
    expect(owner([branch({ tags: { owner: 'ghp_0123456789abcdefghijABCDEFGHIJ012345' } })])).toEqual({ name: 'platform', by: 'control' });
  });
  it('is who answers for a service account while he works here, then who answers for its system, and who provides a document', () => {
    const of = (type: string, fields: ReadResource['fields']) => {
      const settings = { reviews: { systems: [{ match: ['tabular:payroll.*'], owner: 'cleo' }] } };
      const plan = { ...planOf('entity/x', type), detail: { ...planOf('entity/x', type).detail } } as unknown as {
        detail: { sources: unknown };
      };
      plan.detail.sources = [{ settings: { 'entity:acme': { tenant: 'acme', display: 'acme', settings } } }];
      const ownerOf = ownersOf(parts([resource(type, 'entity:acme/a', { fields })]), 'entity:acme', plan as unknown as PlanInForce);
      return ownerOf({ check: 'entity/x', controls: ['AC-01'], subject: 'entity:acme/a' });
    };
    const machine = { kind: 'service-account', system: 'tabular:payroll.users', ownerPerson: { name: 'Dan Lowe', status: 'active' } };
    expect(of('entity.account', machine)).toEqual({ name: 'Dan Lowe', by: 'registered' });
    expect(of('entity.account', { ...machine, ownerPerson: { name: 'Dan Lowe', status: 'left' } })).toEqual({
      name: 'cleo',
      by: 'registered',
    });
    expect(of('entity.account', { kind: 'unresolved', system: 'tabular:payroll.users', ownerPerson: null })).toEqual({
      name: 'cleo',
      by: 'registered',
    });
    expect(of('entity.account', { kind: 'unresolved', system: 'github:1', ownerPerson: null })).toEqual({
      name: 'platform',
      by: 'control',
    });
    expect(of('entity.document-request', { from: 'engineering' })).toEqual({ name: 'engineering', by: 'registered' });
  });
  it('reads what is sealed once for many subjects', () => {
    const counting = parts([branch()]);
    const ownerOf = ownersOf(counting, 'github:1', planOf('github/x', 'github.branch'));
    for (let n = 0; n < 50; n += 1) ownerOf({ ...about, subject: `github:1/branch/R_1/${n}` });
    expect(counting.reads).toBe(1);
  });
});
