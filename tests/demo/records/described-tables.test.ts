import { describe, expect, it } from 'vitest';
import { firstDay } from '../../../src/demo/company.ts';
import { demonstrationConfiguration } from '../../../src/demo/demonstration.ts';
import { describedTables } from '../../../src/demo/records/described-tables.ts';
import { ghost } from '../../../src/demo/records/employees.ts';

const tables = (demonstrationConfiguration().sources.tabular ?? []).flatMap((source) =>
  source.tables.map((table) => ({ name: `${source.name}.${table.name}`, table })),
);
const rows = (name: string, now: string) => describedTables[name]?.(now) ?? [];
const sum = (of: readonly Readonly<Record<string, string | null>>[], column: string) =>
  of.reduce((cents, row) => cents + Math.round(Number(row[column]) * 100), 0);

describe('the described tables', () => {
  it('are those that the configuration declares, with its columns and a key of their own in each row', () => {
    expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(describedTables).sort());
    for (const { name, table } of tables) {
      const described = rows(name, firstDay);
      expect(described.length, name).toBeGreaterThan(0);
      for (const row of described) expect(Object.keys(row).sort(), name).toEqual(Object.keys(table.columns).sort());
      expect(new Set(described.map((row) => table.key.map((column) => row[column]).join('/'))).size, name).toBe(described.length);
    }
  });

  it('are the same at the same time, and only grow where they are records of what happened', () => {
    for (const name of ['payroll.payments', 'ledger.entries', 'bank.transactions', 'payroll.changes', 'ticketing.requests']) {
      expect(rows(name, firstDay)).toEqual(rows(name, firstDay));
      const later = rows(name, '2026-04-01T06:00:00.000Z').map((row) => JSON.stringify(row));
      for (const row of rows(name, '2025-09-01T00:00:00.000Z')) expect(later).toContain(JSON.stringify(row));
    }
  });

  it('agree with each other but where something is planted', () => {
    const at = '2025-08-30T00:00:00.000Z';
    expect(sum(rows('payroll.payments', at), 'amount')).toBe(sum(rows('payroll.files', at), 'total'));
    expect(sum(rows('payroll.payments', at), 'amount')).toBe(sum(rows('payroll.runs', at), 'net'));
    expect(sum(rows('ledger.entries', at), 'amount')).toBe(sum(rows('bank.transactions', at), 'amount'));
    const october = '2025-10-10T00:00:00.000Z';
    expect(sum(rows('ledger.entries', october), 'amount') - sum(rows('bank.transactions', october), 'amount')).toBe(184_260);
    const paid = new Set(rows('payroll.payments', at).map(({ employee }) => employee));
    const known = new Set([...rows('clients.people', at), ...rows('hr.people', at)].map(({ number }) => number));
    expect([...paid].filter((employee) => !known.has(employee ?? null))).toEqual([ghost]);
  });
});
