import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const GithubSecretAlert = defineResource({
  type: 'github.secret-alert',
  title: 'Open secret scanning alert',
  shape: {
    repository: z.string(),
    number: z.int(),
    /** GitHub's word for the kind of secret (`aws_access_key_id`). The secret itself is never asked for. */
    secretType: z.string(),
    createdAt: z.iso.datetime(),
    /** Somebody pushed it although push protection had stopped him. */
    pushProtectionBypassed: z.boolean(),
    /** As GitHub found when it last tried the secret. */
    validity: z.enum(['active', 'inactive', 'unknown']),
    publiclyLeaked: z.boolean(),
    url: z.string(),
  },
});

export const exampleAlert: ResourceOf<typeof GithubSecretAlert> = {
  id: 'github:9919/secret-alert/R_kgDOA/1',
  display: 'acme/payroll #1',
  repository: 'acme/payroll',
  number: 1,
  secretType: 'aws_access_key_id',
  createdAt: '2026-01-13T09:00:00Z',
  pushProtectionBypassed: false,
  validity: 'unknown',
  publiclyLeaked: false,
  url: 'https://github.com/acme/payroll/security/secret-scanning/1',
};
