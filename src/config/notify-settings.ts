import { z } from 'zod';
import { FixedDuration } from '../model/engagement.ts';
import { noticeKinds } from '../model/notification.ts';
import { severities } from '../model/outcome.ts';
import { SecretReference } from './secret.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens');
const Mail = z.email('expected an e-mail address');
const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 07:30');
const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
const fallback = Name.optional().meta({ description: 'Channel that takes over what this one finally does not' });
const privateNetwork = z.boolean().default(false).meta({
  description: 'Allow addresses of this machine and of private networks (10.0.0.0/8 and the like), and http to them',
});
const apiUrl = z
  .url({ protocol: /^https?$/ })
  .optional()
  .meta({ description: 'Address of the API, of an enterprise server or an emulator' });

export const ChannelSetting = z
  .discriminatedUnion('kind', [
    z.strictObject({ name: Name, kind: z.literal('slack'), webhook: SecretReference, privateNetwork, fallback }),
    z.strictObject({
      name: Name,
      kind: z.literal('slack-bot'),
      token: SecretReference,
      channel: Text.meta({ description: 'Id of the channel (C0123456789)' }),
      apiUrl,
      fallback,
    }),
    z.strictObject({
      name: Name,
      kind: z.literal('email'),
      host: Text,
      port: z.int().min(1).max(65_535).default(587),
      security: z.enum(['tls', 'starttls', 'none']).default('starttls').meta({ description: '`none` only to this machine' }),
      user: Text.optional(),
      password: SecretReference.optional(),
      caFile: Text.optional().meta({ description: 'Root certificates (PEM) of a mail server that no public authority vouches for' }),
      from: Mail,
      to: z.array(Mail).min(1),
      fallback,
    }),
    z.strictObject({
      name: Name,
      kind: z.literal('webhook'),
      url: z
        .union([SecretReference, z.url({ protocol: /^https?$/ })])
        .meta({ description: 'Where to; an address that is itself a secret is given as { env: NAME }' }),
      secret: SecretReference.meta({ description: 'Key of the signature (HMAC-SHA-256)' }),
      privateNetwork,
      fallback,
    }),
    z.strictObject({
      name: Name,
      kind: z.literal('github-issues'),
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'expected owner/repository'),
      token: SecretReference.meta({ description: 'Issues: write on that repository alone; never a source’s token' }),
      labels: z.array(Text).min(1).default(['proofline']).meta({ description: 'Issues are found again by the first of them' }),
      assign: z.record(Text, z.array(Text).min(1)).default({}).meta({ description: 'Owner to the logins their issues are assigned to' }),
      apiUrl,
      fallback,
    }),
  ])
  .meta({ description: 'Somewhere people read' });
export type ChannelSetting = z.infer<typeof ChannelSetting>;

export const RouteSetting = z
  .strictObject({
    name: Name,
    channels: z.array(Name).min(1),
    severities: z.array(z.enum(severities)).min(1).optional().meta({ description: 'Default: all' }),
    sources: z.array(Text).min(1).optional().meta({ description: 'Names of sources; default all' }),
    frameworks: z
      .array(z.enum(['soc1', 'soc2']))
      .min(1)
      .optional()
      .meta({ description: 'Only what an adopted control of that report says' }),
    owners: z.array(Text).min(1).optional().meta({ description: 'Only what belongs to one of them' }),
    checks: z.array(Text).min(1).optional().meta({ description: 'Ids or patterns (aws/s3-*)' }),
    kinds: z.array(z.enum(noticeKinds)).min(1).optional().meta({ description: 'Default: all' }),
    digest: z.enum(['daily', 'weekly']).optional().meta({ description: 'Gathered instead of told at once; critical ones do not wait' }),
    last: z.boolean().default(false).meta({ description: 'What takes this route takes none after it' }),
  })
  .meta({ description: 'What goes where. Every route that fits is taken, in order, until one that is `last`' });
export type RouteSetting = z.infer<typeof RouteSetting>;

export const NotifySettings = z
  .strictObject({
    channels: z.array(ChannelSetting).default([]),
    routes: z.array(RouteSetting).default([]).meta({ description: 'Without any, everything goes to the first channel' }),
    zone: Text.default('UTC').meta({ description: 'IANA time zone of quiet hours and digests' }),
    batch: FixedDuration.default('PT10M').meta({ description: 'What is found within so long comes in one message; PT0M: none waits' }),
    criticalAtOnce: z.boolean().default(true).meta({ description: 'What is critical does not wait for the batch' }),
    digestAt: Clock.default('08:00'),
    digestOn: Weekday.default('monday').meta({ description: 'Day of the weekly digest' }),
    quiet: z
      .strictObject({ from: Clock, to: Clock, days: z.array(Weekday).min(1).optional() })
      .optional()
      .meta({ description: 'Hours in which only what is critical is told; the rest comes when they end' }),
    damping: z
      .strictObject({ within: FixedDuration.default('PT6H'), times: z.int().min(2).max(100).default(3) })
      .prefault({})
      .meta({ description: 'What begins so many times within so long is told once as flapping, and again when it stands still' }),
    warnBefore: z
      .strictObject({ waiver: FixedDuration.default('P7D'), sla: FixedDuration.default('PT4H') })
      .prefault({})
      .meta({ description: 'How long before a waiver expires or a due time passes somebody is told' }),
    escalate: z.array(Name).default([]).meta({ description: 'Channels that are told besides when a due time has passed' }),
    owners: z
      .strictObject({
        tags: z.array(Text).default(['owner', 'Owner', 'team', 'Team']).meta({ description: 'Tags that name an owner, first one first' }),
        checks: z.record(Text, Text).default({}).meta({ description: 'Check id or pattern to owner' }),
        default: Text.optional(),
      })
      .prefault({}),
  })
  .meta({ description: 'Who is told what changed' });
export type NotifySettings = z.infer<typeof NotifySettings>;
