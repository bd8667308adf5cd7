import { segment, workpaperPath } from '../bundle/documents/paths.ts';
import type { AnsweredRequest, BundleContent, BundlePath } from '../model/bundle-content.ts';
import type { AuditorRequest } from './request-list.ts';

/** Something of the bundle that a request can mean. */
export interface RequestTarget {
  readonly kind: 'control' | 'topic' | 'population' | 'sample' | 'dataset' | 'register';
  /** Every id it goes by. */
  readonly ids: readonly string[];
  readonly title: string;
  readonly files: readonly BundlePath[];
  /** Nothing was collected or recorded that would answer it. */
  readonly empty: boolean;
}
export interface AnsweredRequests {
  /** In the order of the list, unmatched ones too. */
  readonly answered: readonly AnsweredRequest[];
  /** Those that name nothing the bundle has: to be answered by a person. */
  readonly unmatched: readonly AnsweredRequest[];
  /** Request ids by control. */
  readonly byControl: ReadonlyMap<string, readonly string[]>;
}

/**
 * Everything of a bundle that a request can mean: controls, criteria and objectives through their controls, populations, samples,
 * collectors and resource types through the controls that rest on them, and the registers given.
 * @param registers the bundle's tables by the names people call them (`deviations`), with their files
 */
export function requestTargets(
  content: Pick<BundleContent, 'history' | 'populations' | 'samples' | 'datasets' | 'papers'>,
  registers: readonly { readonly names: readonly string[]; readonly title: string; readonly files: readonly BundlePath[] }[],
): readonly RequestTarget[] {
  const { history } = content;
  const paperOf = (control: string) => [workpaperPath(control, 'pdf'), workpaperPath(control, 'html')];
  const unseen = new Set(
    history.controls.filter(({ state, grade }) => state === 'no-evidence' && grade === 'none').map(({ control }) => control.id),
  );
  const throughControls = (controls: readonly string[]) => ({
    files: controls.flatMap(paperOf),
    empty: controls.every((control) => unseen.has(control)),
  });
  return [
    ...history.controls.map(
      ({ control }): RequestTarget => ({ kind: 'control', ids: [control.id], title: control.id, ...throughControls([control.id]) }),
    ),
    ...history.topics.map(
      ({ id, controls }): RequestTarget => ({
        kind: 'topic',
        ids: [id],
        title: id,
        ...throughControls(controls.map((control) => control.id)),
      }),
    ),
    ...content.populations.map(
      ({ record, files }): RequestTarget => ({
        kind: 'population',
        ids: [record.id],
        title: record.title,
        files: files.map(({ path }) => path),
        empty: false,
      }),
    ),
    ...content.samples.map(
      ({ id, population, file }): RequestTarget => ({
        kind: 'sample',
        ids: [id],
        title: `sample of ${population}`,
        files: file === null ? [] : [file],
        empty: file === null,
      }),
    ),
    ...[...Map.groupBy(content.datasets, ({ collector }) => collector)].map(([collector, datasets]): RequestTarget => {
      const ids = new Set(datasets.map(({ id }) => id));
      const papers = content.papers.filter(({ datasets: of }) => of.some((id) => ids.has(id))).map(({ control }) => control);
      return {
        kind: 'dataset',
        ids: [collector, ...ids, ...new Set(datasets.flatMap(({ yields }) => yields))],
        title: datasets[0]?.title ?? collector,
        files: papers.flatMap(paperOf),
        empty: papers.length === 0,
      };
    }),
    ...registers.map(
      ({ names, title, files }): RequestTarget => ({ kind: 'register', ids: names, title, files, empty: files.length === 0 }),
    ),
  ];
}

const same = (text: string) => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** Targets an id may mean; ids are taken in any case. */
class Targets {
  readonly #byId = new Map<string, RequestTarget>();
  constructor(targets: readonly RequestTarget[]) {
    for (const target of targets) {
      for (const id of target.ids) if (!this.#byId.has(same(id))) this.#byId.set(same(id), target);
    }
  }
  named(id: string): RequestTarget | undefined {
    return this.#byId.get(same(id));
  }
  /** Ids that stand in a text as words of their own. */
  in(text: string): RequestTarget[] {
    const words = new Set(text.split(/[\s,;()"'“”]+/).map((word) => same(word.replace(/[.:!?]+$/, ''))));
    return [...new Set([...words].flatMap((word) => this.#byId.get(word) ?? []))].filter(({ kind }) => kind !== 'register');
  }
}

/**
 * Says for each request which folder and which files of the bundle answer it. A reference that is not known is said, even where another
 * one of the same request is; a request without a reference is matched by the ids in its text, and that is said too.
 */
export function answerRequests(requests: readonly AuditorRequest[], targets: readonly RequestTarget[]): AnsweredRequests {
  const known = new Targets(targets);
  const folders = new Set<string>();
  const byControl = new Map<string, string[]>();
  const answered = requests.map((request): AnsweredRequest => {
    const found = request.references.map((reference) => ({ reference, target: known.named(reference) }));
    const byText = request.references.length === 0 ? known.in(request.description) : [];
    const meant = [...new Set([...found.flatMap(({ target }) => target ?? []), ...byText])];
    const unknown = found.filter(({ target }) => target === undefined).map(({ reference }) => reference);
    const control = meant.find(({ kind }) => kind === 'control')?.ids[0] ?? null;
    for (const { kind, ids } of meant) {
      const [id = ''] = ids;
      if (kind === 'control') byControl.set(id, [...(byControl.get(id) ?? []), request.id]);
    }
    return {
      id: request.id,
      description: request.description,
      control,
      evidence: meant.find(({ kind }) => kind !== 'control')?.ids[0] ?? null,
      folder: folderOf(request, folders),
      files: [...new Set(meant.flatMap(({ files }) => files))],
      state: meant.length === 0 ? 'unknown-reference' : meant.every(({ empty }) => empty) ? 'nothing-collected' : 'submitted',
      note: noteOf(meant, unknown, byText.length > 0, request),
    };
  });
  return { answered, unmatched: answered.filter(({ state }) => state === 'unknown-reference'), byControl };
}

/** Named as the auditor numbers it. Two ids that would share a folder are told apart by their line. */
function folderOf({ id, row }: AuditorRequest, taken: Set<string>): BundlePath {
  const plain = `requests/${segment(id)}`;
  // Where file systems do not tell case apart, two folders would become one.
  const folder = taken.has(plain.toLowerCase()) ? `${plain}-line-${row}` : plain;
  taken.add(folder.toLowerCase());
  return folder;
}

function noteOf(meant: readonly RequestTarget[], unknown: readonly string[], byText: boolean, request: AuditorRequest): string {
  const quoted = unknown.map((reference) => `"${reference}"`).join(', ');
  const sentences = [
    ...(meant.length === 0 && request.references.length === 0 ? ['It names no control or evidence: a person has to answer it.'] : []),
    ...(unknown.length > 0 ? [`Nothing here is called ${quoted}.`] : []),
    ...(byText ? [`Matched by ${meant.map(({ ids }) => ids[0]).join(', ')} in its text.`] : []),
    ...(meant.some(({ empty }) => empty)
      ? [
          `Nothing was collected for ${meant
            .filter(({ empty }) => empty)
            .map(({ ids }) => ids[0])
            .join(', ')}.`,
        ]
      : []),
    ...(request.owner === null ? [] : [`Owner: ${request.owner}.`]),
    ...(request.due === null ? [] : [`Due: ${request.due}.`]),
  ];
  return sentences.join(' ');
}
