import type { SourceDefinition } from '../../src/authoring.ts';
import { OktaClient } from './client.ts';
import { addressOf, findOperation } from './operations.ts';

/** Names that Okta alone gives out; an organisation's own domain is one of its own. */
const official = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.(?:okta|oktapreview|okta-emea|okta-gov)\.com(?::443)?$/;

/**
 * Requests per second and burst: about a third of what Okta allows an organisation of the smaller plans a minute (users 600, lists of
 * applications 100), because it counts everybody who asks, and the company's sign-ins come first.
 */
const limits = {
  users: { perSecond: 4, burst: 20, bucket: 'users' },
  apps: { perSecond: 0.5, burst: 10, bucket: 'apps' },
  other: { perSecond: 4, burst: 20, bucket: 'other' },
} as const;

/**
 * Okta, the first identity provider. Checks, duties and controls speak of `idp.*` and never of Okta: a second provider (Entra ID, Google
 * Workspace) is a folder of its own beside this one whose collectors yield the same nouns, `idp.user` with its factors, `idp.group`,
 * `idp.application` and `idp.assignment`, `idp.administrator` with what it `may`, `idp.policy`. Ids begin with the member
 * (`okta:00o1abc/user/00u1`), so that two providers never meet in one timeline. The resource.ts files move to a folder they share on
 * the day there are two.
 */
const source: SourceDefinition<OktaClient> = {
  kind: 'okta',
  title: 'Okta',
  client: (context) => new OktaClient(context),
  permissionFor: (operation) => findOperation(operation)?.permission,
  limitFor: (operation) => limits[findOperation(operation)?.bucket ?? 'other'],
  isOfficialHost: (host) => official.test(host.toLowerCase()),
  equivalentCommand: (operation, input) =>
    `curl -sS -H "Authorization: SSWS $OKTA_TOKEN" -H 'Accept: application/json' "https://$OKTA_DOMAIN"${quoted(addressOf(operation, asked(input)))}`,
};
export default source;

function asked(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '$token'));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
