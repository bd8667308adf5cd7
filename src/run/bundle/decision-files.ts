import type { RenderedDocument } from '../../model/bundle-content.ts';
import { decisionNamespace, type RecordedDecision, type RegisteredPerson } from '../../model/decision.ts';
import { canonicalText } from '../../seal/canonical-json.ts';

const file = (path: string, text: string): RenderedDocument => ({ path: `decisions/${path}`, bytes: new TextEncoder().encode(text) });

/**
 * Decisions as files, so that OpenSSH checks a signature without any tool of ours: `ssh-keygen -Y verify -f allowed_signers -I PERSON -n
 * proofline-decision -s INDEX.sig < INDEX.json`. What nobody signed is `INDEX.unsigned.json`.
 */
export function* decisionFiles(decisions: readonly RecordedDecision[], persons: readonly RegisteredPerson[]): Generator<RenderedDocument> {
  yield file('allowed_signers', allowedSigners(persons));
  for (const { signature, ...decision } of decisions) {
    if (signature === null) yield file(`${decision.index}.unsigned.json`, `${canonicalText(decision)}\n`);
    else {
      yield file(`${decision.index}.json`, signature.signedText);
      yield file(`${decision.index}.sig`, signature.sshsig.endsWith('\n') ? signature.sshsig : `${signature.sshsig}\n`);
    }
  }
}

/** One line a key, with from when to when it counted. */
function allowedSigners(persons: readonly RegisteredPerson[]): string {
  return persons
    .flatMap(({ person, keys }) =>
      keys.map(({ line, revokedFrom }) => {
        const [type = '', key = ''] = line.split(' ');
        const before = revokedFrom === null ? '' : `,valid-before="${opensshTime(revokedFrom)}"`;
        return `${person.id} namespaces="${decisionNamespace}"${before} ${type} ${key}\n`;
      }),
    )
    .join('');
}

/** `YYYYMMDDHHMMSSZ`. */
const opensshTime = (instant: string): string => `${instant.replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
