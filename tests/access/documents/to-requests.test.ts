import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handedIn } from '../../../src/access/documents/handed-in.ts';
import { toRequests } from '../../../src/access/documents/to-requests.ts';
import { toSubservice } from '../../../src/access/documents/to-subservice.ts';
import type { DocumentRecord, RecordedDecision } from '../../../src/model/decision.ts';
import { DocumentRequest, SubserviceSettings } from '../../../src/model/document-settings.ts';
import { decided } from '../../run/entity/entity-kit.ts';

const request = DocumentRequest.parse({
  id: 'restore-test',
  title: 'Restore test',
  type: 'restore-test',
  controls: ['OP-09'],
  from: 'platform',
  frequency: 'quarterly',
  since: '2025-01-01',
  expects: { result: 'passed' },
});
const document = (patch: Partial<DocumentRecord> = {}): DocumentRecord => ({
  id: 'D-1',
  type: 'restore-test',
  title: 'Restore test',
  upload: 1,
  controls: ['OP-09'],
  effective: '2025-06-10',
  covers: null,
  providedBy: 'Amara',
  obtained: 'by mail',
  supersedes: null,
  facts: { result: 'passed' },
  ...patch,
});
/** Handed in and, where a time is given, approved by somebody else then. */
const added = (patch: Partial<DocumentRecord>, approvedAt: string | null, ended: number | null = null): RecordedDecision =>
  decided(
    { type: 'add-document', document: document(patch) },
    {
      needsApproval: true,
      ended,
      approval:
        approvedAt === null ? null : { index: 9, at: approvedAt, actor: { name: 'Ines', authentication: 'personal-key', person: 'ines' } },
    },
  );
const standings = (decisions: readonly RecordedDecision[], at = '2025-07-20T12:00:00.000Z') =>
  toRequests([request], decisions, at).map(({ occasion, standing, isDue }) => `${occasion.from} ${standing}${isDue ? ' due' : ''}`);

describe('what is asked of people', () => {
  it('is asked for every stretch since it was first asked, each with its own day', () => {
    expect(standings([])).toEqual(['2025-01-01 missing due', '2025-04-01 missing due', '2025-07-01 missing']);
    expect(toRequests([request], [], '2025-07-15T23:59:59.999Z')[1]).toMatchObject({ due: '2025-07-15', isDue: false, isDueSoon: true });
    expect(toRequests([request], [], '2024-12-31T12:00:00.000Z')).toEqual([]);
    expect(
      toRequests([{ ...request, since: '2025-01-31', frequency: 'monthly' }], [], '2025-04-01T00:00:00.000Z').map(
        ({ occasion }) => occasion,
      ),
    ).toEqual([
      { from: '2025-01-31', to: '2025-02-27' },
      { from: '2025-02-28', to: '2025-03-30' },
      { from: '2025-03-31', to: '2025-04-29' },
    ]);
  });
  it('is met by a document that speaks for the stretch and that a second person approved, and by no other', () => {
    expect(standings([added({ covers: { from: '2025-04-01', to: '2025-06-30' } }, '2025-07-10T09:00:00.000Z')])).toEqual([
      '2025-01-01 stale due',
      '2025-04-01 handed-in due',
      '2025-07-01 stale',
    ]);
    expect(standings([added({ covers: { from: '2025-04-01', to: '2025-06-30' } }, null)])).toContain('2025-04-01 unapproved due');
    expect(standings([added({ covers: { from: '2025-04-01', to: '2025-06-30' } }, null, 12)])).toContain('2025-04-01 missing due');
    expect(standings([added({ type: 'minutes' }, '2025-07-10T09:00:00.000Z')])).toContain('2025-04-01 missing due');
    expect(standings([added({ facts: { request: 'other' } }, '2025-07-10T09:00:00.000Z')])).toContain('2025-04-01 missing due');
  });
  it('without a stretch of its own a document holds for as long as one lasts', () => {
    expect(standings([added({}, '2025-06-11T09:00:00.000Z')])).toEqual([
      '2025-01-01 stale due',
      '2025-04-01 handed-in due',
      '2025-07-01 handed-in',
    ]);
  });
  it('says when it was approved late, and what it states otherwise than it was to', () => {
    const [, late] = toRequests(
      [request],
      [added({ facts: { result: 'failed' } }, '2025-07-18T09:00:00.000Z')],
      '2025-07-20T12:00:00.000Z',
    );
    expect(late).toMatchObject({ approvedOn: '2025-07-18', due: '2025-07-15', unmet: ['result: failed, expected passed'] });
  });
  it('a correction takes the place of the first, and was not late for it', () => {
    const first = added({ facts: { result: 'failed' } }, '2025-07-01T09:00:00.000Z');
    const second = added({ id: 'D-2', supersedes: 'D-1' }, '2025-07-19T09:00:00.000Z');
    expect(handedIn([first, second])[0]?.supersededBy).toBe('D-2');
    expect(toRequests([request], [first, second], '2025-07-20T12:00:00.000Z')[1]).toMatchObject({
      document: 'D-2',
      approvedOn: '2025-07-01',
      unmet: [],
    });
    // One that nobody approved takes the place of nothing.
    expect(handedIn([first, added({ id: 'D-2', supersedes: 'D-1' }, null)])[0]?.supersededBy).toBe(null);
  });
  it('is never met by what nobody approved, whatever it says', () => {
    const days = fc
      .date({ min: new Date('2025-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        fc.array(fc.record({ effective: days, from: days, to: days, whole: fc.boolean() }), { maxLength: 6 }),
        days,
        (all, today) => {
          const decisions = all.map(({ effective, from, to, whole }, n) =>
            added({ id: `D-${n}`, effective, covers: whole && from <= to ? { from, to } : null }, null),
          );
          return toRequests([request], decisions, `${today}T12:00:00.000Z`).every(
            ({ standing, approvedOn }) => standing !== 'handed-in' && approvedOn === null,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a subservice organisation', () => {
  const aws = SubserviceSettings.parse({ id: 'aws', name: 'AWS', services: 'Computing', method: 'carve-out', since: '2025-04-01' });
  const report = (to: string, more: Partial<DocumentRecord> = {}, at: string | null = '2025-11-20T09:00:00.000Z') =>
    added(
      { type: 'subservice-report', facts: { organisation: 'aws', exceptions: 'none' }, covers: { from: '2024-10-01', to }, ...more },
      at,
    );
  it('is known as far as its latest approved report reaches, and its letter', () => {
    const letter = report('2025-12-31', { id: 'D-3', type: 'bridge-letter', facts: { organisation: 'aws' } });
    expect(toSubservice([aws], [report('2024-09-30', { id: 'D-2' }), report('2025-09-30'), letter])[0]).toMatchObject({
      reportThrough: '2025-09-30',
      bridgeThrough: '2025-12-31',
      reviewedOn: '2025-11-20',
      reviewDue: '2026-11-20',
      exceptions: 'none',
    });
  });
  it('is not known by a report that is of another, that nobody approved, or that says no stretch', () => {
    for (const one of [
      report('2025-09-30', { facts: { organisation: 'gcp' } }),
      report('2025-09-30', {}, null),
      report('', { covers: null }),
    ]) {
      expect(toSubservice([aws], [one])[0]).toMatchObject({ reportThrough: null, reviewedOn: null, reviewDue: '2025-04-01' });
    }
  });
});
