import type { DerivedInput } from '../../model/derived.ts';
import { PeopleSettings } from '../../model/people-settings.ts';
import { counts, namesAccount, registeredServices } from '../people/service-accounts.ts';
import type { HeldAccount, HeldPerson } from './access-view.ts';
import type { Doer } from './compare-doers.ts';

/** Tells whose account did something, by what the source says of who did it. */
export interface WhoDid {
  /** An account of GitHub. `native`: its node id; null for an identity that only a commit states. */
  ofGithub(system: string, account: { readonly id: string | null; readonly kind: string; readonly name: string }): Doer;
  /** The actor of an entry of GitHub's audit log: a login. */
  ofLogin(system: string, login: string): Doer;
  /** Who a record of CloudTrail names: an ARN, or the root user. */
  ofAws(system: string, actor: string): Doer;
  /** Who a record of a table names: a login of that application, an id of the roster, or an address. `member`: `tabular:payroll.runs`. */
  ofRecord(member: string, name: string): Doer;
}

export function whoDid(
  input: Pick<DerivedInput, 'settings' | 'decisions'>,
  accounts: readonly HeldAccount[],
  persons: readonly HeldPerson[],
): WhoDid {
  const settings = PeopleSettings.safeParse(input.settings['people'] ?? null).data;
  const services = settings === undefined ? [] : registeredServices(settings, input.decisions);
  const byNative = new Map(accounts.map((account) => [`${account.system} ${account.id.slice(account.id.lastIndexOf('/') + 1)}`, account]));
  const byLogin = Map.groupBy(accounts, ({ system, login }) => `${system} ${login.toLowerCase()}`);
  // What somebody decided of an account holds when the account is gone.
  const decided = new Map<string, string>();
  for (const { payload, ...decision } of input.decisions) {
    if (payload.type !== 'link-account' || !counts({ payload, ...decision })) continue;
    const { account, to } = payload.link;
    const native = `${account.slice(0, account.indexOf('/'))} ${account.slice(account.lastIndexOf('/') + 1)}`;
    if (to.kind === 'person') decided.set(native, to.person);
    else decided.delete(native);
  }
  const byMail = new Map<string, string | null>();
  for (const { id, emails } of persons) {
    for (const email of emails) byMail.set(email.toLowerCase(), byMail.has(email.toLowerCase()) ? null : id);
  }
  const known = new Set(persons.map(({ id }) => id));
  const byNumber = new Map<string, string | null>();
  for (const { id } of persons) {
    const number = id.slice(id.indexOf(':') + 1).toLowerCase();
    byNumber.set(number, byNumber.has(number) ? null : id);
  }

  const doerOf = (account: HeldAccount): Doer => ({
    account: account.id,
    name: account.login,
    // A login of several is nobody's in particular.
    person: account.sharedWith.length > 0 ? null : account.kind === 'service-account' ? account.answeredBy : account.owner,
    bot: account.kind === 'service-account',
  });
  const stranger = (account: string, name: string, bot = false): Doer => ({ account, name, person: null, bot });
  /** A bot that no roster lists and that is registered as a service account all the same. */
  const registeredBot = (id: string, login: string): Doer => {
    const bare = login.replace(/\[bot\]$/, '');
    const service = services.find(({ accounts: patterns }) =>
      patterns.some((pattern) =>
        [login, bare].some((name) => ['github.bot', 'github.member'].some((type) => namesAccount(pattern, { id, type, login: name }))),
      ),
    );
    return { account: id, name: login, person: service?.owner ?? null, bot: true };
  };
  const withLogin = (system: string, login: string): HeldAccount | undefined => only(byLogin.get(`${system} ${login.toLowerCase()}`) ?? []);
  const personNamed = (name: string): string | null => {
    if (known.has(name)) return name;
    return byMail.get(name.toLowerCase()) ?? byNumber.get(name.toLowerCase()) ?? null;
  };

  return {
    ofGithub(system, { id, kind, name }) {
      const found = id === null ? undefined : byNative.get(`${system} ${id}`);
      if (found !== undefined) return doerOf(found);
      if (kind === 'bot') return registeredBot(`${system}/bot/${id ?? name}`, name);
      const linked = id === null ? undefined : decided.get(`${system} ${id}`);
      if (linked !== undefined) return { account: `${system} ${id}`, name, person: linked, bot: false };
      const email = /<([^>]+)>/.exec(name)?.[1];
      const person = email === undefined ? null : (byMail.get(email.toLowerCase()) ?? null);
      return { account: `${system} ${id ?? name}`, name, person, bot: false };
    },
    ofLogin(system, login) {
      const found = withLogin(system, login);
      if (found !== undefined) return doerOf(found);
      return login.endsWith('[bot]') ? registeredBot(`${system}/bot/${login}`, login) : stranger(`${system} ${login.toLowerCase()}`, login);
    },
    ofAws(system, actor) {
      const user = /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(actor)?.[1];
      const root = /^arn:[^:]+:iam::\d+:root$/.test(actor) || actor === 'root user';
      const found = root ? (withLogin(system, 'root') ?? withLogin(system, '<root_account>')) : withLogin(system, user ?? actor);
      if (found !== undefined) return doerOf(found);
      // Only Identity Center names its sessions after who is signed in; any other name whoever assumes a role chooses himself.
      const session = /^arn:[^:]+:sts::\d+:assumed-role\/AWSReservedSSO_[^/]+\/(.+)$/.exec(actor)?.[1];
      if (session === undefined) return stranger(actor, actor);
      const signedIn = only(
        accounts.filter(({ id, login }) => /identity-center|okta|idp/.test(id) && login.toLowerCase() === session.toLowerCase()),
      );
      return signedIn === undefined
        ? { ...stranger(actor, session), person: personNamed(session) }
        : { ...doerOf(signedIn), account: actor };
    },
    ofRecord(member, name) {
      const source = member.slice(0, member.includes('.') ? member.indexOf('.') : member.length);
      const inSource = accounts.filter(({ system }) => system === source || system.startsWith(`${source}.`));
      const found = only(inSource.filter(({ login }) => login.toLowerCase() === name.toLowerCase()));
      if (found !== undefined) return doerOf(found);
      return { account: `${source} ${name.toLowerCase()}`, name, person: personNamed(name), bot: false };
    },
  };
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
