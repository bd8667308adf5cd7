import type { BundleContent } from '../../../model/bundle-content.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { actorWords } from '../words.ts';
import { type Local, timeColumns } from './time-columns.ts';

/** What the management pack holds as tables, by the name of their file. */
export function managementTables(content: BundleContent, local: Local): Readonly<Record<string, AnyTable>> {
  const { management } = content;
  const { engagement } = content.history.period;
  type Component = typeof management.inventory extends Iterable<infer One> ? One : never;
  type Incident = (typeof management.incidents)[number];
  type Pull = (typeof management.zeroRowPulls)[number];
  type Change = (typeof management.controlChanges)[number];
  type Subservice = (typeof engagement.subserviceOrganisations)[number];
  type Assumed = { readonly id: string; readonly text: string; readonly supports: readonly string[]; readonly at: string };
  const assumedTable = (name: string, rows: Assumed[]): AnyTable =>
    asTable<Assumed>({
      name,
      columns: [
        column('id', 14, (one) => one.id),
        column('assumed_at', 34, (one) => one.at),
        column('control', 80, (one) => one.text),
        column('supports', 30, (one) => list(one.supports)),
      ],
      rows,
    });
  return {
    'component-inventory': asTable<Component>({
      name: 'Component inventory',
      columns: [
        column('type', 30, (one) => one.type),
        column('id', 50, (one) => one.id),
        column('display', 40, (one) => one.display),
        column('source', 26, (one) => one.source),
        column('region', 16, (one) => one.region),
        ...timeColumns<Component>('first_seen', local, (one) => one.firstSeen),
        ...timeColumns<Component>('last_seen', local, (one) => one.lastSeen),
      ],
      rows: management.inventory,
    }),
    incidents: asTable<Incident>({
      name: 'Incidents',
      columns: [
        column('incident', 20, (one) => one.id),
        column('title', 60, (one) => one.title),
        column('source', 26, (one) => one.source),
        ...timeColumns<Incident>('opened', local, (one) => one.openedAt),
        ...timeColumns<Incident>('closed', local, (one) => one.closedAt),
        column('detail', 60, (one) => one.detail),
      ],
      rows: management.incidents,
    }),
    'zero-row-pulls': asTable<Pull>({
      name: 'Zero-row pulls',
      columns: [
        column('what', 34, (one) => one.what),
        column('rows', 8, () => 0),
        column('collector', 30, (one) => one.collector),
        column('scope', 30, (one) => one.scope),
        column('query', 60, (one) => one.query),
        ...timeColumns<Pull>('from', local, (one) => one.from),
        ...timeColumns<Pull>('to', local, (one) => one.to),
        ...timeColumns<Pull>('asked', local, (one) => one.at),
        column('log', 10, (one) => one.index),
      ],
      rows: management.zeroRowPulls,
    }),
    'control-changes': asTable<Change>({
      name: 'Control changes',
      columns: [
        column('control', 12, (one) => one.control),
        ...timeColumns<Change>('at', local, (one) => one.at),
        column('change', 80, (one) => one.change),
        column('decision_log', 12, (one) => one.decision),
        column('decision', 18, (one) => one.kind),
        column('by', 34, (one) => (one.by === null ? null : actorWords(one.by))),
      ],
      rows: management.controlChanges,
    }),
    'subservice-organisations': asTable<Subservice>({
      name: 'Subservice organisations',
      columns: [
        column('name', 34, (one) => one.name),
        column('services', 50, (one) => one.services),
        column('method', 12, (one) => one.method),
        column('report_through', 16, (one) => one.reportThrough ?? null),
        column('reviewed_on', 16, (one) => one.reviewedOn ?? null),
        column('controls_assumed_there', 30, (one) => list(one.csocs.map((csoc) => csoc.id))),
      ],
      rows: engagement.subserviceOrganisations,
    }),
    cuecs: assumedTable(
      'User entity controls',
      engagement.cuecs.map((one) => ({ ...one, at: 'user entities' })),
    ),
    csocs: assumedTable(
      'Subservice controls',
      engagement.subserviceOrganisations.flatMap((organisation) => organisation.csocs.map((one) => ({ ...one, at: organisation.name }))),
    ),
  };
}
