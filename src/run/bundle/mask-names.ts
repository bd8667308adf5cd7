import { createHmac } from 'node:crypto';
import type { BundleContent } from '../../model/bundle-content.ts';
import type { Actor } from '../../model/statement.ts';

/** Resource types whose display is the name of a person or of his account. */
export const personTypes: ReadonlySet<string> = new Set([
  'aws.iam.user',
  'aws.iam.credential',
  'aws.identity-center.user',
  'github.member',
  'github.outside-collaborator',
  'entity.person',
]);

/** The same name has the same pseudonym in every bundle of a log; only who holds the log's commitment key can tell whose it is. */
export function pseudonymOf(name: string, key: Uint8Array): string {
  return `person-${createHmac('sha256', key).update(`proofline/1 pseudonym ${name}`).digest('hex').slice(0, 8)}`;
}

/** How an entry of an upgrade begins: the one sentence of a life that names who did it. */
const upgradedBy = /^((?:up|down)graded from \S+ to \S+ by )(.+?)(?=: \d+ of \d)/;

/** What replaces names of people in a text, where they stand as words of their own. */
export function namesMasker(names: Iterable<string>, key: Uint8Array): (text: string) => string {
  const pseudonyms = new Map([...new Set(names)].filter((name) => name.length > 1).map((name) => [name, pseudonymOf(name, key)]));
  const any = [...pseudonyms.keys()]
    .sort((left, right) => right.length - left.length)
    .map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_.-])(?:${any})(?![\\p{L}\\p{N}_-])`, 'gu');
  return (text) => (pseudonyms.size === 0 ? text : text.replaceAll(pattern, (name) => pseudonyms.get(name) ?? name));
}

/** Replaces names of people wherever they stand in what documents are rendered from. */
export function maskNames(content: BundleContent, names: Iterable<string>, key: Uint8Array): BundleContent {
  const masked = namesMasker(names, key);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return masked(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(walk);
    if (Symbol.iterator in value) {
      const inner = value as Iterable<unknown>;
      return {
        *[Symbol.iterator]() {
          for (const one of inner) yield walk(one);
        },
      };
    }
    return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, walk(one)]));
  };
  // The ids of a period and of its engagement are not names, and files are called by them.
  const { history } = content;
  const walked = walk(content) as BundleContent;
  // Users of a machine are called like programs and roles: only where one stands for who ran something is it a person's name.
  const { operation } = walked.tool;
  const plain = content.tool;
  const ran = <Of extends { readonly by: string }>(rows: readonly Of[], said: readonly Of[]): Of[] =>
    rows.map((row, n) => ({ ...row, by: pseudonymOf(said[n]?.by ?? row.by, key) }));
  const who = (actor: Actor): Actor => (actor.authentication === 'schedule' ? actor : { ...actor, name: pseudonymOf(actor.name, key) });
  return {
    ...walked,
    datasets: walked.datasets.map((dataset, n) => ({
      ...dataset,
      triggers: (content.datasets[n]?.triggers ?? []).map(({ actor, collections }) => ({ actor: who(actor), collections })),
    })),
    tool: {
      ...walked.tool,
      configurationChanges: walked.tool.configurationChanges.map((row, n) => ({
        ...row,
        actor: who(plain.configurationChanges[n]?.actor ?? row.actor),
      })),
      lifecycle: walked.tool.lifecycle.map((row, n) => {
        const [, what, name] = upgradedBy.exec(plain.lifecycle[n]?.detail ?? '') ?? [];
        if (what === undefined || name === undefined) return row;
        return {
          ...row,
          detail: plain.lifecycle[n]?.detail.replace(`${what}${name}`, () => `${what}${pseudonymOf(name, key)}`) ?? row.detail,
        };
      }),
      operation: {
        ...operation,
        processes: ran(operation.processes, plain.operation.processes),
        processEvents: ran(operation.processEvents, plain.operation.processEvents),
      },
    },
    history: { ...walked.history, period: { ...walked.history.period, id: history.period.id, engagement: history.period.engagement } },
  };
}
