import {
  type DecisionDetail,
  DecisionPayload,
  type DecisionSignature,
  type RecordedDecision,
  type RefusedDecision,
  type RegisteredPerson,
  type SignedDecision,
} from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { StatementOf } from '../../model/statement.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import type { Store } from '../../store/contract.ts';
import { judgeDecisions } from '../../verify/decision-register.ts';
import type { Composition } from '../composition.ts';
import { decisionEntries, decisionLogOf, readRegister } from './read-decisions.ts';

/** A key that answers for a registered person, and how it is asked to sign. */
export interface DecisionSigner {
  /** Id in the register of persons. */
  readonly person: string;
  /** As OpenSSH prints it; of the key that will sign. */
  readonly fingerprint: string;
  /** Returns an armoured SSH signature over the text, made for `decisionNamespace`. */
  sign(text: string): Promise<string>;
}
export interface DecisionRequest {
  readonly payload: DecisionPayload;
  /** What it is about; default: what the payload names. */
  readonly subjects?: readonly string[];
  readonly reason: string;
  /** A name that somebody gave: recorded, and printed as "identity not authenticated". */
  readonly actor?: { readonly name: string };
  /** In place of `actor`. */
  readonly signer?: DecisionSigner | undefined;
}
type Deciding = Pick<Composition, 'now' | 'newId'>;

const longestReason = 2000;
const mostSubjects = 500;

/**
 * Records a decision: signed when there is a signer, otherwise under a name. It is judged before it is written exactly as whoever reads
 * the log will judge it; what would not count is not recorded.
 * @throws ProoflineError `usage` with every reason why it would not count; `key-refused` when the key cannot sign
 */
export async function recordDecision(app: Deciding, store: Store, request: DecisionRequest): Promise<RecordedDecision> {
  const { reason } = request;
  const payload = checkPayload(request.payload);
  const subjects = [...(request.subjects ?? subjectsOf(payload))];
  const problems = [
    ...(reason.trim() === '' ? ['say why: a decision has a reason'] : []),
    ...(reason.length > longestReason ? [`the reason is longer than ${longestReason} characters`] : []),
    ...(subjects.length > mostSubjects ? [`it is about more than ${mostSubjects} subjects: make several of it`] : []),
    ...((request.actor === undefined) === (request.signer === undefined) ? ['either a name or a key decides'] : []),
  ];
  if (problems.length > 0) refuse(problems);
  const { signer } = request;
  const actor: StatementOf<'decision'>['actor'] =
    signer === undefined
      ? { name: request.actor?.name ?? '', authentication: 'none' }
      : { name: refuseUnregistered(store, signer), authentication: 'personal-key' };
  const signature = signer === undefined ? null : await signDecision(app, store, signer, { payload, subjects, reason });
  const detail: DecisionDetail = { v: 1, payload, signature };
  const statement = { kind: 'decision' as const, actor, decision: payload.type, subjects, reason };
  // One at a time from here on, so that two approvals at once do not both find none.
  return await store.withLease('decisions', async () => {
    judgeFirst(app, store, statement, detail);
    const commitment = await store.putBlob('decision', detail);
    const { index } = await store.append<'decision'>({ ...statement, detail: commitment });
    const recorded = readRegister(store).decisions.find((decision) => decision.index === index);
    if (recorded === undefined) throw new TypeError(`the decision of entry ${index} was found to hold, and then not`);
    return recorded;
  });
}

/** What would be refused on reading is refused here, with the same words. */
function judgeFirst(
  app: Deciding,
  store: Store,
  statement: Omit<StatementOf<'decision'>, 'v' | 'id' | 'at' | 'detail'>,
  detail: DecisionDetail,
): void {
  const index = store.size();
  const draft = { ...statement, v: 1, id: app.newId(), at: app.now(), detail: null } as StatementOf<'decision'>;
  const { refused } = judgeDecisions([...decisionEntries(store), { index, statement: draft, detail }], decisionLogOf(store));
  const found: RefusedDecision | undefined = refused.find((decision) => decision.index === index);
  if (found !== undefined) refuse(found.problems);
}

function refuse(problems: readonly string[]): never {
  throw new ProoflineError('usage', 'the decision is not recorded', { problems: problems.map((message) => ({ message })) });
}

function checkPayload(payload: DecisionPayload): DecisionPayload {
  const parsed = DecisionPayload.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new ProoflineError('usage', 'the decision is not recorded', {
    problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

/**
 * The name of a signer as he is registered.
 * @throws ProoflineError `usage` when he, or his key, is not registered
 */
export function refuseUnregistered(store: Store, { person: id, fingerprint }: DecisionSigner): string {
  const { persons } = readRegister(store);
  const holds = ({ keys }: RegisteredPerson): boolean => keys.some((key) => key.fingerprint === fingerprint);
  const known = persons.find(({ person }) => person.id === id);
  if (known !== undefined && holds(known)) return known.person.name;
  const other = persons.find(holds);
  const whose = other === undefined ? '' : `: it is a key of "${other.person.id}"`;
  if (persons.length === 0) refuse(['nobody is registered yet: the first person is registered without --key (proofline person register)']);
  return refuse([
    known === undefined
      ? `"${id}" is not a registered person (proofline person register)`
      : `the key ${fingerprint} is not registered to "${id}"${whose}`,
  ]);
}

async function signDecision(
  app: Deciding,
  store: Store,
  signer: DecisionSigner,
  decided: Pick<SignedDecision, 'payload' | 'subjects' | 'reason'>,
): Promise<DecisionSignature> {
  const { size, root } = await store.checkpoint();
  const said: SignedDecision = {
    v: 1,
    origin: store.origin,
    head: { size, root },
    nonce: app.newId(),
    signedAt: app.now(),
    person: signer.person,
    decision: decided.payload.type,
    ...decided,
  };
  const signedText = canonicalText(said);
  return { signedText, sshsig: await signer.sign(signedText), key: signer.fingerprint };
}

/** What a decision is about, by its payload. */
function subjectsOf(payload: DecisionPayload): readonly string[] {
  switch (payload.type) {
    case 'adopt-control':
    case 'retire-control':
    case 'import-controls':
      return payload.controls;
    case 'scope':
      return [payload.digest];
    case 'register-person':
      return [payload.person.id];
    case 'revoke-person':
      return [payload.person];
    case 'open-period':
      return [payload.period.id];
    case 'amend-period':
    case 'close-period':
      return [payload.period];
    case 'waive':
      return [payload.waiver.id];
    case 'end-waiver':
      return [payload.waiver];
    case 'dispose':
    case 'respond':
      return [payload.deviation];
    case 'freeze-population':
      return [payload.population.id];
    case 'draw-sample':
      return [payload.population];
    case 'observe':
      return [payload.nonce];
    case 'link-account':
      return [payload.link.account];
    case 'register-service-account':
      return [payload.serviceAccount.id];
    case 'mitigate':
      return [payload.mitigation.id];
    case 'end-mitigation':
      return [payload.mitigation];
    case 'start-review':
      return [payload.review.id];
    case 'assign-review':
    case 'decide-review':
    case 'close-review':
      return [payload.review];
    case 'explain-record':
      return [`${payload.examination} ${payload.record}`];
    case 'add-document':
      return [payload.document.id];
    case 'approve':
    case 'refuse':
    case 'withdraw':
      return [`entry ${payload.of}`];
  }
}
