import { CheckResultsBlob, ResultsListBlob } from '../model/blobs.ts';
import { outcomes } from '../model/outcome.ts';
import { wholePopulation } from '../model/result.ts';
import type { OutcomeCounts, StatementOf } from '../model/statement.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { digestOf } from '../seal/digest.ts';
import type { ManifestStream } from './check-manifests.ts';
import type { BlobOpener } from './open-blobs.ts';
import type { ClaimSheet } from './report.ts';

interface SeenResults {
  readonly blob: string;
  readonly head: string;
  readonly results: CheckResultsBlob;
  /** Root of the population it was last held against. */
  population?: string;
}
type Subjects = ReadonlyMap<string, ReadonlySet<string>>;
type CheckHead = Pick<CheckResultsBlob, 'check' | 'parameters' | 'logic' | 'counts' | 'until'>;

function headOf({ check, parameters, logic, counts, until }: CheckHead): string {
  return canonicalText({ check, parameters, logic, counts, until });
}

function noCounts(): OutcomeCounts {
  return { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };
}

/** Follows the results of the evaluations; a check's unchanged results are opened once and refer to the former blob afterwards. */
export class ResultsChecker {
  checked = 0;
  readonly #sheet: ClaimSheet;
  readonly #blobs: BlobOpener;
  readonly #seen = new Map<string, SeenResults>();

  constructor(sheet: ClaimSheet, blobs: BlobOpener) {
    this.#sheet = sheet;
    this.#blobs = blobs;
  }

  check(statement: StatementOf<'evaluation'>, population: ManifestStream, entry: number): void {
    const list = this.#blobs.open(statement.results.list, ResultsListBlob, entry);
    if (list === undefined || list === 'erased') return;
    const fail = (message: string): void => this.#sheet.fail('results', entry, message);
    const sum = noCounts();
    const order = list.map(({ check, parameters }) => [check, digestOf(parameters)] as const);
    for (let index = 1; index < order.length; index++) {
      const [before, here] = [order[index - 1]!, order[index]!];
      if (before[0] > here[0] || (before[0] === here[0] && before[1] >= here[1])) fail('the list of checks is not sorted');
    }
    let subjects: Subjects | undefined;
    list.forEach((listed, index) => {
      for (const outcome of outcomes) sum[outcome] += listed.counts[outcome];
      const key = `${statement.source} ${order[index]!.join(' ')}`;
      const seen = this.#seen.get(key);
      const results = seen?.blob === listed.results ? seen : this.#open(listed.results, entry);
      if (results === undefined) return;
      this.#seen.set(key, results);
      this.checked += 1;
      if (results.head !== headOf(listed)) fail(`${listed.check}: the list and the results disagree`);
      if (results.population === statement.population.root) return;
      results.population = statement.population.root;
      subjects ??= population.subjects();
      const wrong = subjects === undefined ? undefined : misfit(results.results, subjects);
      if (wrong !== undefined) fail(`${listed.check}: ${wrong}`);
    });
    if (list.length !== statement.results.checks) fail(`${list.length} checks where ${statement.results.checks} are stated`);
    if (outcomes.some((outcome) => sum[outcome] !== statement.results.counts[outcome])) fail('the counts of the checks do not add up');
    const ends = list.flatMap(({ until }) => (until === null ? [] : [until])).sort();
    if ((ends[0] ?? null) !== statement.results.until) fail('the earliest end of a verdict is not what the checks give');
  }

  #open(commitment: string, entry: number): SeenResults | undefined {
    const results = this.#blobs.open(commitment, CheckResultsBlob, entry);
    if (results === undefined || results === 'erased') return undefined;
    const counted = noCounts();
    for (const { outcome } of results.notPass) counted[outcome] += 1;
    const { pass } = results.counts;
    if (results.notPass.some(({ outcome }) => outcome === 'pass') || results.exceptions.length > pass) {
      this.#sheet.fail('results', entry, `${results.check}: passes among what is not a pass`);
    } else if (outcomes.some((outcome) => outcome !== 'pass' && counted[outcome] !== results.counts[outcome])) {
      this.#sheet.fail('results', entry, `${results.check}: the counts are not those of the results`);
    }
    return { blob: commitment, head: headOf(results), results };
  }
}

/** Passes are not listed one by one: they are the subjects of the check's type that are neither left out nor listed otherwise. */
function misfit({ subjectType, excluded, exceptions, notPass, counts }: CheckResultsBlob, subjects: Subjects): string | undefined {
  const all = subjects.get(subjectType) ?? new Set<string>();
  const single = notPass.map(({ subject }) => subject).filter((subject) => !subject.startsWith(wholePopulation));
  const otherwise = new Set([...excluded, ...single]);
  if (otherwise.size !== excluded.length + single.length) return 'a subject comes twice';
  if ([...otherwise].some((subject) => !all.has(subject))) return 'a result about a subject that is not in the population';
  if (exceptions.some(([subject]) => !all.has(subject) || otherwise.has(subject))) return 'a pass of a subject that does not pass';
  return counts.pass === all.size - otherwise.size ? undefined : 'the passes are not the rest of the population';
}
