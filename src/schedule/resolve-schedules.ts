import { entitySource } from '../config/configured-sources.ts';
import { didYouMean } from '../config/nearest-name.ts';
import type { YamlPath } from '../config/read-yaml.ts';
import { unknownSource } from '../config/schedule-problems.ts';
import type { ScheduleSettings } from '../config/schedule-settings.ts';
import type { Collector } from '../model/collector.ts';
import { durationMs } from '../model/compare-rulers.ts';
import { type EvidenceClass, evidenceClasses, evidenceClassOf } from '../model/engagement.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { Severity } from '../model/outcome.ts';
import type { Schedule } from '../model/schedule.ts';

/** A configured source, as far as schedules are concerned. */
export interface ScheduledSource {
  readonly name: string;
  /** `aws`, `github`. */
  readonly kind: string;
  /** The collector that lists the regions in which region-scoped collectors are run. */
  readonly regions?: string | undefined;
}

export interface ResolveSchedulesOptions {
  readonly settings: ScheduleSettings;
  readonly sources: readonly ScheduledSource[];
  readonly collectors: readonly Collector<never>[];
  /** Of which kind of source a collector reads. */
  readonly sourceKindOf: (collector: Collector<never>) => string;
  readonly checks: readonly { readonly subject: { readonly type: string }; readonly severity: Severity }[];
  /** Where in the configuration a problem is. */
  readonly problemAt: (path: YamlPath, message: string) => Problem;
}

/** Not all at the full hour, and the long ones at night. */
const defaultCrons: Readonly<Record<EvidenceClass, string>> = {
  critical: '0 */4 * * *',
  events: '10 * * * *',
  standard: '20 1 * * *',
  roster: '40 2 * * *',
};
/** Of the entity as a whole, which is made of what the others saw: when the turns of the others are over. */
const entityCrons: Readonly<Partial<Record<EvidenceClass, string>>> = { critical: '45 */4 * * *', standard: '45 3 * * *' };
export const anchorsId = 'anchors';

type Entry = ScheduleSettings['entries'][number];

/**
 * What is collected when: the entries of the configuration, and for what no entry names the defaults of the house. An entry without
 * `collectors` takes all that no other entry of its sources names; one that is called like a default takes what that has. A group also
 * has the collectors it needs: those whose counts its own are reconciled with, those that have to be sealed before, and the one that lists the regions.
 * @returns by id: sources in the order of the configuration, anchors last.
 * @throws ProoflineError `configuration` with every entry that names what is not there or what another one has.
 */
export function resolveSchedules(options: ResolveSchedulesOptions): readonly Schedule[] {
  const { settings, sources } = options;
  const problems: Problem[] = [];
  for (const [index, entry] of settings.entries.entries()) problems.push(...unknownNames(options, entry, index));
  const schedules: Schedule[] = sources.flatMap((source) => {
    const { groups, problems: found } = groupsOf(options, source);
    problems.push(...found);
    return groups.map(({ name, entry, collectors }) => ({
      id: `${source.name}/${name}`,
      kind: 'collect' as const,
      source: source.name,
      collectors: withNeeded(options, source, collectors),
      cron: entry?.cron ?? defaultCronOf(source, name as EvidenceClass),
      zone: entry?.zone ?? settings.zone,
      jitterMs: durationMs(entry?.jitter ?? settings.jitter),
      from: entry === undefined ? ('default' as const) : ('configuration' as const),
    }));
  });
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new ProoflineError('configuration', `schedules: ${count}`, { problems });
  }
  const { cron, zone = settings.zone } = settings.anchors;
  const anchors: Schedule = { id: anchorsId, kind: 'anchor', source: null, collectors: [], cron, zone, jitterMs: 0, from: 'configuration' };
  return [...schedules, anchors];
}

interface Group {
  readonly name: string;
  readonly entry: Entry | undefined;
  readonly collectors: readonly string[];
}

/** Which collectors of a source belong to which entry and default, each to one. */
function groupsOf(options: ResolveSchedulesOptions, source: ScheduledSource): { groups: readonly Group[]; problems: readonly Problem[] } {
  const { settings, problemAt } = options;
  const problems: Problem[] = [];
  const own = options.collectors.filter((collector) => options.sourceKindOf(collector) === source.kind);
  const entries = settings.entries
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => entry.sources?.includes(source.name) ?? true);
  const ownerOf = new Map<string, Entry>();
  const take = (entry: Entry, index: number, ids: readonly string[]) => {
    for (const id of ids) {
      const owner = ownerOf.get(id);
      if (owner === undefined) ownerOf.set(id, entry);
      else if (owner !== entry) {
        const path = ['schedules', 'entries', index, entry.collectors === undefined ? 'name' : 'collectors'];
        problems.push(problemAt(path, `${id} of ${source.name} belongs to "${owner.name}" already: a collector stands in one entry`));
      }
    }
  };
  const named = entries.filter(({ entry }) => entry.collectors !== undefined);
  for (const { entry, index } of named) {
    take(
      entry,
      index,
      own.filter(({ id }) => entry.collectors?.some((pattern) => matches(pattern, id))).map(({ id }) => id),
    );
  }
  const together = source.kind === entitySource ? mostUrgent(own.map((collector) => classOf(options, collector))) : undefined;
  const left = (only?: EvidenceClass) =>
    own.filter((collector) => !ownerOf.has(collector.id) && (only === undefined || (together ?? classOf(options, collector)) === only));
  const rest = entries.filter(({ entry }) => entry.collectors === undefined);
  // A default that is given another time first: "all that is left" is what it leaves.
  const retimed = rest.filter(({ entry }) => isDefault(entry.name));
  for (const { entry, index } of [...retimed, ...rest.filter((one) => !retimed.includes(one))]) {
    const found = left(isDefault(entry.name) ? entry.name : undefined);
    if (found.length === 0) {
      problems.push(problemAt(['schedules', 'entries', index, 'name'], `nothing of ${source.name} is left for "${entry.name}"`));
    }
    take(
      entry,
      index,
      found.map(({ id }) => id),
    );
  }
  const groups: Group[] = entries.flatMap(({ entry }) => {
    const collectors = [...ownerOf].filter(([, owner]) => owner === entry).map(([id]) => id);
    return collectors.length === 0 ? [] : [{ name: entry.name, entry, collectors }];
  });
  if (settings.defaults) {
    for (const name of evidenceClasses) {
      const collectors = left(name).map(({ id }) => id);
      if (collectors.length === 0) continue;
      const taken = entries.find(({ entry }) => entry.name === name);
      if (taken === undefined) groups.push({ name, entry: undefined, collectors });
      else {
        const message = `is what the defaults call what is left of ${source.name}: choose another name, or leave out \`collectors\``;
        problems.push(problemAt(['schedules', 'entries', taken.index, 'name'], message));
      }
    }
  }
  return { groups, problems };
}

function unknownNames(options: ResolveSchedulesOptions, entry: Entry, index: number): Problem[] {
  const { sources, collectors, sourceKindOf, problemAt } = options;
  const problems: Problem[] = [];
  const at = ['schedules', 'entries', index];
  for (const [place, name] of (entry.sources ?? []).entries()) {
    const names = sources.map((source) => source.name);
    if (!names.includes(name)) problems.push(problemAt([...at, 'sources', place], unknownSource(name, names)));
  }
  const kinds = new Set(sources.filter(({ name }) => entry.sources?.includes(name) ?? true).map(({ kind }) => kind));
  const within = collectors.filter((collector) => kinds.has(sourceKindOf(collector))).map(({ id }) => id);
  for (const [place, pattern] of (entry.collectors ?? []).entries()) {
    if (within.some((id) => matches(pattern, id))) continue;
    const elsewhere = collectors.some(({ id }) => matches(pattern, id));
    const message = elsewhere
      ? `"${pattern}" is of no source that this entry is for`
      : `there is no collector "${pattern}"${didYouMean(pattern, within)}; \`proofline catalog collectors\` lists them`;
    problems.push(problemAt([...at, 'collectors', place], message));
  }
  return problems;
}

/** The group, and what its collectors look at while they run: collected with them, so that counts are of the same moment. */
function withNeeded(options: ResolveSchedulesOptions, source: ScheduledSource, group: readonly string[]): readonly string[] {
  const byId = new Map(options.collectors.map((collector) => [collector.id, collector]));
  const found = new Set<string>();
  const add = (id: string) => {
    const collector = byId.get(id);
    if (collector === undefined || found.has(id)) return;
    found.add(id);
    for (const { with: other } of collector.reconcile ?? []) add(other);
    for (const other of collector.after ?? []) add(other);
    if (collector.scope === 'region' && source.regions !== undefined) add(source.regions);
  };
  for (const id of group) add(id);
  return [...found].sort();
}

/** The most urgent class that a check gives to anything the collector yields. */
function classOf({ checks }: ResolveSchedulesOptions, collector: Collector<never>): EvidenceClass {
  const types = new Set(collector.yields.map(({ type }) => type));
  const isCritical = checks.some(({ subject, severity }) => severity === 'critical' && types.has(subject.type));
  return evidenceClassOf(collector.kind, isCritical ? 'critical' : 'medium');
}

/** Its datasets are made of each other, so they are read in one turn, as often as the most urgent of them wants it. */
function mostUrgent(classes: readonly EvidenceClass[]): EvidenceClass {
  return classes.includes('critical') ? 'critical' : 'standard';
}

function defaultCronOf({ kind }: ScheduledSource, name: EvidenceClass): string {
  return (kind === entitySource ? entityCrons[name] : undefined) ?? defaultCrons[name];
}

function isDefault(name: string): name is EvidenceClass {
  return (evidenceClasses as readonly string[]).includes(name);
}

/** `*` stands for any characters, also none. */
function matches(pattern: string, id: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === id;
  const last = parts.pop() ?? '';
  if (!id.startsWith(first) || !id.endsWith(last) || id.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts) {
    const found = id.indexOf(part, at);
    if (found === -1 || found + part.length > id.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
