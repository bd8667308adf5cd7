import { renderDocuments } from '../../../src/bundle/documents/render-documents.ts';
import type { BundleContent } from '../../../src/model/bundle-content.ts';

/** Every document of a content, whole. */
export async function rendered(content: BundleContent): Promise<Map<string, Uint8Array>> {
  const documents = new Map<string, Uint8Array>();
  for await (const { path, bytes } of renderDocuments(content)) {
    if (documents.has(path)) throw new Error(`${path} was rendered twice`);
    documents.set(path, bytes instanceof Uint8Array ? bytes : Buffer.concat([...bytes]));
  }
  return documents;
}
/** With its byte order mark. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
