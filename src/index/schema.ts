import type { Outcome, Severity } from '../model/outcome.ts';

/** Raised with every change of the tables; an index of another version is dropped and rebuilt. */
export const indexVersion = 1;

export interface IndexSchema {
  meta: { key: string; value: string };
  /** The plan in force; `detail` is its blob, JSON. */
  plan: { idx: number; at: string; detail: string };
  /** Of the plan in force: what the results are printed with. */
  plan_check: {
    check_id: string;
    parameters_digest: string;
    severity: Severity;
    /** 0 for critical, ascending: for sorting. */
    severity_rank: number;
    claim: string;
    remediation: string;
  };
  plan_use: { control_id: string; check_id: string; parameters_digest: string };
  collection: {
    idx: number;
    at: string;
    collector: string;
    scope: string;
    source: string;
    kind: string;
    session: string;
    principal: string | null;
    started_at: string;
    finished_at: string;
    source_as_of: string | null;
    offset_min: number | null;
    offset_max: number | null;
    clock_suspect: number;
    /** JSON: [{host, official}]. */
    hosts: string;
    unofficial: number;
    requests: number;
    failed: number;
    items: number;
    changed: number;
    complete: number;
    /** JSON: GapReason[]. */
    reasons: string;
    gap_count: number;
    withheld: number;
    /** JSON: [{with, field, expected, seen}]. */
    reconciliation: string;
    grade: 'source-direct' | 'entity-built-logic';
  };
  latest_collection: { collector: string; scope: string; source: string; idx: number };
  /** The latest evaluation of each source. */
  evaluation: {
    source: string;
    idx: number;
    at: string;
    as_of: string;
    plan: number | null;
    population: number;
    malformed: number;
    until: string | null;
  };
  /** Aggregates of one check with one set of parameters over one source, so that nothing has to scan results. */
  check_summary: {
    id: number;
    source: string;
    check_id: string;
    parameters_digest: string;
    /** JSON. */
    parameters: string;
    logic: string;
    subject_type: string;
    until: string | null;
    /** Commitment of the results. */
    results: string;
    pass: number;
    fail: number;
    not_applicable: number;
    empty: number;
    no_evidence: number;
    waived: number;
  };
  /** The population of each source. */
  subject: { source: string; c_id: string; c_content: string; type: string; id: string; display: string };
  not_pass: {
    summary: number;
    subject: string;
    display: string;
    outcome: Exclude<Outcome, 'pass'>;
    message: string;
    reason: string | null;
    until: string | null;
  };
  excluded: { summary: number; subject: string };
  /** Passes that end at another time than their check's `until`. */
  pass_until: { summary: number; subject: string; until: string | null };
  anchor: { idx: number; at: string; anchor: string; method: string; size: number; root: string; receipt_time: string | null };
  decision: { idx: number; at: string; decision: string; actor: string; authentication: string; reason: string; subjects: string };
  gap: { idx: number; at: string; subject: string; reason: string; from_at: string | null; to_at: string | null };
}

/** In the order in which they are made. */
export const indexTables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE plan (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, detail TEXT NOT NULL);
  CREATE TABLE plan_check (check_id TEXT NOT NULL, parameters_digest TEXT NOT NULL, severity TEXT NOT NULL, severity_rank INTEGER NOT NULL,
    claim TEXT NOT NULL, remediation TEXT NOT NULL, PRIMARY KEY (check_id, parameters_digest)) WITHOUT ROWID;
  CREATE TABLE plan_use (control_id TEXT NOT NULL, check_id TEXT NOT NULL, parameters_digest TEXT NOT NULL,
    PRIMARY KEY (control_id, check_id, parameters_digest)) WITHOUT ROWID;
  CREATE TABLE collection (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, collector TEXT NOT NULL, scope TEXT NOT NULL, source TEXT NOT NULL,
    kind TEXT NOT NULL, session TEXT NOT NULL, principal TEXT, started_at TEXT NOT NULL, finished_at TEXT NOT NULL, source_as_of TEXT,
    offset_min REAL, offset_max REAL, clock_suspect INTEGER NOT NULL, hosts TEXT NOT NULL, unofficial INTEGER NOT NULL,
    requests INTEGER NOT NULL, failed INTEGER NOT NULL, items INTEGER NOT NULL, changed INTEGER NOT NULL, complete INTEGER NOT NULL,
    reasons TEXT NOT NULL, gap_count INTEGER NOT NULL, withheld INTEGER NOT NULL, reconciliation TEXT NOT NULL, grade TEXT NOT NULL);
  CREATE INDEX collection_stream ON collection (collector, scope, idx);
  CREATE INDEX collection_source ON collection (source, idx);
  CREATE TABLE latest_collection (collector TEXT NOT NULL, scope TEXT NOT NULL, source TEXT NOT NULL, idx INTEGER NOT NULL,
    PRIMARY KEY (collector, scope)) WITHOUT ROWID;
  CREATE TABLE evaluation (source TEXT PRIMARY KEY, idx INTEGER NOT NULL, at TEXT NOT NULL, as_of TEXT NOT NULL, plan INTEGER,
    population INTEGER NOT NULL, malformed INTEGER NOT NULL, until TEXT) WITHOUT ROWID;
  CREATE TABLE check_summary (id INTEGER PRIMARY KEY, source TEXT NOT NULL, check_id TEXT NOT NULL, parameters_digest TEXT NOT NULL,
    parameters TEXT NOT NULL, logic TEXT NOT NULL, subject_type TEXT NOT NULL, until TEXT, results TEXT NOT NULL, pass INTEGER NOT NULL,
    fail INTEGER NOT NULL, not_applicable INTEGER NOT NULL, empty INTEGER NOT NULL, no_evidence INTEGER NOT NULL, waived INTEGER NOT NULL,
    UNIQUE (check_id, parameters_digest, source));
  CREATE INDEX check_summary_source ON check_summary (source);
  CREATE TABLE subject (source TEXT NOT NULL, c_id TEXT NOT NULL, c_content TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
    display TEXT NOT NULL, PRIMARY KEY (source, c_id)) WITHOUT ROWID;
  CREATE INDEX subject_type ON subject (type, source, id);
  CREATE TABLE not_pass (summary INTEGER NOT NULL, subject TEXT NOT NULL, display TEXT NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL,
    reason TEXT, until TEXT, PRIMARY KEY (summary, subject)) WITHOUT ROWID;
  CREATE TABLE excluded (summary INTEGER NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (summary, subject)) WITHOUT ROWID;
  CREATE TABLE pass_until (summary INTEGER NOT NULL, subject TEXT NOT NULL, until TEXT, PRIMARY KEY (summary, subject)) WITHOUT ROWID;
  CREATE TABLE anchor (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, anchor TEXT NOT NULL, method TEXT NOT NULL, size INTEGER NOT NULL,
    root TEXT NOT NULL, receipt_time TEXT);
  CREATE TABLE decision (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, decision TEXT NOT NULL, actor TEXT NOT NULL, authentication TEXT NOT NULL,
    reason TEXT NOT NULL, subjects TEXT NOT NULL);
  CREATE TABLE gap (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, from_at TEXT, to_at TEXT);
`;
