import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segment } from '../../bundle/documents/paths.ts';
import type { RenderedDocument } from '../../model/bundle-content.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { Problem } from '../../model/errors.ts';
import { attachmentFile } from '../populations/record-observation.ts';

/** A file that was attached to a walkthrough, as it was kept. */
export interface ObservationFile extends RenderedDocument {
  readonly title: string;
}

/**
 * What was attached to walkthroughs since the period began: the log has digests, the files lie beside it. `problems` names those that are
 * not there any more, or are not what was attached.
 */
export function observationFiles(
  decisions: readonly Pick<RecordedDecision, 'index' | 'at' | 'payload'>[],
  period: { readonly from: string },
  dataDir: string,
): { readonly files: readonly ObservationFile[]; readonly problems: readonly Problem[] } {
  const files: ObservationFile[] = [];
  const problems: Problem[] = [];
  for (const { index, at, payload } of decisions) {
    if (payload.type !== 'observe' || at < period.from) continue;
    for (const [n, { name, sha256 }] of payload.attachments.entries()) {
      const kept = attachmentFile({ name, sha256 });
      const bytes = readKept(join(dataDir, kept));
      const wrong =
        bytes === undefined
          ? 'is not there any more'
          : createHash('sha256').update(bytes).digest('hex') === sha256
            ? undefined
            : 'is not what was attached';
      if (bytes === undefined || wrong !== undefined) {
        problems.push({ path: `walkthrough of entry ${index}`, message: `${name} ${wrong} (${kept} of the data directory)` });
      } else {
        const title = `${name}, attached to the walkthrough of entry ${index}`;
        files.push({ path: `observations/${index}/${n + 1}-${segment(name)}`, bytes, title });
      }
    }
  }
  return { files, problems };
}

function readKept(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
