import { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, type YamlPath, type YamlSource } from './read-yaml.ts';

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? typeof value;
}
function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[step] : undefined),
    value,
  );
}

/** Every shape a place of the schema may have, wrappers taken off, unions spread. */
function shapesOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return shapesOf(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return shapesOf(schema.def.in);
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap(shapesOf);
  return [schema];
}
function stepInto(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  return shapesOf(schema).flatMap((shape) => {
    if (shape instanceof z.ZodObject) {
      const inner: z.core.$ZodType | undefined = shape.def.shape[String(step)];
      return inner === undefined ? [] : [inner];
    }
    if (shape instanceof z.ZodArray) return [shape.def.element];
    if (shape instanceof z.ZodRecord) return [shape.def.valueType];
    return [];
  });
}
/** The keys a schema knows at a place. */
function keysAt(schema: z.core.$ZodType, path: YamlPath): string[] {
  const places = path.reduce<z.core.$ZodType[]>((found, step) => found.flatMap((place) => stepInto(place, step)), [schema]);
  const keys = places.flatMap(shapesOf).flatMap((shape) => (shape instanceof z.ZodObject ? Object.keys(shape.def.shape) : []));
  return [...new Set(keys)];
}

/** Of a union's branches the one that came nearest: a wrong kind of value says less than a wrong key inside the right kind. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const score = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.path.length === 0 && issue.code === 'invalid_type' ? 100 : 1), 0);
  return [...branches].sort((a, b) => score(a) - score(b))[0];
}

function explain(schema: z.core.$ZodType, value: unknown, issue: Issue, prefix: YamlPath): { path: YamlPath; message: string }[] {
  const path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(schema, path);
        const hint = didYouMean(key, known);
        return { path: [...path, key], message: `unknown key "${key}"${hint || ` (known here: ${known.join(', ')})`}` };
      });
    case 'invalid_type': {
      const expected = kinds[issue.expected] ?? issue.expected;
      if (found === undefined) return [{ path, message: `is missing: expected ${expected}` }];
      const quotes = issue.expected === 'string' && typeof found === 'number' ? '; put it in quotes' : '';
      return [{ path, message: `expected ${expected}, found ${kindOf(found)}${quotes}` }];
    }
    case 'invalid_value': {
      const options = issue.values.map(String);
      if (found === undefined)
        return [{ path, message: `is missing: expected ${options.length === 1 ? options[0] : `one of ${options.join(', ')}`}` }];
      const shown =
        typeof found === 'string' && found.length <= 40 ? `"${found}"` : typeof found === 'number' ? String(found) : kindOf(found);
      const hint = typeof found === 'string' ? didYouMean(found, options) : '';
      return [{ path, message: `expected ${options.length === 1 ? options[0] : `one of ${options.join(', ')}`}, found ${shown}${hint}` }];
    }
    case 'invalid_union': {
      if (issue.errors.length === 0) {
        const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : keysOfUnion(issue);
        const hint = typeof found === 'string' ? didYouMean(found, options) : '';
        return [
          {
            path,
            message: `expected one of ${options.join(', ')}, found ${found === undefined ? 'nothing' : `"${String(found)}"`}${hint}`,
          },
        ];
      }
      if (found === undefined) return [{ path, message: 'is missing' }];
      const only = issue.errors.every((branch) =>
        branch.every((inner) => inner.path.length === 0 && (inner.code === 'invalid_type' || inner.code === 'invalid_value')),
      );
      if (only) {
        const expected = issue.errors.flat().map((inner) => {
          if (inner.code === 'invalid_type') return kinds[inner.expected] ?? inner.expected;
          return inner.code === 'invalid_value' ? inner.values.map(String).join(', ') : '';
        });
        const quotes = expected.includes('text') && typeof found === 'number' ? '; put it in quotes' : '';
        return [{ path, message: `expected ${[...new Set(expected)].join(' or ')}, found ${kindOf(found)}${quotes}` }];
      }
      const branch = nearestBranch(issue.errors);
      return (branch ?? []).flatMap((inner) => explain(schema, value, inner, path));
    }
    default:
      return [{ path, message: found === undefined ? `is missing: ${issue.message}` : issue.message }];
  }
}
function keysOfUnion(issue: Issue): string[] {
  return 'discriminator' in issue ? [String(issue.discriminator)] : [];
}

/** Turns zod's issues over a YAML file into problems with line, path, what was expected, and the nearest known name. */
export function explainIssues(schema: z.core.$ZodType, source: YamlSource, issues: readonly Issue[], at: YamlPath = []): Problem[] {
  const value = valueAt(source.value, at);
  return issues
    .flatMap((issue) => explain(schema, value, issue, []))
    .map(({ path, message }) => {
      const whole = [...at, ...path];
      return { file: source.file, line: source.lineOf(whole), path: pathText(whole), message };
    });
}

/** One problem per place, in the order of the file; the first said about a place stays. */
export function orderProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const place = problem.path === undefined ? undefined : `${problem.file}:${problem.path}`;
      if (place === undefined) return true;
      if (seen.has(place)) return false;
      seen.add(place);
      return true;
    })
    .map((problem, index) => ({ problem, index }))
    .sort((a, b) => {
      const files = (a.problem.file ?? '').localeCompare(b.problem.file ?? '');
      return files !== 0 ? files : (a.problem.line ?? 0) - (b.problem.line ?? 0) || a.index - b.index;
    })
    .map(({ problem }) => problem);
}
