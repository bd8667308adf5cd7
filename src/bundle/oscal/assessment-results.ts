import {
  type ControlHistory,
  type Deviation,
  type Episode,
  type PeriodHistory,
  type SeriesHistory,
  type TopicHistory,
  whySilent,
} from '../../model/history.ts';
import {
  assessmentAssets,
  controlId,
  list,
  metadataOf,
  Names,
  type OscalObject,
  originOf,
  preparedByManagement,
  reviewedControls,
  statementOf,
  stateProperty,
  statusOf,
  titleOf,
  topicId,
} from './document-parts.ts';
import type { OscalFacts } from './facts.ts';
import { hrefTo, lineOf, property, proseOf } from './words.ts';

type RecordedWaiver = PeriodHistory['waivers'][number];

/**
 * What was observed over the period: an observation per check and source and one per episode, a finding per control, per criterion or
 * objective and per deviation, and a risk per deviation and per waiver that covers none. OSCAL has no word for a period's coverage, for
 * conservative bounds or for a deviation's life cycle; those are properties in a namespace of our own.
 */
export function oscalAssessmentResults(facts: OscalFacts): OscalObject {
  return new Results(facts).document();
}

/** Milliseconds as an ISO-8601 duration of hours, minutes and seconds, exact to the millisecond. */
function durationOf(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  const parts = [hours > 0 ? `${hours}H` : '', minutes > 0 ? `${minutes}M` : '', seconds > 0 ? `${seconds}S` : ''].join('');
  return `PT${parts === '' ? '0S' : parts}`;
}
const share = (part: number) => (Math.floor(part * 10_000) / 10_000).toFixed(4);
const seriesName = ({ key }: Pick<SeriesHistory, 'key'>) => [key.source, key.check, key.parametersDigest];

class Results {
  readonly #facts: OscalFacts;
  readonly #names: Names;
  readonly #origins: readonly OscalObject[];
  readonly #episodes: ReadonlyMap<string, Episode>;
  readonly #series = new Map<string, { readonly series: SeriesHistory; readonly controls: string[] }>();
  constructor(facts: OscalFacts) {
    this.#facts = facts;
    this.#names = new Names(facts);
    this.#origins = originOf(facts, this.#names);
    this.#episodes = new Map(facts.history.episodes.map((episode) => [episode.id, episode]));
    for (const { control, series } of facts.history.controls) {
      for (const one of series) {
        const key = JSON.stringify(seriesName(one));
        const known = this.#series.get(key) ?? { series: one, controls: [] };
        known.controls.push(control.id);
        this.#series.set(key, known);
      }
    }
  }

  document(): OscalObject {
    const { history } = this.#facts;
    const names = this.#names;
    const { period } = history;
    // OSCAL's stretches have a last moment; ours end before the next one begins.
    const end = new Date(Date.parse(period.to) - 1).toISOString();
    return {
      'assessment-results': {
        uuid: names.inPeriod('assessment-results', String(history.logSize), this.#facts.cover.generatedAt),
        metadata: metadataOf(this.#facts, names, 'Results of observation'),
        'import-ap': { href: 'assessment-plan.json' },
        results: [
          {
            uuid: names.inPeriod('result'),
            title: lineOf(titleOf(this.#facts)),
            description: proseOf(preparedByManagement, `What is said here was known through ${history.through}.`),
            start: period.from,
            end,
            props: [property('time-zone', period.zone), property('through', history.through)],
            'local-definitions': this.#definitions(),
            'reviewed-controls': reviewedControls(this.#facts),
            ...this.#log(),
            ...list('observations', [
              ...[...this.#series.values()].map(({ series, controls }) => this.#seriesObservation(series, controls)),
              ...history.episodes.map((episode) => this.#episodeObservation(episode)),
            ]),
            ...list('risks', this.#risks()),
            ...list('findings', [
              ...history.topics.map((topic) => this.#topicFinding(topic)),
              ...history.controls.map((control) => this.#controlFinding(control)),
              ...history.deviations.map((deviation) => this.#deviationFinding(deviation)),
            ]),
            remarks:
              'A finding that is satisfied says that no failures were observed where monitoring looked; how far it looked is in the observations.',
          },
        ],
      },
    };
  }

  #definitions(): OscalObject {
    const { history } = this.#facts;
    const names = this.#names;
    const sources = new Set([
      ...[...this.#series.values()].map(({ series }) => series.key.source),
      ...history.episodes.map(({ series }) => series.source),
    ]);
    const subjects = new Map<string, { readonly display: string; readonly source: string | null }>();
    for (const { subject, display, series } of history.episodes) subjects.set(subject, { display, source: series.source });
    for (const { subject, display } of history.deviations) if (!subjects.has(subject)) subjects.set(subject, { display, source: null });
    return {
      ...list(
        'components',
        [...sources].sort().map((source) => ({
          uuid: names.of('source', source),
          type: 'system',
          title: lineOf(source),
          description: 'An account or organisation that evidence was collected from.',
          status: { state: 'operational' },
        })),
      ),
      ...list(
        'inventory-items',
        [...subjects].map(([subject, { display, source }]) => ({
          uuid: names.of('subject', subject),
          description: proseOf(display),
          props: [property('subject', subject)],
          ...(source === null ? {} : { 'implemented-components': [{ 'component-uuid': names.of('source', source) }] }),
        })),
      ),
      'assessment-assets': assessmentAssets(this.#facts, names),
    };
  }

  /** Outages: stretches in which a source was not observed, as what happened while observing. */
  #log(): OscalObject {
    const { outages } = this.#facts.history;
    if (outages.length === 0) return {};
    return {
      'assessment-log': {
        entries: outages.map(({ source, from, to, ...why }) => ({
          uuid: this.#names.inPeriod('outage', source, from),
          title: lineOf(`Nothing was collected from ${source}`),
          description: proseOf(whySilent(why)),
          start: from,
          end: to,
        })),
      },
    };
  }

  #entries(indexes: readonly (number | null)[]): OscalObject[] {
    const wanted = [...new Set(indexes)].filter((index) => index !== null).sort((a, b) => a - b);
    return wanted.flatMap((index) => {
      const entry = this.#facts.entryOf(index);
      if (entry === null) return [];
      return [
        {
          href: hrefTo(entry.path),
          description: `Entry ${index} of the log`,
          props: [property('log-index', index), property('leaf-hash', entry.leaf)],
        },
      ];
    });
  }
  #workpapers(controls: readonly string[]): OscalObject[] {
    return controls.flatMap((control) => {
      const path = this.#facts.workpaperOf(control);
      return path === null ? [] : [{ href: hrefTo(path), description: lineOf(`Workpaper of ${control}`) }];
    });
  }

  #seriesObservation(series: SeriesHistory, controls: readonly string[]): OscalObject {
    const { metrics, key } = series;
    const seen = series.lastReading;
    const figures = [
      property('check', key.check),
      property('parameters-digest', key.parametersDigest),
      property('readings', series.readings),
      property('subjects', metrics.subjects),
      property('coverage-corroborated', share(metrics.coverage.corroborated)),
      property('coverage-inferred', share(metrics.coverage.inferred)),
      property('coverage-other', share(metrics.coverage.other)),
      property('coverage-none', share(metrics.coverage.none)),
      property('longest-gap', durationOf(metrics.longestGapMs)),
      property('gaps', metrics.gaps),
      property('material-gaps', metrics.materialGaps),
      property('start-observed', metrics.edges.start),
      property('end-observed', metrics.edges.end),
      ...series.logic.map(({ digest }) => property('logic-digest', digest)),
    ];
    const evidence = series.worst.flatMap(({ evidence: { first, last } }) => [first, last]);
    const bounds = [evidence.find((index) => index !== null) ?? null, evidence.findLast((index) => index !== null) ?? null];
    return {
      uuid: this.#names.inPeriod('observation', ...seriesName(series)),
      title: lineOf(series.claim),
      description: proseOf(
        seen === null
          ? `${key.check} over ${key.source} was never read in the period.`
          : `${key.check} over ${key.source}: ${series.readings} readings of ${metrics.subjects} subjects from ${series.firstReading} to ${seen}.`,
      ),
      props: figures,
      // Settings are inspected where they are read; what a check says of them can be performed again from the items.
      methods: seen === null ? ['UNKNOWN'] : ['EXAMINE', 'TEST'],
      types: ['control-objective'],
      origins: this.#origins,
      subjects: [{ 'subject-uuid': this.#names.of('source', key.source), type: 'component' }],
      ...list('relevant-evidence', [...this.#workpapers(controls), ...this.#entries(bounds)]),
      collected: seen ?? this.#facts.history.through,
      ...(seen === null ? { remarks: 'Nothing was collected; the time is the one at which that was known.' } : {}),
    };
  }

  #episodeObservation(episode: Episode): OscalObject {
    const { conservative, exact, observed } = episode;
    return {
      uuid: this.#names.inPeriod('episode', episode.id),
      title: lineOf(`${episode.id}: ${episode.display}`),
      description: proseOf(...episode.messages),
      props: [
        property('episode', episode.id),
        property('check', episode.series.check),
        property('severity', episode.severity),
        property('failing-from-conservative', conservative.from),
        property('failing-to-conservative', conservative.to),
        ...(observed === null ? [] : [property('failing-from-observed', observed.from), property('failing-to-observed', observed.to)]),
        ...(exact.from === null ? [] : [property('failing-from-exact', exact.from)]),
        ...(exact.to === null ? [] : [property('failing-to-exact', exact.to)]),
        property('carried-in', episode.carriedIn),
        property('open-at-end', episode.openAtEnd),
        property('readings', episode.readings),
        property('flaps', episode.flaps),
        property('unseen', durationOf(episode.unseenMs)),
        ...episode.waivers.map((waiver) => property('waiver', waiver)),
      ],
      methods: observed === null ? ['EXAMINE'] : ['EXAMINE', 'TEST'],
      types: ['finding'],
      origins: this.#origins,
      subjects: [{ 'subject-uuid': this.#names.of('subject', episode.subject), type: 'inventory-item', title: lineOf(episode.display) }],
      ...list(
        'relevant-evidence',
        this.#entries([episode.evidence.first, episode.evidence.last, ...episode.evidence.events.map(({ collection }) => collection)]),
      ),
      collected: episode.detectedAt,
    };
  }

  #related(observations: readonly string[], risks: readonly string[]): OscalObject {
    return {
      ...list(
        'related-observations',
        [...new Set(observations)].map((uuid) => ({ 'observation-uuid': uuid })),
      ),
      ...list(
        'related-risks',
        [...new Set(risks)].map((uuid) => ({ 'risk-uuid': uuid })),
      ),
    };
  }
  #observationsOf({ series }: Pick<ControlHistory, 'series'>): string[] {
    return series.map((one) => this.#names.inPeriod('observation', ...seriesName(one)));
  }
  #risksOf(control: string): string[] {
    return this.#facts.history.deviations
      .filter((deviation) => deviation.control === control)
      .map(({ id }) => this.#names.inPeriod('risk', id));
  }

  #topicFinding(topic: TopicHistory): OscalObject {
    // What no adopted control speaks to was not observed, whatever else was.
    const state = topic.uncovered && topic.state === 'no-failures-observed' ? 'no-evidence' : topic.state;
    const primary = topic.controls.filter((control) => control.as === 'primary').map(({ id }) => id);
    const histories = this.#facts.history.controls.filter(({ control }) => primary.includes(control.id));
    return {
      uuid: this.#names.inPeriod('finding', 'topic', topic.id),
      title: lineOf(`${topic.id}: ${state.replaceAll('-', ' ')}`),
      description: proseOf(
        topic.uncovered
          ? 'No adopted control speaks to it by itself.'
          : `By ${topic.controls.map(({ id, as, state: of }) => `${id} (${as}: ${of.replaceAll('-', ' ')})`).join(', ')}.`,
      ),
      props: [stateProperty(state), property('covered', !topic.uncovered)],
      origins: this.#origins,
      target: { type: 'statement-id', 'target-id': statementOf(topicId(topic.id)), status: statusOf(state) },
      ...this.#related(
        histories.flatMap((history) => this.#observationsOf(history)),
        primary.flatMap((id) => this.#risksOf(id)),
      ),
    };
  }

  #controlFinding(history: ControlHistory): OscalObject {
    const { control, state, reasons, metrics } = history;
    return {
      uuid: this.#names.inPeriod('finding', 'control', control.id),
      title: lineOf(`${control.id}: ${state.replaceAll('-', ' ')}`),
      description: proseOf(control.statement, ...reasons),
      props: [
        stateProperty(state),
        property('evidence-grade', history.grade),
        property('passing-of-period', share(metrics.passing.ofPeriod)),
        ...(metrics.passing.worst === null ? [] : [property('passing-of-period-worst-subject', share(metrics.passing.worst.ofPeriod))]),
        property('episodes', history.episodes.length),
        property('deviations', history.deviations.length),
        property('occurrences', history.occurrences.length),
        ...history.uncollected.map(({ type, state: of }) => property(of === 'not-collected' ? 'not-collected' : 'absent', type)),
      ],
      origins: this.#origins,
      target: { type: 'statement-id', 'target-id': statementOf(controlId(control.id)), status: statusOf(state) },
      ...this.#related(this.#observationsOf(history), this.#risksOf(control.id)),
    };
  }

  #deviationFinding(deviation: Deviation): OscalObject {
    const control = this.#facts.history.controls.find((history) => history.control.id === deviation.control);
    const episode = this.#episodes.get(deviation.of);
    const related =
      episode === undefined
        ? (control?.series ?? [])
            .filter(({ key }) => key.check === deviation.check)
            .map((one) => this.#names.inPeriod('observation', ...seriesName(one)))
        : [this.#names.inPeriod('episode', episode.id)];
    return {
      uuid: this.#names.inPeriod('finding', 'deviation', deviation.id),
      title: lineOf(`${deviation.id}: ${deviation.display}`),
      description: proseOf(deviation.because),
      props: this.#deviationProperties(deviation),
      origins: this.#origins,
      target: {
        type: 'statement-id',
        'target-id': statementOf(controlId(deviation.control)),
        status: {
          state: 'not-satisfied',
          reason: deviation.kind === 'gap' ? 'other' : 'fail',
          remarks:
            'A deviation from the control’s own statement or tolerance, as recomputed from the log. The auditor has the last word on it.',
        },
      },
      ...this.#related(related, [this.#names.inPeriod('risk', deviation.id)]),
    };
  }
  #deviationProperties(deviation: Deviation) {
    return [
      property('deviation', deviation.id),
      property('kind', deviation.kind),
      property('control', deviation.control),
      property('control-version', deviation.version),
      property('severity', deviation.severity),
      property('from', deviation.from),
      property('to', deviation.to),
      property('open-at-end', deviation.openAtEnd),
      property('duration', durationOf(deviation.durationMs)),
      ...(deviation.allowedMs === null ? [] : [property('allowed', durationOf(deviation.allowedMs))]),
      property('late', deviation.late),
      property('disposition', deviation.lifeCycle.disposition),
      ...(deviation.lifeCycle.cause === null ? [] : [property('cause', deviation.lifeCycle.cause)]),
      ...deviation.markers.map((marker) => property('marker', marker)),
      ...(deviation.waiver === null ? [] : [property('waiver', deviation.waiver)]),
    ];
  }

  #risks(): OscalObject[] {
    const { deviations, waivers } = this.#facts.history;
    const used = new Set(deviations.map(({ waiver }) => waiver));
    return [
      ...deviations.map((deviation) => this.#deviationRisk(deviation)),
      ...waivers.filter(({ id }) => !used.has(id)).map((waiver) => this.#waiverRisk(waiver)),
    ];
  }

  #deviationRisk(deviation: Deviation): OscalObject {
    const { lifeCycle } = deviation;
    const waiver = this.#facts.history.waivers.find(({ id }) => id === deviation.waiver);
    const id = (...name: string[]) => this.#names.inPeriod('risk', deviation.id, ...name);
    const response =
      lifeCycle.remediation === null
        ? []
        : [
            {
              uuid: id('remediation'),
              lifecycle: deviation.openAtEnd ? 'planned' : 'completed',
              title: 'Remediation',
              description: proseOf(lifeCycle.remediation.what),
            },
          ];
    return {
      uuid: this.#names.inPeriod('risk', deviation.id),
      title: lineOf(`${deviation.id}: ${deviation.display}`),
      description: proseOf(deviation.because, lifeCycle.response === null ? '' : `Management’s response: ${lifeCycle.response}`),
      statement: proseOf(deviation.because),
      props: this.#deviationProperties(deviation),
      status:
        waiver?.approved === true
          ? 'deviation-approved'
          : deviation.openAtEnd
            ? 'open'
            : lifeCycle.remediation === null
              ? 'investigating'
              : 'closed',
      origins: this.#origins,
      ...list(
        'mitigating-factors',
        lifeCycle.compensatingControl === null ? [] : [{ uuid: id('compensating'), description: proseOf(lifeCycle.compensatingControl) }],
      ),
      deadline: deviation.due,
      ...list('remediations', response),
      'risk-log': {
        entries: [
          { uuid: id('log', 'began'), title: 'It began', start: deviation.from },
          ...(deviation.openAtEnd ? [] : [{ uuid: id('log', 'ended'), title: 'It ended', start: deviation.to }]),
          ...lifeCycle.decisions.map(({ index, at, actor, authenticated }) => ({
            uuid: id('log', String(index)),
            title: lineOf(`Decided by ${actor}${authenticated ? '' : ' (identity not authenticated)'}`),
            start: at,
            props: [property('log-index', index)],
          })),
          ...(waiver === undefined ? [] : this.#waiverEntries(waiver, id)),
        ],
      },
      ...list(
        'related-observations',
        this.#episodes.has(deviation.of) ? [{ 'observation-uuid': this.#names.inPeriod('episode', deviation.of) }] : [],
      ),
    };
  }

  #waiverEntries(waiver: RecordedWaiver, id: (...name: string[]) => string): OscalObject[] {
    const unsure = waiver.authenticated ? '' : ' (identity not authenticated)';
    return [
      {
        uuid: id('log', 'waiver', waiver.id),
        title: lineOf(
          `${waiver.id} requested by ${waiver.requestedBy}${waiver.approvedBy === null ? ', not approved' : `, approved by ${waiver.approvedBy}`}${unsure}`,
        ),
        description: proseOf(waiver.reason),
        start: waiver.from,
        end: waiver.expires,
        props: [property('waiver', waiver.id), property('log-index', waiver.decision)],
        'status-change': waiver.approved ? 'deviation-approved' : 'deviation-requested',
      },
    ];
  }

  /** A waiver in the period under which nothing failed: accepted, and said. */
  #waiverRisk(waiver: RecordedWaiver): OscalObject {
    const id = (...name: string[]) => this.#names.inPeriod('risk', waiver.id, ...name);
    return {
      uuid: id(),
      title: lineOf(`${waiver.id}: ${waiver.kind === 'waiver' ? 'accepted by waiver' : 'known at onboarding'}`),
      description: proseOf(waiver.reason),
      statement: 'A waiver accepts a failure and hides none: what fails under it is listed as failing.',
      props: [property('waiver', waiver.id), ...(waiver.control === null ? [] : [property('control', waiver.control)])],
      status: waiver.approved ? 'deviation-approved' : 'deviation-requested',
      origins: this.#origins,
      ...list(
        'mitigating-factors',
        waiver.compensatingControl === null ? [] : [{ uuid: id('compensating'), description: proseOf(waiver.compensatingControl) }],
      ),
      deadline: waiver.expires,
      'risk-log': { entries: this.#waiverEntries(waiver, id) },
    };
  }
}
