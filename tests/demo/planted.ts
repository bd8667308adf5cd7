import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { type Incident, incidents } from '../../src/demo/incidents.ts';

type Row = Readonly<Record<string, string>>;

/**
 * Holds both bundles of the described year against the list of what was planted. Times come from the tables as an auditor reads them, never
 * from the log. Living through the year takes minutes: whoever has lived it once (the README's first command) hands the places over.
 */
export function describePlanted(places: () => { readonly out: string; readonly data: string }): void {
  const table = (bundle: string, file: string): readonly Row[] =>
    parse(readFileSync(path.join(places().out, bundle, file)), { columns: true, bom: true }) as Row[];
  const of = (incident: Incident, rows: readonly Row[]) =>
    rows.filter(
      (row) =>
        row['check'] === incident.check &&
        (row['display'] ?? '').includes(incident.subject ?? '') &&
        (incident.controls ?? []).includes(row['control'] ?? ''),
    );

  const day = 86_400_000;
  /** An episode that holds the planted stretch: what is exact is exact, and the conservative bounds are no further off than the schedule. */
  const holds = (incident: Incident, row: Row): boolean => {
    const [from, to] = [row['conservative_from_utc'] ?? '', row['conservative_to_utc'] ?? ''];
    const exact = [row['exact_from_utc'] ?? '', row['exact_to_utc'] ?? ''];
    const atEnd = row['open_at_the_end'] === 'yes';
    return (
      from <= incident.from &&
      (to >= incident.to || atEnd) &&
      Date.parse(incident.from) - Date.parse(from) <= 4 * day &&
      Date.parse(to) - Date.parse(incident.to) <= 4 * day &&
      (exact[0] === '' || exact[0] === incident.from) &&
      (exact[1] === '' || exact[1] === incident.to)
    );
  };

  it('are two, and the year took one log', () => {
    const { out, data } = places();
    expect(readdirSync(out).sort()).toEqual(['soc1-2026', 'soc2-2026']);
    for (const bundle of readdirSync(out)) expect(existsSync(path.join(out, bundle, 'index.html'))).toBe(true);
    expect(statSync(path.join(data, 'store.db')).size).toBeLessThan(100e6);
  });

  it('name at least fifteen planted incidents', () => {
    expect(incidents.length).toBeGreaterThanOrEqual(15);
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
  });

  const episodic = incidents.filter(
    ({ check, kind }) => check !== undefined && ['episode-within-tolerance', 'deviation', 'disposition'].includes(kind),
  );
  it.each(episodic.map((incident) => [incident.id, incident] as const))('show the episode %s with its dates', (_, incident) => {
    const rows = of(incident, table('soc2-2026', 'registers/episodes.csv'));
    const found = rows.filter((row) => (incident.id === 'single-zone' ? row['open_at_the_end'] === 'yes' : holds(incident, row)));
    expect(
      found.map((row) => row['display']),
      JSON.stringify(rows),
    ).not.toEqual([]);
    for (const row of found) {
      const isDeviation = (row['deviation'] ?? '') !== '';
      expect(isDeviation, `${incident.id} ${row['deviation']}`).toBe(incident.kind !== 'episode-within-tolerance');
    }
  });

  it('bound the stop of the trail to the minute, from the record of changes alone', () => {
    const stopped = incidents.find(({ id }) => id === 'trail-stopped');
    const [row] = of(stopped as Incident, table('soc2-2026', 'registers/episodes.csv'));
    expect(row).toMatchObject({
      observed_from_utc: '',
      exact_from_utc: '2025-09-03T11:12:00.000Z',
      exact_to_utc: '2025-09-03T11:59:00.000Z',
    });
    expect(row?.['actors']).toContain('samir-benali');
  });

  it('count the script that opened SSH three times in a day as one episode that came back twice', () => {
    const flapping = incidents.find(({ id }) => id === 'ssh-flapping') as Incident;
    const [row] = of(flapping, table('soc2-2026', 'registers/episodes.csv')).filter((one) => holds(flapping, one));
    expect(row?.['flaps']).toBe('2');
  });

  const acrossSystems = episodic.filter(({ check }) => check?.startsWith('entity/'));
  it.each(acrossSystems.map((incident) => [incident.id, incident] as const))(
    'find %s in both bundles, and say what it is',
    (_, incident) => {
      for (const bundle of ['soc2-2026', 'soc1-2026']) {
        const found = of(incident, table(bundle, 'registers/episodes.csv')).filter((row) => holds(incident, row));
        expect(found, bundle).toHaveLength(1);
        expect(found[0]?.['said'], bundle).toContain(incident.says);
      }
    },
  );

  const occurring = incidents.filter(({ kind }) => kind === 'occurrence' || kind === 'bypass');
  it.each(occurring.map((incident) => [incident.id, incident] as const))('show the occurrence %s when it happened', (_, incident) => {
    for (const bundle of ['soc2-2026', 'soc1-2026']) {
      const found = of(incident, table(bundle, 'registers/deviations.csv')).filter((row) => row['from_utc'] === incident.from);
      expect(found, bundle).toHaveLength(1);
      expect(found[0]?.['kind']).toBe('occurrence');
    }
  });

  it('find by persons what accounts alone cannot show: an author who approved himself, and a bot that approved for whom it works', () => {
    for (const bundle of ['soc2-2026', 'soc1-2026']) {
      const approvals = table(bundle, 'registers/deviations.csv').filter((row) => row['check'] === 'github/change-approved-by-another');
      expect(
        approvals.filter((row) => (row['from_utc'] ?? '').startsWith('2025-08-26')),
        bundle,
      ).toEqual([]);
      for (const id of ['second-account', 'merged-by-bot']) {
        const incident = { ...(incidents.find((one) => one.id === id) as Incident), check: 'entity/act-was-done-by-two' };
        const found = of(incident, table(bundle, 'registers/episodes.csv')).filter((row) => row['said']?.includes(incident.from));
        expect(found, `${bundle} ${id}`).toHaveLength(1);
        expect(found[0]?.['said']).toMatch(/no second person/);
      }
    }
  });

  it('find that she had given that account its rights herself', () => {
    const granted = incidents.find(({ id }) => id === 'granted-herself') as Incident;
    const found = of(granted, table('soc1-2026', 'registers/episodes.csv')).filter((row) => row['said']?.includes(granted.from));
    expect(found).toHaveLength(1);
    expect(found[0]?.['said']).toContain('did both');
  });

  it('find nothing in the runs, each of which was approved by another in time', () => {
    expect(table('soc1-2026', 'registers/episodes.csv').filter(({ control }) => control === 'PR-05')).toEqual([]);
  });

  it('show the waivers: one that ran out, and one for what was known at the beginning', () => {
    const waivers = table('soc2-2026', 'registers/waivers.csv');
    expect(waivers.map(({ kind, approved }) => [kind, approved])).toEqual(
      expect.arrayContaining([
        ['waiver', 'yes'],
        ['known-at-onboarding', 'yes'],
      ]),
    );
    const expired = waivers.find(({ kind }) => kind === 'waiver');
    expect(expired?.['expires_utc']).toBe('2025-09-01T00:00:00.000Z');
    const [deviation] = table('soc2-2026', 'registers/deviations.csv').filter((row) => row['waiver'] === expired?.['waiver']);
    // It failed on after the waiver had run out.
    expect((deviation?.['to_utc'] ?? '') > '2025-10-07').toBe(true);
  });

  it('say who decided, and where nobody was authenticated', () => {
    const decisions = table('soc2-2026', 'registers/decisions.csv');
    const kinds = decisions.map(({ decision }) => decision);
    for (const kind of ['amend-period', 'waive', 'dispose', 'respond', 'freeze-population', 'draw-sample', 'approve'])
      expect(kinds).toContain(kind);
    const telephone = decisions.find((row) => (row['by'] ?? '').includes('Tobias Brenner'));
    expect(JSON.stringify(telephone)).toContain('identity not authenticated');
    const deviations = table('soc2-2026', 'registers/deviations.csv');
    expect(deviations.map(({ disposition }) => disposition)).toContain('false-positive');
  });

  it('tell five days without a collection, a permission that was lost and a reply that could not be read from a pass', () => {
    const unseen = (control: string, check: string, on: string) =>
      table('soc2-2026', `controls/${control}/timeline.csv`).filter(
        (row) => row['check'] === check && row['outcome'] === 'no-evidence' && (row['from_utc'] ?? '') <= on && (row['to_utc'] ?? '') >= on,
      );
    expect(unseen('DP-02', 'aws/s3-bucket-requires-tls', '2025-11-19T05:10:30.000Z')).not.toEqual([]);
    expect(unseen('DP-01', 'aws/s3-bucket-encrypted', '2025-10-28T05:10:30.000Z')).not.toEqual([]);
    const dark = readdirSync(path.join(places().out, 'soc2-2026/controls')).flatMap((control) =>
      table('soc2-2026', `controls/${control}/timeline.csv`).filter(
        (row) =>
          row['outcome'] === 'no-evidence' &&
          (row['from_utc'] ?? '') < '2025-08-04T00:00:00.000Z' &&
          (row['to_utc'] ?? '') > '2025-08-09T00:00:00.000Z',
      ),
    );
    expect(dark).not.toEqual([]);
    const outages = table('soc2-2026', 'registers/outages.csv').filter(
      (row) => (row['from_utc'] ?? '') <= '2025-08-04T00:00:00.000Z' && (row['to_utc'] ?? '') >= '2025-08-09T00:00:00.000Z',
    );
    // Two accounts, the organisation, every table and the entity as a whole.
    expect(outages.length).toBeGreaterThanOrEqual(3);
  });
}
