import { ProoflineError } from '../../model/errors.ts';
import { parseSshPublicKey, sshKeyLine } from '../../seal/ssh-signature.ts';

/**
 * The public keys of OpenSSH key files, in the form they are registered in: without the comment, which says nothing.
 * @throws ProoflineError `usage` naming every file that holds none
 */
export function readPublicKeys(
  files: readonly { readonly file: string; readonly text: string }[],
): readonly { readonly line: string; readonly fingerprint: string }[] {
  const problems: { file: string; message: string }[] = [];
  const keys = files.flatMap(({ file, text }) => {
    try {
      const key = parseSshPublicKey(text);
      return [{ line: sshKeyLine(key), fingerprint: key.fingerprint }];
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
      problems.push({ file, message: error.message });
      return [];
    }
  });
  if (problems.length > 0) throw new ProoflineError('usage', 'nobody was registered', { problems });
  return keys;
}
