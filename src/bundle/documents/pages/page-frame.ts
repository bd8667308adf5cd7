import type { BundleContent } from '../../../model/bundle-content.ts';
import type { Block, Page, Span, Text } from '../blocks.ts';
import { localTime, printLocal, printTime } from '../print-time.ts';
import { marking, periodWords, reportWords } from '../words.ts';

/** What all pages of a bundle share, and how they print a time: in UTC, with the period's own zone beside it. */
export interface Frame {
  readonly content: BundleContent;
  page(
    own: Pick<Page, 'path' | 'title' | 'kicker' | 'state' | 'lead'> & { readonly blocks: Iterable<Block>; readonly marking?: string },
  ): Page;
  time(time: string | null): Text;
  /** `from` and `to` of a stretch, one under the other in a narrow cell. */
  local(time: string): string;
}

export function pageFrame(content: BundleContent): Frame {
  const local = localTime(content.history.period.zone);
  return {
    content,
    page: ({ blocks, marking: own, ...rest }) => ({
      ...rest,
      entity: content.cover.entity,
      period: `${reportWords(content)}, ${periodWords(content)}`,
      marking: own ?? marking,
      demonstration: content.cover.demonstration,
      generatedAt: content.cover.generatedAt,
      blocks,
    }),
    time: (time): readonly Span[] => (time === null ? ['not known'] : [printTime(time), ' ', { muted: `(${printLocal(time, local)})` }]),
    local,
  };
}
