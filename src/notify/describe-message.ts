import type { Condition, Message, Notice, NoticeKind, Owner, Thread } from '../model/notification.ts';
import { type Severity, severities } from '../model/outcome.ts';
import { fillRemediation } from './fill-remediation.ts';
import { isOver, type Tone, tones, words } from './notice-words.ts';
import { oneLine, plain, shorten } from './plain-text.ts';
import { lengthBetween, readableTime } from './readable-time.ts';

/** A message in words, the same for every channel; how it looks is the channel's. Plain text throughout: nothing is escaped yet. */
export interface DescribedMessage {
  /** One line that stands alone: the subject of a mail, what a telephone shows. At most 150 characters. */
  readonly headline: string;
  /** Of its worst section; null: a test. */
  readonly tone: Tone | null;
  /** What stands above everything else: that nothing here is real. */
  readonly demonstration: string | null;
  readonly opening: readonly string[];
  readonly sections: readonly Section[];
  /** What was left out, counted; null: nothing was. */
  readonly more: string | null;
  /** Whose it is, when it was said and along which route. */
  readonly origin: string;
}
export interface Section {
  readonly tone: Tone;
  readonly severity: Severity;
  /** `Untrue: The root user signs in with a second factor` */
  readonly heading: string;
  readonly facts: readonly Fact[];
  readonly resources: readonly ListedResource[];
  /** `and 12 more`; null: all are listed. */
  readonly more: string | null;
  /** Ways to put it right; empty where it is right again. */
  readonly fix: readonly Fact[];
  /** Where it can be looked up. */
  readonly recorded: { readonly sentence: string; readonly command: string };
}
export interface Fact {
  readonly label: string;
  readonly text: string;
}
export interface ListedResource {
  readonly name: string;
  /** Empty where it is the same as the name. */
  readonly id: string;
  /** What was said of this one; null: the section says it of all. */
  readonly said: string | null;
}

export interface DescribeLimits {
  /** Sections beyond are counted. */
  readonly sections: number;
  /** Resources listed in a section; default 10. */
  readonly resources?: number;
}

const ownedBy: Readonly<Record<Owner['by'], string>> = {
  registered: 'named for it',
  tag: 'by the tag of the resource',
  codeowners: 'by CODEOWNERS',
  check: 'by the configuration of the check',
  control: 'owner of the control',
  default: 'the default owner',
  none: '',
};

/** Words for all channels. `limits.sections`: what a channel can show; what is left out is counted and said. */
export function describeMessage(message: Message, limits: DescribeLimits): DescribedMessage {
  return describe(message, limits, 0);
}

/** `unlisted`: as many again as the notices name, of which only the number is known. */
function describe(message: Message, limits: DescribeLimits, unlisted: number): DescribedMessage {
  const around = {
    demonstration: message.demonstration ? 'Demonstration: a company that does not exist. Nothing here is to be acted on.' : null,
    origin: [message.entity, ...(message.route === null ? [] : [`route ${message.route}`]), readableTime(message.at)]
      .map(plain)
      .join(' · '),
  };
  if (message.kind === 'test' && message.notices.length === 0) {
    return {
      ...around,
      headline: shorten(`Test message from Proofline for ${message.entity}`, 150),
      tone: null,
      opening: [`This channel (${message.channel}) works. Nothing is wrong and nothing is to be done.`],
      sections: [],
      more: null,
    };
  }
  const notices = saidOnce(message.notices);
  const groups = groupNotices(notices);
  const shown = groups.slice(0, limits.sections);
  const left = groups.slice(limits.sections);
  const brief = message.kind === 'digest';
  const only = groups.length === 1 ? groups[0] : undefined;
  const besides = only === undefined ? 0 : unlisted;
  const sections = shown.map((group) => describeGroup(group, message, { resources: brief ? 3 : (limits.resources ?? 10), brief, besides }));
  const summary = summarise(groups);
  return {
    ...around,
    headline: shorten(
      brief ? `${digestName(message)}: ${summary}` : only ? headlineOf(only, besides) : headlineOfMany(groups, summary),
      150,
    ),
    tone: sections[0]?.tone ?? null,
    opening: brief ? [...whyDigest(message), `${capital(severityCounts(notices))}.`] : only ? [] : [`${capital(severityCounts(notices))}.`],
    sections,
    more: leftOut(left, message, unlisted - besides),
  };
}

/**
 * What a thread is about as it stands now. While something in it is untrue that is its conditions, of which it lists `resources`; after
 * that it is what `message` says has ended.
 */
export function describeThread(thread: Thread, message: Message, limits: DescribeLimits): DescribedMessage {
  const standing = thread.conditions.map(noticeOf);
  const notices = thread.open && standing.length > 0 ? standing : message.notices;
  const unlisted = thread.open ? thread.count - thread.conditions.length : 0;
  return describe({ ...message, kind: 'notices', because: null, notices }, limits, unlisted);
}

function leftOut(groups: readonly (readonly Notice[])[], message: Message, unlisted: number): string | null {
  const resources = groups.flat().length + unlisted;
  if (resources === 0) return null;
  const checks = groups.length === 0 ? '' : `${counted(groups.length, 'more check', 'more checks')} with `;
  return `and ${checks}${counted(resources, checks === '' ? 'more resource' : 'resource', checks === '' ? 'more resources' : 'resources')}; \`${command('status', message)}\` shows them`;
}

/** A condition as it stands: the notice that began it, since then kept up to date. */
function noticeOf(condition: Condition): Notice {
  return { ...condition.notice, kind: condition.kind === 'failing' ? 'check-failing' : condition.notice.kind, since: condition.since };
}

/**
 * A check that several controls use with parameters of their own may say the very same of the same thing for each of them: that is told once,
 * with all of these controls, as bad as the worst and due as soon as the soonest.
 */
function saidOnce(notices: readonly Notice[]): readonly Notice[] {
  const uses = Map.groupBy(notices, useOf);
  const same = Map.groupBy(notices, ({ kind, check, source, subject, message }) =>
    JSON.stringify([kind, check?.id, source?.id, subject.id, message]),
  );
  return [...same.values()].map((group) => {
    // With the use that has most to say, so that one list of resources does not become two.
    const [first] = group.toSorted((a, b) => (uses.get(useOf(b))?.length ?? 0) - (uses.get(useOf(a))?.length ?? 0));
    if (group.length === 1 || first === undefined) return group[0]!;
    const controls = [...new Map(group.flatMap((one) => one.controls).map((control) => [control.id, control])).values()];
    const dues = group.flatMap(({ due }) => (due === null ? [] : [due])).sort();
    return {
      ...first,
      severity: worst(group),
      since: earliest(group),
      due: dues[0] ?? null,
      controls,
      criteria: distinct(group.flatMap(({ criteria }) => criteria)),
      objectives: distinct(group.flatMap(({ objectives }) => objectives)),
      owner: group.find(({ controls: of }) => of.length > 0)?.owner ?? first.owner,
    };
  });
}
const useOf = ({ kind, check, source }: Notice): string => JSON.stringify([kind, check?.id, check?.parametersDigest, source?.id]);

/** By kind, check with its parameters, and source; worst first. */
function groupNotices(notices: readonly Notice[]): Notice[][] {
  const groups = new Map<string, Notice[]>();
  for (const notice of notices) {
    const key = useOf(notice);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [notice]);
    else group.push(notice);
  }
  const rank = (group: readonly Notice[]) => [tones.indexOf(toneOf(group)), severities.indexOf(worst(group)), earliest(group)] as const;
  return [...groups.values()]
    .map((group) =>
      group.toSorted((a, b) => compare([a.since, a.subject.display, a.subject.id], [b.since, b.subject.display, b.subject.id])),
    )
    .sort((a, b) => compare(rank(a), rank(b)));
}

function describeGroup(
  group: readonly Notice[],
  message: Message,
  { resources, brief, besides }: { readonly resources: number; readonly brief: boolean; readonly besides: number },
): Section {
  const first = group[0]!;
  const { tone, next } = words[first.kind];
  const messages = new Set(group.map((notice) => notice.message));
  const alike = messages.size === 1;
  const listed = group.slice(0, resources);
  const unshown = group.length + besides - listed.length;
  const ofControls = [...new Map(group.flatMap(({ controls }) => controls).map((control) => [control.id, control])).values()];
  const criteria = distinct(group.flatMap((notice) => notice.criteria));
  const objectives = distinct(group.flatMap((notice) => notice.objectives));
  const fact = (label: string, text: string | null): Fact[] => (text === null || text === '' ? [] : [{ label, text: plain(text) }]);
  return {
    tone,
    severity: worst(group),
    heading: headingOf(group, besides),
    facts: [
      ...fact('Severity', worst(group)),
      ...fact(isOver(tone) ? (first.check === null ? 'Lasted' : 'Was untrue') : 'Since', sinceOf(group, message.at)),
      ...fact('Due', dueOf(group, message.at)),
      ...fact('Owner', ownersOf(group)),
      ...fact('Source', first.source === null ? null : `${first.source.name} (${first.source.id})`),
      ...fact(first.check === null ? 'What happened' : 'The check said', alike ? first.message : null),
      ...(brief ? [] : fact('Check', first.check?.id ?? null)),
      ...fact(
        ofControls.length === 1 ? 'Control' : 'Controls',
        brief ? ofControls.map(({ id }) => id).join(', ') : ofControls.map(({ id, statement }) => `${id} ${statement}`).join('\n'),
      ),
      ...fact('SOC 2 criteria', criteria.join(', ')),
      ...fact('SOC 1 objectives', objectives.join(', ')),
      ...fact('Next', next),
    ],
    resources: listed.map(({ subject, message: said }) => ({
      name: shorten(oneLine(subject.display), 200),
      id: subject.id === subject.display ? '' : shorten(oneLine(subject.id), 200),
      said: alike ? null : shorten(plain(said), 300),
    })),
    more: unshown > 0 ? `and ${grouped(unshown)} more` : null,
    fix: brief || isOver(tone) || first.check === null ? [] : fixOf(group, first.check.remediation, fact),
    recorded: recordedAs(group, message),
  };
}

/** Of one thing with its own values; of several as it is for each of them. */
function fixOf(
  group: readonly Notice[],
  remediation: NonNullable<Notice['check']>['remediation'],
  fact: (label: string, text: string | null) => Fact[],
): Fact[] {
  const subjects = new Set(group.map(({ subject }) => subject.id));
  const [only = ''] = subjects.size === 1 ? subjects : [];
  const { console, cli, terraform } = fillRemediation(remediation, only);
  return [...fact('Console', console), ...fact('CLI', cli), ...fact('Terraform', terraform)];
}

/** `Untrue: The door is locked`; where no check says it, what it is about. */
function headingOf(group: readonly Notice[], besides: number): string {
  const first = group[0]!;
  const count = group.length + besides;
  const about = first.check?.claim ?? (count === 1 ? first.subject.display : `${grouped(count)} of ${first.source?.name ?? 'the log'}`);
  const forHowMany = first.check !== null && count > 1 ? ` for ${grouped(count)} resources` : '';
  return shorten(`${words[first.kind].heading}${forHowMany}: ${oneLine(about)}`, 250);
}

/** `[critical] Untrue for 12 resources: The door is locked`. */
function headlineOf(group: readonly Notice[], besides: number): string {
  const first = group[0]!;
  const count = group.length + besides;
  const { heading, tone } = words[first.kind];
  const place = first.source === null ? '' : ` (${first.source.name})`;
  const mark = isOver(tone) ? '' : `[${worst(group)}] `;
  if (first.check === null) return `${mark}${headingOf(group, besides)}${count === 1 ? place : ''}`;
  const which = count === 1 ? ` for ${shorten(oneLine(first.subject.display), 40)}` : ` for ${grouped(count)} resources`;
  return `${mark}${heading}${which}: ${plain(first.check.claim)}${place}`;
}

/** `[critical] 3 checks fail, 1 check recovered (production)`: as bad as the worst of what is not over. */
function headlineOfMany(groups: readonly (readonly Notice[])[], summary: string): string {
  const going = groups.filter((group) => !isOver(toneOf(group))).flat();
  const sources = distinct(groups.flat().flatMap(({ source }) => (source === null ? [] : [source.name])));
  const mark = going.length === 0 ? '' : `[${worst(going)}] `;
  return `${mark}${capital(summary)}${sources.length === 1 ? ` (${sources[0]})` : ''}`;
}

/** `3 checks fail, 1 check recovered`. */
function summarise(groups: readonly (readonly Notice[])[]): string {
  const counts = new Map<NoticeKind, number>();
  for (const group of groups) {
    const [first] = group;
    // A check that fails for many is one; without a check each is one of its own.
    if (first !== undefined) counts.set(first.kind, (counts.get(first.kind) ?? 0) + (first.check === null ? group.length : 1));
  }
  return [...counts].map(([kind, count]) => counted(count, words[kind].one, words[kind].many)).join(', ');
}

/** `5,000 changes: 2 critical, 40 high`. */
function severityCounts(notices: readonly Notice[]): string {
  const parts = tones.flatMap((tone) => {
    const of = notices.filter(({ kind }) => words[kind].tone === tone);
    if (of.length === 0) return [];
    const bySeverity = severities.flatMap((severity) => {
      const count = of.filter((notice) => notice.severity === severity).length;
      return count === 0 ? [] : [`${grouped(count)} ${severity}`];
    });
    const name = { untrue: 'untrue', warning: 'to watch', 'true-again': 'true again', ended: 'no longer looked at' }[tone];
    return [`${grouped(of.length)} ${name} (${bySeverity.join(', ')})`];
  });
  return parts.join('; ');
}

function digestName(message: Message): string {
  const sources = distinct(message.notices.flatMap(({ source }) => (source === null ? [] : [source.name])));
  const of = sources.length === 1 ? ` of ${sources[0]}` : '';
  switch (message.because) {
    case 'first-collection':
      return `First reading${of}`;
    case 'logic-changed':
      return 'Other logic, other verdicts';
    case 'weekly':
      return 'The week';
    default:
      return 'The day';
  }
}
function whyDigest(message: Message): string[] {
  if (message.because === 'first-collection')
    return ['This source was read for the first time. What it shows may be old; from now on you are told only of what changes.'];
  if (message.because === 'logic-changed')
    return ['The checks or their parameters changed, not the sources. What changed its verdict by that is listed here, once.'];
  return [];
}

function sinceOf(group: readonly Notice[], at: string): string {
  const [first, last] = [earliest(group), group.map(({ since }) => since).reduce((a, b) => (a > b ? a : b))];
  if (isOver(toneOf(group))) {
    const until = group.map((notice) => notice.at).reduce((a, b) => (a > b ? a : b));
    return `${first === last ? '' : 'at the longest '}${lengthBetween(first, until)}, since ${readableTime(first)}`;
  }
  const age = Date.parse(at) - Date.parse(first) >= 3_600_000 ? `, for ${lengthBetween(first, at)}` : '';
  return first === last ? `${readableTime(first)}${age}` : `${readableTime(first)}${age}, the latest ${readableTime(last)}`;
}
function dueOf(group: readonly Notice[], at: string): string | null {
  if (isOver(toneOf(group))) return null;
  const due = group.flatMap((notice) => (notice.due === null ? [] : [notice.due])).sort()[0];
  if (due === undefined) return null;
  return `${readableTime(due)} (${due > at ? `in ${lengthBetween(at, due)}` : `overdue by ${lengthBetween(due, at)}`})`;
}
function ownersOf(group: readonly Notice[]): string {
  const counts = new Map<string, number>();
  for (const { owner } of group) {
    const text = owner.name === null ? 'nobody is named' : `${owner.name}${owner.by === 'none' ? '' : ` (${ownedBy[owner.by]})`}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()][0]!;
  const owners = [...counts].sort((a, b) => b[1] - a[1]);
  const rest = owners.length > 5 ? `; and ${owners.length - 5} more` : '';
  return `${owners
    .slice(0, 5)
    .map(([text, count]) => `${text}: ${grouped(count)}`)
    .join('; ')}${rest}`;
}
function recordedAs(group: readonly Notice[], message: Message): Section['recorded'] {
  const entries = [...new Map(group.map(({ evidence }) => [evidence.index, evidence])).values()].sort((a, b) => b.index - a.index);
  const latest = entries[0]!;
  const others = entries.length === 1 ? '' : entries.length === 2 ? ' and one more' : ` and ${entries.length - 1} more`;
  return {
    sentence: `Recorded in the log as entry ${latest.index}${others} (evidence ${plain(latest.id)})`,
    command: command(`evidence show ${latest.index}`, message),
  };
}
function command(verb: string, message: Message): string {
  return `proofline ${verb}${message.demonstration ? ' --demonstration' : ''}`;
}

function toneOf(group: readonly Notice[]): Tone {
  return words[group[0]!.kind].tone;
}
function worst(group: readonly Notice[]): Severity {
  return severities.find((severity) => group.some((notice) => notice.severity === severity))!;
}
function earliest(group: readonly Notice[]): string {
  return group.map(({ since }) => since).reduce((a, b) => (a < b ? a : b));
}
function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const differs = a.findIndex((value, index) => value !== b[index]);
  return differs === -1 ? 0 : a[differs]! < b[differs]! ? -1 : 1;
}
function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
