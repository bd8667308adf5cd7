import type { BundleContent } from '../../../model/bundle-content.ts';
import { decisionNamespace } from '../../../model/decision.ts';
import { evidenceClasses } from '../../../model/engagement.ts';
import { severities } from '../../../model/outcome.ts';
import { type Block, heading, muted, subheading, type Text } from '../blocks.ts';
import { counted, printCount, printDuration } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, periodWords, reportWords, slaWords, stateWords, topicWord } from '../words.ts';
import type { Frame } from './page-frame.ts';

/** Who vouches for the log, in sentences: third parties first, and plainly when there is none. */
function witnesses(content: BundleContent): Text[] {
  const { anchors, unwitnessed, longestWithoutAnchor } = content.cover;
  const stamped = anchors.filter((anchor) => anchor.method === 'rfc3161');
  const filed = anchors.filter((anchor) => anchor.method === 'file');
  const names = (ones: typeof anchors): string => [...new Set(ones.map((anchor) => anchor.name))].join(', ');
  return [
    ...(unwitnessed === null ? [] : [[{ strong: unwitnessed }] as Text]),
    ...(stamped.length === 0
      ? []
      : [
          `${counted(stamped.length, 'time stamp')} of a third party (${names(stamped)}), the first of ${printTime(stamped[0]!.at ?? stamped[0]!.recordedAt)}, the last of ${printTime(stamped.at(-1)!.at ?? stamped.at(-1)!.recordedAt)}.`,
        ]),
    ...(filed.length === 0
      ? []
      : [
          `${counted(filed.length, 'copy', 'copies')} of the log’s head in files (${names(filed)}); a file is worth what its keeper is worth, and gives no time of its own.`,
        ]),
    ...(longestWithoutAnchor === null
      ? []
      : [
          `Longest stretch without a third party’s stamp: ${printTime(longestWithoutAnchor.from)} to ${printTime(longestWithoutAnchor.to)} (${printDuration(Date.parse(longestWithoutAnchor.to) - Date.parse(longestWithoutAnchor.from))}). Within it only the log’s own order holds.`,
        ]),
  ];
}

/** With a full stop, whether whoever wrote it set one or not. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function amendments(content: BundleContent): Text[] {
  return content.cover.amendments.map((one) => [
    { strong: `${printTime(inForceFrom(content, one) ?? one.at)}: ` },
    one.loosens.length > 0 ? `loosened: ${sentence(one.loosens.join('; '))} ` : '',
    one.tightens.length > 0 ? `tightened: ${sentence(one.tightens.join('; '))} ` : '',
    `Reason: ${sentence(one.reason)} Asked for on ${printTime(one.at)} by ${actorWords(one.requestedBy)}, approved by ${actorWords(one.approvedBy)}; ${inForceWords(content, one)} (decision ${one.decision}).`,
  ]);
}
type Amendment = BundleContent['cover']['amendments'][number];
/** What needs a second person has no effect before that person's approval. */
const inForceFrom = (content: BundleContent, one: Amendment): string | undefined =>
  one.inForce ? content.decisions.find(({ index }) => index === one.decision)?.approval?.at : undefined;
function inForceWords(content: BundleContent, one: Amendment): string {
  const from = inForceFrom(content, one);
  if (!one.inForce) return 'not in force';
  return from === undefined ? 'in force' : `in force from ${printTime(from)}`;
}

const changesOnCover = 4;
/** The first of what changed, and how many more times something did. */
function changedWords(changes: BundleContent['cover']['rulesChanged']): string {
  const some = changes.slice(0, changesOnCover).map(({ at, what }) => {
    const more = what.length > changesOnCover ? ` and ${what.length - changesOnCover} more` : '';
    return `${printTime(at)}: ${what.slice(0, changesOnCover).join(', ')}${more}.`;
  });
  return [...some, ...(changes.length > some.length ? [`And ${counted(changes.length - some.length, 'time')} more.`] : [])].join(' ');
}

/** How many controls are in which state: counts, because an average of controls says nothing about any of them. */
function stateFigures(content: BundleContent): Block {
  const { controls } = content.history;
  return {
    kind: 'figures',
    figures: [
      { value: printCount(controls.length), label: controls.length === 1 ? 'control' : 'controls' },
      ...(Object.keys(stateWords) as (keyof typeof stateWords)[]).map((state) => ({
        value: printCount(controls.filter((one) => one.state === state).length),
        label: stateWords[state],
        state,
      })),
    ],
  };
}

/** Until when evidence of the period came in. */
function cutOffWords(content: BundleContent): string {
  const { closing } = content.cover;
  const { cutOff } = content.history.period;
  if (closing !== null)
    return `cut-off ${printTime(closing.cutOff)}${closing.reportDate === null ? '' : `; report dated ${closing.reportDate}`}; the log is read up to entry ${printCount(content.cover.log.size)}, also what was recorded after the cut-off`;
  return cutOff === null
    ? 'so far: the period is not closed, and later evidence may come in'
    : `until ${cutOff}; the period is not closed yet`;
}
function systemWords(content: BundleContent): string {
  const { systems } = content.history.period.engagement;
  return systems.length === 0 ? 'all sources that were collected' : systems.map((system) => system.name).join(', ');
}

/** First of all: what this is, over what, and what it is not. Fits one page. */
export function coverBlocks(frame: Frame): Block[] {
  const { content } = frame;
  const { cover, history } = content;
  const { engagement, zone, from, to } = history.period;
  return [
    stateFigures(content),
    {
      kind: 'facts',
      rows: [
        ['Report', `${reportWords(content)}${engagement.firm === undefined ? '' : `, examined by ${engagement.firm}`}`],
        ['Period', [`${periodWords(content)}, ${zone} `, { muted: `(${printTime(from)} up to ${printTime(to)})` }]],
        ['Taken in', cutOffWords(content)],
        ['System', [systemWords(content), ...(engagement.report === 'soc2' ? [{ muted: ` ${engagement.trustServices.join(', ')}` }] : [])]],
        [
          'Log',
          [
            `${counted(cover.log.size, 'entry', 'entries')} of ${cover.log.origin}, begun ${printTime(cover.log.beganAt)}; root `,
            { code: cover.log.root },
          ],
        ],
        ['Generated', `${printTime(cover.generatedAt)} by Proofline ${cover.version}`],
        ...(cover.supplements === null
          ? []
          : [
              [
                'Supplements',
                [
                  `${cover.supplements.bundle} of ${printTime(cover.supplements.generatedAt)}, manifest `,
                  { code: cover.supplements.manifest },
                ],
              ] as [string, Text],
            ]),
      ],
    },
    {
      kind: 'notice',
      tone: 'plain',
      title: 'What this is, and what it is not',
      text: [
        'Management prepared this bundle from what its own monitoring observed and recorded. It is not an opinion; conclusions are the auditor’s, and have empty fields of their own in every workpaper.',
      ],
    },
    { kind: 'notice', tone: cover.unwitnessed === null ? 'plain' : 'attention', title: 'Who saw the log', text: witnesses(content) },
    ...(cover.amendments.length === 0
      ? [
          muted(
            'The ruler of the period (thresholds, times to put right, calendar, sample sizes) was frozen when it opened and was not amended.',
          ),
        ]
      : [{ kind: 'notice', tone: 'attention', title: 'The ruler of the period was amended', text: amendments(content) } as Block]),
    ...(cover.rulesChanged.length === 0
      ? [muted('Tolerances, parameters and scope rules are those it was opened with.')]
      : [
          {
            kind: 'notice',
            tone: 'attention',
            title: 'Tolerances, parameters or scope changed since it opened',
            text: [
              [
                `${changedWords(cover.rulesChanged)} Such a change takes effect when it is planned, without a second person: the workpapers open with it, and registers/scope.csv has the rules.`,
              ],
            ],
          } as Block,
        ]),
  ];
}

/** What everything in the period is measured by. */
function rulerBlocks(content: BundleContent): Block[] {
  const { ruler } = content.history.period;
  return [
    heading('What the period is measured by', 'ruler'),
    {
      kind: 'table',
      caption: 'How often each kind of evidence must be seen (ISO 8601 durations), frozen when the period opened; amendments are above',
      columns: [
        { title: 'Kind of evidence', weight: 2 },
        { title: 'Late after', weight: 1.4 },
        { title: 'No evidence after', weight: 1.6 },
        { title: 'Material gap after', weight: 1.6 },
      ],
      rows: evidenceClasses.map((kind) => {
        const threshold = ruler.thresholds[kind];
        return [kind, threshold.lateAfter, threshold.gapAfter, threshold.materialAfter];
      }),
      empty: '',
    },
    {
      kind: 'facts',
      rows: [
        ['One episode', `failures of one subject that are no more than ${ruler.flappingWithin} apart`],
        ['New subjects', ruler.graceForNew === null ? 'no grace' : `may fail for ${ruler.graceForNew} before it counts`],
        ['To be put right', severities.map((severity) => `${severity}: ${slaWords(ruler.sla[severity])}`).join(', ')],
      ],
    },
  ];
}

/** How to read, how to check, what cannot be shown, and what the words mean; the last where the first page has no room left. */
export function readingBlocks(frame: Frame): Block[] {
  const { content } = frame;
  const { cover } = content;
  const topics = topicWord(content);
  return [
    subheading('How to read it', 'how-to-read'),
    {
      kind: 'list',
      small: true,
      items: [
        [
          { strong: 'index.html, index.xlsx' },
          `: every control with its ${topics.many}, evidence, result and files. `,
          { strong: 'controls/…/workpaper' },
          ': one paper per control; it opens with what changed in the rules.',
        ],
        [
          { strong: 'registers/' },
          ': every episode, deviation, waiver, decision, outage, and what was not collected. ',
          { strong: 'evidence-items/, tool/, management/' },
          ': what was sealed; controls over Proofline itself; drafts for management.',
        ],
      ],
    },
    subheading('How to check it', 'how-to-verify'),
    {
      kind: 'list',
      small: true,
      items: [
        ...cover.verify.map((one): Text => [{ code: one.command }, ` — ${one.shows.replace(/^./, (letter) => letter.toLowerCase())}`]),
        ...(cover.verify.some((one) => one.command.includes(cover.log.vkey))
          ? []
          : [['The log’s key, to compare with what you were given by another way: ', { code: cover.log.vkey }] as Text]),
        ...(content.decisions.some(({ actor }) => actor.authentication !== 'none')
          ? [
              [
                {
                  code: `ssh-keygen -Y verify -f decisions/allowed_signers -I PERSON -n ${decisionNamespace} -s decisions/LOG.sig < decisions/LOG.json`,
                },
                ' — any signed decision, by OpenSSH alone; LOG is its number in registers/decisions.csv, PERSON stands in the file as “person”',
              ] as Text,
            ]
          : []),
      ],
    },
    subheading('What cannot be shown', 'limits'),
    {
      kind: 'list',
      small: true,
      items: [
        ...cover.limits,
        ...cover.redactions,
        ...(content.notCollected.length === 0
          ? []
          : [
              `${counted(content.notCollected.length, 'thing')} that controls speak of and that nobody collected: registers/not-collected.csv.`,
            ]),
      ],
    },
    ...rulerBlocks(content),
    heading('Words', 'words'),
    {
      kind: 'facts',
      rows: [
        [
          'Failures observed',
          'At least one failure was recorded: a stretch or an occurrence, also one that the tolerance allows or a waiver covers. Deviations are counted beside it. Only what two persons of management call a false positive does not count here; it stays listed.',
        ],
        [
          'No evidence',
          'Nobody looked for long enough to say, or what was seen could not be read. It is not the same as no failures observed.',
        ],
        ['No failures observed', 'Within what was seen, nothing failed. The coverage beside it says how much was seen, and how.'],
        ['Did not operate', 'The population was recorded and is empty: there was nothing for the control to do.'],
        ['Corroborated', 'Between two equal readings, and a complete change record of the source shows that nothing happened in between.'],
        [
          'Inferred',
          'Between two equal readings that are not further apart than the threshold. It is never added to what is corroborated.',
        ],
        [
          'Episode, deviation',
          'Every stretch of failure is an episode and is listed, also when it was fixed in time. A deviation is one that the control does not allow.',
        ],
      ],
    },
  ];
}
