import { existsSync, statfsSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { createLimiter, unlimited } from '../collect/limiter.ts';
import { runCollector } from '../collect/run-collector.ts';
import { readsEntity } from '../config/configured-sources.ts';
import { probeKeys } from '../keys/probe-keys.ts';
import { isChangeRecord } from '../model/change.ts';
import type { Collector, Exchange, SourceDefinition } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { ProoflineError, SourceError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { LogReader } from '../model/log-reader.ts';
import { toBase64 } from '../seal/digest.ts';
import { leafHash, rootOf } from '../seal/merkle.ts';
import type { Composition } from './composition.ts';
import { registerFindings } from './decisions/register-findings.ts';
import { fadingRecords } from './fading-records.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import { sourceKindOf } from './registries.ts';
import { type SourceAccess, type SourceMember, whyNotEntered } from './source-access.ts';

/** One thing the doctor looked at. `advice` says what to do, when there is something to do. */
export interface DoctorFinding {
  readonly area: 'configuration' | 'source' | 'store' | 'keys' | 'anchors' | 'extensions' | 'notify';
  readonly about: string;
  readonly level: 'ok' | 'note' | 'warning' | 'problem';
  readonly message: string;
  readonly advice: string | null;
}
export interface DoctorOptions {
  readonly onProgress: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** Leaves the sources alone. */
  readonly offline?: boolean | undefined;
}

/** Requests one collector may spend on a trial: enough to meet every operation it calls. */
const trialCalls = 60;
const clockWarningMs = 2_000;
const clockProblemMs = 30_000;
/** List price of a further copy of management events, USD per event; the first copy in a trail is free of charge. */
const dollarsPerFurtherEvent = 2 / 100_000;

/** What each kind of source forgets, and how soon. Days. */
const forgets: Readonly<Record<string, readonly { what: string; days: number }[]>> = {
  aws: [{ what: 'CloudTrail event history', days: 90 }],
  github: [
    { what: 'rule-suite results (bypasses of rulesets)', days: 30 },
    { what: 'the audit log (Git events: 7 days)', days: 180 },
  ],
};

/** Looks at everything a collection needs, and tries each collector without sealing anything. */
export async function runDoctor(app: Composition, options: DoctorOptions): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  const say = (area: DoctorFinding['area'], about: string, level: DoctorFinding['level'], message: string, advice: string | null = null) =>
    findings.push({ area, about, level, message, advice });

  for (const notice of app.configuration.notices) say('configuration', app.configuration.file, 'note', notice);
  say(
    'configuration',
    app.configuration.file,
    'ok',
    `${(await app.controls()).length} controls, ${(await app.registries()).checks.length} checks, ${(await app.engagements()).length} engagements`,
  );
  if (readsEntity(app.configuration)) {
    const settings = await app.entitySettings();
    const parts = (['people', 'separation', 'reviews', 'records', 'documents'] as const).filter((part) => settings[part] !== null);
    say('configuration', 'the entity as a whole', 'ok', `${parts.join(', ')}: worked out of what is sealed of the sources`);
  }
  if (app.configuration.extensions.length > 0) {
    const registries = await app.registries();
    const own = [...registries.collectors, ...registries.checks].filter(({ id }) => id.startsWith('own/')).length;
    say(
      'extensions',
      app.configuration.extensions.join(', '),
      'note',
      `${own} checks and collectors of your own: trusted code; their results are graded entity-built logic`,
    );
  }
  checkKeys(app, say);
  await checkStore(app, say);
  checkAnchors(app, say);
  await checkChannels(app, say);
  if (options.offline !== true) {
    const state = existsSync(app.configuration.store.data) ? app.openState({ readOnly: true }) : undefined;
    try {
      const sources = await app.sources(state);
      for (const source of sources) await checkSource(app, source, options, say);
      if (sources.length === 0) say('source', 'none', 'problem', 'no source is configured', 'add one under `sources` in the configuration');
    } finally {
      state?.close();
    }
  }
  return findings;
}

type Say = (area: DoctorFinding['area'], about: string, level: DoctorFinding['level'], message: string, advice?: string | null) => void;

function checkKeys(app: Composition, say: Say): void {
  const place = app.configuration.store.keys;
  try {
    const probe = probeKeys(app.keys());
    if (probe.signs && probe.decrypts)
      say('keys', place, 'ok', `sign ${probe.ids.sign}, wrap ${probe.ids.wrap}, commit ${probe.ids.commit}: each works`);
    else say('keys', place, 'problem', 'a key does not do what it should', 'restore the three key files from their backup');
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    say(
      'keys',
      place,
      'problem',
      error.message,
      error.code === 'key-missing' ? '`proofline init` makes them; for an existing log restore them from their backup' : null,
    );
  }
}

async function checkStore(app: Composition, say: Say): Promise<void> {
  const place = app.configuration.store.data;
  if (!app.hasStore()) {
    say('store', place, 'note', 'there is no log yet', '`proofline collect` begins it');
    return;
  }
  try {
    const store = await app.openStore({ readOnly: true });
    try {
      const decryption = store.tryDecryption();
      say('store', place, 'ok', `${store.size()} entries, signed to ${store.checkpoints().at(-1)?.size ?? 0}, of ${store.origin}`);
      const signed = store.checkpoints().at(-1);
      if (signed !== undefined && toBase64(rootOf(leavesOf(store, signed.size))) !== signed.root) {
        say('store', place, 'problem', `the first ${signed.size} entries are not those that were signed`, '`proofline verify` says which');
      }
      if (decryption.failed.length > 0) {
        say(
          'store',
          place,
          'problem',
          `${decryption.failed.length} of ${decryption.tried} stored data keys do not open with these keys`,
          'restore the wrap key from its backup',
        );
      }
      for (const { level, message, advice } of registerFindings(store, app.now())) say('store', 'decisions', level, message, advice);
      const latest = store.latestCollections().map(({ statement }) => statement);
      for (const { collector, scope, since, forgets } of fadingRecords(latest, (await app.registries()).collectors, app.now())) {
        say(
          'source',
          `${collector} ${scope}`,
          'warning',
          `has not been read to its end since ${since}; on ${forgets.slice(0, 10)} the source begins to forget what happened since`,
          '`proofline collect` reads all of it that is still remembered',
        );
      }
    } finally {
      await store.close();
    }
    const { bavail, bsize } = statfsSync(place);
    const free = bavail * bsize;
    if (free < 1e9)
      say('store', place, 'warning', `only ${Math.round(free / 1e6)} MB are free on this disk`, 'make room: a full disk stops collecting');
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    say('store', place, 'problem', error.message);
  }
}

function* leavesOf(log: LogReader, size: number): Generator<Uint8Array> {
  for (const { bytes } of log.entries(0, size)) yield leafHash(bytes);
}

function checkAnchors(app: Composition, say: Say): void {
  const { anchors } = app.configuration;
  if (anchors.length === 0) {
    say(
      'anchors',
      'none',
      'warning',
      'recorded by the entity alone; nobody else sees this log',
      'add a time-stamping authority (kind: rfc3161) or a file that others keep under `anchors`, before the period begins',
    );
  } else if (!anchors.some(({ kind }) => kind === 'rfc3161')) {
    say(
      'anchors',
      anchors.map(({ name }) => name).join(', '),
      'note',
      'a file shows nothing about time',
      'add a time-stamping authority (kind: rfc3161)',
    );
  } else {
    say('anchors', anchors.map(({ name }) => name).join(', '), 'ok', `${anchors.length} configured; \`proofline anchor now\` tries them`);
  }
}

/** Whether each channel has what it needs; none of them is asked. */
async function checkChannels(app: Composition, say: Say): Promise<void> {
  let channels: Awaited<ReturnType<Composition['channels']>>;
  try {
    channels = await app.channels();
  } catch (error) {
    if (!(error instanceof ProoflineError) || error.code !== 'configuration') throw error;
    for (const { path = 'notify', message } of error.problems) say('notify', path, 'problem', message);
    return;
  }
  if (channels.length === 0) {
    say('notify', 'none', 'note', 'nobody is told when a check fails', 'name a channel under `notify` in the configuration');
  }
  for (const { name, kind, obstacle } of channels) {
    const missing = obstacle?.() ?? null;
    if (missing === null) say('notify', name, 'ok', `${kind}; \`proofline notify test ${name}\` sends a message over it`);
    else say('notify', name, 'problem', missing, 'what it should say goes to its fallback, where one is named');
  }
}

async function checkSource(app: Composition, source: SourceAccess, options: DoctorOptions, say: Say): Promise<void> {
  try {
    options.onProgress(`asking ${source.kind} "${source.name}" for its accounts`);
    const members = await source.members();
    for (const member of members) await checkMember(app, source, member, options, say);
    for (const { what, days } of forgets[source.kind] ?? []) {
      say('source', source.name, 'note', `forgets ${what} after ${days} days: what nobody collected by then cannot be collected later`);
    }
  } catch (error) {
    const why = whyNotEntered(error);
    if (why === undefined) throw error;
    say('source', source.name, 'problem', `cannot be entered: ${why.message}`, adviceFor(why.reason));
  } finally {
    source.close();
  }
}

async function checkMember(app: Composition, source: SourceAccess, member: SourceMember, options: DoctorOptions, say: Say): Promise<void> {
  const about = `${source.name} · ${member.display}`;
  const session = `proofline-doctor-${app.newId()}`.slice(0, 64);
  const opened = member.open(session);
  try {
    const who = await opened.principal();
    say('source', about, 'ok', `reads as ${who ?? 'nobody it can name'} (${member.id})`);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    say('source', about, 'problem', `does not say who we are: ${error.message}`, adviceFor(error.reason));
    opened.close();
    return;
  }
  const registries = await app.registries();
  const limiter = app.demonstration ? unlimited : createLimiter(source.definition);
  const collectors = registries.collectors.filter(
    (collector) => sourceKindOf(collector) === source.kind && (collector.member?.(member.settings) ?? true),
  );
  const budgets = new Map<string, Budget>();
  const exchange: Exchange = async (...asked) => {
    const reply = await opened.exchange(...asked);
    noteBudget(budgets, reply.headers);
    return reply;
  };
  const trial = async (collector: Collector<never>, region: string | undefined): Promise<Evidence> => {
    options.onProgress(`trying ${collector.id}${region === undefined ? '' : ` in ${region}`}`);
    const enough = new AbortController();
    return await runCollector({
      collector,
      source: source.definition as SourceDefinition<never>,
      exchange,
      sourceId: member.id,
      tenant: member.tenant,
      region,
      settings: member.settings,
      window: collector.kind === 'events' ? lastHour(app.now()) : undefined,
      logic: registries.logicOf('collector', collector.id),
      session,
      principal: null,
      trigger: { name: 'doctor', authentication: 'none' },
      concurrency: 2,
      now: app.now,
      monotonic: app.monotonic,
      limiter,
      signal: AbortSignal.any([options.signal, enough.signal]),
      onProgress: ({ calls }) => calls >= trialCalls && enough.abort(),
    });
  };
  try {
    const central = collectors.filter(({ scope }) => scope !== 'region');
    const regional = collectors.filter(({ scope }) => scope === 'region');
    const tried: { collector: Collector<never>; evidence: Evidence; times: number }[] = [];
    let regions: readonly string[] = [];
    for (const collector of central) {
      if (options.signal.aborted) return;
      const evidence = await trial(collector, undefined);
      tried.push({ collector, evidence, times: 1 });
      if (collector.id === source.definition.regions?.collector) {
        regions = enabledIn(normaliseEvidence(collector, evidence.items, member, evidence.scope).resources, source.definition.regions.type);
      }
    }
    const wanted = member.regions === undefined ? regions : regions.filter((region) => member.regions?.includes(region));
    const first = wanted[0];
    for (const collector of first === undefined ? [] : regional) {
      if (options.signal.aborted) return;
      tried.push({ collector, evidence: await trial(collector, first), times: wanted.length });
    }
    if (source.kind === 'tabular') {
      reportTable(tried, about, say);
      return;
    }
    reportRecords(tried, member, about, say);
    reportDenied(source.definition, tried, about, say);
    reportClock(tried, about, say);
    reportVolume(source.kind, tried, about, say);
    reportBudget(budgets, about, say);
  } finally {
    opened.close();
  }
}

/** What a trial reads of a record of events. */
function lastHour(now: string) {
  return { from: Temporal.Instant.from(now).subtract({ hours: 1 }).toString({ smallestUnit: 'millisecond' }), to: now, backfill: false };
}

function enabledIn(
  resources: readonly { readonly type: string; readonly fields: Readonly<Record<string, unknown>> }[],
  regionType: string,
): string[] {
  return resources
    .filter(({ type, fields }) => type === regionType && fields['enabled'] === true)
    .map(({ fields }) => String(fields['name']));
}

interface Tried {
  readonly collector: Collector<never>;
  readonly evidence: Evidence;
  /** In how many places a collection runs it. */
  readonly times: number;
}

function reportDenied(definition: SourceDefinition, tried: readonly Tried[], about: string, say: Say): void {
  const missing = new Map<string, Set<string>>();
  for (const { collector, evidence } of tried) {
    for (const gap of evidence.gaps) {
      if (gap.reason !== 'access-denied') continue;
      const permission = definition.permissionFor(gap.operation) ?? gap.operation;
      missing.set(permission, (missing.get(permission) ?? new Set()).add(collector.id));
    }
    const broken = [
      ...new Set(
        evidence.gaps
          .filter(({ reason }) => reason !== 'access-denied' && reason !== 'not-collected')
          .map(({ reason, operation }) => `${operation}: ${reason}`),
      ),
    ];
    if (broken.length > 0) say('source', `${about} · ${collector.id}`, 'warning', broken.slice(0, 5).join('; '));
  }
  if (missing.size === 0) {
    say('source', about, 'ok', `${tried.length} collectors tried, none was refused anything`);
    return;
  }
  for (const [permission, collectors] of [...missing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    say(
      'source',
      about,
      'problem',
      `lacks ${permission}, which ${[...collectors].sort().join(', ')} need${collectors.size === 1 ? 's' : ''}`,
      `\`proofline permissions ${definition.kind}\` prints what to grant`,
    );
  }
}

/** So many malformed rows are named; a file in the wrong format has as many as lines. */
const namedRows = 10;

/** A table has no rights of its own and no budget: it is there or not, and its rows fit what was declared or not. */
function reportTable(tried: readonly Tried[], about: string, say: Say): void {
  for (const { evidence } of tried) {
    const gaps = evidence.gaps.filter(({ reason }) => reason !== 'not-collected');
    const rows = evidence.items.filter(({ operation, body }) => operation === 'tabular:rows' && body !== null).length;
    if (gaps.length === 0) say('source', about, 'ok', `${rows} ${rows === 1 ? 'row' : 'rows'} read, all of them as declared`);
    for (const { reason, operation, subject, code } of gaps.slice(0, namedRows)) {
      const what = subject ?? `${operation}${code === undefined ? '' : ` (${code})`}`;
      say('source', about, reason === 'malformed-reply' ? 'warning' : 'problem', `${reason}: ${what}`, adviceFor(reason));
    }
    if (gaps.length > namedRows) say('source', about, 'warning', `and ${gaps.length - namedRows} more that do not fit`);
  }
}

function reportClock(tried: readonly Tried[], about: string, say: Say): void {
  const offsets = tried.flatMap(({ evidence }) => evidence.requests.flatMap(({ offsetMs }) => (offsetMs === null ? [] : [offsetMs])));
  if (offsets.length === 0) {
    say('source', about, 'note', 'the source told no time: the clock could not be compared');
    return;
  }
  const worst = offsets.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  // The server's clock is told to the second.
  const level = Math.abs(worst) > clockProblemMs ? 'problem' : Math.abs(worst) > clockWarningMs ? 'warning' : 'ok';
  say(
    'source',
    about,
    level,
    `its clock is ${Math.round(Math.abs(worst) / 100) / 10} s ${worst < 0 ? 'behind' : 'ahead of'} ours`,
    level === 'ok' ? null : 'set this machine’s clock by NTP',
  );
}

/** A source may keep no record of changes at all, where its plan has none: that is no fault, and has its price. */
function reportRecords(tried: readonly Tried[], member: SourceMember, about: string, say: Say): void {
  for (const { collector, evidence } of tried) {
    if (!isChangeRecord(collector)) continue;
    const { resources } = normaliseEvidence(collector, evidence.items, member, evidence.scope);
    if (!resources.some(({ fields }) => fields['recorded'] === false)) continue;
    say(
      'source',
      `${about} · ${collector.id}`,
      'note',
      'the source keeps no such record in this plan: what changed between two readings cannot be corroborated by it',
    );
  }
}

interface Budget {
  readonly remaining: number;
  readonly limit: number;
  readonly resetsAt: string | null;
}
/** Sources that say how many requests are left do so in each answer (GitHub); others publish no figure. */
function noteBudget(budgets: Map<string, Budget>, headers: Readonly<Record<string, string>>): void {
  const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  const limit = Number(headers['x-ratelimit-limit'] ?? Number.NaN);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (!Number.isFinite(remaining) || !Number.isFinite(limit)) return;
  const resetsAt = Number.isFinite(reset) ? new Date(reset * 1000).toISOString() : null;
  budgets.set(headers['x-ratelimit-resource'] ?? 'core', { remaining, limit, resetsAt });
}
function reportBudget(budgets: ReadonlyMap<string, Budget>, about: string, say: Say): void {
  if (budgets.size === 0) {
    say('source', about, 'note', 'tells no rate budget; requests are kept to published limits, and to less where the source asks for it');
    return;
  }
  for (const [resource, { remaining, limit, resetsAt }] of [...budgets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const scarce = remaining < limit / 5;
    say(
      'source',
      about,
      scarce ? 'warning' : 'ok',
      `${remaining} of ${limit} ${resource} requests are left${resetsAt === null ? '' : ` until ${resetsAt}`}`,
      scarce ? 'something else spends this token: give Proofline one of its own' : null,
    );
  }
}

function reportVolume(kind: string, tried: readonly Tried[], about: string, say: Say): void {
  const cut = tried.some(({ evidence }) => evidence.requests.length >= trialCalls);
  const each = tried.reduce((sum, { evidence, times }) => sum + evidence.requests.length * times, 0);
  const aDay = each * 24;
  const least = cut ? 'at least ' : 'about ';
  if (kind === 'aws') {
    const cost = (aDay * 30 * dollarsPerFurtherEvent).toFixed(2);
    say(
      'source',
      about,
      'note',
      `${least}${each} calls a collection, ${aDay} a day when hourly: as many read events in CloudTrail. A trail's first copy of them is free of charge; a further copy costs about USD ${cost} a month at list price`,
    );
  } else {
    say(
      'source',
      about,
      'note',
      `${least}${each} requests a collection, ${Math.round((each / 5000) * 1000) / 10} % of the 5,000 an hour that one token has; unchanged replies (304) do not count`,
    );
  }
}

function adviceFor(reason: GapReason): string | null {
  if (reason === 'access-denied') return 'check the credentials: profile, role and external id, or the token and its rights';
  if (reason === 'source-unavailable') return 'check the address and the network';
  return null;
}
