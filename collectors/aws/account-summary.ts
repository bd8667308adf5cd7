import { type ItemRule, z } from '../../src/authoring.ts';

/** The counts of `iam:GetAccountSummary` that we use; a count that IAM left out stays unknown. */
const counted = [
  'Users',
  'Groups',
  'Roles',
  'Policies',
  'MFADevices',
  'MFADevicesInUse',
  'AccountMFAEnabled',
  'AccountAccessKeysPresent',
  'AccountPasswordPresent',
  'AccountSigningCertificatesPresent',
] as const;
export const accountSummaryRule: ItemRule = { keep: counted.map((name) => `SummaryMap.${name}`) };
export const AccountSummary = z.object({
  SummaryMap: z.object({
    Users: z.int().optional(),
    Groups: z.int().optional(),
    Roles: z.int().optional(),
    Policies: z.int().optional(),
    MFADevicesInUse: z.int().optional(),
    AccountMFAEnabled: z.int().optional(),
    AccountAccessKeysPresent: z.int().optional(),
    AccountPasswordPresent: z.int().optional(),
    AccountSigningCertificatesPresent: z.int().optional(),
  }),
});
