import { CheckResultsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type {
  BundleContent,
  BundlePerson,
  CheckDescription,
  ControlPaper,
  DatasetRecord,
  NotCollected,
  ScopeDecision,
} from '../../model/bundle-content.ts';
import type { Check } from '../../model/check.ts';
import type { SourceDefinition } from '../../model/collector.ts';
import type { RecordedDecision, RefusedDecision, RegisteredPerson } from '../../model/decision.ts';
import type { EntityPack } from '../../model/entity-pack.ts';
import { type PeriodHistory, whySilent } from '../../model/history.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { limits } from '../../verify/report.ts';
import { answerRequests, requestTargets } from '../answer-requests.ts';
import type { PeriodRecord } from '../decisions/read-periods.ts';
import { nobodyElseSaw } from '../describe-status.ts';
import type { FrozenPopulation } from '../populations/read-populations.ts';
import type { RecordedSample, Selection } from '../populations/record-sample.ts';
import type { Registries } from '../registries.ts';
import type { AuditorRequest } from '../request-list.ts';
import { datasetRecords } from './dataset-records.ts';
import { evidenceItems } from './evidence-items.ts';
import { inventory, managementPack } from './management-pack.ts';
import { bundlePopulation, bundleSample } from './population-files.ts';
import { contentOf, type LogSurvey } from './survey-log.ts';
import { toolPack } from './tool-pack.ts';

/** Everything a bundle is assembled from; all of it was read from the log at the bundle's size. */
export interface BundleParts {
  readonly reader: LogReader;
  readonly entity: string;
  readonly version: string;
  readonly generatedAt: string;
  readonly vkey: string;
  readonly record: PeriodRecord;
  readonly history: PeriodHistory;
  readonly survey: LogSurvey;
  readonly decisions: readonly RecordedDecision[];
  readonly refused: readonly RefusedDecision[];
  readonly persons: readonly RegisteredPerson[];
  readonly populations: readonly FrozenPopulation[];
  readonly samples: readonly { readonly recorded: RecordedSample; readonly selection: Selection }[];
  readonly registries: Registries;
  readonly definitions: ReadonlyMap<string, SourceDefinition>;
  readonly requests: readonly AuditorRequest[];
  readonly supplements: BundleContent['cover']['supplements'];
  /** The entity as a whole; null: nothing of it was collected. */
  readonly entityPack: EntityPack | null;
}

const commandsOnPaper = 8;

/** What the documents of a bundle are rendered from. Pure: the same parts give the same content. */
export function assembleBundle(parts: BundleParts): BundleContent {
  const { reader, history, survey, record, registries } = parts;
  const { period } = record;
  const withheld = new Set(period.engagement.redaction.withholdItemsOf);
  const datasets = datasetRecords(reader, survey.datasets, survey.plans, period, parts.definitions, registries);
  const populations = parts.populations.map((one) =>
    bundlePopulation(
      one,
      history.controls.map(({ control }) => control),
      registries,
    ),
  );
  const samples = parts.samples.map(({ recorded: { decision }, selection }) =>
    bundleSample(selection, { decision: decision.index, at: decision.at, by: decision.actor }),
  );
  const persons = parts.persons.map(bundlePerson);
  const checks = checksOf(history, survey, registries);
  const papers = papersOf(history, datasets, populations, samples);
  const answered = answerRequests(
    parts.requests,
    requestTargets({ history, populations, samples, datasets, papers: papers.map((paper) => ({ ...paper, requests: [] })) }, [
      ...registers,
      ...entityRegisters(parts.entityPack),
    ]),
  );
  return {
    cover: coverOf(parts),
    history,
    papers: papers.map((paper) => ({ ...paper, requests: answered.byControl.get(paper.control) ?? [] })),
    checks,
    datasets,
    populations,
    samples,
    persons,
    decisions: parts.decisions,
    refusedDecisions: parts.refused,
    scope: scopeOf(reader, survey),
    notCollected: notCollectedOf(history, survey, withheld),
    items: { [Symbol.iterator]: () => evidenceItems(reader, { datasets: survey.datasets, period, withholdItemsOf: withheld }) },
    tool: toolPack(reader, survey, { from: period.from, to: period.to, through: history.through }, persons),
    management: managementPack(reader, survey, history, parts.decisions, parts.populations),
    entity: parts.entityPack,
    requests: answered.answered,
    otherFiles: [
      { path: 'evidence/README.txt', title: 'The log itself, with its proofs' },
      { path: 'history.json', title: 'The period as data: every interval, episode and deviation' },
      { path: 'requests.csv', title: 'Every request to a source that is kept, with its id' },
      { path: 'decisions/allowed_signers', title: 'Decisions as they were signed, and the keys' },
      { path: 'oscal/assessment-results.json', title: 'The same for programs: OSCAL' },
      { path: 'manifest.json', title: 'Digest of every file; manifest.note signs it' },
    ],
  };
}

const registers = ['episodes', 'deviations', 'waivers', 'scope', 'not-collected', 'decisions', 'outages', 'datasets'].map((name) => ({
  names: [name],
  title: name,
  files: [`registers/${name}.csv`],
}));

/** By the names that people call them. */
function entityRegisters(pack: EntityPack | null): Parameters<typeof requestTargets>[1] {
  const register = (is: boolean, names: string[], files: string[]) => (is ? [{ names, title: names[0] ?? '', files }] : []);
  if (pack === null) return [];
  return [
    ...register(pack.people !== null, ['people', 'joiners', 'movers', 'leavers'], ['access/people.pdf', 'registers/moves.csv']),
    ...register(pack.people !== null, ['accounts'], ['access/people.pdf', 'registers/accounts.csv']),
    ...register(
      pack.separation !== null,
      ['separation', 'segregation-of-duties', 'sod'],
      ['access/separation.pdf', 'access/separation.xlsx'],
    ),
    ...register(
      pack.reviews !== null,
      ['access-reviews', 'access-review'],
      ['access-reviews/index.pdf', ...(pack.reviews?.reviews.flatMap(({ files }) => files) ?? [])],
    ),
    ...register(pack.records !== null, ['examinations', 'records'], ['records/examinations.pdf', 'records/examinations.xlsx']),
    ...register(
      pack.documents !== null,
      ['documents'],
      ['documents/index.pdf', ...(pack.documents?.documents.flatMap(({ file }) => file ?? []) ?? [])],
    ),
  ];
}

function coverOf({ reader, survey, record, ...parts }: BundleParts): BundleContent['cover'] {
  const head = reader.checkpoints().at(-1);
  const { period, closed, amendments } = record;
  const stamped = survey.anchors.flatMap(({ statement: { receiptTime } }) => (receiptTime === null ? [] : [receiptTime]));
  const { withholdItemsOf, maskNames } = period.engagement.redaction;
  const bundle = `bundle-${survey.tenant}-${period.id}`;
  return {
    entity: parts.entity,
    bundle,
    generatedAt: parts.generatedAt,
    version: parts.version,
    demonstration: survey.demonstration,
    log: {
      origin: reader.origin,
      tenant: survey.tenant,
      size: head?.size ?? 0,
      root: head?.root ?? '',
      vkey: parts.vkey,
      beganAt: survey.beganAt,
    },
    anchors: survey.anchors.map(({ index, statement: { anchor, method, receiptTime, at, checkpoint } }) => ({
      name: anchor,
      method,
      at: receiptTime,
      recordedAt: at,
      index,
      size: checkpoint.size,
    })),
    unwitnessed: stamped.length > 0 ? null : nobodyElseSaw,
    longestWithoutAnchor: stamped.length === 0 ? null : longestStretch(stamped, period),
    amendments: amendments.map((one) => ({
      decision: one.decision,
      at: one.at,
      reason: one.reason,
      loosens: one.loosens,
      tightens: one.tightens,
      requestedBy: actorOf(one.by),
      approvedBy: one.approvedBy === null ? null : actorOf(one.approvedBy),
      inForce: one.inForceFrom !== null,
    })),
    rulesChanged: rulesChanged(survey.plans, period),
    supplements: parts.supplements,
    closing: closed === null ? null : { decision: closed.decision, cutOff: closed.cutOff, reportDate: closed.reportDate },
    redactions: [
      ...withholdItemsOf.map((collector) => `Items of ${collector} are here as commitments only: what it read was kept back.`),
      ...(maskNames
        ? [
            'Names of people are replaced by pseudonyms in documents and tables; the evidence itself and history.json have them as the sources gave them.',
          ]
        : []),
      ...(maskNames && parts.entityPack?.documents?.documents.some(({ file }) => file !== null)
        ? ['Documents that people handed in are here byte for byte: names in them stand as they were written.']
        : []),
      ...(maskNames && parts.entityPack?.reviews?.reviews.some(({ files }) => files.length > 0)
        ? ['The frozen lines of access reviews have names, and are not here; their digest is, and the tables are made of them.']
        : []),
      ...((maskNames || withholdItemsOf.length > 0) &&
      parts.decisions.some(({ payload }) => payload.type === 'observe' && payload.attachments.length > 0)
        ? ['Files attached to walkthroughs are not here, as they would show what is kept back: the decisions have their digests.']
        : []),
    ],
    limits: [...limits],
    verify: [
      {
        shows: 'Digests, signatures, proofs, checkpoints and time stamps of this folder, offline',
        command: `proofline verify . --vkey '${parts.vkey}'`,
      },
      { shows: 'The same by the independent verifier, which shares no code', command: `python3 verify_export.py . --vkey '${parts.vkey}'` },
      { shows: 'Every verdict and the history made again from the sealed items', command: 'proofline recompute .' },
    ],
  };
}

/** Where a plan after the one the period was opened with has other tolerances, parameters or scope rules than the plan before it. */
export function rulesChanged(
  plans: LogSurvey['plans'],
  period: { readonly plan: number; readonly to: string },
): BundleContent['cover']['rulesChanged'] {
  const since = plans.filter(({ index, at }) => index >= period.plan && at < period.to);
  return since.flatMap(({ at, detail }, n) => {
    const before = since[n - 1]?.detail;
    if (before === undefined) return [];
    const parametersOf = ({ checks }: typeof detail, control: string) =>
      canonicalText(checks.filter(({ controls }) => controls.includes(control)).map(({ id, parametersDigest }) => [id, parametersDigest]));
    const what = detail.controls.flatMap(({ id, tolerance }) => {
      const old = before.controls.find((control) => control.id === id);
      if (old?.status !== 'adopted') return [];
      return [
        ...(old.tolerance?.detectAndFix === tolerance?.detectAndFix ? [] : [`tolerance of ${id}`]),
        ...(parametersOf(before, id) === parametersOf(detail, id) ? [] : [`checks or parameters of ${id}`]),
      ];
    });
    if (canonicalText(before.scopeRules) !== canonicalText(detail.scopeRules)) what.push('scope rules');
    return what.length === 0 ? [] : [{ at, what }];
  });
}

const actorOf = ({ name, authentication }: RecordedDecision['actor']) => ({ name, authentication });

function longestStretch(stamps: readonly string[], period: { readonly from: string; readonly to: string }): { from: string; to: string } {
  const edges = [period.from, ...stamps.filter((at) => at > period.from && at < period.to).sort(), period.to];
  let longest = { from: period.from, to: period.from };
  for (const [n, to] of edges.entries()) {
    const from = edges[n - 1];
    if (from !== undefined && Date.parse(to) - Date.parse(from) > Date.parse(longest.to) - Date.parse(longest.from)) longest = { from, to };
  }
  return longest;
}

function bundlePerson({ person, keys, registeredAt, decision }: RegisteredPerson): BundlePerson {
  return {
    person,
    decision,
    registeredAt,
    fingerprints: keys.map(({ fingerprint }) => fingerprint),
    revoked: keys.flatMap(({ fingerprint, revokedFrom }) =>
      revokedFrom === null ? [] : [{ key: fingerprint, at: revokedFrom, decision }],
    ),
  };
}

/** By what is installed, which has the author's own words; of a check that is gone, what the plan kept of it. */
function checksOf(history: PeriodHistory, survey: LogSurvey, registries: Registries): CheckDescription[] {
  const used = new Set(history.controls.flatMap(({ versions }) => versions.flatMap(({ checks }) => checks.map(({ id }) => id))));
  const installed = new Map<string, Check>(registries.checks.map((check) => [check.id, check]));
  return [...used].sort().flatMap((id): CheckDescription[] => {
    const check = installed.get(id);
    const planned = survey.plans
      .findLast(({ detail }) => detail.checks.some((one) => one.id === id))
      ?.detail.checks.find((one) => one.id === id);
    if (check === undefined && planned === undefined) return [];
    return [
      {
        id,
        claim: planned?.claim ?? check?.claim ?? id,
        severity: planned?.severity ?? check?.severity ?? 'low',
        subjectType: planned?.subject ?? check?.subject.type ?? '',
        rationale:
          check?.rationale ?? 'This check is not installed where the bundle was made; its rationale is in the version the plan names.',
        remediation: planned?.remediation ?? check?.remediation ?? { console: '', cli: '', terraform: '' },
        references: check?.references ?? [],
        examples: { pass: Object.keys(check?.examples.pass ?? {}), fail: Object.keys(check?.examples.fail ?? {}) },
      },
    ];
  });
}

function papersOf(
  history: PeriodHistory,
  datasets: readonly DatasetRecord[],
  populations: BundleContent['populations'],
  samples: BundleContent['samples'],
): Omit<ControlPaper, 'requests'>[] {
  return history.controls.map(({ control, series }) => {
    const types = new Set([...control.covers, ...series.map(({ subjectType }) => subjectType)]);
    const own = datasets.filter(({ yields }) => yields.some((type) => types.has(type)));
    const drawn = populations.filter(({ controls }) => controls.includes(control.id)).map(({ record }) => record.id);
    const commands = own.flatMap(({ title, scope, requests }) =>
      requests.flatMap(({ command }) => (command === null ? [] : [{ shows: `${title} (${scope}), as the source answers now`, command }])),
    );
    return {
      control: control.id,
      datasets: own.map(({ id }) => id),
      populations: drawn,
      samples: samples.filter(({ population }) => drawn.includes(population)).map(({ id }) => id),
      commands: [...new Map(commands.map((one) => [one.command, one])).values()].slice(0, commandsOnPaper),
    };
  });
}

const outOfScope = /^out of scope by rule "([^"]+)"/;

/** Every scope rule that was planned in the period, with whom it kept out when the period was last judged. */
function scopeOf(reader: LogReader, survey: LogSurvey): ScopeDecision[] {
  const out = new Map<string, Map<string, { id: string; display: string; type: string }>>();
  for (const { statement } of survey.evaluations) {
    const list = ResultsListBlob.safeParse(contentOf(reader, statement.results.list)).data ?? [];
    for (const { results, counts } of list) {
      if (counts['not-applicable'] === 0) continue;
      const check = CheckResultsBlob.safeParse(contentOf(reader, results)).data;
      for (const { subject, display, message } of check?.notPass ?? []) {
        const rule = outOfScope.exec(message)?.[1];
        if (rule === undefined) continue;
        const subjects = out.get(rule) ?? new Map();
        out.set(rule, subjects.set(subject, { id: subject, display, type: check?.subjectType ?? '' }));
      }
    }
  }
  const rules = new Map<string, { effect: 'in' | 'out'; reason: string; from: string; by: string }>();
  for (const { detail } of survey.plans) {
    for (const rule of detail.scopeRules as readonly {
      id?: unknown;
      decision?: unknown;
      because?: unknown;
      from?: unknown;
      by?: unknown;
    }[]) {
      rules.set(String(rule.id), {
        effect: rule.decision === 'in' ? 'in' : 'out',
        reason: String(rule.because),
        from: `${String(rule.from)}T00:00:00.000Z`,
        by: String(rule.by),
      });
    }
  }
  return [...rules].map(([rule, { effect, reason, from, by }]) => ({
    decision: null,
    rule,
    effect,
    reason,
    from,
    by: { name: by, authentication: 'none' },
    subjects: [...(out.get(rule)?.values() ?? [])].sort((left, right) => (left.id < right.id ? -1 : 1)),
  }));
}

function notCollectedOf(history: PeriodHistory, survey: LogSurvey, withheld: ReadonlySet<string>): NotCollected[] {
  const types = new Map<string, { state: NotCollected['state']; reason: string; controls: string[] }>();
  const absent = new Map((survey.plans.at(-1)?.detail.absentTypes ?? []).map(({ type, reason, by }) => [type, `${reason} (${by})`]));
  for (const { control, uncollected } of history.controls) {
    for (const { type, state } of uncollected) {
      const reason = absent.get(type) ?? 'no collector reads it, and nothing says that there is none';
      const known = types.get(type) ?? { state, reason, controls: [] };
      known.controls.push(control.id);
      types.set(type, known);
    }
  }
  const rest = { from: null, to: null };
  return [
    ...[...types].sort(([left], [right]) => (left < right ? -1 : 1)).map(([what, one]) => ({ what, source: null, ...one, ...rest })),
    ...[...withheld].sort().map((what) => ({
      what,
      source: null,
      state: 'withheld' as const,
      reason: 'kept back by the redaction profile of the engagement',
      controls: [],
      ...rest,
    })),
    ...history.outages.map(({ source, from, to, ...why }) => ({
      what: source,
      source,
      state: 'not-collected' as const,
      reason: whySilent(why),
      controls: [],
      from,
      to,
    })),
    ...history.controls.flatMap(({ control }) =>
      control.evidence.map(({ what, from, frequency }) => ({
        what,
        source: null,
        state: 'manual' as const,
        reason: `from ${from}, ${frequency}: no API gives it`,
        controls: [control.id],
        ...rest,
      })),
    ),
  ];
}

/** Names of people that stand in a bundle: registered ones, whoever decided, and the accounts of persons. */
export function namesIn({ reader, persons, decisions, history, entityPack }: BundleParts, personTypes: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  for (const { person } of persons) for (const name of [person.name, person.id, person.email]) if (name !== undefined) names.add(name);
  for (const { actor, approval } of decisions) for (const one of [actor, approval?.actor]) if (one !== undefined) names.add(one.name);
  for (const { display, type } of inventory(reader, history.period)) if (personTypes.has(type)) names.add(display);
  for (const name of entityPack === null ? [] : namesOfEntity(entityPack)) names.add(name);
  return names;
}

/** Persons of the roster, by whatever they are called, their logins, and who handed something in. Organisations are no persons. */
function* namesOfEntity({ people, separation, documents }: EntityPack): Generator<string> {
  for (const { name, emails } of people?.people ?? []) yield* [name, ...emails];
  for (const { name } of people?.moves ?? []) yield name;
  for (const { name } of people?.leavers ?? []) yield name;
  for (const { kind, nature, login, ownerName } of people?.accounts ?? []) {
    if (kind === 'person' && nature === 'ordinary') yield login;
    if (ownerName !== null) yield ownerName;
  }
  for (const { holderKind, name } of separation?.conflicts ?? []) if (holderKind === 'person') yield name;
  const organisations = new Set(documents?.organisations.map(({ name }) => name));
  for (const { providedBy } of documents?.documents ?? []) if (!organisations.has(providedBy)) yield providedBy;
}
