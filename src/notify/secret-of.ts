import { resolveSecret, type SecretReference } from '../config/secret.ts';
import { ProoflineError } from '../model/errors.ts';
import { DeliveryError } from './contract.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * A channel's secret, looked up when it is used, so that one that was renewed is used at once.
 * @throws DeliveryError when it is missing: this channel takes nothing, and its fallback does.
 */
export function secretOf(reference: SecretReference, env: Env): string {
  try {
    return resolveSecret(reference, env);
  } catch (error) {
    if (error instanceof ProoflineError) throw new DeliveryError(`its secret is not there: ${error.message}`, { retryable: false });
    throw error;
  }
}

/** Of a channel's `obstacle`: which of these secrets is not there, and why. */
export function missingOf(references: readonly (SecretReference | undefined)[], env: Env): string | null {
  for (const reference of references) {
    try {
      if (reference !== undefined) secretOf(reference, env);
    } catch (error) {
      if (error instanceof DeliveryError) return error.message;
      throw error;
    }
  }
  return null;
}

/**
 * An address that messages are sent to: HTTPS, or HTTP where `privateNetwork` says that it stays within.
 * @throws DeliveryError
 */
export function targetUrl(text: string, privateNetwork: boolean): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new DeliveryError('its address is no web address', { retryable: false });
  if (url.username !== '' || url.password !== '')
    throw new DeliveryError('its address has a name or a password in it, which is not sent', { retryable: false });
  if (url.protocol === 'http:' && !privateNetwork)
    throw new DeliveryError('its address is not https, which is taken with `privateNetwork: true` alone', { retryable: false });
  return url;
}
