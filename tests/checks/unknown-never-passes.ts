import assert from 'node:assert/strict';
import { appliesTo, judge } from '../../src/evaluate/evaluate-check.ts';
import { guardSubject, NotRead } from '../../src/evaluate/read-only-subject.ts';
import { type Check, exampleAsOf } from '../../src/model/check.ts';
import { type GapReason, gapReasons } from '../../src/model/completeness.ts';
import { type ReadResource, Unread } from '../../src/model/resource.ts';

/** Checks of any subject and any parameters, as a registry holds them. */
export type AnyCheck = Check<never, never> | Check;

type Said = 'pass' | 'fail' | 'not-applicable' | 'no-evidence' | 'excluded';
type Path = readonly string[];
interface Tree {
  [key: string]: unknown;
}

/**
 * For every field a check reads of its passing examples, at every depth: takes it away in each way it can be missing, and asserts that
 * the check does not pass; for a field of the subject itself that was not read, that it gives no evidence and not a failure either.
 * `openMaps`: dotted paths of records whose missing keys are knowledge (tags, say); nothing is deleted from these.
 * @returns how many ways were tried; 0 means that the check reads nothing, which is an error too.
 */
export function unknownNeverPasses(check: AnyCheck, options: { openMaps?: readonly string[] } = {}): number {
  const { id } = check;
  let tried = 0;
  for (const [name, example] of Object.entries(check.examples.pass as Record<string, Tree>)) {
    const resource = resourceOf(check, example);
    const reads = readsOf(check, resource);
    assert.equal(said(check, resource), 'pass', `${id}: the example "${name}" does not pass`);
    assert.notEqual(reads.length, 0, `${id}: the example "${name}" passes without the check reading anything`);
    for (const path of reads) {
      const where = `${id}, "${name}", ${path.join('.')}`;
      for (const [how, without] of waysToMiss(resource, path, options.openMaps ?? [])) {
        const outcome = said(check, without);
        assert.notEqual(outcome, 'pass', `${where} ${how}: it still passes`);
        assert.notEqual(outcome, 'excluded', `${where} ${how}: the subject leaves the population`);
        if (path.length === 1) assert.equal(outcome, 'no-evidence', `${where} ${how}: it says ${outcome}`);
        tried += 1;
      }
    }
  }
  assert.notEqual(tried, 0, `${id} has no passing example`);
  return tried;
}

function resourceOf(check: AnyCheck, example: Tree): ReadResource {
  const { id, display, ...fields } = structuredClone(example);
  return { type: check.subject.type, id: String(id), display: String(display), fields, unread: {} };
}

/** Everything the check looks at, each path once, `id` and `display` aside. */
function readsOf(check: AnyCheck, resource: ReadResource): Path[] {
  const reads = new Map<string, Path>();
  said(check, resource, (path) => {
    if (path[0] !== 'id' && path[0] !== 'display') reads.set(path.join('\u0000'), path);
  });
  return [...reads.values()];
}

function said(check: AnyCheck, resource: ReadResource, onRead?: (path: Path) => void): Said {
  const any = check as Check;
  const parameters = any.parameters.parse({});
  const guarded = guardSubject(resource, onRead);
  const applies = appliesTo(any, guarded, exampleAsOf, parameters);
  if (applies instanceof NotRead) return 'no-evidence';
  if (!applies) return 'excluded';
  return judge(any, guarded, exampleAsOf, parameters).outcome as Said;
}

function* waysToMiss(resource: ReadResource, path: Path, openMaps: readonly string[]): Generator<readonly [string, ReadResource]> {
  const [field, ...rest] = path;
  if (field === undefined) return;
  const parent = path.slice(0, -1).join('.');
  for (const reason of gapReasons) {
    yield rest.length === 0
      ? [`unread (${reason})`, unreadField(resource, field, reason)]
      : [`unread (${reason})`, changed(resource, path, new Unread(reason))];
  }
  yield ['undefined', changed(resource, path, undefined)];
  if (openMaps.includes(parent)) return;
  const deleted = withoutMember(resource, path);
  if (deleted) yield ['deleted', deleted];
}

function unreadField(resource: ReadResource, field: string, reason: GapReason): ReadResource {
  const { [field]: _, ...fields } = resource.fields;
  return { ...resource, fields, unread: { ...resource.unread, [field]: reason } };
}

function parentIn(fields: Tree, path: Path): Tree | undefined {
  let node: unknown = fields;
  for (const key of path.slice(0, -1)) node = typeof node === 'object' && node !== null ? (node as Tree)[key] : undefined;
  return typeof node === 'object' && node !== null ? (node as Tree) : undefined;
}
function changed(resource: ReadResource, path: Path, value: unknown): ReadResource {
  const fields = structuredClone(resource.fields) as Tree;
  const parent = parentIn(fields, path);
  const key = path.at(-1);
  if (parent && key !== undefined) parent[key] = value;
  return { ...resource, fields };
}
/** Undefined for a position of a list: a shorter list is another list, not one with something missing. */
function withoutMember(resource: ReadResource, path: Path): ReadResource | undefined {
  const fields = structuredClone(resource.fields) as Tree;
  const parent = parentIn(fields, path);
  const key = path.at(-1);
  if (parent === undefined || key === undefined || Array.isArray(parent)) return undefined;
  delete parent[key];
  return { ...resource, fields };
}
