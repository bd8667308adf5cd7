import type { BundleAct, BundleConflict, EntityPack, SeparationPack } from '../../../../model/entity-pack.ts';
import { type Block, heading, muted, type Page, paragraph, type Span, spansOf, subheading, type Text } from '../../blocks.ts';
import { counted, printCount } from '../../print-figures.ts';
import { printTime } from '../../print-time.ts';
import type { Frame } from '../page-frame.ts';
import { captionOf, count, firstRows, listed, readingBlocks, sameAsTables, shownWords } from './entity-parts.ts';

const registers = ['sod-rules', 'sod-conflicts', 'sod-acts', 'mitigations'];
/** So many conflicts are told with their ways; the paths of all are in the table. */
const conflictsTold = 60;

/** Duties that no one person is to hold, who held them by which way, who did both in one thing, and what mitigates it. */
export function separationPage(frame: Frame, entity: EntityPack, separation: SeparationPack, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `access/separation.${form}`,
    kicker: 'Access',
    title: 'Segregation of duties',
    lead: 'Which duties are to be kept apart, who could do both within the period and by which way, who did both in one thing, and what was decided about it.',
    blocks: blocks(frame, entity, separation),
  });
}

function* blocks(frame: Frame, entity: EntityPack, separation: SeparationPack): Generator<Block> {
  yield sameAsTables('access/separation.xlsx', registers);
  yield* readingBlocks(frame, entity, ['entity/separations', 'entity/acts']);
  yield* matrixBlocks(separation);
  yield* conflictBlocks(frame, separation);
  yield heading('Acts by one person', 'acts');
  yield actsTable(
    separation.acts.filter(({ conflict }) => conflict !== false),
    separation.acts.length,
  );
  yield* mitigationBlocks(separation);
}

/** Where nothing reads what a duty is about, none found is not none. */
function toldWords(notConnected: readonly string[], undecided: number | null): Text {
  return notConnected.length === 0 ? count(undecided) : [...spansOf(count(undecided)), ' ', { strong: 'not connected' }];
}

function* matrixBlocks({ rules, actRules }: SeparationPack): Generator<Block> {
  yield heading('Rules', 'rules');
  yield {
    kind: 'table',
    caption: 'Pairs of duties: who holds one of them, and who both',
    columns: [
      { title: 'Rule', weight: 1.1 },
      { title: 'Says', weight: 4 },
      { title: 'Duties', weight: 3 },
      { title: 'Hold one', weight: 1, align: 'right' },
      { title: 'Both at the end', weight: 1.1, align: 'right' },
      { title: 'of them unmitigated', weight: 1.6, align: 'right' },
      { title: 'Both at any time', weight: 1.1, align: 'right' },
      { title: 'Could not be told', weight: 1.4, align: 'right' },
    ],
    rows: rules.map((one) => [
      { strong: one.rule },
      [one.title, ' ', { muted: `${one.severity}${one.strength === 'needs-mitigation' ? ', allowed with a mitigation' : ''}` }],
      one.duties.join(' with '),
      count(one.examined),
      count(one.conflicts),
      count(one.unmitigated),
      printCount(one.ever),
      toldWords(one.notConnected, one.undecided),
    ]),
    empty: 'No rule was evaluated in the period.',
    inFull: 'registers/sod-rules.csv',
  };
  yield {
    kind: 'table',
    caption: 'Acts of the period that were held against a rule',
    columns: [
      { title: 'Rule', weight: 1.1 },
      { title: 'Says', weight: 4 },
      { title: 'Acts', weight: 2.4 },
      { title: 'Looked at', weight: 1.1, align: 'right' },
      { title: 'By one person', weight: 1.2, align: 'right' },
      { title: 'Could not be told', weight: 1.3, align: 'right' },
    ],
    rows: actRules.map((one) => [
      { strong: one.rule },
      one.title,
      listed(one.kinds),
      printCount(one.examined),
      printCount(one.conflicts),
      toldWords(one.notConnected, one.undecided),
    ]),
    empty: 'No rule is held against acts.',
    inFull: 'registers/sod-rules.csv',
  };
  const unseen = [...rules, ...actRules].filter(({ notConnected, notSeenWhole }) => notConnected.length + notSeenWhole.length > 0);
  yield {
    kind: 'table',
    caption: 'What these rules could not see: of it nothing is said',
    columns: [
      { title: 'Rule', weight: 1.1 },
      { title: 'Not connected: nothing reads it', weight: 5 },
      { title: 'Not seen whole', weight: 5 },
    ],
    rows: unseen.map((one) => [{ strong: one.rule }, listed(one.notConnected), listed(one.notSeenWhole)]),
    empty: 'Everything that the duties are about is connected and was seen whole at the last reading.',
    inFull: 'registers/sod-rules.csv',
  };
}

function standingWords({ mitigation }: BundleConflict): Text {
  if (mitigation === null) return { muted: 'not known' };
  if (mitigation.id === null) return { strong: 'none' };
  return [{ strong: mitigation.id }, ` ${mitigation.standing}: ${mitigation.reason}`];
}

/** A table of conflicts: a workpaper shows those of its rules. */
export function conflictsTable(frame: Frame, conflicts: readonly BundleConflict[], empty: string): Block {
  const { period } = frame.content.history;
  return {
    kind: 'table',
    caption: captionOf('Who held both duties, from reading to reading', conflicts.length, 'sod-conflicts.csv'),
    columns: [
      { title: 'Rule', weight: 1.1 },
      { title: 'Who', weight: 3 },
      { title: 'Conflict', weight: 1.2 },
      { title: 'From and to', weight: 3.4 },
      { title: 'Mitigation', weight: 4 },
    ],
    rows: conflicts
      .slice(0, firstRows)
      .map((one) => [
        { strong: one.rule },
        [
          { strong: one.name },
          ' ',
          { muted: `${one.holder}${one.holderKind === 'person' ? '' : `, ${one.holderKind.replaceAll('-', ' ')}`}` },
        ],
        one.conflict === true ? 'yes' : { muted: 'could not be told' },
        shownWords(one.shown, period.from),
        one.conflict === true ? standingWords(one) : listed(one.unknown),
      ]),
    empty,
    inFull: 'registers/sod-conflicts.csv',
  };
}

function* conflictBlocks(frame: Frame, { conflicts }: SeparationPack): Generator<Block> {
  yield heading('Conflicts', 'conflicts');
  yield conflictsTable(frame, conflicts, 'Nobody was found to hold both duties of a rule, as far as the rules could see.');
  const found = conflicts.filter(({ conflict }) => conflict === true);
  // The ways are those of the last stretch of each.
  const latest = found.filter((one, n) => found[n + 1]?.rule !== one.rule || found[n + 1]?.holder !== one.holder);
  for (const one of latest.slice(0, conflictsTold)) yield* wayBlocks(one);
  if (latest.length > conflictsTold)
    yield muted(`The ways of the other ${printCount(latest.length - conflictsTold)} are in the column "paths" of sod-conflicts.csv.`);
}

function* wayBlocks(one: BundleConflict): Generator<Block> {
  yield subheading(`${one.rule}: ${one.name}`);
  for (const { title, duty, count: ways, paths } of one.holds) {
    yield paragraph([
      `${title} `,
      { muted: `${duty}, ${counted(ways, 'way')}${ways > paths.length ? `, the shortest ${paths.length} of them` : ''}` },
    ]);
    yield {
      kind: 'list',
      small: true,
      items: paths.map(({ account, permission, on, hops }): Span[] => [
        { code: account },
        ` ${hops.join(' → ')} → `,
        { code: permission },
        ...(on === null ? [] : [` on ${on}`]),
      ]),
    };
  }
  if (one.notEvaluated.length > 0) yield muted(`Not evaluated, and could only narrow it: ${one.notEvaluated.join('; ')}.`);
  if (one.unseen.length > 0) yield muted(`Not seen: ${one.unseen.join('; ')}.`);
}

/** Acts that one person did, or of which it cannot be told. */
export function actsTable(acts: readonly BundleAct[], examined: number): Block {
  return {
    kind: 'table',
    caption: captionOf(`Of ${counted(examined, 'act')} of the period`, acts.length, 'sod-acts.csv'),
    columns: [
      { title: 'At', weight: 2 },
      { title: 'Rule', weight: 1.1 },
      { title: 'What', weight: 3.4 },
      { title: 'One duty', weight: 2.4 },
      { title: 'The other', weight: 2.4 },
      { title: 'What was found', weight: 3.4 },
    ],
    rows: acts
      .slice(0, firstRows)
      .map((one) => [
        printTime(one.at),
        { strong: one.rule },
        [one.on, ' ', { muted: one.kind }],
        listed(one.first),
        listed(one.second),
        one.conflict === null ? [{ strong: 'could not be told: ' }, one.says === '' ? one.unknown.join('; ') : one.says] : one.says,
      ]),
    empty: 'None was found to be by one person.',
    inFull: 'registers/sod-acts.csv',
  };
}

function* mitigationBlocks({ mitigations }: SeparationPack): Generator<Block> {
  yield heading('Mitigations', 'mitigations');
  yield {
    kind: 'table',
    caption: 'Decided by people; each holds only while its own check passes',
    columns: [
      { title: 'Mitigation', weight: 1.7 },
      { title: 'For', weight: 2 },
      { title: 'Control and its check', weight: 3 },
      { title: 'Owner', weight: 2 },
      { title: 'Asked for by', weight: 2 },
      { title: 'Approved by', weight: 2 },
      { title: 'Expires', weight: 1.8 },
      { title: 'How it stood', weight: 4 },
    ],
    rows: mitigations.map((one) => [
      { strong: one.id },
      `${one.rule}: ${one.persons === null ? 'everybody in conflict' : one.persons.join(', ')}`,
      [one.control, ' ', { code: one.check }, ' ', { muted: one.reason }],
      one.owner,
      [one.requestedBy, ' ', { muted: printTime(one.requestedAt) }],
      one.refused
        ? { strong: 'refused or withdrawn' }
        : one.approvedBy === null || one.approvedAt === null
          ? { strong: 'nobody' }
          : [one.approvedBy, ' ', { muted: printTime(one.approvedAt) }],
      [printTime(one.expires), ...(one.endedAt === null ? [] : [` ended ${printTime(one.endedAt)}`])],
      one.standings.length === 0
        ? { muted: 'no reading found a conflict that it is for' }
        : one.standings
            .map(
              ({ holder, standing, shown }) =>
                `${holder}: ${standing} from ${printTime(shown.from)}${shown.to === null ? '' : ` to ${printTime(shown.to)}`}`,
            )
            .join('; '),
    ]),
    empty: 'Nobody asked for a mitigation that could speak for a time of the period.',
    inFull: 'registers/mitigations.csv',
  };
}
