import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exchange, type JsonObject, SourceError } from '../../src/authoring.ts';
import { hasSecret, redactSecrets, secretForms, secretTag } from '../../src/collect/find-secrets.ts';
import type { Json } from '../../src/model/json.ts';
import { replay } from '../collectors/replay.ts';
import { doorPages, doors, run } from './fixture.ts';

// Put together at run time: this file must not itself look as if it leaked something.
const planted: Readonly<Record<string, string>> = {
  'AWS access key id': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'temporary AWS key id': `ASIA${'IOSFODNN7EXAMPLE'}`,
  'GitHub token': `ghp_${'a1B2'.repeat(9)}`,
  'GitHub OAuth token': `gho_${'a1B2'.repeat(9)}`,
  'GitHub server token': `ghs_${'a1B2'.repeat(9)}`,
  'GitHub fine-grained token': `github_pat_${'11ABCDEFG0_'.repeat(4)}`,
  'GitLab token': `glpat-${'abcDEF123'.repeat(3)}`,
  'private key': `-----BEGIN ${'RSA PRIVATE KEY'}-----\nMIIE\n-----END RSA PRIVATE KEY-----`,
  'OpenSSH key': `-----BEGIN ${'OPENSSH PRIVATE KEY'}-----\nb3Blbn\n`,
  'JSON web token': `${'eyJhbGciOiJIUzI1NiJ9'}.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'}.dozjgNryP4J3jVmNHl0w5N`,
  'Slack token': `xoxb-${'123456789012-abcdefABCDEF'}`,
  'Slack webhook': `https://hooks.slack${'.com/services/T00000000/B00000000/abcdefghijkl'}`,
  'Discord webhook': `https://discord${'.com/api/webhooks/123456/abcdef-GHI'}`,
  'Teams webhook': `https://acme.webhook${'.office.com/webhookb2/0a1b@0c2d/IncomingWebhook/0e3f'}`,
  'URL with credentials': `https://deploy:${'hunter2'}@example.com/repo.git`,
  'database URL': `postgres://app:${'s3cr3t'}@db.internal:5432/app`,
  'Stripe key': `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`,
  'Google API key': `AIza${'SyA1234567890abcdefghijklmnopqrstuv'}`,
  'SendGrid key': `SG.${'ngeVfQFYQlKU0ufo8x5d1A'}.${'TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc'}`,
  'npm token': `npm_${'aB3d'.repeat(9)}`,
  'age key': `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2)}`,
  'connection string': `DefaultEndpointsProtocol=https;AccountKey=${'Zm9vYmFyYmF6cXV4Zm9vYmFy'}==`,
  'signed URL': `https://bucket.s3.amazonaws.com/x?X-Amz-Signature=${'0123456789abcdef'.repeat(2)}`,
  'bearer header': `Authorization: Bearer ${'abcdefghijklmnopqrstuvwxyz'}`,
  assignment: `export AWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'}`,
  'JSON in text': JSON.stringify({ db: { password: 'correct-horse' } }),
};
/** What of it must not turn up anywhere: the part that is the secret. */
const core: Readonly<Record<string, string>> = {
  'URL with credentials': 'hunter2',
  'database URL': 's3cr3t',
  assignment: 'wJalrXUtn',
  'JSON in text': 'correct-horse',
};
const needle = (name: string): string => core[name] ?? planted[name] ?? '';
const forms = Object.entries(planted);

describe('finding secrets', () => {
  it('has an example of every form', () => {
    expect(secretForms.filter((form) => planted[form] === undefined)).toEqual(['PyPI token']);
  });
  it.each(forms)('%s: as it is, in text, percent-encoded, in base64, in tagged bytes, as a key', (name, secret) => {
    for (const text of [
      secret,
      `before ${secret} after`,
      encodeURIComponent(`x=${secret}`),
      Buffer.from(`user data: ${secret}`).toString('base64'),
    ]) {
      expect(hasSecret(text), text).toBe(true);
      expect(redactSecrets({ a: [{ b: text }] }, secretTag(undefined)).value, name).toEqual({ a: [{ b: { $redacted: 'secret' } }] });
    }
    expect(redactSecrets({ $bytes: Buffer.from(`x ${secret}`).toString('base64') }, secretTag(undefined)).value).toEqual({
      $redacted: 'secret',
    });
    expect(JSON.stringify(redactSecrets({ [secret]: 1 }, secretTag(undefined)).value)).not.toContain(needle(name));
  });
  it('takes values for secrets that are named so', () => {
    const tag = secretTag(undefined);
    expect(redactSecrets({ MasterUserPassword: 'hunter2' }, tag).value).toEqual({ MasterUserPassword: { $redacted: 'secret' } });
    expect(redactSecrets([{ Key: 'DB_PASSWORD', Value: 'hunter2' }], tag).value).toEqual([
      { Key: 'DB_PASSWORD', Value: { $redacted: 'secret' } },
    ]);
    expect(redactSecrets({ webhook_secret: 'hunter2', client_secret: 'x9' }, tag).withheld).toEqual(['client_secret', 'webhook_secret']);
  });
  it('leaves alone what only speaks about secrets', () => {
    const harmless: Json[] = [
      {
        user: '<root_account>',
        password_enabled: 'true',
        password_last_used: 'N/A',
        password_last_changed: '2026-01-01T00:00:00+00:00',
        access_key_1_active: 'false',
      },
      { Arn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      {
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["secretsmanager:GetSecretValue","iam:ChangePassword","iam:*AccessKey*"],"Resource":"*"}]}',
      },
      { MinimumPasswordLength: 14, RequireSymbols: true, node_id: 'MDQ6VXNlcjU4MzIzMQ==', sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e' },
      {
        secret_scanning: { status: 'enabled' },
        permissions: { 'id-token': 'write' },
        MasterUserSecret: { SecretArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:x' },
      },
      {
        html_url: 'https://github.com/acme/payroll',
        ssh_url: 'git@github.com:acme/payroll.git',
        KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
        UserId: 'AIDACKCEVSQ6C2EXAMPLE',
      },
    ];
    for (const value of harmless) expect(redactSecrets(value, secretTag(undefined))).toEqual({ value, withheld: [] });
  });
  it('tags alike what is alike, only with a key, and differently with another key', () => {
    const value = { a: planted['GitHub token'] ?? '' };
    const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const tagged = (key: Uint8Array) => redactSecrets(value, secretTag(key)).value;
    expect(tagged(one)).toEqual(tagged(one));
    expect(tagged(one)).toMatchObject({ a: { $redacted: 'secret', tag: expect.stringMatching(/^[0-9a-f]{16}$/) } });
    expect(tagged(one)).not.toEqual(tagged(two));
  });
  it.each([
    'a',
    'eyJ',
    'AKIA',
    'ghp_',
    'password',
    'password:',
    '-----BEGIN A ',
    'SG.a',
    'x://',
    'http://a:',
    '%41',
    'Bearer ',
    'xoxb-',
    ' ',
    '"',
  ])('reads a megabyte of %j in good time', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const before = performance.now();
    redactSecrets({ text }, secretTag(undefined));
    expect(performance.now() - before).toBeLessThan(5000);
  });
  it('finds a planted secret at any place of any value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.constantFrom(...forms),
        fc.nat(),
        fc.string(),
        (value, [name, secret], place, around) => {
          const spots: ((text: string) => Json)[] = [(text) => text];
          const collect = (node: unknown, put: (replacement: Json) => Json): void => {
            spots.push((text) => put(text));
            if (Array.isArray(node))
              for (const [n, member] of node.entries()) collect(member, (replacement) => put(node.with(n, replacement) as Json));
            else if (typeof node === 'object' && node !== null)
              for (const [key, member] of Object.entries(node)) {
                collect(member, (replacement) => put({ ...node, [key]: replacement } as Json));
                spots.push((text) => put({ ...node, [text]: 1 } as Json));
              }
          };
          collect(value, (replacement) => replacement);
          const text = `${around.replaceAll(/[A-Za-z0-9_%&?=:/@.-]/g, '')} ${secret}`;
          const { value: kept, withheld } = redactSecrets(spots[place % spots.length]?.(text) ?? text, secretTag(undefined));
          expect(JSON.stringify(kept)).not.toContain(needle(name).slice(0, 20));
          expect(withheld.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a collection of replies with secrets in them', () => {
  const good = {
    'house:GetRules': { Curfew: '22:00' },
    'house:ListDoors': doorPages[1] ?? {},
    'house:GetLock': { Lock: { Kind: 'bolt', Bolts: 2 } },
  };
  /** Every place in which a reply, its headers or an error can carry text. */
  const places: Readonly<Record<string, (secret: string) => Exchange>> = {
    'a kept field': (secret) => replay({ ...good, 'house:GetRules': { Curfew: secret } }).exchange,
    'a field that is not kept': (secret) => replay({ ...good, 'house:GetRules': { Curfew: 'x', Other: secret } }).exchange,
    'the name of a field that is not kept': (secret) => replay({ ...good, 'house:GetRules': { Curfew: 'x', [secret]: 1 } }).exchange,
    'the name of a kept tag': (secret) =>
      replay({ ...good, 'house:ListDoors': { Doors: [{ Id: 'd', Name: 'n', Tags: { [secret]: 'x' } }] } }).exchange,
    'a volatile field': (secret) =>
      replay({ ...good, 'house:ListDoors': { Doors: [{ Id: 'd', Name: 'n', Tags: {}, Used: { At: secret } }] } }).exchange,
    'a key, and so the parameter of the next request': (secret) =>
      replay({ ...good, 'house:ListDoors': { Doors: [{ Id: secret, Name: 'n', Tags: {} }] } }).exchange,
    'a key twice': (secret) => replay({ ...good, 'house:ListDoors': { Doors: [{ Id: secret }, { Id: secret }] } }).exchange,
    'a key whose part is denied': (secret) =>
      replay({
        ...good,
        'house:ListDoors': { Doors: [{ Id: secret, Name: 'n', Tags: {} }] },
        'house:GetLock': () => new SourceError('access-denied', 'house:GetLock'),
      }).exchange,
    'a page token': (secret) => {
      const { exchange } = replay({
        ...good,
        'house:ListDoors': (input: JsonObject) => (input['NextToken'] === undefined ? { Doors: [], NextToken: secret } : { Doors: [] }),
      });
      return exchange;
    },
    'an error code': (secret) =>
      replay({ ...good, 'house:GetRules': () => new SourceError('access-denied', 'house:GetRules', { sourceCode: secret }) }).exchange,
    'a request id': (secret) => {
      const inner = replay(good).exchange;
      return async (operation, input, scope) => ({ ...(await inner(operation, input, scope)), headers: { 'x-amzn-requestid': secret } });
    },
  };
  const cases = Object.keys(places).flatMap((place) => forms.map(([name, secret]) => [place, name, secret] as const));
  it.each(cases)('%s: %s is in no item, no request record, no gap and no progress', async (place, name, secret) => {
    const said: unknown[] = [];
    const evidence = await run(places[place]?.(secret) ?? replay(good).exchange, { onProgress: (progress) => said.push(progress) });
    const { requests, ...rest } = evidence;
    const written = JSON.stringify([rest, requests.map(({ bodyBytes: _, ...record }) => record), said]);
    expect(written).not.toContain(needle(name));
    expect(written).not.toContain(JSON.stringify(needle(name)).slice(1, -1));
    expect(evidence.items.length).toBeGreaterThan(0);
  });
  it('a secret in place of a value makes the field unread, never a judgement', async () => {
    const { items } = await run(places['a kept field']?.(planted['GitHub token'] ?? '') ?? replay(good).exchange);
    expect(items.find((item) => item.operation === 'house:GetRules')).toMatchObject({
      body: { Curfew: { $redacted: 'secret' } },
      withheld: ['Curfew'],
    });
    expect(doors.id).toBe('house/doors');
  });
});
