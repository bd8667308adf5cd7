/**
 * How names, logins and addresses are compared: NFKC, without blanks around them, in small letters. Nothing else is made equal: `ana+aws@`
 * is not `ana@`, and a Cyrillic а is not an a.
 */
export function comparable(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** Letters of more than one script in one name: one of them looks like what it is not. */
export function mixesScripts(text: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];
  return scripts.filter((script) => script.test(text)).length > 1;
}

/** What stands before the @, or all of it. */
export function localPart(text: string): string {
  const at = text.lastIndexOf('@');
  return at <= 0 ? text : text.slice(0, at);
}
/** What stands behind the @; undefined: it is no address. */
export function domainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at <= 0 || at === address.length - 1 ? undefined : address.slice(at + 1);
}

/** Names that nobody has to himself, in logins and in what stands before an @. */
const genericNames = [
  ...[
    'admin',
    'admins',
    'administrator',
    'root',
    'superuser',
    'sysadmin',
    'operator',
    'ops',
    'devops',
    'it',
    'support',
    'helpdesk',
    'service',
  ],
  ...[
    'shared',
    'team',
    'office',
    'info',
    'contact',
    'hello',
    'sales',
    'billing',
    'accounts',
    'accounting',
    'payroll',
    'finance',
    'hr',
    'security',
  ],
  ...[
    'test',
    'tester',
    'testing',
    'demo',
    'user',
    'guest',
    'anonymous',
    'temp',
    'backup',
    'system',
    'daemon',
    'nobody',
    'noreply',
    'no-reply',
  ],
  ...['bot', 'ci', 'build', 'deploy', 'deployer', 'deployment', 'jenkins', 'automation', 'robot', 'api', 'app', 'postmaster', 'webmaster'],
  ...[
    'admin-*',
    '*-admin',
    'shared-*',
    '*-shared',
    'test-*',
    '*-test',
    'svc-*',
    '*-svc',
    'svc_*',
    'service-*',
    'bot-*',
    '*-bot',
    '*-ci',
    'ci-*',
  ],
  'root-*',
];

const plainNames = new Set(genericNames.filter((name) => !name.includes('*')));
const namePatterns = genericNames.filter((name) => name.includes('*'));

/** Whether a login is a name that several people or a machine answer to (`admin@`, `shared`, `test2`): no rule knows it as a person's. */
export function isGenericName(login: string, further: readonly string[]): boolean {
  const name = comparable(localPart(login));
  if (plainNames.has(name) || plainNames.has(name.replace(/\d+$/, ''))) return true;
  return namePatterns.some((pattern) => matchesGlob(name, pattern)) || further.some((pattern) => matchesGlob(name, comparable(pattern)));
}

/** Whether a text fits a pattern in which `*` stands for any characters. No expression is built of what others wrote. */
export function matchesGlob(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
