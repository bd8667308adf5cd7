import { type Document, isMap, isSeq, parseDocument, YAMLSeq } from 'yaml';
import { ProoflineError } from '../model/errors.ts';

function open(text: string, file: string): Document {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new ProoflineError('configuration', `${file}: cannot be changed while it has errors`, {
      problems: document.errors.map((error) => ({ file, message: error.message })),
    });
  }
  return document;
}
/** The list under a key, made when it is not there; a list written in one line is opened up so that it reads well. */
function listAt(document: Document, key: string, file: string): YAMLSeq {
  const found = document.get(key, true);
  if (found === undefined || found === null) {
    const list = new YAMLSeq();
    document.set(key, list);
    return list;
  }
  if (!isSeq(found))
    throw new ProoflineError('configuration', `${file}: expected a list under ${key}`, {
      problems: [{ file, path: key, message: 'expected a list' }],
    });
  if (found.items.length === 0) found.flow = false;
  return found;
}
const print = (document: Document) => document.toString({ lineWidth: 0 });

/** Adds entries to a control file, keeping what stands in it with its comments; undefined text begins a new file. */
export function addControlEntries(text: string | undefined, entries: readonly Readonly<Record<string, unknown>>[], file: string): string {
  const head = `# Your own controls: library controls taken up or changed, and your own. Each entry is dated and says why.
# See config/controls.example.yaml of Proofline.
version: 1
controls: []
`;
  const document = open(text ?? head, file);
  const list = listAt(document, 'controls', file);
  for (const entry of entries) list.add(document.createNode(entry));
  return print(document);
}

/** Adds a value to one of the lists of `proofline.yaml`, keeping its comments. The same text when it is there already. */
export function addToConfiguration(text: string, key: 'controls' | 'extensions', value: string, file: string): string {
  const document = open(text, file);
  const list = listAt(document, key, file);
  const present: unknown = list.toJSON();
  if (Array.isArray(present) && present.includes(value)) return text;
  list.add(document.createNode(value));
  return print(document);
}
