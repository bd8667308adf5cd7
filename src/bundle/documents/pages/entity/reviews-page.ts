import type { BundleReview, EntityPack, ReviewsPack } from '../../../../model/entity-pack.ts';
import { type Block, heading, joined, muted, type Page, paragraph, type Text } from '../../blocks.ts';
import { counted, printCount } from '../../print-figures.ts';
import { printDay, printTime } from '../../print-time.ts';
import { stepOf } from '../../tables/review-tables.ts';
import type { Frame } from '../page-frame.ts';
import { captionOf, firstRows, listed, readingBlocks, sameAsTables } from './entity-parts.ts';

/** Which reviews of access were due, which were held, and what became of what they decided. */
export function reviewsPage(frame: Frame, entity: EntityPack, reviews: ReviewsPack, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `access-reviews/index.${form}`,
    kicker: 'Access',
    title: 'Access reviews',
    lead: 'Which reviews were due for the period, who looked at what and decided, what does not count, and whether later rosters show what was taken away to be gone.',
    blocks: blocks(frame, entity, reviews),
  });
}

function* blocks(frame: Frame, entity: EntityPack, pack: ReviewsPack): Generator<Block> {
  const { reviews, asOf, unreadable } = pack;
  yield sameAsTables('access-reviews/index.xlsx', ['access-reviews', 'access-review-remediation', 'access-review-not-counted']);
  yield* readingBlocks(frame, entity, ['entity/reviews', 'entity/entitlements']);
  if (unreadable !== null)
    yield {
      kind: 'notice',
      tone: 'attention',
      title: 'No review can be described',
      text: [`What they rest on cannot be read: ${unreadable}.`],
    };
  yield paragraph(`As they stood when the entity was last read, ${printTime(asOf)}, by every decision in the log.`);
  yield reviewsTable(reviews, 'No review was due for the period by the settings.');
  if (pack.undescribed.length > 0)
    yield {
      kind: 'notice',
      tone: 'attention',
      title: 'Begun in the period, and no longer in the settings',
      text: pack.undescribed.map(
        ({ review, at, by, entry }) =>
          `${review}: begun ${printTime(at)} by ${by} (log ${printCount(entry)}). Of what became of it nothing is said here.`,
      ),
    };
  for (const review of reviews) yield* reviewBlocks(review);
}

function heldWords(review: BundleReview): Text {
  if (review.frozen === null) return { strong: 'never begun' };
  const decided = stepOf(review, 'decided');
  if (decided === null) return [{ strong: review.state.replaceAll('-', ' ') }, ', not all lines are decided'];
  return decided.at <= review.due ? review.state : [review.state, ', ', { strong: 'decided late' }];
}

/** A table of reviews: a workpaper shows those of its control. */
export function reviewsTable(reviews: readonly BundleReview[], empty: string): Block {
  return {
    kind: 'table',
    caption: counted(reviews.length, 'review'),
    columns: [
      { title: 'Review', weight: 3 },
      { title: 'About', weight: 2.6 },
      { title: 'Due', weight: 1.8 },
      { title: 'State', weight: 2.2 },
      { title: 'All decided', weight: 1.8 },
      { title: 'Lines', weight: 1, align: 'right' },
      { title: 'Revoked or modified', weight: 1.3, align: 'right' },
      { title: 'of them shown to be gone', weight: 1.4, align: 'right' },
      { title: 'past their time', weight: 1.2, align: 'right' },
      { title: 'Does not count', weight: 1.2, align: 'right' },
    ],
    rows: reviews.map((one) => {
      const { metrics } = one;
      const decided = stepOf(one, 'decided');
      return [
        [one.files[0] === undefined ? { strong: one.review } : { href: packHref(one.files), text: one.review }, ' ', { muted: one.title }],
        `${printDay(one.from)} until ${printDay(one.to)}`,
        printTime(one.due),
        heldWords(one),
        decided === null ? { muted: 'no' } : printTime(decided.at),
        printCount(metrics['lines'] ?? 0),
        printCount((metrics['revoke'] ?? 0) + (metrics['modify'] ?? 0)),
        printCount(metrics['shown'] ?? 0),
        printCount(metrics['overdue'] ?? 0),
        printCount(one.notCounted.length),
      ];
    }),
    empty,
    inFull: 'registers/access-reviews.csv',
  };
}
const packHref = (files: readonly string[]): string => files.find((file) => file.endsWith('review.xlsx')) ?? files[0] ?? '';

const stateWords: Readonly<Record<string, string>> = {
  shown: 'shown to be gone',
  open: 'still there, within its time',
  overdue: 'still there, past its time',
  unknown: 'not known',
  replaced: 'decided anew by a later review',
  holds: 'excepted, in force',
  past: 'exception ended, and still there',
};

function* reviewBlocks(review: BundleReview): Generator<Block> {
  const { frozen } = review;
  yield heading(review.review);
  if (frozen === null) {
    yield paragraph([
      { strong: 'Nobody has begun this review. ' },
      `It was due on ${printTime(review.due)}, and counts as not held from ${printTime(review.lateAfter)} on. There is no roster, no decision and no pack of it.`,
    ]);
    return;
  }
  yield {
    kind: 'facts',
    rows: [
      ['Controls', listed(review.controls, 'none')],
      ['Roster', [`${counted(frozen.lines, 'line')} frozen, `, { code: frozen.digest }, ` (log ${printCount(frozen.entry)})`]],
      ...(review.doubts.length === 0 ? [] : [['Not known to be whole', review.doubts.join('; ')] as const]),
      ...(review.notReviewed.length === 0 ? [] : [['Systems left out without a reason', review.notReviewed.join('; ')] as const]),
      ['Steps', review.steps.map(({ state, at, by }) => `${state.replaceAll('-', ' ')} ${printTime(at)} by ${by}`).join('; ')],
      [
        'Lines',
        `${printCount(review.metrics['keep'] ?? 0)} kept, ${printCount(review.metrics['revoke'] ?? 0)} revoked, ${printCount(review.metrics['modify'] ?? 0)} to be modified, ${printCount(review.metrics['exception'] ?? 0)} excepted, ${printCount((review.metrics['lines'] ?? 0) - (review.metrics['decided'] ?? 0))} not decided`,
      ],
      ['Decisions by somebody who was not authenticated', printCount(review.metrics['notAuthenticated'] ?? 0)],
      [
        'Pack',
        review.files.length === 0
          ? { muted: `not here: ${review.packMissing ?? ''}` }
          : joined(
              review.files.map((file): Text => ({ href: file, text: file.slice(file.lastIndexOf('/') + 1) })),
              ' · ',
            ),
      ],
    ],
  };
  yield {
    kind: 'table',
    caption: 'Systems of its roster',
    columns: [
      { title: 'System', weight: 3 },
      { title: 'Accounts', weight: 1, align: 'right' },
      { title: 'Lines', weight: 1, align: 'right' },
      { title: 'Seen whole', weight: 1 },
      { title: 'Since the review before', weight: 4 },
    ],
    rows: review.systems.map((one) => [
      one.system,
      printCount(one.accounts),
      printCount(one.lines),
      one.complete ? 'yes' : { strong: 'no' },
      one.since,
    ]),
    empty: 'It has none.',
  };
  yield {
    kind: 'table',
    caption: captionOf('What had to be followed up', review.followed.length, 'access-review-remediation.csv'),
    columns: [
      { title: 'Account', weight: 3.4 },
      { title: 'Decision', weight: 1.2 },
      { title: 'Decided', weight: 2.4 },
      { title: 'Due', weight: 1.8 },
      { title: 'State', weight: 2.4 },
      { title: 'Gone by', weight: 1.8 },
      { title: 'Used since', weight: 1.8 },
    ],
    rows: review.followed
      .slice(0, firstRows)
      .map((one) => [
        [one.account, ' ', { muted: one.entitlement }],
        one.decision,
        [printTime(one.decidedAt), ' ', { muted: one.by }],
        printTime(one.due),
        one.state === 'overdue' || one.state === 'past'
          ? { strong: stateWords[one.state] ?? one.state }
          : (stateWords[one.state] ?? one.state),
        one.goneBy === null ? '' : printTime(one.goneBy),
        one.usedSince === null ? '' : printTime(one.usedSince),
      ]),
    empty: 'Every decided line was kept.',
    inFull: 'registers/access-review-remediation.csv',
  };
  if (review.notCounted.length > 0)
    yield {
      kind: 'table',
      caption: captionOf('What stands in the log about it and does not count', review.notCounted.length, 'access-review-not-counted.csv'),
      columns: [
        { title: 'Log', weight: 1, align: 'right' },
        { title: 'At', weight: 2 },
        { title: 'By', weight: 2 },
        { title: 'What', weight: 1.4 },
        { title: 'Line', weight: 3 },
        { title: 'Why', weight: 4.4 },
      ],
      rows: review.notCounted
        .slice(0, firstRows)
        .map((one) => [printCount(one.entry), printTime(one.at), one.by, one.what, one.line ?? { muted: 'all of it' }, one.says]),
      empty: '',
      inFull: 'registers/access-review-not-counted.csv',
    };
  else yield muted('Every entry of the log about it counts.');
}
