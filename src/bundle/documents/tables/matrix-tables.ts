import type { BundleContent } from '../../../model/bundle-content.ts';
import type { ControlHistory, TopicHistory } from '../../../model/history.ts';
import { controlFolder } from '../paths.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { stateWords } from '../words.ts';
import { auditorColumns } from './control-tables.ts';

/** Criteria or objectives x controls, with those that no control covers. */
export function matrixTable(content: BundleContent): AnyTable {
  type Row = {
    readonly topic: TopicHistory;
    readonly link: TopicHistory['controls'][number] | null;
    readonly control: ControlHistory | undefined;
  };
  const { engagement } = content.history.period;
  const controls = new Map(content.history.controls.map((one) => [one.control.id, one]));
  const objectives = new Map(engagement.objectives.map((objective) => [objective.id, objective]));
  const assumed = (topic: string, ones: readonly { readonly id: string; readonly supports: readonly string[] }[]): string =>
    list(ones.filter((one) => one.supports.includes(topic)).map((one) => one.id));
  return asTable<Row>({
    name: 'Risk and control matrix',
    columns: [
      column(engagement.report === 'soc2' ? 'criterion' : 'control_objective', 14, (row) => row.topic.id),
      column('area', 28, (row) => row.topic.area),
      column('in_our_words', 60, (row) => row.topic.text),
      column('risk', 12, (row) => objectives.get(row.topic.id)?.risk ?? null),
      column('assertions', 24, (row) => list(objectives.get(row.topic.id)?.assertions ?? [])),
      column('covered', 26, (row) => (row.topic.uncovered ? 'no control speaks to it directly' : 'yes')),
      column('observed_for_it', 22, (row) => stateWords[row.topic.state]),
      column('control', 12, (row) => row.link?.id ?? null),
      column('statement', 60, (row) => row.control?.control.statement ?? null),
      column('link', 12, (row) => row.link?.as ?? null),
      column('reason_of_link', 40, (row) => row.link?.because ?? null),
      column('owner', 16, (row) => row.control?.control.owner ?? null),
      column('frequency', 16, (row) => row.control?.control.frequency ?? null),
      column('automation', 12, (row) => row.control?.control.automation ?? null),
      column('observed', 22, (row) => (row.link === null ? null : stateWords[row.link.state])),
      column('complementary_user_entity_controls', 24, (row) => assumed(row.topic.id, engagement.cuecs)),
      column('complementary_subservice_controls', 24, (row) =>
        assumed(
          row.topic.id,
          engagement.subserviceOrganisations.flatMap((one) => one.csocs),
        ),
      ),
    ],
    rows: content.history.topics.flatMap((topic): Row[] =>
      topic.controls.length === 0
        ? [{ topic, link: null, control: undefined }]
        : topic.controls.map((link) => ({ topic, link, control: controls.get(link.id) })),
    ),
  });
}

/** How many of a population of `count` an auditor's table asks for; null: no row of the table fits. */
function sampleSize(content: BundleContent, frequency: string, count: number): string | null {
  const row = content.history.period.ruler.sampleSizes.find(
    (one) => one.frequency === frequency && (one.upTo === null || count <= one.upTo),
  );
  if (row === undefined) return null;
  return row.size === 'all' ? `all (${count})` : String(Math.min(row.size, count));
}

/** One row per control, for the auditor to plan and record tests of controls. */
export function testsOfControlsTable(content: BundleContent): AnyTable {
  const papers = new Map(content.papers.map((paper) => [paper.control, paper]));
  const populations = (row: ControlHistory) =>
    content.populations.filter((one) => papers.get(row.control.id)?.populations.includes(one.record.id) === true);
  const { report } = content.history.period.engagement;
  return asTable<ControlHistory>({
    name: 'Tests of controls',
    columns: [
      column('control', 12, (row) => row.control.id),
      column('statement', 60, (row) => row.control.statement),
      column(report === 'soc2' ? 'criteria' : 'control_objectives', 24, (row) =>
        list(row.control.satisfies[report].map((link) => (typeof link === 'string' ? link : link.id))),
      ),
      column('frequency', 16, (row) => row.control.frequency),
      column('suggested_procedure', 60, (row) => row.control.testProcedure ?? null),
      column('population', 40, (row) => list(populations(row).map((one) => one.record.title))),
      column('population_count', 12, (row) => list(populations(row).map((one) => one.record.count))),
      column('population_final', 12, (row) => list(populations(row).map((one) => (one.record.final ? 'yes' : 'no')))),
      column('sample_size_by_table', 14, (row) =>
        list(populations(row).flatMap((one) => sampleSize(content, row.control.frequency, one.record.count) ?? [])),
      ),
      column('samples_drawn', 16, (row) => list(papers.get(row.control.id)?.samples ?? [])),
      column('checks_by_management', 50, (row) => list(row.series.map((series) => series.key.check))),
      column('observed_by_management', 22, (row) => stateWords[row.state]),
      column('deviations', 12, (row) => row.deviations.length),
      column('evidence_grade', 20, (row) => row.grade),
      column('files', 30, (row) => controlFolder(row.control.id)),
      ...auditorColumns<ControlHistory>(),
    ],
    rows: content.history.controls,
  });
}
