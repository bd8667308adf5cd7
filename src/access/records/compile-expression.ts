import { Environment } from '@marcbachmann/cel-js';
import { Decimal, parseDecimal } from './decimal.ts';
import type { ColumnType } from './examination.ts';
import { type Column, decimalIn, instantIn, textIn, Undecided } from './read-cell.ts';
import type { RecordColumn, RecordRow } from './record-table.ts';

const celTypes: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  integer: 'int',
  decimal: 'Decimal',
  boolean: 'bool',
  date: 'google.protobuf.Timestamp',
  time: 'google.protobuf.Timestamp',
};

/** Operators over exact amounts. There is no division and no number with a floating point: what is meant is said by `divide` and `decimal`. */
function withDecimals(environment: Environment): Environment {
  const whole = (value: bigint) => new Decimal(value, 0);
  environment
    .registerType('Decimal', { ctor: Decimal, fields: {} })
    .registerFunction('decimal(string): Decimal', (text: string) => parseDecimal(text) ?? refuse(`"${text}" is no decimal number`))
    .registerFunction('decimal(int): Decimal', whole)
    .registerFunction('round(Decimal, int): Decimal', (value: Decimal, places: bigint) => value.rounded(placesOf(places)))
    .registerFunction('divide(Decimal, Decimal, int): Decimal', (value: Decimal, by: Decimal, places: bigint) =>
      value.over(by, placesOf(places)),
    )
    .registerFunction('abs(Decimal): Decimal', (value: Decimal) => value.absolute())
    .registerFunction('min(Decimal, Decimal): Decimal', (a: Decimal, b: Decimal) => (a.compare(b) <= 0 ? a : b))
    .registerFunction('max(Decimal, Decimal): Decimal', (a: Decimal, b: Decimal) => (a.compare(b) >= 0 ? a : b))
    .registerOperator('-Decimal', (value: Decimal) => value.negated())
    .registerOperator('Decimal == Decimal', (a: Decimal, b: Decimal) => a.compare(b) === 0)
    .registerOperator('Decimal == int', (a: Decimal, b: bigint) => a.compare(whole(b)) === 0);
  const operators: readonly (readonly [string, (a: Decimal, b: Decimal) => Decimal | boolean])[] = [
    ['+', (a, b) => a.plus(b)],
    ['-', (a, b) => a.minus(b)],
    ['*', (a, b) => a.times(b)],
    ['<', (a, b) => a.compare(b) < 0],
    ['<=', (a, b) => a.compare(b) <= 0],
    ['>', (a, b) => a.compare(b) > 0],
    ['>=', (a, b) => a.compare(b) >= 0],
  ];
  for (const [operator, apply] of operators) {
    environment
      .registerOperator(`Decimal ${operator} Decimal`, apply)
      .registerOperator(`Decimal ${operator} int`, (a: Decimal, b: bigint) => apply(a, whole(b)))
      .registerOperator(`int ${operator} Decimal`, (a: bigint, b: Decimal) => apply(whole(a), b));
  }
  return environment;
}
function placesOf(places: bigint): number {
  return places >= 0n && places <= 20n ? Number(places) : refuse('expected 0 to 20 places');
}
function refuse(message: string): never {
  throw new RangeError(message);
}

let base: Environment | undefined;
function environmentOf(columns: ReadonlyMap<string, RecordColumn>): Environment {
  base ??= withNull(withDecimals(new Environment({ unlistedVariablesAreDyn: false })));
  const environment = base.clone();
  // What is in a column that may be empty is of one type or null.
  for (const [name, { type, optional }] of columns) {
    if (isName(name)) environment.registerVariable(name, optional ? 'dyn' : celTypes[type]);
  }
  return environment;
}
/** What is never empty may be asked all the same whether it is: of a kind of record one table leaves empty what another does not. */
function withNull(environment: Environment): Environment {
  for (const type of new Set(Object.values(celTypes))) environment.registerOperator(`${type} == null`, () => false);
  return environment;
}
function isName(column: string): boolean {
  return /^[A-Za-z_]\w*$/.test(column);
}

/** What an expression says of one record. @throws Undecided when it cannot be told. */
export interface Expression<T> {
  /** Columns it looks at, in the order in which it names them. */
  readonly columns: readonly string[];
  of(row: RecordRow): T;
}

/** What is wrong with an expression over these columns, or undefined. */
export function expressionProblem(text: string, columns: ReadonlyMap<string, RecordColumn>, gives: 'bool' | 'decimal'): string | undefined {
  const { valid, type, error } = environmentOf(columns).check(text);
  if (!valid) return explain(error === undefined ? 'it cannot be read' : (error.message.split('\n')[0] ?? ''));
  const fine = gives === 'bool' ? ['bool', 'dyn'] : ['Decimal', 'int', 'dyn'];
  return fine.includes(String(type)) ? undefined : `it gives ${String(type)}, expected ${gives === 'bool' ? 'true or false' : 'an amount'}`;
}
function explain(message: string): string {
  const division = /no such overload: Decimal \/ /.test(message);
  const floating = /no such overload: (?:Decimal \S+ double|double \S+ Decimal)/.test(message);
  return `${message}${division ? '; divide amounts by divide(amount, by, places)' : ''}${floating ? '; write an amount as decimal("0.01")' : ''}`;
}

/** @throws Error for an expression that does not fit: the configuration was checked, so it is a bug. */
export function compileCondition(text: string, columns: ReadonlyMap<string, RecordColumn>): Expression<boolean> {
  return compile(text, columns, (value) => {
    if (typeof value !== 'boolean') throw new Undecided(`"${text}" gives neither true nor false`);
    return value;
  });
}
/** @throws Error for an expression that does not fit: the configuration was checked, so it is a bug. */
export function compileAmount(text: string, columns: ReadonlyMap<string, RecordColumn>): Expression<Decimal> {
  return compile(text, columns, (value) => {
    if (value instanceof Decimal) return value;
    if (typeof value === 'bigint') return new Decimal(value, 0);
    throw new Undecided(`"${text}" gives no exact amount`);
  });
}

function compile<T>(text: string, columns: ReadonlyMap<string, RecordColumn>, give: (value: unknown) => T): Expression<T> {
  const parsed = environmentOf(columns).parse(text);
  const used = namesIn(parsed.ast).flatMap((name) => {
    const column = columns.get(name);
    return column === undefined ? [] : [{ ...column, name }];
  });
  return {
    columns: used.map(({ name }) => name),
    of(row) {
      const context: Record<string, unknown> = {};
      for (const column of used) context[column.name] = celValue(row, column);
      let value: unknown;
      try {
        value = parsed(context);
      } catch (error) {
        // Null compared, an amount over zero: the record says nothing by which the expression could be answered.
        throw new Undecided(
          `"${text}" cannot be answered: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
        );
      }
      return give(value);
    },
  };
}

function celValue(row: RecordRow, column: Column): unknown {
  switch (column.type) {
    case 'text':
      return textIn(row, column);
    case 'decimal':
      return decimalIn(row, column);
    case 'integer': {
      const value = decimalIn(row, column);
      if (value === null) return null;
      if (value.scale !== 0) throw new Undecided(`${column.name} is no whole number`);
      return value.units;
    }
    case 'boolean': {
      const text = textIn(row, column);
      if (text !== null && text !== 'true' && text !== 'false') throw new Undecided(`${column.name} is neither true nor false`);
      return text === null ? null : text === 'true';
    }
    case 'date':
    case 'time': {
      const at = instantIn(row, column);
      return at === null ? null : new Date(at);
    }
  }
}

/** Identifiers of an expression, each once. */
function namesIn(tree: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    else if (typeof node === 'object' && node !== null && 'op' in node && 'args' in node) {
      if (node.op === 'id' && typeof node.args === 'string') found.add(node.args);
      else visit(node.args);
    }
  };
  visit(tree);
  return [...found];
}
