import type { DerivedInput } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';
import { iso } from './acts-of-changes.ts';
import type { Doer } from './compare-doers.ts';
import type { Act } from './judge-act.ts';
import type { ActKind, ActRole } from './settings.ts';
import type { WhoDid } from './who-did.ts';

interface RecordAct {
  readonly kind: ActKind;
  /** First of these that a record has says when it was. */
  readonly at: readonly string[];
  /** Part to the field that names who had it. */
  readonly parts: Readonly<Partial<Record<ActRole, string>>>;
  /** Parts that a column of the table may name, if there is one of these. */
  readonly columns?: Readonly<Partial<Record<ActRole, readonly string[]>>>;
}
const acts: Readonly<Record<string, RecordAct>> = {
  'ticket.access-request': {
    kind: 'access-request',
    at: ['approvedAt', 'closedAt', 'requestedAt'],
    parts: { 'access-request.requested': 'requester', 'access-request.approved': 'approver', 'access-request.beneficiary': 'grantee' },
    columns: { 'access-request.granted': ['granter', 'granted_by', 'grantedBy', 'provisioner', 'implementer'] },
  },
  'app.payroll-run': {
    kind: 'payroll-run',
    at: ['approvedAt', 'committedAt', 'preparedAt'],
    parts: { 'payroll-run.prepared': 'preparer', 'payroll-run.approved': 'approver' },
  },
  'app.data-change': {
    kind: 'data-change',
    at: ['checkedAt', 'madeAt'],
    parts: { 'data-change.changed': 'maker', 'data-change.approved': 'checker', 'data-change.beneficiary': 'objectId' },
  },
  'app.file-transfer': {
    kind: 'file-transfer',
    at: ['releasedAt', 'preparedAt'],
    parts: {
      'file-transfer.prepared': 'preparer',
      'file-transfer.first-release': 'releaser1',
      'file-transfer.second-release': 'releaser2',
    },
  },
};
/** Types of records that say who did what. */
export const recordActTypes: readonly string[] = Object.keys(acts);

/** Requests, runs, changes of master data and files as their applications recorded them. Nobody in a field: nobody had that part. */
export function actsOfRecords({ seen }: Pick<DerivedInput, 'seen'>, who: WhoDid): readonly Act[] {
  return seen.flatMap(({ type, member, resources, asOf }) => {
    const made = acts[type];
    return made === undefined ? [] : resources.map((resource) => toAct(resource, made, { member, asOf, who }));
  });
}

function toAct(
  { id, display, fields, unread }: ReadResource,
  { kind, at, parts: named, columns = {} }: RecordAct,
  { member, asOf, who }: { readonly member: string; readonly asOf: string; readonly who: WhoDid },
): Act {
  const parts: Partial<Record<ActRole, readonly Doer[]>> = {};
  const untold: Partial<Record<ActRole, string>> = {};
  for (const [role, field] of Object.entries(named) as [ActRole, string][]) {
    const name = fields[field];
    // The one whose pay it is only is somebody where the record is about an employee.
    if (role === 'data-change.beneficiary') {
      const whose = typeof name === 'string' ? who.ofRecord(member, name) : undefined;
      if (whose !== undefined && whose.person !== null) parts[role] = [whose];
    } else if (typeof name === 'string' && name.trim() !== '') parts[role] = [who.ofRecord(member, name.trim())];
    else if (name === null || name === '') parts[role] = [];
    else untold[role] = `${field} was not read (${unread[field] ?? 'not-collected'})`;
  }
  const values = fields['values'];
  for (const [role, names] of Object.entries(columns) as [ActRole, readonly string[]][]) {
    const column = typeof values === 'object' && values !== null ? names.find((name) => Object.hasOwn(values, name)) : undefined;
    if (column === undefined) continue;
    const name = (values as Readonly<Record<string, unknown>>)[column];
    parts[role] = typeof name === 'string' && name.trim() !== '' ? [who.ofRecord(member, name.trim())] : [];
  }
  const when = at.map((field) => fields[field]).find((value) => typeof value === 'string');
  return { kind, object: id, display, at: iso(typeof when === 'string' ? when : asOf), parts, untold };
}
