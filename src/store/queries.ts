import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type CompiledQuery, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';

type Value = string | number | bigint | null | Uint8Array;
interface Compilable<O> {
  compile(): CompiledQuery<O>;
}

/** A query builder that never connects: SQL is written in Kysely's types, and run by the synchronous driver of the platform. */
export function queryBuilder<Schema>(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (builder) => new SqliteIntrospector(builder),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** A query that is compiled once per process and prepared once per connection. */
export interface Query<Args, Row> {
  get(database: DatabaseSync, args: Args): Row | undefined;
  all(database: DatabaseSync, args: Args): Row[];
  each(database: DatabaseSync, args: Args): Iterable<Row>;
  /** @returns how many rows it changed. */
  run(database: DatabaseSync, args: Args): number;
}

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

function statementOf(database: DatabaseSync, sql: string): StatementSync {
  const known = prepared.get(database) ?? new Map<string, StatementSync>();
  prepared.set(database, known);
  const found = known.get(sql);
  if (found !== undefined) return found;
  const made = database.prepare(sql);
  known.set(sql, made);
  return made;
}

/**
 * Writes a query with placeholders: `build` receives an object whose members stand for the arguments of each later call.
 * Compiling costs more than running, and the log's figures leave no time for doing it per statement.
 */
export function query<Args extends Record<string, Value>, Row>(build: (args: Args) => Compilable<Row>): Query<Args, Row> {
  const placeholder = '\u0000argument:';
  const compile = () => {
    const standIns = new Proxy({}, { get: (_, name) => `${placeholder}${String(name)}` }) as Args;
    const { sql, parameters } = build(standIns).compile();
    const read = parameters.map((parameter) => {
      if (typeof parameter === 'string' && parameter.startsWith(placeholder)) {
        const name = parameter.slice(placeholder.length);
        return (args: Args): SQLInputValue => args[name] as SQLInputValue;
      }
      return (): SQLInputValue => parameter as SQLInputValue;
    });
    return { sql, bind: (args: Args) => read.map((of) => of(args)) };
  };
  let once: ReturnType<typeof compile> | undefined;
  const ready = () => {
    once ??= compile();
    return once;
  };
  return {
    get(database, args) {
      const { sql, bind } = ready();
      return statementOf(database, sql).get(...bind(args)) as Row | undefined;
    },
    all(database, args) {
      const { sql, bind } = ready();
      return statementOf(database, sql).all(...bind(args)) as Row[];
    },
    each(database, args) {
      const { sql, bind } = ready();
      // Not the shared statement: an iteration may be interleaved with another of the same query.
      return database.prepare(sql).iterate(...bind(args)) as Iterable<Record<string, SQLOutputValue>> as Iterable<Row>;
    },
    run(database, args) {
      const { sql, bind } = ready();
      return Number(statementOf(database, sql).run(...bind(args)).changes);
    },
  };
}
