import { readTables, type Table } from '../../config/read-table.ts';
import { type LineDecision, lineDecisions } from '../../model/decision.ts';
import { type Problem, ProoflineError } from '../../model/errors.ts';
import { mostProblems } from './decide-review.ts';
import { answerHeaders, contextCells, contextHeaders, type ReviewSheet } from './review-sheet.ts';

/** What a returned file says, held against the sheet that was handed out. */
interface ReturnedSheet {
  /** What it decides that was not decided so before. */
  readonly decisions: readonly LineDecision[];
  /** Lines of his that neither this file nor an earlier decision decides. */
  readonly undecided: readonly string[];
  /** Row in the file by line. */
  readonly rows: ReadonlyMap<string, number>;
}

const longestReason = 2000;
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads a file that a reviewer filled in. Only decision, reason and expiry may differ from what he was handed; lines may be undecided, none may be
 * missing, added or there twice.
 * @param onForeign told of every decision on a line that was not handed out
 * @throws ProoflineError `usage` with every row and column that is wrong
 */
export async function readReturnedSheet(
  file: string,
  sheet: ReviewSheet,
  onForeign: (answer: LineDecision) => void = () => undefined,
): Promise<ReturnedSheet> {
  const tables = await readTables(file, mostBytes);
  const table = tables.find(({ sheet: name }) => name === null || name === 'Review') ?? tables[0];
  const problems: Problem[] = [];
  const say = (row: number, name: string | null, message: string): void => {
    problems.push({ file, line: row, ...(name === null ? {} : { path: name }), message });
  };
  const columns = columnsOf(file, table);
  const cellOf = (cells: readonly string[], name: string): string => cells[columns.get(name) ?? -1] ?? '';
  const rows = (table?.rows.slice(1) ?? []).filter(({ cells }) => cells.some((cell) => cell !== ''));
  const theirs = rows.find(({ cells }) => cellOf(cells, 'review') !== '');
  if (theirs !== undefined && !rows.some(({ cells }) => cellOf(cells, 'review') === sheet.identification))
    throw new ProoflineError('usage', `${file}: ${otherSheet(cellOf(theirs.cells, 'review'), sheet)}; nothing was recorded`);
  const handed = new Map(sheet.rows.map((row) => [row.line.id, row]));
  const placed = new Map<string, number>();
  const decisions: LineDecision[] = [];
  const undecided: string[] = [];
  for (const { row, cells } of rows) {
    const line = cellOf(cells, 'line');
    const own = handed.get(line);
    if (own === undefined) {
      say(row, 'line', `a line that was not handed out: ${shown(line)}`);
      const answer = answerOf(line, cellOf(cells, 'decision'), cellOf(cells, 'reason'), cellOf(cells, 'expires'), () => undefined);
      if (answer !== null && line !== '') onForeign(answer);
      continue;
    }
    const before = placed.get(line);
    if (before !== undefined) {
      say(row, 'line', `the line stands twice: also in row ${before}`);
      continue;
    }
    placed.set(line, row);
    for (const [name, value] of contextCells(own)) {
      const [handedOut, came] = [String(value ?? ''), cellOf(cells, name)];
      // Most cells are as they were, to the letter.
      if (handedOut === came) continue;
      const [expected, found] = [plain(handedOut), plain(came)];
      if (expected !== found) say(row, name, `was altered: expected ${shown(expected)}, found ${shown(found)}`);
    }
    const answer = answerOf(line, cellOf(cells, 'decision'), cellOf(cells, 'reason'), cellOf(cells, 'expires'), (name, message) =>
      say(row, name, message),
    );
    const { decided } = own;
    if (answer === null) {
      if (decided === null) undecided.push(line);
    } else if (decided === null || !isSame(answer, decided)) decisions.push(answer);
  }
  for (const line of handed.keys())
    if (!placed.has(line)) problems.push({ file, path: 'line', message: `the line was removed: ${shown(line)}` });
  if (problems.length > 0) {
    const more = problems.length > mostProblems ? [{ file, message: `and ${problems.length - mostProblems} more` }] : [];
    throw new ProoflineError(
      'usage',
      `${file}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}; nothing was recorded`,
      {
        problems: [...problems.slice(0, mostProblems), ...more],
      },
    );
  }
  return { decisions, undecided, rows: placed };
}

/** Where each column stands, whatever the order and the case. @throws ProoflineError `usage` when one is missing, or there twice */
function columnsOf(file: string, table: Table | undefined): ReadonlyMap<string, number> {
  const found = (table?.rows[0]?.cells ?? []).map((cell) => cell.trim().toLowerCase().replaceAll(/\s+/g, '_'));
  const wanted = [...contextHeaders, ...answerHeaders];
  const problems = [
    ...wanted.filter((name) => !found.includes(name)).map((name) => `the column "${name}" is missing`),
    ...wanted.filter((name) => found.indexOf(name) !== found.lastIndexOf(name)).map((name) => `the column "${name}" stands twice`),
  ];
  if (problems.length > 0)
    throw new ProoflineError('usage', `${file}: is not a sheet that was handed out; nothing was recorded`, {
      problems: problems.map((message) => ({ file, line: 1, message })),
    });
  return new Map(wanted.map((name) => [name, found.indexOf(name)]));
}

function otherSheet(found: string, { identification, review, reviewer }: ReviewSheet): string {
  const [otherReview, otherReviewer, digest] = found.split(' ');
  if (digest === undefined) return `says that it is of ${shown(found)}, and was handed out as ${identification}`;
  if (otherReview !== review) return `is of the review ${shown(otherReview ?? '')}, not of ${review}`;
  if (otherReviewer !== reviewer) return `was handed to "${shown(otherReviewer ?? '')}", not to "${reviewer}"`;
  return `is out of date: the lines of "${reviewer}" have changed since it was handed out; export it again`;
}

function answerOf(
  line: string,
  decision: string,
  reason: string,
  expires: string,
  say: (name: string, message: string) => void,
): LineDecision | null {
  const word = decision.trim().toLowerCase();
  if (word === '') {
    if (reason !== '' || expires !== '') say('decision', `is missing beside a reason: expected ${lineDecisions.join(', ')}`);
    return null;
  }
  const known = lineDecisions.find((one) => one === word);
  if (known === undefined) say('decision', `expected ${lineDecisions.join(', ')}, found ${shown(decision)}`);
  if (reason.length > longestReason) say('reason', `is longer than ${longestReason} characters: ${reason.length}`);
  const isDate = expires === '' || /^\d{4}-\d{2}-\d{2}$/.test(expires);
  if (!isDate || Number.isNaN(Date.parse(expires === '' ? '2026-01-01' : expires)))
    say('expires', `expected a day as YYYY-MM-DD, found ${shown(expires)}`);
  else if (expires !== '' && known !== 'exception') say('expires', 'only an exception ends on a day');
  return { line, decision: known ?? 'keep', reason: plain(reason), expires: expires === '' ? null : expires };
}
function isSame(answer: LineDecision, decided: Pick<LineDecision, 'decision' | 'reason' | 'expires'>): boolean {
  return answer.decision === decided.decision && answer.reason === plain(decided.reason) && answer.expires === decided.expires;
}

const mostCharacters = 32_000;
/** A cell as it is, whatever file it went through: without what neutralises a formula, and with line breaks and accents in one form. */
function plain(text: string): string {
  const one = text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  const bare = /^'[=+\-@\t\r＝＋－＠]/.test(one) ? one.slice(1) : one;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a workbook has no word for is written as its picture
  const seen = bare.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (control) =>
    String.fromCharCode(0x2400 + control.charCodeAt(0)),
  );
  return seen.length > mostCharacters ? seen.slice(0, mostCharacters) : seen;
}
/** A cell in a message: a million characters are no message. */
function shown(text: string): string {
  return text.length > 80 ? `"${text.slice(0, 80)}…" (${text.length} characters)` : `"${text}"`;
}
