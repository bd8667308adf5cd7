import { z } from 'zod';
import type { Control } from '../model/control.ts';
import { DocumentSettings } from '../model/document-settings.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import { findLiteralSecrets } from './load-configuration.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath } from './read-yaml.ts';

/** Evidence that people hand in, in a file of its own. */
export const DocumentsFile = z.strictObject({ version: z.literal(1), ...DocumentSettings.shape }).meta({
  title: 'Proofline documents',
  description: 'Evidence that no API gives: what, from whom, how often; subservice organisations and CUECs',
});

/**
 * Reads what is asked of people, with defaults filled in: `documents` of EntitySettings. Adopted controls that rest on documents and for which
 * none is asked are among it, since nothing would show that they lack evidence.
 * @throws ProoflineError `configuration` with every problem at once, with line: two of one id, controls that there are none of.
 */
export function loadDocuments(file: string, controls: readonly Pick<Control, 'id' | 'status' | 'evidence'>[]): JsonObject {
  const ids = controls.map(({ id }) => id);
  const { source, problems: syntax } = readYaml(file);
  const parsed = DocumentsFile.safeParse(source.value);
  const problems: Problem[] = [...syntax];
  if (syntax.length === 0) problems.push(...findLiteralSecrets(source));
  if (syntax.length === 0 && !parsed.success) problems.push(...explainIssues(DocumentsFile, source, parsed.error.issues));
  if (parsed.success) {
    const say = (path: YamlPath, message: string) => problems.push({ file, line: source.lineOf(path), path: pathText(path), message });
    for (const list of ['requests', 'subserviceOrganisations', 'cuecs'] as const) {
      const named = parsed.data[list].map(({ id }) => id);
      for (const [index, id] of named.entries()) if (named.indexOf(id) !== index) say([list, index, 'id'], `the id "${id}" is taken`);
    }
    for (const [index, request] of parsed.data.requests.entries()) {
      for (const [place, id] of request.controls.entries()) {
        if (!ids.includes(id)) say(['requests', index, 'controls', place], `there is no control "${id}"${didYouMean(id, ids)}`);
      }
    }
  }
  if (!parsed.success || problems.length > 0) {
    const ordered = orderProblems(problems);
    throw new ProoflineError('configuration', `${file}: ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`}`, {
      problems: ordered,
    });
  }
  const { version: _, ...settings } = parsed.data;
  const asked = new Set(settings.requests.flatMap((request) => request.controls));
  const unasked = controls.flatMap(({ id, status, evidence }) => {
    const [first] = evidence;
    return status === 'adopted' && first !== undefined && !asked.has(id) ? [{ control: id, what: first.what }] : [];
  });
  return JSON.parse(JSON.stringify({ ...settings, unasked })) as JsonObject;
}
