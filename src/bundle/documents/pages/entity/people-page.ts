import type { BundleAccount, BundleLeaver, EntityPack, PeoplePack } from '../../../../model/entity-pack.ts';
import { type Block, heading, type Page, type Text } from '../../blocks.ts';
import { printCount, printDuration } from '../../print-figures.ts';
import { printDay, printTime } from '../../print-time.ts';
import { usableMs } from '../../tables/people-tables.ts';
import type { Frame } from '../page-frame.ts';
import { captionOf, firstRows, listed, readingBlocks, sameAsTables, shownWords } from './entity-parts.ts';

const registers = ['people', 'accounts', 'moves', 'leaver-accounts', 'mover-access', 'service-accounts', 'unresolved-accounts'];

/** Who there is, which accounts there are and whose, and what became of those of people who came, moved and left. */
export function peoplePage(frame: Frame, entity: EntityPack, people: PeoplePack, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `access/people.${form}`,
    kicker: 'Access',
    title: 'People and accounts',
    lead: 'Every account of every system that is read, whose it is and by which fact, with those first of which nobody can say; and who came, moved and left in the period.',
    blocks: blocks(frame, entity, people),
  });
}

function* blocks(frame: Frame, entity: EntityPack, people: PeoplePack): Generator<Block> {
  yield sameAsTables('access/people.xlsx', registers);
  const atEnd = people.accounts.filter(({ latest, shown }) => latest && shown.to === null);
  const of = (kind: BundleAccount['kind']): number => atEnd.filter((one) => one.kind === kind).length;
  yield {
    kind: 'figures',
    figures: [
      { value: printCount(people.people.filter(({ status }) => status === 'active').length), label: 'active persons at the end' },
      { value: printCount(atEnd.length), label: 'accounts at the end' },
      { value: printCount(of('unresolved') + of(null)), label: 'of them unresolved' },
      { value: printCount(of('service-account')), label: 'service accounts' },
      {
        value: printCount(people.moves.filter(({ kind, takenBack }) => kind === 'leaver' && !takenBack).length),
        label: 'leavers in the period',
      },
    ],
  };
  yield* readingBlocks(frame, entity, ['entity/people', 'entity/accounts', 'entity/movers']);
  if (people.problems.length > 0)
    yield {
      kind: 'notice',
      tone: 'attention',
      title: 'What contradicts itself, by the last reading',
      text: people.problems.slice(0, firstRows),
    };
  yield* accountBlocks(frame, people);
  yield* moveBlocks(frame, people);
  yield heading('Systems');
  yield {
    kind: 'table',
    caption: 'What each list of a system had at the last reading, and what it came to',
    columns: [
      { title: 'System', weight: 3 },
      { title: 'List', weight: 3 },
      { title: 'Entries', weight: 1, align: 'right' },
      { title: 'Accounts', weight: 1, align: 'right' },
      { title: 'The same account as one of another list', weight: 2, align: 'right' },
    ],
    rows: people.systems.map((one) => [
      one.system,
      { code: one.type },
      printCount(one.read),
      printCount(one.accounts),
      printCount(one.joined),
    ]),
    empty: 'The last reading could not say it.',
  };
  yield {
    kind: 'table',
    caption: captionOf('People of the roster', people.people.length, 'people.csv'),
    columns: [
      { title: 'Person', weight: 3 },
      { title: 'Title and department', weight: 3 },
      { title: 'Status', weight: 1.2 },
      { title: 'First day', weight: 1.6 },
      { title: 'Last day', weight: 1.6 },
      { title: 'Manager', weight: 1.6 },
    ],
    rows: people.people
      .slice(0, firstRows)
      .map((one) => [
        [{ strong: one.name }, ' ', { muted: one.person }],
        [one.title, one.department].filter((part) => part !== null).join(', '),
        one.status ?? { muted: 'not known' },
        dayWords(one.startsOn),
        one.vanished === null ? dayWords(one.endsOn) : `gone from the roster by ${printTime(one.vanished.to)}, without a last day`,
        one.manager ?? '',
      ]),
    empty: 'The roster has nobody.',
    searchable: true,
    inFull: 'registers/people.csv',
  };
}
const dayWords = (day: string | null): string => (day === null ? '' : printDay(day));

const linkWords: Readonly<Record<string, string>> = {
  override: 'a decision',
  'explicit-link': 'a link in the settings',
  'verified-email': 'a verified e-mail address',
  'sso-identity': 'its identity of single sign-on',
  'naming-rule': 'a naming rule',
};
function ownerWords(one: BundleAccount): Text {
  if (one.kind === null) return { muted: 'could not be told' };
  if (one.kind === 'unresolved')
    return [{ strong: 'nobody can say' }, ...(one.candidates.length === 0 ? [] : [`: ${one.candidates.join(' or ')}`])];
  const shared = one.sharedWith.length === 0 ? [] : [` and ${one.sharedWith.join(', ')}`];
  if (one.kind === 'service-account') {
    const answers = one.ownerName === null ? 'nobody of the roster answers for it' : `${one.ownerName} answers for it`;
    return [{ strong: one.service?.id ?? one.owner ?? '' }, ` ${one.service?.purpose ?? ''} `, { muted: answers }];
  }
  const status = one.ownerStatus === null || one.ownerStatus === 'active' ? '' : `, ${one.ownerStatus}`;
  return [{ strong: one.ownerName ?? one.owner ?? '' }, ' ', { muted: `${one.owner ?? ''}${status}` }, ...shared];
}

function* accountBlocks(frame: Frame, people: PeoplePack): Generator<Block> {
  const { period } = frame.content.history;
  const latest = people.accounts.filter((one) => one.latest);
  const changed = people.accounts.length - latest.length;
  yield heading('Accounts', 'accounts');
  yield {
    kind: 'table',
    caption: captionOf('Every account of the period as it was last, unresolved ones first', latest.length, 'accounts.csv'),
    columns: [
      { title: 'Account', weight: 3 },
      { title: 'Whose', weight: 3 },
      { title: 'By', weight: 4 },
      { title: 'Can be used', weight: 1.1 },
      { title: 'Last used', weight: 1.8 },
      { title: 'Seen so', weight: 3 },
    ],
    rows: latest
      .slice(0, firstRows)
      .map((one) => [
        [{ strong: one.login }, ' ', { muted: one.system }],
        ownerWords(one),
        [...(one.linkedBy === null ? [] : [`${linkWords[one.linkedBy] ?? one.linkedBy}: `]), one.reason],
        one.live === null ? { muted: 'not known' } : one.live ? 'yes' : 'no',
        one.lastUsed === null ? { muted: one.tellsUse ? 'never' : 'not told' } : printTime(one.lastUsed),
        shownWords(one.shown, period.from),
      ]),
    empty: 'No account was read in the period.',
    searchable: true,
    inFull: 'registers/accounts.csv',
  };
  if (changed > 0)
    yield {
      kind: 'paragraph',
      tone: 'muted',
      text: `Earlier states of these accounts, each with its own dates, are in accounts.csv: ${printCount(changed)}.`,
    };
}

const moveWords = { joiner: 'joined', mover: 'moved', leaver: 'left' } as const;

function* moveBlocks(frame: Frame, people: PeoplePack): Generator<Block> {
  yield heading('Joiners, movers and leavers', 'moves');
  yield {
    kind: 'table',
    caption: captionOf('As the rosters tell them over time', people.moves.length, 'moves.csv'),
    columns: [
      { title: 'Who', weight: 3 },
      { title: 'What', weight: 1 },
      { title: 'Day', weight: 1.6 },
      { title: 'Holds from', weight: 3 },
      { title: 'What changed', weight: 4 },
      { title: 'First in the roster at', weight: 2.2 },
    ],
    rows: people.moves
      .slice(0, firstRows)
      .map((one) => [
        [{ strong: one.name }, ' ', { muted: one.person }],
        [moveWords[one.kind], ...(one.takenBack ? [' ', { muted: 'taken back' }] : [])],
        one.day === null ? { muted: 'none given' } : printDay(one.day),
        frame.time(one.at),
        listed(one.changed),
        printTime(one.between.to),
      ]),
    empty: 'Nobody came, moved or left in the period, by the readings of the rosters above.',
    inFull: 'registers/moves.csv',
  };
  yield {
    kind: 'table',
    caption: captionOf('Accounts of people who left', people.leavers.length, 'leaver-accounts.csv'),
    columns: [
      { title: 'Who', weight: 2.6 },
      { title: 'Left', weight: 2.4 },
      { title: 'Account', weight: 3 },
      { title: 'Last seen usable', weight: 2.4 },
      { title: 'Shown shut', weight: 2.4 },
      { title: 'Usable after he left', weight: 2.2 },
      { title: 'Used after he left', weight: 2 },
    ],
    rows: people.leavers.slice(0, firstRows).map(leaverLine),
    empty: 'Nobody left in the period, by the readings above.',
    inFull: 'registers/leaver-accounts.csv',
  };
  yield {
    kind: 'table',
    caption: captionOf('What people held who changed role, and what became of it', people.movers.length, 'mover-access.csv'),
    columns: [
      { title: 'Who', weight: 2.6 },
      { title: 'Moved', weight: 2 },
      { title: 'Held before', weight: 4 },
      { title: 'State', weight: 1.2 },
      { title: 'Why, and by when', weight: 3.4 },
    ],
    rows: people.movers
      .slice(0, firstRows)
      .map((one) => [
        [{ strong: one.name }, ' ', { muted: listed(one.changed) as string }],
        printTime(one.movedAt),
        `${one.permission}${one.on === null ? '' : ` on ${one.on}`} as ${one.login} in ${one.system}`,
        one.state,
        [
          one.because ?? (one.state === 'kept' ? 'nobody has confirmed it' : ''),
          ...(one.by === null ? [] : [' ', { muted: printTime(one.by) }]),
        ],
      ]),
    empty: 'Nobody who changed role held anything before, by the readings above.',
    inFull: 'registers/mover-access.csv',
  };
}

const usedWords: Readonly<Record<string, string>> = {
  after: 'yes',
  'not-after': 'no',
  'not-told': 'the source does not tell',
  unknown: 'not known',
};

function leaverLine(one: BundleLeaver): Text[] {
  const left: Text = [
    one.lastDay === null ? `gone from the roster by ${printTime(one.leftAt)}` : `last day ${printDay(one.lastDay)}`,
    ...(one.takenBack ? [' ', { muted: 'taken back since' }] : []),
  ];
  if (one.login === null || one.system === null)
    return [{ strong: one.name }, left, { muted: one.unknown.length > 0 ? 'could not be told' : 'he had none' }, '', '', '', ''];
  const ms = usableMs(one);
  return [
    { strong: one.name },
    left,
    [one.login, ' ', { muted: one.system }],
    one.lastLive === null ? { muted: 'not since he left' } : printTime(one.lastLive),
    one.shutBy === null ? { strong: one.state === 'live' ? 'not shut' : 'not known' } : printTime(one.shutBy),
    ms === 0 ? { muted: one.state === 'unknown' ? 'not known' : 'not that a reading shows' } : `at least ${printDuration(ms)}`,
    one.used === null
      ? ''
      : [usedWords[one.used] ?? one.used, ...(one.lastUsed === null ? [] : [' ', { muted: `last ${printTime(one.lastUsed)}` }])],
  ];
}
