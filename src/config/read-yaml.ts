import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type Problem, ProoflineError } from '../model/errors.ts';

export type YamlPath = readonly (string | number)[];

/** A YAML file as read: its plain value, and the line every part of it stands on. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** 1-based line of the deepest part of the path that exists: of the key in a map, of the element in a list. */
  lineOf(path: YamlPath): number;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) && node.range ? node.range[0] : undefined;
}
function pairOf(node: Node, key: string | number): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(key));
}

/**
 * Parses YAML text. Every syntax error and every key given twice becomes a problem with its line.
 * Returns the problems instead of a value when there are any.
 */
export function parseYaml(text: string, file: string): { source: YamlSource; problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems: Problem[] = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message: error.code === 'DUPLICATE_KEY' ? 'this key is given twice' : error.message,
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      problems.push({ file, line: 1, message: error.message });
    }
  }
  const lineOf = (path: YamlPath): number => {
    let node: unknown = document.contents;
    let start = startOf(node);
    for (const step of path) {
      if (!isNode(node)) break;
      const pair = pairOf(node, step);
      const next = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
      const at = pair ? startOf(pair.key) : startOf(next);
      if (at === undefined) break;
      start = at;
      node = next;
    }
    return start === undefined ? 1 : lines.linePos(start).line;
  };
  return { source: { file, text, value, lineOf }, problems };
}

/** Reads and parses a YAML file. @throws ProoflineError `configuration` when it cannot be read; syntax errors are returned. */
export function readYaml(file: string): { source: YamlSource; problems: readonly Problem[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const message = error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(error.code)})`;
    throw new ProoflineError('configuration', `${file}: ${message}`, { cause: error, problems: [{ file, message }] });
  }
  return parseYaml(text, file);
}

/** `sources.aws[0].regions`. */
export function pathText(path: YamlPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
