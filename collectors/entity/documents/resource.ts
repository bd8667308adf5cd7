import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const stretch = z.strictObject({ from: z.iso.date(), to: z.iso.date() });

export const EntityDocumentRequest = defineResource({
  type: 'entity.document-request',
  title: 'Document that is asked for, for one stretch of time',
  shape: {
    request: z.string(),
    title: z.string(),
    documentType: z.string(),
    /** Controls it serves. */
    controls: z.array(z.string()),
    from: z.string(),
    occasionFrom: z.iso.date(),
    /** null: it is asked for once. */
    occasionTo: z.iso.date().nullable(),
    due: z.iso.date(),
    isDue: z.boolean(),
    /** Day on which a second person had approved it; null: it is not due yet. Not read where it is due and is missing, stale or unapproved. */
    approvedOn: z.iso.date().nullable(),
    document: z.string().nullable(),
    approvedBy: z.string().nullable(),
    effective: z.iso.date().nullable(),
    covers: stretch.nullable(),
    providedBy: z.string().nullable(),
    grade: z.enum(['uploaded', 'attested']),
    standing: z.enum(['handed-in', 'unapproved', 'stale', 'missing']),
    unmet: z.array(z.string()),
  },
});

export const EntitySubserviceOrganisation = defineResource({
  type: 'entity.subservice-organisation',
  title: 'Organisation whose controls are relied on',
  shape: {
    name: z.string(),
    services: z.string(),
    method: z.enum(['carve-out', 'inclusive']),
    csocs: z.array(z.strictObject({ id: z.string(), text: z.string() })),
    report: z.string().nullable(),
    /** Last day that the latest report covers. Not read where no report is there. */
    reportThrough: z.iso.date(),
    bridgeThrough: z.iso.date().nullable(),
    reviewedOn: z.iso.date().nullable(),
    reviewDue: z.iso.date(),
    exceptions: z.string().nullable(),
  },
});

export const EntityUserEntityControl = defineResource({
  type: 'entity.user-entity-control',
  title: 'Control that is assumed to be in place at clients',
  shape: {
    text: z.string(),
    /** Not read where nobody has looked at it yet. */
    reviewedOn: z.iso.date(),
    reviewDue: z.iso.date(),
  },
});

export const exampleRequest: ResourceOf<typeof EntityDocumentRequest> = {
  id: 'entity:acme/document-request/restore-test/2025-10-01',
  display: 'Restore test 2025-10-01 to 2025-12-31',
  request: 'restore-test',
  title: 'Restore test',
  documentType: 'restore-test',
  controls: ['OP-05'],
  from: 'platform',
  occasionFrom: '2025-10-01',
  occasionTo: '2025-12-31',
  due: '2026-01-15',
  isDue: false,
  approvedOn: '2026-01-09',
  document: 'D-1f2e3d4c',
  approvedBy: 'Ines Carvalho',
  effective: '2025-12-12',
  covers: { from: '2025-10-01', to: '2025-12-31' },
  providedBy: 'Amara Okafor',
  grade: 'uploaded',
  standing: 'handed-in',
  unmet: [],
};
export const exampleSubservice: ResourceOf<typeof EntitySubserviceOrganisation> = {
  id: 'entity:acme/subservice-organisation/aws',
  display: 'Amazon Web Services',
  name: 'Amazon Web Services',
  services: 'Computing, storage, databases',
  method: 'carve-out',
  csocs: [],
  report: 'D-0a0b0c0d',
  reportThrough: '2025-09-30',
  bridgeThrough: '2025-12-31',
  reviewedOn: '2025-11-20',
  reviewDue: '2026-11-20',
  exceptions: 'none',
};
export const exampleUserEntityControl: ResourceOf<typeof EntityUserEntityControl> = {
  id: 'entity:acme/user-entity-control/CUEC-1',
  display: 'CUEC-1',
  text: 'Clients tell us at once of people who may no longer use the portal',
  reviewedOn: '2025-10-01',
  reviewDue: '2026-10-01',
};
