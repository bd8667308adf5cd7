import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { notAuthenticated, type RecordedDecision } from '../model/decision.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Composition } from '../run/composition.ts';
import type { DecidedBy } from '../run/decisions/open-period.ts';
import type { EmbeddedStore } from '../store/embedded.ts';
import { appOptions, type Cli, type CommonOptions, callOf, common } from './cli.ts';

/** Options every verb takes that records a decision. */
export interface DecidingOptions extends CommonOptions {
  readonly as?: string;
  readonly key?: string;
}

/** Adds what every deciding verb takes. */
export function deciding(command: Command): Command {
  return common(command)
    .option('--as <person>', 'who decides; with --key the id of a registered person, otherwise a name that nobody has authenticated')
    .option('--key <file>', 'sign with this key: an OpenSSH key, the .pub file of one in an agent, or an Ed25519 key in PEM');
}

/**
 * Who decides, from the options. Without a key it is a name, and every place that prints it says so.
 * @throws ProoflineError `usage`, `key-missing`, `key-refused`
 */
export async function decidedBy(options: Pick<DecidingOptions, 'as' | 'key'>): Promise<DecidedBy> {
  if (options.key === undefined) return { actor: { name: options.as ?? userInfo().username } };
  if (options.as === undefined) throw new ProoflineError('usage', '--key signs for a registered person: say who with --as');
  const { openSigner } = await import('../run/decisions/open-signer.ts');
  return { signer: openSigner(options.as, options.key) };
}

/** `Alice Martin (alice)`, or the name with the words that nobody has authenticated it. */
export function actorText(actor: RecordedDecision['actor']): string {
  return actor.person === null ? `${actor.name} (${notAuthenticated})` : `${actor.name} (${actor.person})`;
}

/** Opens the log, or begins one, lets `work` record, and signs the head over it. */
export async function recording<T>(
  cli: Cli,
  options: DecidingOptions,
  work: (app: Composition, store: EmbeddedStore, by: DecidedBy) => Promise<T>,
): Promise<T> {
  const { openApp } = await import('../app.ts');
  const app = await openApp(appOptions(cli, options));
  const by = await decidedBy(options);
  const store = await app.openStore({ create: true });
  try {
    const done = await work(app, store, by);
    await store.checkpoint();
    return done;
  } finally {
    await store.close();
  }
}

/**
 * Refuses a key that could not sign here, before anything else is changed.
 * @throws ProoflineError `usage`
 */
export async function checkDecider(app: Composition, { signer }: DecidedBy): Promise<void> {
  if (signer === undefined) return;
  const { refuseUnregistered } = await import('../run/decisions/record-decision.ts');
  const store = await app.openStore({ readOnly: true });
  try {
    refuseUnregistered(store, signer);
  } finally {
    await store.close();
  }
}

/** What is said after a decision was recorded. */
export function recordedText(decision: RecordedDecision): string {
  return `Recorded in the log as a decision by ${actorText(decision.actor)}, entry ${decision.index}.`;
}
/** What is to be done before a decision that takes two people has an effect; `verb`: the one that approves it. */
export function waitingText(options: CommonOptions, verb: string): string {
  const call = callOf(options);
  return `Not in force before another person approves it: ${call.program} ${verb} --because TEXT${call.options}`;
}
/** Every instance of an option that may be given more than once. */
export function several(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
