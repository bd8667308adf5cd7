import { type DescribedRow, type Lasting, rowsAt } from './described-row.ts';

interface Request {
  readonly at: string;
  readonly kind: 'grant' | 'change' | 'revoke';
  readonly grantee: string;
  readonly requester: string;
  readonly system: string;
  readonly permission: string;
  readonly approver?: string;
  readonly granter?: string;
  readonly days?: number;
}
/** Who asked for what, for whom. A revocation is approved by whoever decided it. */
const requests: readonly Request[] = [
  {
    at: '2025-04-08T08:10:00.000Z',
    kind: 'grant',
    grantee: 'nadia.petrov',
    requester: 'hannah.weiss',
    system: 'github',
    permission: 'Engineering',
  },
  {
    at: '2025-06-10T09:30:00.000Z',
    kind: 'grant',
    grantee: 'jonas.weber',
    requester: 'hannah.weiss',
    system: 'github',
    permission: 'Engineering',
  },
  {
    at: '2025-07-09T14:20:00.000Z',
    kind: 'revoke',
    grantee: 'gabriela.silva',
    requester: 'eva.richter',
    system: 'bank',
    permission: 'second-releaser',
    days: 5,
  },
  {
    at: '2025-07-22T09:00:00.000Z',
    kind: 'revoke',
    grantee: 'piotr.nowak',
    requester: 'hannah.weiss',
    system: 'github',
    permission: 'Engineering',
  },
  {
    at: '2025-10-02T07:45:00.000Z',
    kind: 'grant',
    grantee: 'karin.vogt',
    requester: 'eva.richter',
    system: 'bank',
    permission: 'second-releaser',
    days: 4,
  },
  {
    at: '2025-12-11T10:00:00.000Z',
    kind: 'revoke',
    grantee: 'karin.vogt',
    requester: 'eva.richter',
    system: 'payroll',
    permission: 'payment-preparer',
  },
  {
    at: '2026-01-06T08:20:00.000Z',
    kind: 'grant',
    grantee: 'ines.moreau',
    requester: 'ines.carvalho',
    system: 'github',
    permission: 'Security',
  },
  {
    at: '2026-03-05T10:00:00.000Z',
    kind: 'grant',
    grantee: 'tomasz.zielinski',
    requester: 'hannah.weiss',
    system: 'github',
    permission: 'Engineering',
  },
];

const mail = (name: string) => `${name}@northwind-payroll.example`;
const hourMs = 3_600_000;
const rows = requests.flatMap(
  (
    { at, kind, grantee, requester, system, permission, approver = 'maya.thompson', granter = 'amara.okafor', days = 1 },
    index,
  ): Lasting[] => {
    const later = (hours: number) => new Date(Date.parse(at) + hours * hourMs).toISOString();
    const asked = {
      ticket: `REQ-${String(2_101 + index)}`,
      kind,
      requester: mail(requester),
      requested_at: at,
      grantee: mail(grantee),
      system,
      permission,
    };
    const done = {
      ...asked,
      approver: mail(approver),
      approved_at: later(3),
      granter: mail(granter),
      closed_at: later(24 * days),
      status: 'done',
    };
    return [{ from: later(24 * days), row: done }];
  },
);

/** Requests that were carried out: what is still open has no approver yet. */
export const accessRequests = (now: string): readonly DescribedRow[] => rowsAt(rows, now);
