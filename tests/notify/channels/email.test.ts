import { afterAll, beforeAll, expect, test } from 'vitest';
import { emailChannel } from '../../../src/notify/email.ts';
import { failing, messageOf, recovered } from './fixture.ts';
import { ownCertificate, startMailServer } from './mail-server.ts';

const never = () => new AbortController().signal;
let certificate: ReturnType<typeof ownCertificate>;
beforeAll(() => {
  certificate = ownCertificate();
});
afterAll(() => certificate.remove());

const settings = {
  name: 'mail',
  kind: 'email',
  host: '127.0.0.1',
  from: 'proofline@northwind.example',
  to: ['oncall@northwind.example'],
  user: 'proofline',
  password: { env: 'MAIL' },
} as const;
const dispatch = (message = messageOf([failing()])) => ({ message, thread: null, attempt: 1, uncertain: false });
const open = (more: Partial<Parameters<typeof emailChannel>[0]> & { port: number }) =>
  emailChannel(
    { ...settings, to: [...settings.to], security: 'starttls', caFile: certificate.caFile, ...more },
    { MAIL: 'pw' },
    { timeoutMs: 5000 },
  );

test('what it sends is encrypted, by either of two ways, or is not sent', async () => {
  for (const secure of [false, true]) {
    const server = await startMailServer(certificate, 'pw', { secure });
    try {
      await open({ port: server.port, security: secure ? 'tls' : 'starttls' }).deliver(dispatch(), never());
      expect(server.sessions).toEqual([{ encrypted: true }]);
    } finally {
      await server.close();
    }
  }
  const bare = await startMailServer(certificate, 'pw', { withoutTls: true });
  try {
    await expect(open({ port: bare.port }).deliver(dispatch(), never())).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('ETLS'),
    });
    expect(bare.mails).toEqual([]);
  } finally {
    await bare.close();
  }
});

test('a certificate that nobody vouches for is not trusted', async () => {
  const server = await startMailServer(certificate, 'pw');
  try {
    const { caFile: _caFile, ...without } = {
      ...settings,
      to: [...settings.to],
      security: 'starttls' as const,
      port: server.port,
      caFile: '',
    };
    await expect(emailChannel(without, { MAIL: 'pw' }).deliver(dispatch(), never())).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('certificate'),
    });
  } finally {
    await server.close();
  }
});

test('a name with line breaks makes no header, mails of one condition stand together, and an id follows from the message', async () => {
  const server = await startMailServer(certificate, 'pw');
  try {
    const channel = open({ port: server.port });
    const odd = failing({ subject: { id: 'x', display: 'odd\r\nBcc: thief@evil.example\r\n\r\nbody' } });
    await channel.deliver(dispatch(messageOf([odd])), never());
    await channel.deliver(dispatch(messageOf([recovered()], { id: 'M-00000000000000000002' })), never());
    const [first, second] = server.mails;
    expect(first?.headers.has('bcc')).toBe(false);
    expect(first?.subject).toContain('odd Bcc: thief@evil.example body');
    expect(first?.messageId).toBe('<M-9f2c1e5b7a3d4c6e8f01@northwind.example>');
    expect(first?.inReplyTo).toMatch(/^<episode-[0-9a-f]{32}@northwind\.example>$/);
    expect(second?.inReplyTo).toBe(first?.inReplyTo);
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
  } finally {
    await server.close();
  }
});
