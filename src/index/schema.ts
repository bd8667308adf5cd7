import type { EvidenceGrade } from '../model/grade.ts';
import type { Outcome, Severity } from '../model/outcome.ts';
import type { MissReason } from '../model/statement.ts';

/** Raised with every change of the tables; an index of another version is dropped and rebuilt. */
export const indexVersion = 3;

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
    grade: EvidenceGrade;
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
  /**
   * What became of a turn of a schedule. `sealed`: evaluations and anchors that end it, the latest of them in `done_*`; `failed_*`: the gap when
   * it finally failed. A turn can have both: what came last holds (a part of its source was judged and then it failed; or it was taken after all).
   */
  turn: {
    schedule: string;
    due: string;
    sealed: number;
    done_at: string | null;
    done_idx: number | null;
    failed_at: string | null;
    failed_idx: number | null;
    attempts: number | null;
    reason: string | null;
  };
  /** Turns that were not taken when they were due. */
  miss: {
    idx: number;
    at: string;
    schedule: string;
    source: string | null;
    from_at: string;
    to_at: string;
    count: number;
    reason: MissReason;
    late: number;
  };
  /** What a channel was given to say, in counts; `last_*` is its latest attempt, `failing_since` the first of those that failed since it last delivered. */
  channel: {
    channel: string;
    kind: string;
    delivered: number;
    failed: number;
    given_up: number;
    last_at: string;
    last_outcome: 'delivered' | 'failed' | 'given-up';
    last_reason: string | null;
    delivered_at: string | null;
    failing_since: string | null;
  };
  /** The life of a process that collects or tells. `stopped_*` null: it runs, or ended unseen. `last_*`: the latest thing it recorded of itself. */
  process_run: {
    run: string;
    role: 'serve' | 'worker';
    host: string;
    pid: number;
    version: string;
    node: string;
    /** As it was last loaded. */
    configuration: string;
    by: string;
    started_at: string | null;
    started_idx: number | null;
    stopped_at: string | null;
    stopped_idx: number | null;
    /** Why it stopped, as it said, or how another process knows that it is gone. */
    stopped_detail: string | null;
    /** 1: another process found that it was gone. */
    unseen: number;
    reloads: number;
    last_at: string;
    last_idx: number;
  };
  /** Every plan there was; `detail` is the commitment of its blob. */
  plan_version: { idx: number; at: string; detail: string };

  /** What was erased and has not been stored again since. */
  erased_blob: { commitment: string };

  // What follows is the history. Its times are milliseconds since 1970 and, but for `detected_at`, reading times: the source's as-of time
  // of the oldest collection that a type was read from. It holds what is not a pass; passes follow from readings, lives and marks.

  /** How far a source's evaluations are in the history. */
  history_source: { source: string; idx: number; plan: number | null; list: string | null };
  /** The latest reading of a type in a source. */
  reading_head: { source: string; type: string; month: string; last_at: number; last_n: number; last_idx: number };
  /**
   * The readings of a type in a source in one month (UTC): a summary, and in `times` every one of them, 8 bytes each, little endian:
   * milliseconds since the month began, and the log index of the evaluation.
   */
  reading_month: {
    source: string;
    type: string;
    month: string;
    /** Ordinal of its first reading among all of that type and source, from 1. */
    first_n: number;
    count: number;
    first_at: number;
    last_at: number;
    /** Longest silence between two of its readings. */
    max_gap: number;
    times: Uint8Array;
  };
  /** One check with one set of parameters over one source. `results`: commitment of what the marks were last made from. */
  series: {
    id: number;
    source: string;
    check_id: string;
    parameters_digest: string;
    /** JSON. */
    parameters: string;
    subject_type: string;
    results: string | null;
    /** Its row of `series_logic` that has no end; null: the check is not run any more. */
    logic: number | null;
  };
  /** By what logic it was judged, from reading to reading; `to_at`: the first reading by another logic, or without the check. */
  series_logic: { id: number; series: number; logic: string; from_at: number; from_idx: number; to_at: number | null };
  /** A stretch over which a subject of a series was not a pass. `*` and `*region` are the unseen part of the population, as in results. */
  mark: {
    id: number;
    series: number;
    subject: string;
    display: string;
    outcome: Exclude<Outcome, 'pass'>;
    reason: string | null;
    /** 1: the check does not apply to it. */
    excluded: number;
    /** 1: it is about every subject, since what was said of them is erased. */
    blanket: number;
    /** JSON: what the check said, distinct, in order. */
    messages: string;
    /** The reading before the first; null: there was none. */
    before_at: number | null;
    first_at: number;
    first_n: number;
    first_idx: number;
    /** When the evaluation was recorded. */
    detected_at: number;
    /** The last reading that said so, and the one after it; null while it is still said. */
    last_at: number | null;
    last_n: number | null;
    last_idx: number | null;
    after_at: number | null;
    after_idx: number | null;
  };
  /** From when to when a subject was there. `born_before`: the reading before, in which it was not; null: it was there from the first. */
  life: {
    source: string;
    type: string;
    subject: string;
    display: string;
    c_id: string;
    born_before: number | null;
    born_at: number;
    /** The last reading that saw it, and the first complete one that did not. */
    last_at: number | null;
    died_at: number | null;
  };
  /** A stretch over which a subject was not among those seen, and not all were seen. */
  unseen: {
    source: string;
    type: string;
    subject: string;
    reason: string;
    before_at: number;
    first_at: number;
    after_at: number | null;
  };
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
  CREATE TABLE turn (schedule TEXT NOT NULL, due TEXT NOT NULL, sealed INTEGER NOT NULL DEFAULT 0, done_at TEXT, done_idx INTEGER, failed_at TEXT,
    failed_idx INTEGER, attempts INTEGER, reason TEXT, PRIMARY KEY (schedule, due)) WITHOUT ROWID;
  CREATE INDEX turn_failed ON turn (schedule, due) WHERE failed_idx IS NOT NULL;
  CREATE TABLE miss (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, schedule TEXT NOT NULL, source TEXT, from_at TEXT NOT NULL, to_at TEXT NOT NULL,
    count INTEGER NOT NULL, reason TEXT NOT NULL, late INTEGER NOT NULL);
  CREATE INDEX miss_of ON miss (schedule, idx);
  CREATE TABLE channel (channel TEXT PRIMARY KEY, kind TEXT NOT NULL, delivered INTEGER NOT NULL, failed INTEGER NOT NULL,
    given_up INTEGER NOT NULL, last_at TEXT NOT NULL, last_outcome TEXT NOT NULL, last_reason TEXT, delivered_at TEXT,
    failing_since TEXT) WITHOUT ROWID;
  CREATE TABLE process_run (run TEXT PRIMARY KEY, role TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, version TEXT NOT NULL,
    node TEXT NOT NULL, configuration TEXT NOT NULL, by TEXT NOT NULL, started_at TEXT, started_idx INTEGER, stopped_at TEXT,
    stopped_idx INTEGER, stopped_detail TEXT, unseen INTEGER NOT NULL DEFAULT 0, reloads INTEGER NOT NULL, last_at TEXT NOT NULL, last_idx INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX process_run_last ON process_run (role, last_idx);
  CREATE TABLE plan_version (idx INTEGER PRIMARY KEY, at TEXT NOT NULL, detail TEXT NOT NULL);
  CREATE TABLE erased_blob (commitment TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE history_source (source TEXT PRIMARY KEY, idx INTEGER NOT NULL, plan INTEGER, list TEXT) WITHOUT ROWID;
  CREATE TABLE reading_head (source TEXT NOT NULL, type TEXT NOT NULL, month TEXT NOT NULL, last_at INTEGER NOT NULL, last_n INTEGER NOT NULL,
    last_idx INTEGER NOT NULL, PRIMARY KEY (source, type)) WITHOUT ROWID;
  CREATE TABLE reading_month (source TEXT NOT NULL, type TEXT NOT NULL, month TEXT NOT NULL, first_n INTEGER NOT NULL, count INTEGER NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, max_gap INTEGER NOT NULL, times BLOB NOT NULL);
  CREATE UNIQUE INDEX reading_month_of ON reading_month (source, type, month);
  CREATE TABLE series (id INTEGER PRIMARY KEY, source TEXT NOT NULL, check_id TEXT NOT NULL, parameters_digest TEXT NOT NULL,
    parameters TEXT NOT NULL, subject_type TEXT NOT NULL, results TEXT, logic INTEGER, UNIQUE (source, check_id, parameters_digest));
  CREATE TABLE series_logic (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, logic TEXT NOT NULL, from_at INTEGER NOT NULL,
    from_idx INTEGER NOT NULL, to_at INTEGER);
  CREATE INDEX series_logic_of ON series_logic (series, from_at);
  CREATE TABLE mark (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, subject TEXT NOT NULL, display TEXT NOT NULL, outcome TEXT NOT NULL,
    reason TEXT, excluded INTEGER NOT NULL, blanket INTEGER NOT NULL, messages TEXT NOT NULL, before_at INTEGER, first_at INTEGER NOT NULL,
    first_n INTEGER NOT NULL, first_idx INTEGER NOT NULL, detected_at INTEGER NOT NULL, last_at INTEGER, last_n INTEGER, last_idx INTEGER,
    after_at INTEGER, after_idx INTEGER);
  CREATE INDEX mark_of ON mark (series, subject, first_at);
  CREATE INDEX mark_open ON mark (series) WHERE last_at IS NULL;
  CREATE TABLE life (source TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, display TEXT NOT NULL, c_id TEXT NOT NULL,
    born_before INTEGER, born_at INTEGER NOT NULL, last_at INTEGER, died_at INTEGER, PRIMARY KEY (source, type, subject, born_at)) WITHOUT ROWID;
  CREATE INDEX life_open ON life (source, c_id) WHERE died_at IS NULL;
  CREATE TABLE unseen (source TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, before_at INTEGER NOT NULL,
    first_at INTEGER NOT NULL, after_at INTEGER, PRIMARY KEY (source, type, subject, first_at)) WITHOUT ROWID;
  CREATE INDEX unseen_open ON unseen (source) WHERE after_at IS NULL;
`;
