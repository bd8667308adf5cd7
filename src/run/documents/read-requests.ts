import { type RequestedDocument, toRequests } from '../../access/documents/to-requests.ts';
import { SealedDocumentSettings } from '../../model/document-settings.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Composition } from '../composition.ts';
import { readDecisions } from '../decisions/read-decisions.ts';

/**
 * What is asked of people now and was asked in the last fourteen months, by the documents file as it is and the decisions in the log.
 * @throws ProoflineError `configuration` when there is no documents file
 */
export async function readRequests(
  app: Composition,
): Promise<{ readonly requests: readonly RequestedDocument[]; readonly unasked: SealedDocumentSettings['unasked'] }> {
  const { documents } = await app.entitySettings();
  if (documents === null) {
    throw new ProoflineError('configuration', `${app.configuration.file}: nothing is asked of anybody: name a file under \`documents\``);
  }
  const { requests, unasked } = SealedDocumentSettings.parse(documents);
  if (!app.hasStore()) return { requests: toRequests(requests, [], app.now()), unasked };
  const store = await app.openStore({ readOnly: true });
  try {
    return { requests: toRequests(requests, readDecisions(store), app.now()), unasked };
  } finally {
    await store.close();
  }
}
