import type { BundleContent, BundlePerson } from '../../../model/bundle-content.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { actorWords } from '../words.ts';
import { type Local, timeColumns } from './time-columns.ts';

/** General controls over Proofline itself, by the name of their file. */
export function toolTables(content: BundleContent, local: Local): Readonly<Record<string, AnyTable>> {
  const { tool } = content;
  type Version = (typeof tool.versions)[number];
  type Logic = (typeof tool.logic)[number];
  type Change = (typeof tool.configurationChanges)[number];
  type Key = (typeof tool.keys)[number];
  type Event = (typeof tool.lifecycle)[number];
  type Erasure = (typeof tool.erasures)[number];
  type Failure = typeof tool.failures extends Iterable<infer One> ? One : never;
  return {
    versions: asTable<Version>({
      name: 'Versions',
      columns: [
        column('version', 14, (one) => one.version),
        ...timeColumns<Version>('from', local, (one) => one.from),
        ...timeColumns<Version>('to', local, (one) => one.to),
        column('plan_log', 10, (one) => one.plan),
      ],
      rows: tool.versions,
    }),
    logic: asTable<Logic>({
      name: 'Logic',
      columns: [
        column('kind', 12, (one) => one.kind),
        column('id', 44, (one) => one.id),
        column('digest', 74, (one) => one.digest),
        ...timeColumns<Logic>('from', local, (one) => one.from),
        ...timeColumns<Logic>('to', local, (one) => one.to),
      ],
      rows: tool.logic,
    }),
    administrators: asTable<(typeof tool.administrators)[number]>({
      name: 'Administrators',
      columns: [
        column('name', 34, (one) => one.name),
        column('can', 44, (one) => one.can),
        column('how_it_is_known', 60, (one) => one.known),
      ],
      rows: tool.administrators,
    }),
    persons: asTable<BundlePerson>({
      name: 'Persons',
      columns: [
        column('person', 24, (one) => one.person.id),
        column('name', 28, (one) => one.person.name),
        column('roles', 28, (one) => list(one.person.roles)),
        column('fingerprints', 50, (one) => list(one.fingerprints)),
        ...timeColumns<BundlePerson>('registered', local, (one) => one.registeredAt),
        column('decision_log', 12, (one) => one.decision),
        column('revoked', 60, (one) =>
          list(one.revoked.map((gone) => `${gone.key ?? 'every key'} from ${gone.at} (log ${gone.decision})`)),
        ),
      ],
      rows: content.persons,
    }),
    'configuration-changes': asTable<Change>({
      name: 'Configuration changes',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Change>('at', local, (one) => one.at),
        column('by', 34, (one) => actorWords(one.actor)),
        column('digest_before', 74, (one) => one.from),
        column('digest_after', 74, (one) => one.to),
      ],
      rows: tool.configurationChanges,
    }),
    keys: asTable<Key>({
      name: 'Keys',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Key>('at', local, (one) => one.at),
        column('purpose', 10, (one) => one.purpose),
        column('retired', 40, (one) => one.retired),
        column('introduced', 40, (one) => one.introduced),
      ],
      rows: tool.keys,
    }),
    runs: asTable<(typeof tool.runs)[number]>({
      name: 'Runs',
      columns: [
        column('month', 10, (one) => one.month),
        column('collections', 12, (one) => one.collections),
        column('complete', 12, (one) => one.complete),
        column('incomplete', 12, (one) => one.incomplete),
        column('evaluations', 12, (one) => one.evaluations),
      ],
      rows: tool.runs,
    }),
    failures: asTable<Failure>({
      name: 'Failures',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Failure>('at', local, (one) => one.at),
        column('collector', 36, (one) => one.collector),
        column('scope', 30, (one) => one.scope),
        column('reasons', 30, (one) => list(one.reasons)),
        column('gaps', 8, (one) => one.gaps),
      ],
      rows: tool.failures,
    }),
    lifecycle: asTable<Event>({
      name: 'Lifecycle',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Event>('at', local, (one) => one.at),
        column('event', 24, (one) => one.event),
        column('detail', 60, (one) => one.detail),
      ],
      rows: tool.lifecycle,
    }),
    erasures: asTable<Erasure>({
      name: 'Erasures',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Erasure>('at', local, (one) => one.at),
        column('commitments', 12, (one) => one.commitments),
        column('authority', 30, (one) => one.authority),
        column('reason', 60, (one) => one.reason),
        column('by', 34, (one) => actorWords(one.actor)),
      ],
      rows: tool.erasures,
    }),
  };
}
