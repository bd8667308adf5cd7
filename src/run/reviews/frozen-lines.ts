import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Roster, readRoster, rosterTypes } from '../../access/reviews/read-roster.ts';
import { digestOfText, linesText, type ReviewLine, toLines } from '../../access/reviews/to-lines.ts';
import type { ReviewRecord } from '../../model/decision.ts';
import type { SeenType } from '../../model/derived.ts';
import { ProoflineError } from '../../model/errors.ts';
import { Collection } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { sha256, toHex } from '../../seal/digest.ts';
import type { Store } from '../../store/contract.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import { ToldMembers } from '../populations/told-members.ts';
import type { Registries } from '../registries.ts';

type Collectors = Pick<Registries, 'collectors'>;

/**
 * The lines of a review, made again from the collections that were frozen, and held against the digest that was recorded.
 * @param data the data directory, where a copy may lie that is used when it has that very digest
 * @throws ProoflineError `verification-failed` when they are not those, `not-found` when a collection cannot be read here
 */
export function frozenLines(store: Store, registries: Collectors, record: ReviewRecord, data: string | null = null): readonly ReviewLine[] {
  const kept = data === null ? null : keptLines(data, record);
  if (kept !== null) return kept;
  const systems = new Set(record.systems.map(({ system }) => system));
  const lines = toLines(
    rosterAt(
      store,
      registries,
      record.systems.flatMap(({ collections }) => collections),
    ),
    (system) => systems.has(system),
  );
  const digest = digestOfText(linesText(lines));
  if (digest !== record.digest || lines.length !== record.count)
    throw new ProoflineError(
      'verification-failed',
      `the lines of ${record.id} are not those that were frozen: ${lines.length} with ${digest}, recorded were ${record.count} with ${record.digest}`,
    );
  return lines;
}

/** Where a copy of the lines lies, so that not every verb makes them again. It may be deleted at any time. */
const keptFile = (data: string, { digest }: ReviewRecord): string => join(data, 'reviews', `${digest.slice('sha256:'.length)}.jsonl`);

/** Keeps a copy of lines that were frozen, by their text. */
export function keepLines(data: string, record: ReviewRecord, text: string): void {
  const file = keptFile(data, record);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial-${process.pid}`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, file);
}
function keptLines(data: string, record: ReviewRecord): readonly ReviewLine[] | null {
  const file = keptFile(data, record);
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  // What has the recorded digest is what was recorded, whoever wrote it.
  if (`sha256:${toHex(sha256(bytes))}` !== record.digest) return null;
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as ReviewLine);
}

/** The roster that collections of the entity come to, as of their place in the log. What is not about people and access is passed over. */
function rosterAt(store: Store, registries: Collectors, indexes: readonly number[]): Roster {
  const members = new ToldMembers(store);
  const seen: SeenType[] = [];
  for (const index of [...new Set(indexes)].sort((one, other) => one - other)) {
    const entry = store.entry(index);
    const statement = entry === undefined ? undefined : Collection.safeParse(parseCanonical(entry.bytes)).data;
    if (statement === undefined) throw new ProoflineError('not-found', `entry ${index} is no collection`);
    const collector = registries.collectors.find(({ id }) => id === statement.collector);
    const types = collector?.yields.map(({ type }) => type).filter((type) => (rosterTypes as readonly string[]).includes(type)) ?? [];
    if (collector === undefined || types.length === 0) continue;
    const member = members.of(statement);
    if (member === undefined) throw new ProoflineError('not-found', `nothing says how entry ${index} was collected`);
    const { resources, incomplete } = normaliseEvidence(
      collector,
      store.items(statement.collector, statement.scope, index),
      member,
      statement.scope,
    );
    for (const type of types) {
      seen.push({
        type,
        member: statement.source,
        scope: statement.scope,
        collector: statement.collector,
        index,
        asOf: statement.sourceAsOf ?? statement.finishedAt,
        resources: resources.filter((resource) => resource.type === type),
        incomplete: incomplete.find((one) => one.type === type)?.reason ?? null,
      });
    }
  }
  return readRoster(seen);
}
