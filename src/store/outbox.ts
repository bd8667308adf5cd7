import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import { type ConditionKind, Message, Notice, Tracked } from '../model/notification.ts';
import type { Severity } from '../model/outcome.ts';
import type { ChannelHealth, DispatchRecord, DispatchState, Outbox, OutboxWriter, Placement, ThreadRecord } from './outbox-contract.ts';
import { openSideFile } from './side-file.ts';
import { inTransaction, translating } from './sqlite.ts';

export type * from './outbox-contract.ts';

const version = 1;
/** Texts that many notices share (claim, remediation, controls) are kept once. */
const tables = `
  CREATE TABLE cursor (id INTEGER PRIMARY KEY CHECK (id = 1), next INTEGER NOT NULL, last TEXT);
  CREATE TABLE claim (id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT NOT NULL);
  CREATE TABLE shared (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
  CREATE TABLE condition (key TEXT PRIMARY KEY, since TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, waived INTEGER NOT NULL, ended TEXT,
    body TEXT NOT NULL, shared INTEGER NOT NULL REFERENCES shared (id)) WITHOUT ROWID;
  CREATE TABLE notice (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, shared INTEGER NOT NULL REFERENCES shared (id));
  CREATE TABLE placement (notice INTEGER NOT NULL REFERENCES notice (seq), route TEXT NOT NULL, channels TEXT NOT NULL, found TEXT NOT NULL,
    state TEXT NOT NULL, messages TEXT NOT NULL, reason TEXT, PRIMARY KEY (notice, route)) WITHOUT ROWID;
  CREATE INDEX placement_state ON placement (state);
  CREATE TABLE dispatch (seq INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, thread TEXT, head TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, uncertain INTEGER NOT NULL, next TEXT NOT NULL, made TEXT NOT NULL, ended TEXT,
    reason TEXT, handed_over INTEGER NOT NULL DEFAULT 0, after TEXT NOT NULL);
  CREATE INDEX dispatch_open ON dispatch (channel, thread, seq) WHERE ended IS NULL;
  CREATE TABLE carried (dispatch INTEGER NOT NULL REFERENCES dispatch (seq), place INTEGER NOT NULL, notice INTEGER NOT NULL REFERENCES notice (seq),
    PRIMARY KEY (dispatch, place)) WITHOUT ROWID;
  CREATE INDEX carried_notice ON carried (notice);
  CREATE TABLE thread (channel TEXT NOT NULL, key TEXT NOT NULL, reference TEXT, open INTEGER NOT NULL, looked TEXT, changed TEXT NOT NULL,
    PRIMARY KEY (channel, key)) WITHOUT ROWID;
  CREATE TABLE told_in (condition TEXT NOT NULL, since TEXT NOT NULL, channel TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (condition, since, channel, key)) WITHOUT ROWID;
  CREATE INDEX told_in_thread ON told_in (channel, key);
  CREATE TABLE channel (name TEXT PRIMARY KEY, failing_since TEXT, given_up_since TEXT, reason TEXT, last_delivered TEXT) WITHOUT ROWID;
  CREATE TABLE value (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${version};`;

/** What refers to another one comes before it. */
const tablesInOrder = [
  'carried',
  'placement',
  'dispatch',
  'notice',
  'condition',
  'shared',
  'told_in',
  'thread',
  'channel',
  'value',
  'cursor',
];
/** In place of a route, of a notice that none takes. */
const noRoute = '';

export interface OutboxOptions {
  readonly now: () => string;
  /** Reads what is there and writes nothing; where there is none, an empty one is read. */
  readonly readOnly?: boolean;
}

/**
 * Opens `<dataDir>/outbox.db`. A file that is damaged, or of another release, is set aside and begun anew: its cursor is then undefined,
 * and whoever follows the log begins at its head, so that nothing that was told is told again.
 * @throws ProoflineError `store-unreadable`, `store-busy`, `disk-full`
 */
export function openOutbox(dataDir: string, options: OutboxOptions): Outbox {
  const file = join(dataDir, 'outbox.db');
  const { database, warnings } = openSideFile({
    file,
    tables,
    version,
    durable: true,
    readOnly: options.readOnly === true,
    ifLost: {
      read: 'the next process that notifies sets it aside and begins anew at the head of the log',
      begun: 'it was begun anew at the head of the log. No evidence was in it',
    },
  });
  return outboxOver(database, file, warnings, options);
}

type Row = Readonly<Record<string, SQLOutputValue>>;
const text = (row: Row, name: string): string => String(row[name]);
const textOrNull = (row: Row, name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
const json = (row: Row, name: string): Record<string, unknown> => JSON.parse(text(row, name)) as Record<string, unknown>;

function outboxOver(database: DatabaseSync, file: string, warnings: readonly string[], { now, readOnly = false }: OutboxOptions): Outbox {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const all = (sql: string, ...values: SQLInputValue[]): Row[] => translating(file, () => statement(sql).all(...values));
  const get = (sql: string, ...values: SQLInputValue[]): Row | undefined => translating(file, () => statement(sql).get(...values));
  const write = (sql: string, ...values: SQLInputValue[]): number => Number(statement(sql).run(...values).changes);

  const share = (of: Notice): { readonly body: string; readonly shared: number } => {
    const { check, controls, criteria, objectives, ...own } = of;
    const body = JSON.stringify({ check, controls, criteria, objectives });
    write('INSERT INTO shared (body) VALUES (?) ON CONFLICT (body) DO NOTHING', body);
    const row = get('SELECT id FROM shared WHERE body = ?', body);
    return { body: JSON.stringify(own), shared: Number(row?.['id']) };
  };
  const noticeOf = (row: Row): Notice => Notice.parse({ ...json(row, 'body'), ...json(row, 'common') });
  const conditionOf = (row: Row): Tracked => {
    const { notice, ...own } = json(row, 'body');
    return Tracked.parse({ ...own, notice: { ...(notice as object), ...json(row, 'common') } });
  };

  const selectCondition = 'SELECT c.key, c.body, s.body AS common FROM condition c JOIN shared s ON s.id = c.shared';
  const selectDispatch = 'SELECT * FROM dispatch d';
  const noticesOf = (dispatch: number): Notice[] =>
    all(
      'SELECT n.body, s.body AS common FROM carried c JOIN notice n ON n.seq = c.notice JOIN shared s ON s.id = n.shared WHERE c.dispatch = ? ORDER BY c.place',
      dispatch,
    ).map(noticeOf);
  const dispatchOf = (row: Row): DispatchRecord => ({
    message: Message.parse({ ...json(row, 'head'), notices: noticesOf(Number(row['seq'])) }),
    thread: textOrNull(row, 'thread'),
    state: text(row, 'state') as DispatchState,
    attempts: Number(row['attempts']),
    uncertain: row['uncertain'] === 1,
    next: text(row, 'next'),
    made: text(row, 'made'),
    ended: textOrNull(row, 'ended'),
    reason: textOrNull(row, 'reason'),
    after: JSON.parse(text(row, 'after')) as string[],
  });
  const threadOf = (row: Row): ThreadRecord => ({
    channel: text(row, 'channel'),
    key: text(row, 'key'),
    reference: textOrNull(row, 'reference'),
    open: row['open'] === 1,
    looked: textOrNull(row, 'looked'),
  });
  const healthOf = (row: Row): ChannelHealth => ({
    channel: text(row, 'name'),
    failingSince: textOrNull(row, 'failing_since'),
    givenUpSince: textOrNull(row, 'given_up_since'),
    reason: textOrNull(row, 'reason'),
    lastDelivered: textOrNull(row, 'last_delivered'),
  });
  const noticeSeq = (id: string): number => {
    const row = get('SELECT seq FROM notice WHERE id = ?', id);
    if (row === undefined) throw new TypeError(`there is no notice ${id} in the outbox`);
    return Number(row['seq']);
  };
  const insertNotice = (notice: Notice): number | undefined => {
    const { body, shared } = share(notice);
    const added = write('INSERT INTO notice (id, body, shared) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING', notice.id, body, shared);
    return added === 1 ? noticeSeq(notice.id) : undefined;
  };

  const writer: OutboxWriter = {
    setCursor: ({ next, last }) => void write('INSERT OR REPLACE INTO cursor (id, next, last) VALUES (1, ?, ?)', next, last),
    putCondition(condition) {
      const { notice, ...own } = condition;
      const { body, shared } = share(notice);
      write(
        'INSERT OR REPLACE INTO condition (key, since, kind, severity, waived, ended, body, shared) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        condition.key,
        condition.since,
        condition.kind,
        notice.severity,
        condition.waiver === null ? 0 : 1,
        condition.ended,
        JSON.stringify({ ...own, notice: JSON.parse(body) }),
        shared,
      );
    },
    forgetCondition: (key) => void write('DELETE FROM condition WHERE key = ?', key),
    addNotice: (notice) => insertNotice(notice) !== undefined,
    place: (notice, { route, channels, state, messages, reason }, foundAt) =>
      void write(
        'INSERT OR REPLACE INTO placement (notice, route, channels, found, state, messages, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
        noticeSeq(notice),
        route ?? noRoute,
        JSON.stringify(channels),
        foundAt,
        state,
        JSON.stringify(messages),
        reason,
      ),
    addDispatch({ message, thread, next, made, after }) {
      const { notices, ...head } = message;
      const added = write(
        `INSERT INTO dispatch (message, channel, thread, head, state, attempts, uncertain, next, made, after)
         VALUES (?, ?, ?, ?, 'waiting', 0, 0, ?, ?, ?) ON CONFLICT (message) DO NOTHING`,
        message.id,
        message.channel,
        thread,
        JSON.stringify(head),
        next,
        made,
        JSON.stringify(after),
      );
      if (added === 0) return false;
      const seq = Number(get('SELECT seq FROM dispatch WHERE message = ?', message.id)?.['seq']);
      for (const [place, notice] of notices.entries()) {
        // One that only an opened ticket gave cause to was found by nobody who follows the log.
        const carried = insertNotice(notice) ?? noticeSeq(notice.id);
        write('INSERT INTO carried (dispatch, place, notice) VALUES (?, ?, ?)', seq, place, carried);
      }
      return true;
    },
    beginAttempt: (message) => void write("UPDATE dispatch SET state = 'in-flight', attempts = attempts + 1 WHERE message = ?", message),
    endAttempt(message, to) {
      if (to.state === 'waiting') {
        write(
          "UPDATE dispatch SET state = 'waiting', next = ?, reason = ?, uncertain = uncertain OR ? WHERE message = ?",
          to.next,
          to.reason,
          to.uncertain ? 1 : 0,
          message,
        );
        return;
      }
      const reason = to.state === 'given-up' ? to.reason : null;
      write(
        'UPDATE dispatch SET state = ?, ended = ?, reason = ?, uncertain = 0, handed_over = ? WHERE message = ?',
        to.state,
        to.at,
        reason,
        to.state === 'given-up' && to.handedOver ? 1 : 0,
        message,
      );
    },
    reviveGivenUp: (channel, { since, attempts, at }) =>
      write(
        `UPDATE dispatch SET state = 'waiting', ended = NULL, next = ?, uncertain = 1
         WHERE channel = ? AND state = 'given-up' AND handed_over = 0 AND ended >= ? AND attempts >= ? AND attempts < ?`,
        at,
        channel,
        since,
        attempts,
        2 * attempts,
      ),
    recoverAttempts: (at) => write("UPDATE dispatch SET state = 'waiting', uncertain = 1, next = ? WHERE state = 'in-flight'", at),
    putThread: ({ channel, key, reference, open, looked }) =>
      void write(
        `INSERT INTO thread (channel, key, reference, open, looked, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (channel, key) DO UPDATE SET reference = ?3, open = ?4, looked = coalesce(?5, looked), changed = ?6`,
        channel,
        key,
        reference,
        open ? 1 : 0,
        looked ?? null,
        now(),
      ),
    joinThread: (channel, key, condition, since) =>
      void write('INSERT OR IGNORE INTO told_in (condition, since, channel, key) VALUES (?, ?, ?, ?)', condition, since, channel, key),
    putChannel: ({ channel, failingSince, givenUpSince, reason, lastDelivered }) =>
      void write(
        'INSERT OR REPLACE INTO channel (name, failing_since, given_up_since, reason, last_delivered) VALUES (?, ?, ?, ?, ?)',
        channel,
        failingSince,
        givenUpSince,
        reason,
        lastDelivered,
      ),
    setValue: (key, value) =>
      void (value === null
        ? write('DELETE FROM value WHERE key = ?', key)
        : write('INSERT OR REPLACE INTO value (key, value) VALUES (?, ?)', key, value)),
    reset() {
      for (const table of tablesInOrder) write(`DELETE FROM ${table}`);
    },
    prune(before) {
      const ended = '(SELECT seq FROM dispatch WHERE ended IS NOT NULL AND ended < ?)';
      write(`DELETE FROM carried WHERE dispatch IN ${ended}`, before);
      write('DELETE FROM dispatch WHERE ended IS NOT NULL AND ended < ?', before);
      write("DELETE FROM placement WHERE state <> 'waiting' AND found < ?", before);
      write(
        `DELETE FROM notice WHERE NOT EXISTS (SELECT 1 FROM carried WHERE carried.notice = notice.seq)
         AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.notice = notice.seq)`,
      );
      write('DELETE FROM condition WHERE ended IS NOT NULL AND ended < ?', before);
      write(
        `DELETE FROM thread WHERE open = 0 AND changed < ? AND NOT EXISTS
         (SELECT 1 FROM dispatch d WHERE d.channel = thread.channel AND d.thread = thread.key AND d.ended IS NULL)`,
        before,
      );
      write(
        `DELETE FROM told_in WHERE NOT EXISTS (SELECT 1 FROM thread t WHERE t.channel = told_in.channel AND t.key = told_in.key)
         AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.channel = told_in.channel AND d.thread = told_in.key)`,
      );
      write(
        `DELETE FROM shared WHERE NOT EXISTS (SELECT 1 FROM notice WHERE notice.shared = shared.id)
         AND NOT EXISTS (SELECT 1 FROM condition WHERE condition.shared = shared.id)`,
      );
    },
  };

  let holder: string | undefined;
  return {
    file,
    warnings,
    setAside: warnings.length > 0,
    claim(by) {
      holder = by;
      inTransaction(database, file, () => write('INSERT OR REPLACE INTO claim (id, holder) VALUES (1, ?)', by));
    },
    transaction(work) {
      if (readOnly) throw new Error('an outbox that was opened for reading was written to');
      return inTransaction(database, file, () => {
        const claimed = get('SELECT holder FROM claim WHERE id = 1')?.['holder'];
        if (holder === undefined || claimed !== holder) {
          throw new ProoflineError('store-busy', `${file}: another process notifies now`);
        }
        return work(writer);
      });
    },
    cursor() {
      const row = get('SELECT next, last FROM cursor WHERE id = 1');
      return row === undefined ? undefined : { next: Number(row['next']), last: textOrNull(row, 'last') };
    },
    tracked: () => all(selectCondition).map(conditionOf),
    condition(key) {
      const row = get(`${selectCondition} WHERE c.key = ?`, key);
      return row === undefined ? undefined : conditionOf(row);
    },
    countConditions: () =>
      all(
        `SELECT kind, severity, count(*) AS n, sum(waived) AS waived FROM condition WHERE ended IS NULL
         GROUP BY kind, severity ORDER BY kind, severity`,
      ).map((row) => ({
        kind: text(row, 'kind') as ConditionKind,
        severity: text(row, 'severity') as Severity,
        count: Number(row['n']),
        waived: Number(row['waived']),
      })),
    placements: (state) =>
      all(
        `SELECT n.body, s.body AS common, p.* FROM placement p JOIN notice n ON n.seq = p.notice JOIN shared s ON s.id = n.shared
         WHERE p.state = ? ORDER BY n.seq, p.route`,
        state,
      ).map((row) => ({
        notice: noticeOf(row),
        route: row['route'] === noRoute ? null : text(row, 'route'),
        channels: JSON.parse(text(row, 'channels')) as string[],
        foundAt: text(row, 'found'),
        state: text(row, 'state') as Placement['state'],
        messages: JSON.parse(text(row, 'messages')) as string[],
        reason: textOrNull(row, 'reason'),
      })),
    countPlacements: (state) => Number(get('SELECT count(*) AS n FROM placement WHERE state = ?', state)?.['n']),
    dispatch(message) {
      const row = get(`${selectDispatch} WHERE message = ?`, message);
      return row === undefined ? undefined : dispatchOf(row);
    },
    openDispatches: () => all(`${selectDispatch} WHERE ended IS NULL ORDER BY seq`).map(dispatchOf),
    nextDue(channel, at) {
      const row = get(
        `${selectDispatch} WHERE d.ended IS NULL AND d.channel = ? AND d.state = 'waiting' AND d.next <= ? AND (d.thread IS NULL OR NOT EXISTS
         (SELECT 1 FROM dispatch e WHERE e.ended IS NULL AND e.channel = d.channel AND e.thread = d.thread AND e.seq < d.seq))
         ORDER BY d.seq LIMIT 1`,
        channel,
        at,
      );
      return row === undefined ? undefined : dispatchOf(row);
    },
    lines: () =>
      all(
        "SELECT channel, min(next) AS next FROM dispatch WHERE ended IS NULL AND state = 'waiting' GROUP BY channel ORDER BY channel",
      ).map((row) => ({ channel: text(row, 'channel'), next: text(row, 'next') })),
    waiting() {
      const row = get('SELECT count(*) AS n, min(made) AS oldest FROM dispatch WHERE ended IS NULL');
      return { dispatches: Number(row?.['n']), oldest: row === undefined ? null : textOrNull(row, 'oldest') };
    },
    thread(channel, key) {
      const row = get('SELECT * FROM thread WHERE channel = ? AND key = ?', channel, key);
      return row === undefined ? undefined : threadOf(row);
    },
    threads: () => all('SELECT * FROM thread ORDER BY channel, key').map(threadOf),
    conditionsIn: (channel, key) =>
      all(
        `${selectCondition} JOIN told_in t ON t.condition = c.key AND t.since = c.since WHERE t.channel = ? AND t.key = ? AND c.ended IS NULL ORDER BY c.key`,
        channel,
        key,
      ).map(conditionOf),
    threadsOf: (condition, since) =>
      all('SELECT channel, key FROM told_in WHERE condition = ? AND since = ? ORDER BY channel, key', condition, since).map((row) => ({
        channel: text(row, 'channel'),
        key: text(row, 'key'),
      })),
    channel(name) {
      const row = get('SELECT * FROM channel WHERE name = ?', name);
      return row === undefined ? undefined : healthOf(row);
    },
    channels: () => all('SELECT * FROM channel ORDER BY name').map(healthOf),
    value: (key) => {
      const row = get('SELECT value FROM value WHERE key = ?', key);
      return row === undefined ? undefined : text(row, 'value');
    },
    values: (prefix) =>
      all('SELECT key, value FROM value WHERE substr(key, 1, ?) = ? ORDER BY key', prefix.length, prefix).map((row) => ({
        key: text(row, 'key'),
        value: text(row, 'value'),
      })),
    close: () => database.close(),
  };
}
