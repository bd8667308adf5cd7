import { type Registries, sourceKindOf } from '../registries.ts';
import type { LogAsOf, ToldMember } from './log-as-of.ts';

/**
 * The regions of an account that are switched on, by its own list of them (the resources of `<kind>.region`, as every source that has regions
 * yields); undefined where none was sealed.
 */
export function regionsKnown(log: LogAsOf, registries: Pick<Registries, 'collectors'>, member: ToldMember): readonly string[] | undefined {
  const kind = member.id.slice(0, member.id.indexOf(':'));
  const lister = registries.collectors.find(
    (collector) =>
      sourceKindOf(collector) === kind && collector.scope !== 'region' && collector.yields.some(({ type }) => type === `${kind}.region`),
  );
  const listed = log.latest(member.id).find(({ statement }) => statement.collector === lister?.id && statement.scope === member.id);
  if (lister === undefined || listed === undefined) return undefined;
  const regions = log
    .read(lister, listed, member)
    .resources.filter(({ type, fields }) => type === `${kind}.region` && fields['enabled'] === true)
    .map(({ fields }) => String(fields['name']));
  return regions.length === 0 ? undefined : regions.sort();
}
