import { hasSecret } from '../../collect/find-secrets.ts';
import { withholdSecrets } from '../../config/secret.ts';

/**
 * Text of a source or of an error as it may leave the log: what was withheld when it was collected is not in it, and whatever looks like a
 * secret all the same (in a name, in what a check says) goes no further.
 */
export function withoutSecrets(text: string): string {
  const shown = withholdSecrets(text);
  return hasSecret(shown) ? '[withheld: it looks like a secret]' : shown;
}
