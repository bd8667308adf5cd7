import { z } from 'zod';

/**
 * Policy documents of AWS as they are evaluated: identity policies, permissions boundaries, trust policies. Every element of a pair that
 * AWS wants exactly one of is there exactly once, so that a document that says less than it seems to is not read as one that allows less.
 */
const OneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));
const Principal = z.union([z.literal('*').transform((): Record<string, string[]> => ({ AWS: ['*'] })), z.record(z.string(), OneOrMany)]);
const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Values = z.union([Scalar, z.array(Scalar)]).transform((value) => (Array.isArray(value) ? value : [value]).map(String));
const Statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: OneOrMany.optional(),
    NotAction: OneOrMany.optional(),
    Resource: OneOrMany.optional(),
    NotResource: OneOrMany.optional(),
    Principal: Principal.optional(),
    NotPrincipal: Principal.optional(),
    Condition: z.record(z.string(), z.record(z.string(), Values)).optional(),
  })
  .refine((statement) => (statement.Action === undefined) !== (statement.NotAction === undefined))
  .refine((statement) => statement.Resource === undefined || statement.NotResource === undefined)
  .refine((statement) => statement.Principal === undefined || statement.NotPrincipal === undefined);
const Document = z.object({
  Version: z.enum(['2008-10-17', '2012-10-17']).default('2008-10-17'),
  Statement: z.union([Statement.transform((statement) => [statement]), z.array(Statement)]),
});

/** Names, or every name but these. */
export interface Names {
  readonly patterns: readonly string[];
  readonly except: boolean;
}
export interface Condition {
  /** As written: `ForAnyValue:StringLike`. */
  readonly operator: string;
  /** As written: `aws:PrincipalTag/team`. */
  readonly key: string;
  readonly values: readonly string[];
}
export interface PrincipalName {
  /** `AWS`, `Service`, `Federated`. */
  readonly kind: string;
  readonly value: string;
}
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** Lower case: AWS compares them so. */
  readonly actions: Names;
  /** null: the statement has none (trust policies). */
  readonly resources: Names | null;
  /** null: the statement has none (identity policies). */
  readonly principals: { readonly names: readonly PrincipalName[]; readonly except: boolean } | null;
  readonly conditions: readonly Condition[];
  /** `${...}` stands for a value of the request; in documents of the older version it is text. */
  readonly variables: boolean;
}
export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
}

const read = new Map<string, PolicyDocument | undefined>();
/** A process meets a bounded number of documents; past this many the oldest are read again when they come back. */
const remembered = 50_000;

/** A policy document, as JSON text (URL-encoded or not) or parsed; undefined when it is none. */
export function readPolicyDocument(document: unknown): PolicyDocument | undefined {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  if (text === undefined) return undefined;
  if (read.has(text)) return read.get(text);
  const parsed = Document.safeParse(typeof document === 'string' ? parse(text) : document);
  const compiled = parsed.success ? compile(parsed.data) : undefined;
  if (read.size >= remembered) read.delete(read.keys().next().value!);
  read.set(text, compiled);
  return compiled;
}

function parse(text: string): unknown {
  for (const spelled of [() => text, () => decodeURIComponent(text)]) {
    try {
      return JSON.parse(spelled());
    } catch {
      // The other spelling; when neither is JSON, no shape accepts what comes back.
    }
  }
  return undefined;
}

function compile({ Version, Statement: statements }: z.output<typeof Document>): PolicyDocument {
  return {
    statements: statements.map((statement) => ({
      effect: statement.Effect,
      actions: {
        patterns: (statement.Action ?? statement.NotAction ?? []).map((action) => action.toLowerCase()),
        except: statement.NotAction !== undefined,
      },
      resources: namesOf(statement.Resource, statement.NotResource),
      principals: principalsOf(statement.Principal, statement.NotPrincipal),
      conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
      ),
      variables: Version === '2012-10-17',
    })),
  };
}
function namesOf(only: readonly string[] | undefined, except: readonly string[] | undefined): Names | null {
  if (only !== undefined) return { patterns: only, except: false };
  return except === undefined ? null : { patterns: except, except: true };
}
function principalsOf(only: Record<string, string[]> | undefined, except: Record<string, string[]> | undefined) {
  const names = only ?? except;
  if (names === undefined) return null;
  return {
    names: Object.entries(names).flatMap(([kind, values]) => values.map((value) => ({ kind, value }))),
    except: only === undefined,
  };
}
