import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReviewLine } from '../access/reviews/to-lines.ts';
import { ProoflineError } from '../model/errors.ts';
import { recordDecision } from '../run/decisions/record-decision.ts';
import type { DescribedStep, Living } from '../run/described-life.ts';
import { addDocument, type DocumentRequested } from '../run/documents/add-document.ts';
import { assignReview } from '../run/reviews/assign-review.ts';
import { closeReview } from '../run/reviews/close-review.ts';
import { decideReview } from '../run/reviews/decide-review.ts';
import { frozenLines } from '../run/reviews/frozen-lines.ts';
import { reviewNamed, reviewsInForce } from '../run/reviews/open-reviews.ts';
import { startReview } from '../run/reviews/start-review.ts';
import { requestMitigation } from '../run/separation/request-mitigation.ts';
import { productionId } from './aws-estate.ts';
import { act, approves } from './described-act.ts';
import { type DecidingPerson, decidingPeople, signerOf } from './described-people.ts';
import { organisationId } from './github-exchange.ts';
import { nodeId } from './native-id.ts';
import { duplicate } from './records/payroll-tables.ts';

const definition = 'quarterly-access';

const starts = (at: string, occasion: string) =>
  act(at, `The access review of ${occasion} begins: its rosters are frozen`, ({ app, log: { store } }) =>
    startReview(app, store, { definition, occasion, signer: signerOf('ines-carvalho') }),
  );
const assigns = (at: string, occasion: string) =>
  act(at, `Its lines go to whoever answers for each system`, ({ app, log: { store } }) =>
    assignReview(app, store, { review: `${definition}/${occasion}`, signer: signerOf('ines-carvalho') }),
  );
const closes = (at: string, occasion: string, reason: string) =>
  act(at, `The access review of ${occasion} is closed`, ({ app, log: { store } }) =>
    closeReview(app, store, { review: `${definition}/${occasion}`, reason, signer: signerOf('ines-carvalho') }),
  );

/** Every reviewer decides on what he was asked about: it stays, or goes where `isRevoked` says so. */
const decides = (at: string, occasion: string, isRevoked: (line: ReviewLine) => boolean) =>
  act(at, `Every line of the access review of ${occasion} is decided`, async ({ app, log: { store } }) => {
    const opened = await reviewsInForce(app, store);
    const review = reviewNamed(opened, `${definition}/${occasion}`);
    const lines = frozenLines(store, await app.registries(), review.record, app.configuration.store.data);
    for (const [reviewer, own] of Map.groupBy(lines, ({ id }) => review.assigned.get(id)?.reviewer)) {
      const by = decidingPeople.find((id) => id === reviewer);
      if (by === undefined) throw new TypeError(`${own.length} lines of the review of ${occasion} are nobody's to decide`);
      await decideReview(app, store, {
        review: review.record.id,
        reviewer: by,
        lines: own.map((line) => ({
          line: line.id,
          ...(isRevoked(line)
            ? { decision: 'revoke' as const, reason: 'The stand-in for treasury ended in May' }
            : { decision: 'keep' as const, reason: 'Needed for the work that the roster names' }),
          expires: null,
        })),
        secondsPerLine: 20,
        signer: signerOf(by),
      });
    }
  });

/** Hands a document in, as a file of this content. */
const handsIn = (at: string, what: string, by: DecidingPerson, text: string, asked: Omit<DocumentRequested, 'file' | 'signer'>) =>
  act(at, what, async ({ app, log: { store } }: Living) => {
    const directory = mkdtempSync(join(tmpdir(), 'proofline-described-'));
    try {
      const file = join(directory, `${asked.request ?? 'document'}.txt`);
      writeFileSync(file, `${text}\n`);
      await addDocument(app, store, { ...asked, file, signer: signerOf(by) });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
const reconciliation = (at: string, what: string, quarter: string, covers: string) =>
  handsIn(
    at,
    what,
    'eva-richter',
    `Reconciliation of the client funds, ${quarter}: every account agrees. Prepared by I. Keller, reviewed by E. Richter.`,
    {
      request: 'bank-reconciliation',
      effective: covers.slice(-10),
      covers,
      providedBy: 'Irma Keller',
      obtained: 'Exported from the ledger and signed',
      facts: ['reviewed=yes'],
      reason: `The reconciliation of ${quarter}`,
    },
  );

/** For a year at most: then it is asked for again. */
const mitigates = (at: string, expires: string) =>
  act(at, 'A mitigation is requested for those who administer keys and could use them', ({ app, log: { store } }) =>
    requestMitigation(app, store, {
      rule: 'SOD-06',
      persons: [],
      control: 'AC-02',
      check: 'aws/console-user-has-mfa',
      source: `aws:${productionId}`,
      owner: 'hr:E-103',
      expires,
      reason: 'Two people run the platform; whoever reaches the keys signs in with a second factor, and every use is logged',
      signer: signerOf('hannah-weiss'),
    }),
  );

/** What was decided about people, duties, reviews, records and documents, oldest first. */
export const accessSteps: readonly DescribedStep[] = [
  mitigates('2025-03-28T12:00:00.000Z', '2026-03-27'),
  approves(
    '2025-03-28T13:00:00.000Z',
    'The mitigation is approved by another',
    'ines-carvalho',
    'mitigate',
    'Accepted while everybody signs in with a second factor',
  ),
  handsIn(
    '2025-05-12T09:00:00.000Z',
    'The information security policy is handed in',
    'hannah-weiss',
    'Information security policy of Northwind Payroll, version 5, approved by the managing director on 28 April 2025.',
    {
      request: 'information-security-policy',
      effective: '2025-04-28',
      covers: '2024-05-01..2025-04-30',
      providedBy: 'Inês Carvalho',
      obtained: 'From the register of policies',
      reason: 'The policy in force',
    },
  ),
  approves('2025-05-13T08:00:00.000Z', 'The policy is approved by another', 'ines-carvalho', 'add-document', 'It is the version in force'),
  starts('2025-07-01T07:00:00.000Z', '2025-q2'),
  act(
    '2025-07-02T09:30:00.000Z',
    'A reviewer is asked about her own account: the attempt is recorded and does not count',
    async ({ app, log: { store } }) => {
      try {
        await assignReview(app, store, {
          review: `${definition}/2025-q2`,
          to: 'bettina-krause',
          systems: ['tabular:payroll.*'],
          signer: signerOf('ines-carvalho'),
        });
      } catch (error) {
        if (error instanceof ProoflineError && error.code === 'usage') return;
        throw error;
      }
      throw new TypeError('the described year assigns a reviewer to herself, and nobody minds');
    },
  ),
  assigns('2025-07-02T10:00:00.000Z', '2025-q2'),
  reconciliation(
    '2025-07-08T09:00:00.000Z',
    'The reconciliation of the second quarter is handed in',
    'the second quarter of 2025',
    '2025-04-01..2025-06-30',
  ),
  approves(
    '2025-07-09T08:00:00.000Z',
    'The reconciliation is approved by another',
    'ines-carvalho',
    'add-document',
    'Agreed with the statements',
  ),
  decides('2025-07-09T13:00:00.000Z', '2025-q2', ({ login, permission }) => login === 'gabriela.silva' && permission === 'second-releaser'),
  act('2025-08-27T10:00:00.000Z', 'praman-dev is Priya Raman, and the log says so', ({ app, log: { store } }) =>
    recordDecision(app, store, {
      signer: signerOf('ines-carvalho'),
      payload: {
        type: 'link-account',
        link: {
          account: `github:${organisationId}/outside-collaborator/${nodeId('U', 'praman-dev')}`,
          to: { kind: 'person', person: 'hr:E-107' },
        },
      },
      reason: 'She said when she was asked that it is an account of her own',
    }),
  ),
  closes('2025-09-08T08:00:00.000Z', '2025-q2', 'Every line is decided, and a later roster shows the revocation'),
  act('2025-09-25T09:00:00.000Z', 'The duplicate payment is explained', ({ app, log: { store } }) =>
    recordDecision(app, store, {
      signer: signerOf('eva-richter'),
      payload: {
        type: 'explain-record',
        examination: 'PR-07-ONCE',
        record: duplicate.payment,
        explanation: 'Paid again by a correction; the employee sent it back, which the bank booked on 24 September',
        expires: null,
      },
      reason: 'Found by the examination of payments',
    }),
  ),
  approves('2025-09-26T08:00:00.000Z', 'The explanation is approved by another', 'ines-carvalho', 'explain-record', 'The return was seen'),
  reconciliation(
    '2025-11-06T09:00:00.000Z',
    'The reconciliation of the third quarter is handed in, three weeks late',
    'the third quarter of 2025',
    '2025-07-01..2025-09-30',
  ),
  approves(
    '2025-11-07T08:00:00.000Z',
    'The reconciliation is approved by another',
    'ines-carvalho',
    'add-document',
    'Agreed with the statements',
  ),
  starts('2026-01-05T08:00:00.000Z', '2025-q4'),
  assigns('2026-01-05T09:00:00.000Z', '2025-q4'),
  decides('2026-01-13T13:00:00.000Z', '2025-q4', () => false),
  closes('2026-01-27T08:00:00.000Z', '2025-q4', 'Every line is decided'),
  mitigates('2026-03-20T09:00:00.000Z', '2026-12-31'),
  approves(
    '2026-03-20T10:00:00.000Z',
    'The mitigation is approved by another',
    'ines-carvalho',
    'mitigate',
    'Accepted while everybody signs in with a second factor',
  ),
];
