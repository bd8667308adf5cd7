import { createHmac } from 'node:crypto';
import { compareRulers } from '../model/compare-rulers.ts';
import {
  type DecisionActor,
  type DecisionDetail,
  type DecisionPayload,
  decisionNamespace,
  needsSecondPerson,
  type Person,
  type PopulationRecord,
  type RecordedDecision,
  type RefusedDecision,
  type RegisteredPerson,
  SignedDecision,
} from '../model/decision.ts';
import type { Period, Ruler } from '../model/engagement.ts';
import { ProoflineError } from '../model/errors.ts';
import type { StatementOf } from '../model/statement.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { parseSshPublicKey, verifySshSignature } from '../seal/ssh-signature.ts';

/** A decision statement as it stands in the log, with what its detail blob holds. */
export interface DecisionEntry {
  readonly index: number;
  readonly statement: StatementOf<'decision'>;
  /** null: it has none (releases before 0.2); `erased`: it had one; `withheld`: it is not shown here; `unreadable`: not what was committed to. */
  readonly detail: DecisionDetail | null | 'erased' | 'withheld' | 'unreadable';
}
/** What of the log decisions are held against. */
export interface DecisionLog {
  readonly origin: string;
  /** Root (base64) of the first `size` entries, as a checkpoint states it; undefined: none does; null: it lies before the part that is read. */
  rootAt(size: number): string | null | undefined;
  /** Whether an entry is an upload; null: it lies before the part that is read. */
  isUpload(index: number): boolean | null;
}
export interface JudgedDecisions {
  /** In the order of the log. Those that were refused are not among them. */
  readonly decisions: readonly RecordedDecision[];
  readonly refused: readonly RefusedDecision[];
  readonly persons: readonly RegisteredPerson[];
  /** What holds and somebody should know: an identity that is not authenticated, persons told apart by name alone. */
  readonly remarks: readonly { readonly index: number; readonly message: string }[];
}

/** How far the times of signing and recording may contradict each other: two clocks. */
const clockToleranceMs = 60_000;
/** What the auditor's role allows; everything else is management's. */
const auditorsOwn: ReadonlySet<DecisionPayload['type']> = new Set(['draw-sample', 'observe']);

interface Registration {
  readonly person: Person;
  /** By fingerprint: the line, and from when on. */
  readonly keys: Map<string, { readonly line: string; readonly from: string }>;
  readonly at: string;
  readonly by: DecisionActor;
  readonly index: number;
}
interface Revocation {
  readonly index: number;
  readonly from: string;
}
type Taken = { -readonly [K in keyof RecordedDecision]: RecordedDecision[K] };
interface PeriodState {
  readonly period: Period;
  ruler: Ruler;
  closed: boolean;
}
type Verified = { readonly fingerprint: string; readonly said: SignedDecision } | { readonly problem: string };

/** Whether two deciders are one person; `byName`: at least one of them did not sign, so that only names could be compared. */
export function samePerson(left: DecisionActor, right: DecisionActor): { readonly same: boolean; readonly byName: boolean } {
  if (left.person !== null && right.person !== null) return { same: left.person === right.person, byName: false };
  const names = (actor: DecisionActor) => [actor.name, ...(actor.person === null ? [] : [actor.person])].map(plainName);
  const others = new Set(names(right));
  return { same: names(left).some((name) => others.has(name)), byName: true };
}
const say = (problems: string[], message: string): undefined => void problems.push(message);
/** A registration that gives a person a role he did not have. */
function isPromotion(payload: DecisionPayload, before: Person | undefined): boolean {
  return payload.type === 'register-person' && payload.person.roles.some((role) => before?.roles.includes(role) !== true);
}
const plainName = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

const formerTypes = ['adopt-control', 'retire-control', 'import-controls'] as const;
function payloadOf({ statement, detail }: DecisionEntry): DecisionPayload | string {
  if (detail === 'unreadable') return 'its detail is not what the statement committed to';
  if (detail === 'withheld') return 'its detail is withheld here: what was decided cannot be read';
  if (detail === 'erased') return 'its detail is erased: what was decided cannot be known any more';
  if (detail !== null) return detail.payload;
  const type = formerTypes.find((former) => former === statement.decision);
  return type === undefined ? 'it has no detail: what was decided is not recorded' : { type, controls: statement.subjects };
}

/** One reading of all decisions in order, under the revocations that are known to hold. */
class Reading {
  readonly decisions: Taken[] = [];
  readonly refused: RefusedDecision[] = [];
  readonly remarks: { index: number; message: string }[] = [];
  readonly persons = new Map<string, Registration>();
  /** By fingerprint, the earliest. */
  readonly revoked = new Map<string, Revocation>();
  readonly #log: DecisionLog;
  readonly #known: ReadonlyMap<string, Revocation>;
  readonly #verify: (entry: DecisionEntry) => Verified;
  readonly #nonces = new Map<string, number>();
  readonly #byIndex = new Map<number, Taken>();
  readonly #periods = new Map<string, PeriodState>();
  readonly #waivers = new Map<string, number>();
  readonly #populations = new Map<string, PopulationRecord>();
  readonly #mitigations = new Set<string>();
  /** By id, and whether it is closed. */
  readonly #reviews = new Map<string, boolean>();
  readonly #documents = new Set<string>();

  constructor(log: DecisionLog, known: ReadonlyMap<string, Revocation>, verify: (entry: DecisionEntry) => Verified) {
    this.#log = log;
    this.#known = known;
    this.#verify = verify;
  }

  read(entry: DecisionEntry): undefined {
    const { statement, index } = entry;
    const payload = payloadOf(entry);
    if (typeof payload === 'string') return this.#refuse(entry, [payload]);
    const signature = entry.detail === null || typeof entry.detail === 'string' ? null : entry.detail.signature;
    const problems: string[] = [];
    if (payload.type !== statement.decision) problems.push(`its detail is of a decision of kind "${payload.type}"`);
    const actor = this.#actor(entry, signature !== null, problems);
    if (actor.person !== null) this.#role(payload, this.persons.get(actor.person)?.person, problems);
    const decision: Taken = {
      index,
      at: statement.at,
      actor,
      subjects: statement.subjects,
      reason: statement.reason,
      payload,
      signature,
      needsApproval: needsSecondPerson(payload),
      approval: null,
      ended: null,
    };
    this.#content(decision, problems);
    if (problems.length > 0) return this.#refuse(entry, problems);
    if (actor.person === null) this.remarks.push({ index, message: `${payload.type} by "${actor.name}": identity not authenticated` });
    this.#take(decision);
  }

  #refuse({ index, statement }: DecisionEntry, problems: readonly string[]): undefined {
    this.refused.push({ index, at: statement.at, actor: statement.actor, decision: statement.decision, problems });
  }

  #actor(entry: DecisionEntry, isSigned: boolean, problems: string[]): DecisionActor {
    const { statement, index } = entry;
    const { name, authentication } = statement.actor;
    if (!isSigned) {
      if (authentication === 'personal-key') problems.push('it says that it was signed with a personal key, and carries no signature');
      if (authentication === 'schedule') problems.push('a schedule decides nothing');
      if (entry.statement.decision === 'draw-sample') problems.push('a sample is drawn by the auditor, with a key registered to him');
      return { name, authentication, person: null };
    }
    if (authentication !== 'personal-key') problems.push('it carries a signature and says that nobody was authenticated');
    const verified = this.#verify(entry);
    if ('problem' in verified) {
      problems.push(verified.problem);
      return { name, authentication, person: null };
    }
    const { said, fingerprint } = verified;
    if (said.origin !== this.#log.origin) problems.push(`it was signed for another log: ${said.origin}`);
    this.#head(said, index, problems);
    const used = this.#nonces.get(said.nonce);
    if (used !== undefined) problems.push(`its nonce was used before, by entry ${used}: a signature counts once`);
    else this.#nonces.set(said.nonce, index);
    if (Date.parse(said.signedAt) > Date.parse(statement.at) + clockToleranceMs)
      problems.push('it says it was signed after it was recorded');
    this.#key(said.person, fingerprint, entry, problems);
    const registered = this.persons.get(said.person);
    if (registered !== undefined && registered.person.name !== name)
      problems.push(`it names "${name}", and "${said.person}" is registered as "${registered.person.name}"`);
    return { name, authentication, person: said.person };
  }

  #head({ head }: SignedDecision, index: number, problems: string[]): undefined {
    if (head.size > index) return say(problems, `it was signed over ${head.size} entries, and is itself entry ${index}`);
    const root = this.#log.rootAt(head.size);
    if (root === null) return;
    if (root !== head.root) problems.push(`the head it was signed over (${head.size} entries) is not a head of this log`);
  }

  #key(id: string, fingerprint: string, { statement, index }: DecisionEntry, problems: string[]): undefined {
    const registered = this.persons.get(id);
    if (registered === undefined) return say(problems, `"${id}" is not a registered person`);
    const key = registered.keys.get(fingerprint);
    if (key === undefined) {
      const other = [...this.persons.values()].find(({ keys }) => keys.has(fingerprint));
      const whose = other === undefined ? '' : `: it is a key of "${other.person.id}"`;
      return say(problems, `the key ${fingerprint} is not registered to "${id}"${whose}`);
    }
    const revocation = this.#known.get(fingerprint);
    // Whoever holds a key may give it up with that very key.
    if (revocation !== undefined && revocation.from <= statement.at && revocation.index !== index)
      problems.push(`the key ${fingerprint} of "${id}" is revoked from ${revocation.from} on (entry ${revocation.index})`);
  }

  #role(payload: DecisionPayload, person: Person | undefined, problems: string[]): undefined {
    if (person === undefined) return;
    const isAuditor = person.roles.includes('auditor');
    const isAuditorAlone = isAuditor && person.roles.length === 1;
    if (isAuditorAlone && !auditorsOwn.has(payload.type))
      problems.push(`"${person.id}" is registered as auditor alone: "${payload.type}" is management's to decide`);
    if (payload.type === 'draw-sample' && !isAuditor) problems.push(`"${person.id}" is not registered as auditor: only he draws a sample`);
  }

  #content(decision: Taken, problems: string[]): undefined {
    const { payload, at } = decision;
    switch (payload.type) {
      case 'register-person':
        this.#registrar(decision, payload.person.id, problems);
        return this.#registration(payload.person, problems);
      case 'revoke-person': {
        this.#registrar(decision, payload.person, problems);
        if (decision.actor.person === null && Date.parse(payload.from) < Date.parse(at) - clockToleranceMs)
          problems.push('only a decision that is signed reaches back: without a key a revocation holds from now on');
        const keys = this.persons.get(payload.person)?.keys;
        if (keys === undefined) problems.push(`"${payload.person}" is not a registered person`);
        else if (payload.key !== null && !keys.has(payload.key))
          problems.push(`the key ${payload.key} is not registered to "${payload.person}"`);
        return;
      }
      case 'open-period':
        if (this.#periods.has(payload.period.id)) problems.push(`the period "${payload.period.id}" is open already`);
        return;
      case 'amend-period':
        return this.#amendment(payload, problems);
      case 'close-period': {
        const known = this.#openPeriod(payload.period, problems);
        if (known !== undefined && at < known.period.to) problems.push(`"${payload.period}" had not ended yet`);
        return;
      }
      case 'waive':
        if (this.#waivers.has(payload.waiver.id)) problems.push(`the waiver "${payload.waiver.id}" is there already`);
        if (payload.waiver.expires <= payload.waiver.from) problems.push('it expires before it begins');
        return;
      case 'end-waiver':
        if (!this.#waivers.has(payload.waiver)) problems.push(`there is no waiver "${payload.waiver}"`);
        return;
      case 'freeze-population':
        return this.#population(payload.population, problems);
      case 'draw-sample':
        return this.#sample(payload, problems);
      case 'mitigate':
        if (this.#mitigations.has(payload.mitigation.id)) problems.push(`the mitigation "${payload.mitigation.id}" is there already`);
        if (payload.mitigation.expires <= payload.mitigation.from) problems.push('it expires before it begins');
        return;
      case 'end-mitigation':
        if (!this.#mitigations.has(payload.mitigation)) problems.push(`there is no mitigation "${payload.mitigation}"`);
        return;
      case 'start-review':
        if (this.#reviews.has(payload.review.id)) problems.push(`the review "${payload.review.id}" was started already`);
        return;
      case 'assign-review':
        return this.#lines(
          payload.review,
          payload.assignments.flatMap(({ lines }) => lines),
          problems,
        );
      case 'decide-review':
        return this.#lines(
          payload.review,
          payload.lines.map(({ line }) => line),
          problems,
        );
      case 'close-review':
        return this.#lines(payload.review, [], problems);
      case 'add-document': {
        const { id, upload, supersedes } = payload.document;
        if (this.#documents.has(id)) problems.push(`the document "${id}" is there already`);
        if (upload >= decision.index || this.#log.isUpload(upload) === false) problems.push(`entry ${upload} is not an earlier upload`);
        if (supersedes !== null && !this.#documents.has(supersedes))
          problems.push(`it takes the place of "${supersedes}", which is not there`);
        return;
      }
      case 'approve':
      case 'refuse':
      case 'withdraw':
        return this.#reply(decision, payload, problems);
      default:
    }
  }

  /** Of a review that goes on; a line stands once in a decision. */
  #lines(review: string, lines: readonly string[], problems: string[]): undefined {
    const closed = this.#reviews.get(review);
    if (closed === undefined) problems.push(`the review "${review}" was not started`);
    else if (closed) problems.push(`the review "${review}" is closed`);
    if (new Set(lines).size !== lines.length) problems.push('it names a line twice');
  }

  #population({ id, period, supersedes }: PopulationRecord, problems: string[]): undefined {
    if (this.#populations.has(id)) problems.push(`the population "${id}" is frozen already`);
    if (supersedes === undefined) return;
    const former = this.#populations.get(supersedes);
    if (former === undefined) problems.push(`it takes the place of "${supersedes}", which was not frozen`);
    else if (former.period !== period) problems.push(`it takes the place of a population of the period "${former.period}"`);
  }

  /** The rows that could be drawn are not in the log; that these have the lowest ranks of all of them is for the selection file to show. */
  #sample(payload: Extract<DecisionPayload, { type: 'draw-sample' }>, problems: string[]): undefined {
    const { population, digest, seed, size, strata, selection } = payload;
    const frozen = this.#populations.get(population);
    if (frozen === undefined) return say(problems, `the population "${population}" was not frozen before it was drawn from`);
    if (frozen.digest !== digest) problems.push(`the population "${population}" was frozen with another digest`);
    if (selection.length !== size || size > frozen.count)
      problems.push(`it names ${selection.length} rows as a sample of ${size} of ${frozen.count}`);
    if (new Set(selection.map(({ id }) => id)).size !== selection.length) problems.push('it names a row twice');
    const wrong = selection.find(({ id, rank }) => createHmac('sha256', seed).update(id, 'utf8').digest('hex') !== rank);
    if (wrong !== undefined) problems.push(`the rank of "${wrong.id}" is not what the seed gives`);
    if (strata === undefined && selection.some(({ rank }, index) => index > 0 && rank < (selection[index - 1]?.rank ?? '')))
      problems.push('its rows are not in the order of their ranks');
  }

  /** Who may speak for another's keys: management that signs. Anybody may put down a new name, and it is printed who did. */
  #registrar({ actor, payload }: Taken, id: string, problems: string[]): undefined {
    const registered = this.persons.get(id);
    if (actor.person === null) {
      if (registered !== undefined && payload.type === 'register-person')
        problems.push(`"${id}" is registered already: his keys and roles change by a decision that is signed`);
      return;
    }
    const isManagement = this.persons.get(actor.person)?.person.roles.includes('management') ?? false;
    if (!isManagement && (actor.person !== id || isPromotion(payload, registered?.person)))
      problems.push(`"${actor.person}" is not registered as management: he speaks for his own keys alone`);
  }

  #openPeriod(id: string, problems: string[]): PeriodState | undefined {
    const known = this.#periods.get(id);
    if (known === undefined) problems.push(`there is no period "${id}"`);
    else if (known.closed) problems.push(`the period "${id}" is closed`);
    else return known;
    return undefined;
  }

  /** What it says that it loosens is what people agree to: it has to be true when it is asked for, and still when it is approved. */
  #amendment(payload: Extract<DecisionPayload, { type: 'amend-period' }>, problems: string[]): undefined {
    const known = this.#openPeriod(payload.period, problems);
    if (known === undefined) return;
    const { loosens, tightens } = compareRulers(known.ruler, payload.ruler);
    if (canonicalText({ loosens, tightens }) !== canonicalText({ loosens: payload.loosens, tightens: payload.tightens }))
      problems.push('what it is said to loosen and to tighten is not what the ruler before and the ruler after give');
  }

  #registration(person: Person, problems: string[]): undefined {
    for (const line of person.keys) {
      try {
        const { fingerprint } = parseSshPublicKey(line);
        const holder = [...this.persons.values()].find(({ person: { id }, keys }) => id !== person.id && keys.has(fingerprint));
        if (holder !== undefined) problems.push(`the key ${fingerprint} is registered to "${holder.person.id}": one key is of one person`);
        if (this.revoked.has(fingerprint)) problems.push(`the key ${fingerprint} was revoked: a person who comes back brings a new one`);
      } catch (error) {
        if (!(error instanceof ProoflineError)) throw error;
        problems.push(error.message);
      }
    }
  }

  #reply({ actor }: Taken, payload: Extract<DecisionPayload, { of: number }>, problems: string[]): undefined {
    const target = this.#byIndex.get(payload.of);
    if (target === undefined) return say(problems, `entry ${payload.of} is not an earlier decision that holds`);
    if (!target.needsApproval) problems.push(`entry ${payload.of} (${target.payload.type}) takes effect without a second person`);
    if (target.ended !== null) problems.push(`entry ${payload.of} was refused or withdrawn by entry ${target.ended}`);
    if (target.approval !== null) problems.push(`entry ${payload.of} was approved by entry ${target.approval.index}`);
    if (payload.type === 'approve' && target.payload.type === 'amend-period') this.#amendment(target.payload, problems);
    const { same, byName } = samePerson(target.actor, actor);
    if (payload.type === 'withdraw') {
      if (!same) problems.push(`it withdraws a decision of "${target.actor.name}": only he can`);
    } else if (same) {
      const how = byName ? ' (told by the name alone: identity not authenticated)' : '';
      problems.push(`one person on both sides: "${actor.name}" made entry ${payload.of} and cannot ${payload.type} it${how}`);
    }
  }

  #take(decision: Taken): undefined {
    const { payload, index, at, actor } = decision;
    this.decisions.push(decision);
    this.#byIndex.set(index, decision);
    switch (payload.type) {
      case 'register-person': {
        const former = this.persons.get(payload.person.id);
        const keys = payload.person.keys.map((line) => {
          const { fingerprint } = parseSshPublicKey(line);
          return [fingerprint, { line, from: former?.keys.get(fingerprint)?.from ?? at }] as const;
        });
        this.persons.set(payload.person.id, { person: payload.person, keys: new Map(keys), at, by: actor, index });
        return;
      }
      case 'revoke-person':
        for (const fingerprint of this.persons.get(payload.person)?.keys.keys() ?? []) {
          if (payload.key !== null && payload.key !== fingerprint) continue;
          const known = this.revoked.get(fingerprint);
          if (known === undefined || payload.from < known.from) this.revoked.set(fingerprint, { index, from: payload.from });
        }
        return;
      case 'open-period':
        this.#periods.set(payload.period.id, { period: payload.period, ruler: payload.period.ruler, closed: false });
        return;
      case 'amend-period':
        if (!decision.needsApproval) this.#amend(payload);
        return;
      case 'close-period': {
        const known = this.#periods.get(payload.period);
        if (known !== undefined) known.closed = true;
        return;
      }
      case 'waive':
        this.#waivers.set(payload.waiver.id, index);
        return;
      case 'freeze-population':
        this.#populations.set(payload.population.id, payload.population);
        return;
      case 'mitigate':
        this.#mitigations.add(payload.mitigation.id);
        return;
      case 'start-review':
        this.#reviews.set(payload.review.id, false);
        return;
      case 'close-review':
        this.#reviews.set(payload.review, true);
        return;
      case 'add-document':
        this.#documents.add(payload.document.id);
        return;
      case 'approve': {
        const target = this.#byIndex.get(payload.of);
        if (target === undefined) return;
        target.approval = { index, at, actor };
        if (samePerson(target.actor, actor).byName)
          this.remarks.push({ index, message: 'requester and approver were told apart by their names alone: identity not authenticated' });
        if (target.payload.type === 'amend-period') this.#amend(target.payload);
        return;
      }
      case 'refuse':
      case 'withdraw': {
        const target = this.#byIndex.get(payload.of);
        if (target !== undefined) target.ended = index;
        return;
      }
      default:
    }
  }

  #amend(payload: Extract<DecisionPayload, { type: 'amend-period' }>): void {
    const known = this.#periods.get(payload.period);
    if (known !== undefined) known.ruler = payload.ruler;
  }
}

/** The signature and what was signed, held against the statement; whose key it is, the register says. */
function verifyEntry({ statement, detail }: DecisionEntry): Verified {
  if (detail === null || typeof detail === 'string' || detail.signature === null) return { problem: 'it carries no signature' };
  const { signedText, sshsig, key } = detail.signature;
  try {
    const { fingerprint } = verifySshSignature(new TextEncoder().encode(signedText), sshsig, decisionNamespace);
    if (fingerprint !== key) return { problem: `it names the key ${key} and was signed with ${fingerprint}` };
    const value: unknown = JSON.parse(signedText);
    if (canonicalText(value) !== signedText) return { problem: 'what was signed is not canonical JSON' };
    const said = SignedDecision.safeParse(value);
    if (!said.success) return { problem: 'what was signed is not a decision' };
    const { decision, subjects, reason, payload } = said.data;
    const recorded = { decision: statement.decision, subjects: statement.subjects, reason: statement.reason, payload: detail.payload };
    if (canonicalText({ decision, subjects, reason, payload }) !== canonicalText(recorded))
      return { problem: 'what was signed is another decision than the one recorded' };
    return { fingerprint, said: said.data };
  } catch (error) {
    if (error instanceof ProoflineError || error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

/**
 * Judges the decisions of a log, in its order: signatures against the register as it was at each time, two people where two are needed.
 * A revocation may say that a key is not to be trusted from an earlier time on; then what was signed with it since does not hold either, and
 * everything is read again under that.
 */
export function judgeDecisions(entries: readonly DecisionEntry[], log: DecisionLog): JudgedDecisions {
  const remembered = new Map<number, Verified>();
  const verify = (entry: DecisionEntry): Verified => {
    const known = remembered.get(entry.index) ?? verifyEntry(entry);
    remembered.set(entry.index, known);
    return known;
  };
  const read = (known: ReadonlyMap<string, Revocation>): Reading => {
    const reading = new Reading(log, known, verify);
    for (const entry of entries) reading.read(entry);
    return reading;
  };
  const text = (revoked: ReadonlyMap<string, Revocation>) => JSON.stringify([...revoked].sort());
  let reading = read(new Map());
  // Each reading may void revocations of the one before; what has been read as often as there are decisions changes no more.
  for (let round = 0; round <= entries.length; round += 1) {
    const { revoked } = reading;
    const again = revoked.size === 0 ? reading : read(revoked);
    const settled = text(again.revoked) === text(revoked);
    reading = again;
    if (settled) break;
  }
  const { decisions, refused, remarks, persons, revoked } = reading;
  return {
    decisions,
    refused,
    remarks,
    persons: [...persons.values()].map(({ person, keys, at, by, index }) => ({
      person,
      keys: [...keys].map(([fingerprint, { line, from }]) => ({
        line,
        fingerprint,
        from,
        revokedFrom: revoked.get(fingerprint)?.from ?? null,
      })),
      registeredAt: at,
      registeredBy: by,
      decision: index,
    })),
  };
}
