import type { Command } from 'commander';
import type { DecisionPayload } from '../model/decision.ts';
import { ProoflineError } from '../model/errors.ts';
import type { OpenedPeople } from '../run/people/open-people.ts';
import type { Cli } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording, several } from './deciding.ts';

interface LinkOptions extends DecidingOptions {
  readonly person?: string;
  readonly service?: string;
  readonly nobody?: boolean;
  readonly because: string;
}
interface RegisterOptions extends DecidingOptions {
  readonly account: string[];
  readonly owner: string;
  readonly purpose: string;
  readonly expires?: string;
  readonly because: string;
}

export function addAccount(program: Command, cli: Cli): void {
  const account = program.command('account').description('decide whose an account is, where no rule does or a rule is wrong');
  deciding(account.command('link'))
    .description('say whose an account is; it counts before every rule, from the next collection on')
    .argument('<account>', 'resource id, <type>:<login>, or a login that only one system has')
    .option('--person <person>', 'a person of the roster: id (hr:E-104), number, address or name')
    .option('--service <id>', 'a registered service account')
    .option('--nobody', 'nobody who is known, whatever the rules say')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (name: string, options: LinkOptions) => link(cli, name, options));
  deciding(account.command('register-service'))
    .description('register an account no person signs in with; again with the same id: as it is from then on')
    .argument('<id>', 'a short name: small letters, digits, dots and hyphens')
    .requiredOption('--account <account>', 'as of `account link`; may be given again', several)
    .requiredOption('--owner <person>', 'who answers for it, of the roster')
    .requiredOption('--purpose <text>', 'what it is for')
    .option('--expires <date>', 'last day it is approved for')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: RegisterOptions) => register(cli, id, options));
}

async function link(cli: Cli, name: string, options: LinkOptions): Promise<void> {
  const given = [options.person !== undefined, options.service !== undefined, options.nobody === true].filter(Boolean).length;
  if (given !== 1) throw new ProoflineError('usage', 'say whose it is: one of --person, --service and --nobody');
  const [{ accountNamed, openPeople, personNamed }, { recordDecision }] = await Promise.all([
    import('../run/people/open-people.ts'),
    import('../run/decisions/record-decision.ts'),
  ]);
  const { decision, account, to } = await recording(cli, options, async (app, store, by) => {
    const opened = await openPeople(app, store);
    const found = accountNamed(opened, name).account;
    const target = targetOf(options, opened, personNamed);
    const payload = { type: 'link-account' as const, link: { account: found, to: target } };
    return {
      decision: await recordDecision(app, store, { ...by, payload, subjects: [found], reason: options.because }),
      account: found,
      to: target,
    };
  });
  const whose =
    to.kind === 'person' ? to.person : to.kind === 'service-account' ? `the service account ${to.serviceAccount}` : 'nobody who is known';
  cli.out(`${account}: ${whose}, from the next collection on`);
  cli.out(recordedText(decision));
}
function targetOf(
  options: LinkOptions,
  opened: OpenedPeople,
  personNamed: (opened: OpenedPeople, name: string) => { person: string },
): Extract<DecisionPayload, { type: 'link-account' }>['link']['to'] {
  if (options.person !== undefined) return { kind: 'person', person: personNamed(opened, options.person).person };
  if (options.service !== undefined) return { kind: 'service-account', serviceAccount: options.service };
  return { kind: 'nobody' };
}

async function register(cli: Cli, id: string, options: RegisterOptions): Promise<void> {
  const [{ accountNamed, openPeople, personNamed }, { recordDecision }] = await Promise.all([
    import('../run/people/open-people.ts'),
    import('../run/decisions/record-decision.ts'),
  ]);
  const { decision, owner, accounts } = await recording(cli, options, async (app, store, by) => {
    const opened = await openPeople(app, store);
    const person = personNamed(opened, options.owner);
    if (person.status === 'left')
      throw new ProoflineError(
        'usage',
        `${person.person} left${person.endsOn === null ? '' : ` on ${person.endsOn}`}: name an owner who works here`,
      );
    const named = options.account.map((name) => accountNamed(opened, name).account);
    const serviceAccount = { id, accounts: named, owner: person.person, purpose: options.purpose, expires: options.expires ?? null };
    const payload = { type: 'register-service-account' as const, serviceAccount };
    return {
      decision: await recordDecision(app, store, { ...by, payload, subjects: named, reason: options.because }),
      owner: person.person,
      accounts: named,
    };
  });
  cli.out(`${id}: ${accounts.join(', ')}, owned by ${owner}, from the next collection on`);
  cli.out(recordedText(decision));
}
