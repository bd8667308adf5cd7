import { toRequests } from '../../../src/access/documents/to-requests.ts';
import { toSubservice } from '../../../src/access/documents/to-subservice.ts';
import { toUserEntityControls } from '../../../src/access/documents/to-user-entity-controls.ts';
import { type DerivedInput, defineCollector, unread, z } from '../../../src/authoring.ts';
import { SealedDocumentSettings } from '../../../src/model/document-settings.ts';
import type { EntityClient } from '../client.ts';
import { EntityDocumentRequest, EntitySubserviceOrganisation, EntityUserEntityControl } from './resource.ts';

const operation = 'documents';
const day = z.iso.date();
const requested = z.looseObject({
  kind: z.literal('request'),
  request: z.string(),
  title: z.string(),
  type: z.string(),
  controls: z.array(z.string()),
  from: z.string(),
  occasion: z.looseObject({ from: day, to: day.nullable() }),
  due: day,
  isDue: z.boolean(),
  standing: z.enum(['handed-in', 'unapproved', 'stale', 'missing']),
  document: z.string().nullable(),
  approvedOn: day.nullable(),
  approvedBy: z.string().nullable(),
  effective: day.nullable(),
  covers: z.strictObject({ from: day, to: day }).nullable(),
  providedBy: z.string().nullable(),
  grade: z.enum(['uploaded', 'attested']),
  unmet: z.array(z.string()),
});
const subservice = z.looseObject({
  kind: z.literal('subservice'),
  organisation: z.string(),
  name: z.string(),
  services: z.string(),
  method: z.enum(['carve-out', 'inclusive']),
  csocs: z.array(z.strictObject({ id: z.string(), text: z.string() })),
  report: z.string().nullable(),
  reportThrough: day.nullable(),
  bridgeThrough: day.nullable(),
  reviewedOn: day.nullable(),
  reviewDue: day,
  exceptions: z.string().nullable(),
});
const assumed = z.looseObject({
  kind: z.literal('user-entity-control'),
  id: z.string(),
  text: z.string(),
  reviewedOn: day.nullable(),
  reviewDue: day,
});
const unasked = z.looseObject({ kind: z.literal('unasked'), control: z.string(), what: z.string() });
const body = z.discriminatedUnion('kind', [requested, unasked, subservice, assumed]);

export default defineCollector<EntityClient>({
  id: 'entity/documents',
  title: 'Documents that people hand in, subservice organisations and controls of clients',
  kind: 'roster',
  scope: 'organisation',
  grade: 'uploaded',
  member: (settings) => settings['documents'] !== null && settings['documents'] !== undefined,
  yields: [EntityDocumentRequest, EntitySubserviceOrganisation, EntityUserEntityControl],
  permissions: ['log:read'],
  items: {
    [operation]: {
      keep: ['*'],
      split(output) {
        const { settings, decisions, at } = output as unknown as DerivedInput;
        const { requests, subserviceOrganisations, cuecs, unasked } = SealedDocumentSettings.parse(settings['documents']);
        return [
          ...toRequests(requests, decisions, at).map(({ isDueSoon: _, ...one }) => ({
            subject: `request ${one.request} ${one.occasion.from}`,
            body: { kind: 'request', ...one },
          })),
          ...unasked.map((one) => ({ subject: `unasked ${one.control}`, body: { kind: 'unasked', ...one } })),
          ...toSubservice(subserviceOrganisations, decisions).map((one) => ({
            subject: `subservice ${one.organisation}`,
            body: { kind: 'subservice', ...one },
          })),
          ...toUserEntityControls(cuecs).map((one) => ({ subject: `cuec ${one.id}`, body: { kind: 'user-entity-control', ...one } })),
        ].map((item) => JSON.parse(JSON.stringify(item)));
      },
    },
  },
  collect: (client) => client.derive(operation, []),
  normalise: (view) =>
    view.each(operation, body, (one) => {
      if (one.kind === 'request') {
        const { occasion, standing, isDue } = one;
        const missed = isDue && standing !== 'handed-in';
        return EntityDocumentRequest.draft(
          {
            id: view.id('document-request', one.request, occasion.from),
            display: `${one.title}, ${occasion.to === null ? `from ${occasion.from}` : `${occasion.from} to ${occasion.to}`}`,
          },
          {
            request: one.request,
            title: one.title,
            documentType: one.type,
            controls: one.controls,
            from: one.from,
            occasionFrom: occasion.from,
            occasionTo: occasion.to,
            due: one.due,
            isDue,
            approvedOn: missed ? unread(standing === 'stale' ? 'stale' : 'not-collected') : one.approvedOn,
            document: one.document,
            approvedBy: one.approvedBy,
            effective: one.effective,
            covers: one.covers,
            providedBy: one.providedBy,
            grade: one.grade,
            standing,
            unmet: one.unmet,
          },
        );
      }
      if (one.kind === 'unasked') {
        const nothing = unread('not-collected');
        return EntityDocumentRequest.draft(
          { id: view.id('document-request', 'unasked', one.control), display: `${one.control}: nobody is asked for ${one.what}` },
          {
            request: '',
            title: one.what,
            documentType: '',
            controls: [one.control],
            from: '',
            occasionFrom: nothing,
            occasionTo: nothing,
            due: nothing,
            isDue: nothing,
            approvedOn: nothing,
            document: nothing,
            approvedBy: nothing,
            effective: nothing,
            covers: nothing,
            providedBy: nothing,
            grade: nothing,
            standing: nothing,
            unmet: nothing,
          },
        );
      }
      if (one.kind === 'subservice') {
        return EntitySubserviceOrganisation.draft(
          { id: view.id('subservice-organisation', one.organisation), display: one.name },
          {
            name: one.name,
            services: one.services,
            method: one.method,
            csocs: one.csocs,
            report: one.report,
            reportThrough: one.reportThrough ?? unread('not-collected'),
            bridgeThrough: one.bridgeThrough,
            reviewedOn: one.reviewedOn,
            reviewDue: one.reviewDue,
            exceptions: one.exceptions,
          },
        );
      }
      return EntityUserEntityControl.draft(
        { id: view.id('user-entity-control', one.id), display: one.id },
        { text: one.text, reviewedOn: one.reviewedOn ?? unread('not-collected'), reviewDue: one.reviewDue },
      );
    }),
});
