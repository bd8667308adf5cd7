import type { OktaWorld } from './server.ts';

export function user(name: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `00u1${name}`,
    status: 'ACTIVE',
    created: '2024-02-01T09:00:00.000Z',
    activated: '2024-02-01T09:05:00.000Z',
    statusChanged: '2024-02-01T09:05:00.000Z',
    lastLogin: '2026-01-14T08:00:00.000Z',
    lastUpdated: '2026-01-10T08:00:00.000Z',
    passwordChanged: '2025-11-01T08:00:00.000Z',
    type: { id: 'oty1' },
    profile: {
      login: `${name}@acme.example`,
      email: `${name}@acme.example`,
      firstName: name,
      lastName: 'Example',
      employeeNumber: `E-${name}`,
      mobilePhone: '+1 555 0100',
      secondEmail: 'private@home.example',
    },
    credentials: {
      password: {},
      emails: [{ value: `${name}@acme.example`, status: 'VERIFIED', type: 'PRIMARY' }],
      provider: { type: 'OKTA', name: 'OKTA' },
    },
    ...change,
  };
}
const factor = (factorType: string, provider = 'OKTA', status = 'ACTIVE') => ({
  id: `${factorType.replaceAll(':', '')}1`,
  factorType,
  provider,
  vendorName: provider,
  status,
  created: '2024-02-02T09:00:00.000Z',
  profile: { phoneNumber: '+1 555 0100' },
});
const role = (id: string, type: string, label: string, change: Record<string, unknown> = {}) => ({
  id,
  type,
  label,
  status: 'ACTIVE',
  assignmentType: 'USER',
  created: '2024-02-01T09:00:00.000Z',
  ...change,
});
const rule = (name: string, actions: Record<string, unknown>, change: Record<string, unknown> = {}) => ({
  id: `rul-${name}`,
  name,
  status: 'ACTIVE',
  priority: 1,
  system: false,
  actions,
  ...change,
});
const appRule = (name: string, factorMode: string, change: Record<string, unknown> = {}) =>
  rule(name, { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode } } }, change);

/** An organisation on the Identity Engine with good and bad in it. */
export function acme(change: Partial<OktaWorld> = {}): OktaWorld {
  return {
    pipeline: 'idx',
    users: [
      user('ana'),
      user('ben'),
      user('cyd', { lastLogin: null, activated: null, status: 'STAGED' }),
      user('dee', { status: 'DEPROVISIONED' }),
    ],
    factors: {
      '00u1ana': [factor('webauthn', 'FIDO'), factor('question'), factor('sms', 'OKTA', 'PENDING_ACTIVATION')],
      '00u1ben': [factor('email')],
    },
    groups: [
      { id: '00g1all', type: 'BUILT_IN', profile: { name: 'Everyone', description: null }, members: ['00u1ana', '00u1ben', '00u1cyd'] },
      {
        id: '00g1ops',
        type: 'OKTA_GROUP',
        profile: { name: 'Operations' },
        members: ['00u1ben'],
        roles: [role('ra3', 'SUPER_ADMIN', 'Super Administrator', { assignmentType: 'GROUP' })],
      },
    ],
    applications: [
      {
        id: '0oa1aws',
        name: 'amazon_aws_sso',
        label: 'AWS',
        status: 'ACTIVE',
        signOnMode: 'SAML_2_0',
        users: [
          { id: '00u1ana', scope: 'USER', credentials: { userName: 'ana' } },
          { id: '00u1ben', scope: 'GROUP', credentials: { userName: 'ben' } },
        ],
        groups: ['00g1ops'],
      },
    ],
    administrators: {
      '00u1ana': [
        role('ra1', 'SUPER_ADMIN', 'Super Administrator'),
        role('ra2', 'CUSTOM', 'Help of the help desk', { role: 'cr0help', 'resource-set': 'iam1' }),
      ],
    },
    customRoles: { cr0help: ['okta.users.read', 'okta.users.credentials.resetFactors'] },
    policies: [
      {
        id: 'rst1app',
        type: 'ACCESS_POLICY',
        name: 'Any two factors',
        status: 'ACTIVE',
        priority: 1,
        rules: [
          appRule('Catch-all Rule', '1FA', { system: true, priority: 99 }),
          appRule('Staff', '2FA'),
          appRule('Off', '1FA', { status: 'INACTIVE' }),
        ],
      },
      {
        id: 'rst1session',
        type: 'OKTA_SIGN_ON',
        name: 'Default Policy',
        status: 'ACTIVE',
        priority: 1,
        rules: [
          rule('Default Rule', {
            signon: { access: 'ALLOW', requireFactor: false, session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 } },
          }),
        ],
      },
      {
        id: 'rst1password',
        type: 'PASSWORD',
        name: 'Default Policy',
        status: 'ACTIVE',
        priority: 1,
        settings: {
          password: {
            complexity: { minLength: 8, minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 0 },
            age: { maxAgeDays: 0, historyCount: 4 },
            lockout: { maxAttempts: 10 },
          },
        },
        rules: [rule('Default Rule', { passwordChange: { access: 'ALLOW' } })],
      },
    ],
    ...change,
  };
}
