import type { BundleContent, ControlPaper } from '../../../model/bundle-content.ts';
import type { ControlHistory } from '../../../model/history.ts';
import { controlTablePath, workpaperPath } from '../paths.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { stateWords } from '../words.ts';
import { hours, share } from './time-columns.ts';

interface IndexRow {
  readonly control: ControlHistory;
  readonly paper: ControlPaper | undefined;
  readonly link: { readonly id: string; readonly area: string; readonly as: string; readonly because: string } | null;
}

export interface TopicLink {
  readonly id: string;
  readonly as: 'primary' | 'supporting';
  readonly because: string | null;
}
/** What of the report a control speaks to, as its last version in the period says. */
export function linksOf(control: ControlHistory, report: 'soc1' | 'soc2'): TopicLink[] {
  return control.control.satisfies[report].map((link) =>
    typeof link === 'string' ? { id: link, as: 'primary', because: null } : { id: link.id, as: link.as, because: link.because ?? null },
  );
}

/** Controls x criteria or objectives x evidence x result x files. A control without a link is there too. */
export function indexTable(content: BundleContent): AnyTable {
  const { report } = content.history.period.engagement;
  const areas = new Map(content.history.topics.map((topic) => [topic.id, topic.area]));
  const papers = new Map(content.papers.map((paper) => [paper.control, paper]));
  const rows = content.history.controls.flatMap((control): IndexRow[] => {
    const paper = papers.get(control.control.id);
    const links = linksOf(control, report);
    if (links.length === 0) return [{ control, paper, link: null }];
    return links.map((link) => ({ control, paper, link: { ...link, area: areas.get(link.id) ?? '', because: link.because ?? '' } }));
  });
  const of = (row: IndexRow): ControlHistory => row.control;
  return asTable<IndexRow>({
    name: 'Index',
    columns: [
      column('control', 12, (row) => of(row).control.id),
      column('statement', 60, (row) => of(row).control.statement),
      column(report === 'soc2' ? 'criterion' : 'control_objective', 14, (row) => row.link?.id ?? null),
      column('area', 26, (row) => row.link?.area ?? null),
      column('link', 12, (row) => row.link?.as ?? null),
      column('reason_of_link', 40, (row) => row.link?.because ?? null),
      column('observed', 22, (row) => stateWords[of(row).state]),
      column('why', 60, (row) => list(of(row).reasons)),
      column('deviations', 12, (row) => of(row).deviations.length),
      column('deviation_ids', 40, (row) => list(of(row).deviations.map((one) => one.id))),
      column('episodes', 12, (row) => of(row).episodes.length),
      column('waivers', 12, (row) => of(row).waivers.length),
      column('subjects', 12, (row) => of(row).metrics.subjects),
      column('share_corroborated', 14, (row) => share(of(row).metrics.coverage.corroborated)),
      column('share_inferred', 14, (row) => share(of(row).metrics.coverage.inferred)),
      column('share_event_or_transition', 14, (row) => share(of(row).metrics.coverage.other)),
      column('share_no_evidence', 14, (row) => share(of(row).metrics.coverage.none)),
      column('longest_gap_hours', 14, (row) => hours(of(row).metrics.longestGapMs)),
      column('evidence_grade', 20, (row) => of(row).grade),
      column('owner', 16, (row) => of(row).control.owner ?? null),
      column('frequency', 16, (row) => of(row).control.frequency),
      column('versions', 10, (row) => of(row).versions.length),
      column('evidence', 50, (row) =>
        list([...(row.paper?.datasets ?? []), ...(row.paper?.populations ?? []), ...(row.paper?.samples ?? [])]),
      ),
      column('request_ids', 18, (row) => list(row.paper?.requests ?? [])),
      column('workpaper_pdf', 34, (row) => workpaperPath(of(row).control.id, 'pdf')),
      column('workpaper_html', 34, (row) => workpaperPath(of(row).control.id, 'html')),
      column('timeline', 34, (row) => controlTablePath(of(row).control.id, 'timeline')),
      column('episodes_file', 34, (row) => controlTablePath(of(row).control.id, 'episodes')),
      column('deviations_file', 34, (row) => controlTablePath(of(row).control.id, 'deviations')),
    ],
    rows,
  });
}
