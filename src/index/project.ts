import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { CheckResultsBlob, DeltaBlob, KeyframeBlob, PopulationBlob, ResultsListBlob } from '../model/blobs.ts';
import { ProoflineError } from '../model/errors.ts';
import type { LogEntry, LogReader } from '../model/log-reader.ts';
import { Severity, severities } from '../model/outcome.ts';
import { type ManifestChange, Statement, type StatementOf } from '../model/statement.ts';
import { digestOf, toBase64 } from '../seal/digest.ts';
import { CompactRange, leafHash } from '../seal/merkle.ts';
import { type Index, inTransaction, makeTables, openIndex, removeIndex, translated } from './open-index.ts';
import { HistoryProjection, type PopulationStarts } from './project-history.ts';
import { operationRows } from './project-operation.ts';

export interface Projected {
  /** Entries projected: from this one to before `to`. */
  readonly from: number;
  readonly to: number;
  /** Entries of a kind this release does not know; they are skipped. */
  readonly unknown: number;
}

type Placed<K extends Statement['kind']> = { readonly index: number; readonly statement: StatementOf<K> };

/**
 * Brings the index up to the end of the log. What it was made of is checked first: of another log, or of one that has since been
 * replaced by an older backup, nothing is kept. After an erasure everything is made anew, so that nothing erased stays behind.
 * @throws ProoflineError `store-corrupt` when the log names a blob that is not there, `store-busy`, `disk-full`
 */
export function project(reader: LogReader, index: Index, starts: PopulationStarts = new Map()): Projected {
  const { database, file } = index;
  try {
    const now = reader.size();
    // Nothing to write is the usual case, and then nobody has to wait for a writer.
    if (projectedSize(database) === now && continues(reader, database, now)) return { from: now, to: now, unknown: 0 };
    return inTransaction(database, () => {
      const size = reader.size();
      const from = continues(reader, database, size) ? projectedSize(database) : 0;
      if (from === 0) makeTables(database);
      if (from === size) return { from, to: size, unknown: 0 };
      return projectFrom(reader, database, from, size, starts);
    });
  } catch (error) {
    throw translated(error, file);
  }
}

/** Drops everything and makes it again from the log alone. */
export function reindex(reader: LogReader, index: Index): Projected {
  try {
    inTransaction(index.database, () => makeTables(index.database));
  } catch (error) {
    throw translated(error, index.file);
  }
  return project(reader, index);
}

/**
 * Opens the index of a data directory and brings it up to the end of the log. A damaged file is removed and made anew, since nothing in
 * it is evidence.
 * @throws ProoflineError as `openIndex` and `project` do
 */
export async function openCurrentIndex(reader: LogReader, dataDir: string): Promise<Index> {
  const index = openIndex(dataDir);
  try {
    project(reader, index);
    return index;
  } catch (error) {
    await index.close();
    if (!(error instanceof ProoflineError) || error.code !== 'store-unreadable') throw error;
  }
  removeIndex(dataDir);
  const anew = openIndex(dataDir);
  project(reader, anew);
  return anew;
}

function metaValue(database: DatabaseSync, key: string): string | undefined {
  const value = database.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.['value'];
  return typeof value === 'string' ? value : undefined;
}
function projectedSize(database: DatabaseSync): number {
  return Number(metaValue(database, 'size') ?? 0);
}

/** Whether the log still begins with what was projected of it. */
function continues(reader: LogReader, database: DatabaseSync, size: number): boolean {
  const known = projectedSize(database);
  if (known === 0 || known > size || metaValue(database, 'origin') !== reader.origin) return false;
  const [last] = reader.entries(known - 1, known);
  return last !== undefined && toBase64(leafHash(last.bytes)) === metaValue(database, 'head');
}

/** The entries; of a log that is read from its beginning it is seen on the way that they are those that were signed. */
function* asSigned(reader: LogReader, from: number, to: number): Generator<LogEntry> {
  const signed = new Map(from === 0 ? reader.checkpoints().map(({ size, root }) => [size, root]) : []);
  const range = new CompactRange();
  for (const entry of reader.entries(from, to)) {
    if (signed.size > 0) {
      range.append(leafHash(entry.bytes));
      const root = signed.get(range.size);
      if (root !== undefined && root !== toBase64(range.root())) {
        throw new ProoflineError(
          'store-corrupt',
          `the first ${range.size} entries are not those that were signed: \`proofline verify\` says more`,
        );
      }
    }
    yield entry;
  }
}

function projectFrom(reader: LogReader, database: DatabaseSync, from: number, to: number, starts: PopulationStarts): Projected {
  const write = statements(database);
  const operation = operationRows(database);
  const lost = new Set(
    database
      .prepare('SELECT commitment FROM erased_blob')
      .all()
      .map(({ commitment }) => String(commitment)),
  );
  let back = false;
  const history = new HistoryProjection(
    reader,
    database,
    (commitment) => {
      const content = contentOf(reader, commitment);
      if (content !== undefined && lost.delete(commitment)) {
        back = true;
        database.prepare('DELETE FROM erased_blob WHERE commitment = ?').run(commitment);
      }
      return content;
    },
    starts,
  );
  const evaluations = new Map<string, Placed<'evaluation'>[]>();
  let plan: Placed<'plan'> | undefined;
  let unknown = 0;
  let head = '';
  for (const { index, bytes } of asSigned(reader, from, to)) {
    if (index === to - 1) head = toBase64(leafHash(bytes));
    const read = Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    if (!read.success) {
      unknown += 1;
      continue;
    }
    const statement = read.data;
    switch (statement.kind) {
      case 'plan':
        plan = { index, statement };
        history.plan(plan);
        break;
      case 'collection':
        write.collection({ index, statement });
        history.collection({ index, statement });
        break;
      case 'evaluation':
        evaluations.set(statement.source, [...(evaluations.get(statement.source) ?? []), { index, statement }]);
        history.evaluation({ index, statement });
        operation.done(index, statement);
        break;
      case 'anchor':
        write.anchor({ index, statement });
        operation.done(index, statement);
        break;
      case 'decision':
        write.decision({ index, statement });
        break;
      case 'gap':
        write.gap({ index, statement });
        operation.failed(index, statement);
        break;
      case 'schedule-miss':
        operation.missed(index, statement);
        break;
      case 'delivery':
        operation.told(statement);
        break;
      case 'lifecycle':
        operation.lived(index, statement);
        break;
      case 'erasure':
        // What was projected before may hold what is now erased; made anew, it is read as the log gives it today.
        if (from > 0) {
          makeTables(database);
          return projectFrom(reader, database, 0, to, starts);
        }
        for (const commitment of statement.commitments) {
          lost.add(commitment);
          database.prepare('INSERT OR IGNORE INTO erased_blob (commitment) VALUES (?)').run(commitment);
        }
        break;
      default:
    }
  }
  // What was erased and is stored again opens what was said of it before, too.
  if (back && from > 0) {
    makeTables(database);
    return projectFrom(reader, database, 0, to, starts);
  }
  history.end();
  if (plan) projectPlan(reader, database, plan);
  for (const [source, of] of evaluations) projectEvaluations(reader, database, source, of);
  const set = database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  for (const [key, value] of Object.entries({ origin: reader.origin, size: String(to), head })) set.run(key, value);
  return { from, to, unknown };
}

/** The content of a blob, or undefined when it was erased or, in what was handed out, withheld. */
function contentOf(reader: LogReader, commitment: string): unknown {
  const blob = reader.blob(commitment);
  if (blob === undefined)
    throw new ProoflineError('store-corrupt', `the log names ${commitment}, and it is not there; run proofline verify`);
  return blob.kind === 'open' ? (JSON.parse(new TextDecoder().decode(blob.bytes)) as unknown) : undefined;
}

function statements(database: DatabaseSync) {
  const collection = database.prepare(
    `INSERT INTO collection (idx, at, collector, scope, source, kind, session, principal, started_at, finished_at, source_as_of, offset_min,
       offset_max, clock_suspect, hosts, unofficial, requests, failed, items, changed, complete, reasons, gap_count, withheld, reconciliation, grade)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const latest = database.prepare('INSERT OR REPLACE INTO latest_collection (collector, scope, source, idx) VALUES (?, ?, ?, ?)');
  const anchor = database.prepare('INSERT INTO anchor (idx, at, anchor, method, size, root, receipt_time) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const decision = database.prepare(
    'INSERT INTO decision (idx, at, decision, actor, authentication, reason, subjects) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const gap = database.prepare('INSERT INTO gap (idx, at, subject, reason, from_at, to_at) VALUES (?, ?, ?, ?, ?, ?)');
  return {
    collection({ index, statement: of }: Placed<'collection'>) {
      const reasons = of.completeness.kind === 'complete' ? [] : of.completeness.reasons;
      collection.run(
        ...[
          index,
          of.at,
          of.collector,
          of.scope,
          of.source,
          of.kindOf,
          of.session,
          of.principal,
          of.startedAt,
          of.finishedAt,
          of.sourceAsOf,
        ],
        ...[of.clock.offsetMs?.min ?? null, of.clock.offsetMs?.max ?? null, Number(of.clock.suspect)],
        ...[JSON.stringify(of.hosts), of.hosts.filter(({ official }) => !official).length],
        ...[
          of.requests.count,
          of.requests.failed,
          of.items.size,
          Number(hasChanged(of)),
          Number(reasons.length === 0),
          JSON.stringify(reasons),
        ],
        ...[of.gapCount, of.withheld, JSON.stringify(of.reconciliation), of.grade],
      );
      latest.run(of.collector, of.scope, of.source, index);
    },
    anchor: ({ index, statement: of }: Placed<'anchor'>) =>
      void anchor.run(index, of.at, of.anchor, of.method, of.checkpoint.size, of.checkpoint.root, of.receiptTime),
    decision: ({ index, statement: of }: Placed<'decision'>) =>
      void decision.run(index, of.at, of.decision, of.actor.name, of.actor.authentication, of.reason, JSON.stringify(of.subjects)),
    gap: ({ index, statement: of }: Placed<'gap'>) => void gap.run(index, of.at, of.subject, of.reason, of.from, of.to),
  };
}

/** Volatile fields change without meaning anything, so they do not count. */
function hasChanged(of: StatementOf<'collection'>): boolean {
  return of.items.delta !== null;
}

const PlannedChecks = z.looseObject({
  checks: z.array(
    z.looseObject({
      id: z.string(),
      claim: z.string(),
      severity: Severity,
      parametersDigest: z.string(),
      remediation: z.looseObject({ console: z.string(), cli: z.string(), terraform: z.string() }),
      controls: z.array(z.string()),
    }),
  ),
});

function projectPlan(reader: LogReader, database: DatabaseSync, { index, statement }: Placed<'plan'>): void {
  for (const table of ['plan', 'plan_check', 'plan_use']) database.exec(`DELETE FROM ${table}`);
  const content = contentOf(reader, statement.detail);
  if (content === undefined) return;
  // Only what the tables need is looked at: a plan may have been recorded by a release with another shape of the rest.
  const { checks } = PlannedChecks.parse(content);
  database.prepare('INSERT INTO plan (idx, at, detail) VALUES (?, ?, ?)').run(index, statement.at, JSON.stringify(content));
  const check = database.prepare(
    `INSERT INTO plan_check (check_id, parameters_digest, severity, severity_rank, claim, remediation) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const use = database.prepare('INSERT INTO plan_use (control_id, check_id, parameters_digest) VALUES (?, ?, ?)');
  for (const one of checks) {
    check.run(
      ...[one.id, one.parametersDigest, one.severity, severities.indexOf(one.severity), one.claim, JSON.stringify(one.remediation)],
    );
    for (const control of one.controls) use.run(control, one.id, one.parametersDigest);
  }
}

/** Moves a source's population on by each of its evaluations, and takes its results from the last. */
function projectEvaluations(reader: LogReader, database: DatabaseSync, source: string, all: readonly Placed<'evaluation'>[]): void {
  const last = all.at(-1);
  if (!last) return;
  projectPopulation(
    reader,
    database,
    source,
    all.map(({ statement }) => statement.population),
  );
  const { index, statement: of } = last;
  database
    .prepare(
      'INSERT OR REPLACE INTO evaluation (source, idx, at, as_of, plan, population, malformed, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(source, index, of.at, of.asOf, of.plan, of.population.size, of.malformed, of.results.until);
  projectResults(reader, database, source, of.results.list);
}

function projectPopulation(reader: LogReader, database: DatabaseSync, source: string, changes: readonly ManifestChange[]): void {
  const start = changes.findLastIndex((change) => change.keyframe !== null);
  const pending = new Map<string, string | null>();
  let whole = false;
  let known = true;
  for (const [n, change] of changes.entries()) {
    if (n < start) continue;
    if (n === start && change.keyframe !== null) {
      const keyframe = contentOf(reader, change.keyframe);
      if (keyframe !== undefined) {
        whole = true;
        for (const [id, content] of KeyframeBlob.parse(keyframe).pairs) pending.set(id, content);
        continue;
      }
    }
    if (change.delta === null) continue;
    const delta = contentOf(reader, change.delta);
    if (delta === undefined) {
      known = false;
      continue;
    }
    const { added, changed, removed } = DeltaBlob.parse(delta);
    for (const [id, content] of [...added, ...changed]) pending.set(id, content);
    for (const id of removed) pending.set(id, null);
  }
  const remove = database.prepare('DELETE FROM subject WHERE source = ? AND c_id = ?');
  // A population of which a change was erased is not known any more; what may be wrong is not shown.
  if (whole || !known) database.prepare('DELETE FROM subject WHERE source = ?').run(source);
  if (!known) return;
  const insert = database.prepare('INSERT OR REPLACE INTO subject (source, c_id, c_content, type, id, display) VALUES (?, ?, ?, ?, ?, ?)');
  for (const [id, content] of pending) {
    const blob = content === null ? undefined : contentOf(reader, content);
    if (content === null || blob === undefined) {
      remove.run(source, id);
      continue;
    }
    const subject = PopulationBlob.parse(blob);
    insert.run(source, id, content, subject.type, subject.id, subject.display);
  }
}

function projectResults(reader: LogReader, database: DatabaseSync, source: string, commitment: string): void {
  const content = contentOf(reader, commitment);
  const list = content === undefined ? [] : ResultsListBlob.parse(content);
  const former = new Map(
    database
      .prepare('SELECT id, check_id, parameters_digest, results FROM check_summary WHERE source = ?')
      .all(source)
      .map((row) => [
        `${String(row['check_id'])} ${String(row['parameters_digest'])}`,
        { id: Number(row['id']), results: String(row['results']) },
      ]),
  );
  const rows = resultRows(database);
  for (const one of list) {
    const digest = digestOf(one.parameters);
    const key = `${one.check} ${digest}`;
    const known = former.get(key);
    former.delete(key);
    // The same results, with the same check and logic: nothing to write.
    if (known?.results === one.results) continue;
    if (known) rows.forget(known.id);
    const blob = contentOf(reader, one.results);
    rows.write(source, digest, one, blob === undefined ? undefined : CheckResultsBlob.parse(blob));
  }
  for (const { id } of former.values()) rows.forget(id);
}

function resultRows(database: DatabaseSync) {
  const summary = database.prepare(
    `INSERT INTO check_summary (source, check_id, parameters_digest, parameters, logic, subject_type, until, results, pass, fail, not_applicable,
       empty, no_evidence, waived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const notPass = database.prepare(
    'INSERT INTO not_pass (summary, subject, display, outcome, message, reason, until) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const excluded = database.prepare('INSERT INTO excluded (summary, subject) VALUES (?, ?)');
  const passUntil = database.prepare('INSERT INTO pass_until (summary, subject, until) VALUES (?, ?, ?)');
  const forgetting: readonly StatementSync[] = [
    database.prepare('DELETE FROM not_pass WHERE summary = ?'),
    database.prepare('DELETE FROM excluded WHERE summary = ?'),
    database.prepare('DELETE FROM pass_until WHERE summary = ?'),
    database.prepare('DELETE FROM check_summary WHERE id = ?'),
  ];
  return {
    forget(id: number): void {
      for (const statement of forgetting) statement.run(id);
    },
    write(source: string, digest: string, one: ResultsListBlob[number], blob: CheckResultsBlob | undefined): void {
      // Of erased results nothing can be shown, and what cannot be shown is no evidence.
      const counts = blob?.counts ?? { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 1, waived: 0 };
      const { lastInsertRowid } = summary.run(
        ...[source, one.check, digest, JSON.stringify(one.parameters), one.logic, blob?.subjectType ?? '', one.until, one.results],
        ...[counts.pass, counts.fail, counts['not-applicable'], counts.empty, counts['no-evidence'], counts.waived],
      );
      const id = Number(lastInsertRowid);
      if (blob === undefined) {
        notPass.run(id, '*', 'whole population', 'no-evidence', 'the results were erased', 'not-collected', null);
        return;
      }
      for (const result of blob.notPass) {
        notPass.run(id, result.subject, result.display, result.outcome, result.message, result.reason ?? null, result.until ?? null);
      }
      for (const subject of blob.excluded) excluded.run(id, subject);
      for (const [subject, until] of blob.exceptions) passUntil.run(id, subject, until);
    },
  };
}
