import { z } from 'zod';
import { SecretReference } from './secret.ts';

const Text = z.string().trim().min(1, 'must not be empty');

/** One Okta organisation. */
export const OktaSource = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens')
      .meta({ description: 'What you call this source; unique in this file' }),
    organisation: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]*\.(?:okta|oktapreview|okta-emea|okta-gov)\.com$/,
        'expected the domain of an Okta organisation: acme.okta.com',
      )
      .meta({ description: 'Its domain, as in the address of its administration' }),
    token: SecretReference.optional().meta({ description: 'A read-only API token: { env: NAME } or { file: PATH }' }),
    app: z
      .strictObject({ clientId: Text, privateKey: SecretReference })
      .optional()
      .meta({ description: 'A service app with okta.*.read scopes, instead of a token' }),
    baseUrl: z.string().optional().meta({ description: 'API address of an emulator on this machine; default https://<organisation>' }),
  })
  .meta({ description: 'One way into an identity provider: Okta' });
export type OktaSource = z.infer<typeof OktaSource>;
