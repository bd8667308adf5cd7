import type { RenderedDocument } from '../model/bundle-content.ts';
import { controlStateWords } from '../model/control.ts';
import { efforts, effortWords, type Readiness, type ReadinessStep, type ReadinessTopic } from '../model/readiness.ts';
import { type Block, heading, muted, type Page, paragraph, subheading, type Text } from './documents/blocks.ts';
import { renderHtml } from './documents/html/render-html.ts';
import { renderPdf } from './documents/pdf/render-pdf.ts';

/** How far the entity is from a period, to read (HTML), to hand round (PDF) and for programs (JSON, the same as `readiness --json`). */
export function* readinessDocuments(readiness: Readiness): Iterable<RenderedDocument> {
  yield { path: 'readiness.html', bytes: renderHtml(pageOf(readiness, 'readiness.html')) };
  yield { path: 'readiness.pdf', bytes: renderPdf(pageOf(readiness, 'readiness.pdf')) };
  yield { path: 'readiness.json', bytes: Buffer.from(`${JSON.stringify({ v: 1, ...readiness }, null, 2)}\n`) };
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const topicWord = ({ report }: Readiness) => (report === 'soc2' ? 'criterion' : 'control objective');
const topicWords = ({ report }: Readiness) => (report === 'soc2' ? 'criteria' : 'control objectives');
const standing: Readonly<Record<ReadinessTopic['state'], string>> = {
  adopted: 'adopted',
  proposed: 'proposed only',
  missing: 'no control',
};

function pageOf(readiness: Readiness, path: string): Page {
  const report = `SOC ${readiness.report === 'soc2' ? 2 : 1}${readiness.type === null ? '' : ` Type ${readiness.type}`}`;
  const services = readiness.trustServices.length === 0 ? '' : ` (${readiness.trustServices.join(', ')})`;
  return {
    path,
    kicker: 'Before an observation period',
    title: `Readiness for ${report}`,
    lead: `What is adopted, missing, failing, gathered by hand or unread as of ${readiness.at.slice(0, 10)}, and what to do about it, least effort first.`,
    entity: readiness.entity,
    period: `${report}${services}${readiness.engagement === null ? '' : `, engagement ${readiness.engagement}`}`,
    marking: 'Prepared by management; no opinion',
    demonstration: readiness.demonstration,
    generatedAt: readiness.at,
    blocks: blocks(readiness),
  };
}

function* blocks(readiness: Readiness): Generator<Block> {
  const { counts } = readiness;
  yield {
    kind: 'figures',
    figures: [
      { value: String(counts.topics), label: `${topicWords(readiness)} in scope` },
      { value: String(counts.adopted), label: 'with an adopted control' },
      { value: String(counts.showing), label: 'of these without failures today' },
      { value: String(counts.proposed), label: 'with proposed controls only' },
      { value: String(counts.missing), label: 'with no control at all' },
    ],
  };
  if (readiness.warnings.length > 0) yield { kind: 'notice', title: 'To be known beside it', text: readiness.warnings, tone: 'attention' };
  yield heading('What to do, least effort first');
  yield muted(
    'Effort is ranked by who is needed, from one command to a control that somebody has yet to write; within one kind, the most severe failures come first.',
  );
  for (const effort of efforts) yield* stepBlocks(effort, readiness);
  if (readiness.steps.length === 0) yield paragraph('Nothing is known that would have to be done first.');
  yield* topicBlocks(readiness);
  yield* controlBlocks(readiness);
  yield* failureBlocks(readiness);
  yield* manualBlocks(readiness);
  yield* unreadBlocks(readiness);
  yield muted(
    'What is shown is what monitoring observed and what the control files say; whether it is enough is for management and, in the end, the auditor.',
  );
}

function* stepBlocks(effort: ReadinessStep['effort'], { steps }: Readiness): Generator<Block> {
  const mine = steps.filter((step) => step.effort === effort);
  if (mine.length === 0) return;
  const { title, why } = effortWords[effort];
  const severe = mine.some(({ severity }) => severity !== null);
  yield subheading(title);
  yield {
    kind: 'table',
    caption: `${counted(mine.length, 'step')}: ${why}.`,
    columns: [
      ...(severe ? [{ title: 'Severity', weight: 1.2 }] : []),
      { title: 'What', weight: 7 },
      { title: 'Controls', weight: 2 },
      { title: 'Brings nearer', weight: 2.4 },
    ],
    rows: mine.map((step): Text[] => [
      ...(severe ? [step.severity ?? ''] : []),
      step.owner === null ? step.text : [step.text, ' ', { muted: `(${step.owner})` }],
      step.controls.join(', '),
      step.topics.join(', '),
    ]),
    empty: '',
  };
}

function* topicBlocks(readiness: Readiness): Generator<Block> {
  yield heading(readiness.report === 'soc2' ? 'Criteria' : 'Control objectives', 'topics');
  const risks = readiness.topics.some(({ risk }) => risk !== null);
  yield {
    kind: 'table',
    caption: `Every ${topicWord(readiness)} in scope, and which controls speak to it`,
    columns: [
      { title: readiness.report === 'soc2' ? 'Criterion' : 'Objective', weight: 1.4 },
      { title: 'What it asks', weight: 6 },
      ...(risks ? [{ title: 'Risk', weight: 1.2 }] : []),
      { title: 'Standing', weight: 1.8 },
      { title: 'Shows today', weight: 2.6 },
      { title: 'Controls', weight: 3 },
    ],
    rows: readiness.topics.map((topic): Text[] => [
      { strong: topic.id },
      topic.text,
      ...(risks ? [topic.risk ?? ''] : []),
      standing[topic.state],
      topic.shows === null ? { muted: 'nothing to show' } : { state: topic.shows },
      topic.adopted.length > 0 ? topic.adopted.join(', ') : { muted: topic.proposed.join(', ') },
    ]),
    empty: `No ${topicWord(readiness)} is in scope.`,
    searchable: true,
  };
}

function* controlBlocks({ controls }: Readiness): Generator<Block> {
  yield heading('Controls', 'controls');
  yield muted('Adopted controls, and proposed ones where no adopted control speaks to something in scope.');
  yield {
    kind: 'table',
    caption: 'Each control, as it stands today',
    columns: [
      { title: 'Control', weight: 1.3 },
      { title: 'Statement', weight: 5.5 },
      { title: 'Standing', weight: 1.5 },
      { title: 'Owner', weight: 1.6 },
      { title: 'Shows today', weight: 2.4 },
      { title: 'Why', weight: 4 },
    ],
    rows: controls.map((control): Text[] => [
      { strong: control.id },
      control.statement,
      control.status,
      control.owner ?? { muted: 'nobody yet' },
      { state: control.shows },
      control.shows === 'no-failures-observed' ? '' : control.reasons.slice(0, 3).join('; '),
    ]),
    empty: 'No control speaks to anything in scope.',
    searchable: true,
  };
}

function* failureBlocks({ failures }: Readiness): Generator<Block> {
  yield heading('What fails today', 'failures');
  yield {
    kind: 'table',
    caption: 'Failing checks, with how to mend each',
    columns: [
      { title: 'Severity', weight: 1.2 },
      { title: 'Not so', weight: 4 },
      { title: 'Subjects', weight: 1.2, align: 'right' },
      { title: 'Controls', weight: 1.8 },
      { title: 'How to mend it', weight: 5 },
    ],
    rows: failures.map((failure): Text[] => [
      failure.severity,
      [failure.claim, ' ', { code: failure.check }],
      String(failure.subjects),
      failure.adopted ? failure.controls.join(', ') : [failure.controls.join(', '), ' ', { muted: '(proposed)' }],
      failure.remediation.console.trim(),
    ]),
    empty: 'No check fails today. What was not read is below.',
  };
}

function* manualBlocks({ manual }: Readiness): Generator<Block> {
  yield heading('What people have to bring', 'manual');
  yield {
    kind: 'table',
    caption: 'Evidence that no interface gives: what, from whom, how often',
    columns: [
      { title: 'Control', weight: 1.3 },
      { title: 'What', weight: 6 },
      { title: 'From', weight: 2 },
      { title: 'How often', weight: 1.6 },
      { title: 'Standing', weight: 1.5 },
    ],
    rows: manual.map((need): Text[] => [{ strong: need.control }, need.what, need.from, need.frequency, need.status]),
    empty: 'Nothing: every control in scope is evidenced by what is collected.',
  };
}

function* unreadBlocks({ unreadable }: Readiness): Generator<Block> {
  yield heading('What cannot be read', 'unread');
  yield muted(`What is not read is no evidence, and shows as "${controlStateWords['no-evidence']}" whatever it would have said.`);
  yield {
    kind: 'table',
    caption: 'Sources, requests and kinds of resources that nobody sees',
    columns: [
      { title: 'What', weight: 4 },
      { title: 'Why', weight: 4 },
      { title: 'Grant', weight: 3 },
      { title: 'Controls', weight: 2.4 },
    ],
    rows: unreadable.map((entry): Text[] => [
      entry.about,
      entry.why,
      entry.permissions.map((code): Text => ({ code })).flatMap((text) => [text as { code: string }, ' ']),
      entry.controls.join(', '),
    ]),
    empty: 'Everything that controls in scope speak for is read.',
  };
}
