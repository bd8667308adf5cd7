import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, tokenOf, uuidOf } from '../../src/bundle/oscal/words.ts';
import { type OscalFacts, oscalDocuments } from '../../src/bundle/oscal.ts';
import { periodStates } from '../../src/model/history.ts';
import { fixtureContent } from './fixture-content.ts';
import { type OscalModel, oscalGrammar } from './oscal-grammar.ts';
import { toyChecks, toyCover, toyHistory } from './toy-period.ts';

const toyFacts: OscalFacts = {
  history: toyHistory,
  cover: toyCover,
  checks: toyChecks,
  workpaperOf: (control) => `controls/${control}/workpaper.html`,
  entryOf: (index) => (index === 900 ? null : { path: 'log/entries.jsonl', leaf: 'B'.repeat(43).concat('=') }),
};
const models: readonly OscalModel[] = ['catalog', 'assessment-plan', 'assessment-results'];
type Node = Record<string, never> & { readonly [name: string]: Node };

function read(facts: OscalFacts): Record<OscalModel, Node> {
  const found = new Map(
    [...oscalDocuments(facts)].map(({ path, bytes }) => [path, JSON.parse(Buffer.from(bytes as Uint8Array).toString('utf8')) as Node]),
  );
  return Object.fromEntries(models.map((model) => [model, found.get(`oscal/${model}.json`)])) as Record<OscalModel, Node>;
}
/** Every value under a name anywhere in a document. */
function all(node: unknown, name: string): unknown[] {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => [...(key === name && !Array.isArray(node) ? [value] : []), ...all(value, name)]);
}
interface Result {
  readonly observations: readonly {
    readonly uuid: string;
    readonly title: string;
    readonly collected: string;
    readonly methods: string[];
  }[];
  readonly risks: readonly { readonly status: string; readonly 'risk-log': { readonly entries: readonly { readonly title: string }[] } }[];
  readonly findings: readonly {
    readonly title: string;
    readonly target: { readonly 'target-id': string; readonly status: { readonly state: string; readonly reason: string } };
    readonly props: readonly { readonly name: string; readonly value: string }[];
  }[];
}
function resultOf(from: Record<OscalModel, Node>): Result {
  const document = from['assessment-results'] as unknown as { 'assessment-results': { results: readonly [Result] } };
  return document['assessment-results'].results[0];
}
const documents = read(toyFacts);
const result = resultOf(documents);
const findingOf = (title: string) => result.findings.find((finding) => finding.title.startsWith(title));

describe('the documents', () => {
  it.each(models)('%s keeps the rules of OSCAL', (model) => {
    const validate = oscalGrammar(model);
    validate(documents[model]);
    expect(validate.errors ?? []).toEqual([]);
  });
  it('keep them also for a period in which nothing is', () => {
    const nothing = { ...toyHistory, controls: [], topics: [], episodes: [], deviations: [], waivers: [], outages: [] };
    const empty = read({ ...toyFacts, history: nothing, checks: [], entryOf: () => null, workpaperOf: () => null });
    for (const model of models) {
      const validate = oscalGrammar(model);
      validate(empty[model]);
      expect(validate.errors ?? [], model).toEqual([]);
    }
  });
  it.each(['soc2', 'soc1'] as const)('keep them for a described year of %s, with everything that can be awkward in it', (report) => {
    const content = fixtureContent({ report });
    const year = read({ ...toyFacts, history: content.history, cover: content.cover, checks: content.checks });
    for (const model of models) {
      const validate = oscalGrammar(model);
      validate(year[model]);
      expect(validate.errors ?? [], model).toEqual([]);
    }
    const { observations, findings, risks } = resultOf(year);
    expect(observations.length).toBeGreaterThanOrEqual(content.history.episodes.length);
    expect(risks.length).toBeGreaterThanOrEqual(content.history.deviations.length);
    const satisfied = findings.filter(({ target }) => target.status.state === 'satisfied');
    expect(
      satisfied.every(({ props }) => props.some(({ name, value }) => name === 'observed-state' && value === 'no-failures-observed')),
    ).toBe(true);
    expect(findings.length).toBeGreaterThan(satisfied.length);
  });
  it('are held to rules that can be broken', () => {
    const validate = oscalGrammar('assessment-results');
    const broken = (edit: (document: Record<string, never>) => void) => {
      const copy = structuredClone(documents['assessment-results']);
      edit(copy['assessment-results'] as never);
      return validate(copy);
    };
    expect(broken(() => {})).toBe(true);
    expect(broken((document) => Object.assign(document, { invented: 1 }))).toBe(false);
    expect(broken((document) => Object.assign(document, { uuid: 'not-one' }))).toBe(false);
    expect(broken((document) => delete (document as Record<string, unknown>)['import-ap'])).toBe(false);
    expect(broken((document) => Object.assign(document['results']?.[0] ?? {}, { findings: [] }))).toBe(false);
  });
  it('are the same bytes for the same facts', () => {
    const bytes = (facts: OscalFacts) =>
      [...oscalDocuments(facts)].map((document) => Buffer.from(document.bytes as Uint8Array).toString('base64'));
    expect(bytes(toyFacts)).toEqual(bytes({ ...toyFacts, history: structuredClone(toyHistory) }));
  });
  it('name every thing once, and refer only to what is there', () => {
    const uuids = Object.values(documents).flatMap((document) => {
      const own = all(document, 'uuid') as string[];
      // Within one document ids are unique; the tool is defined in two documents.
      expect(new Set(own).size).toBe(own.length);
      return own;
    });
    const known = new Set(uuids);
    for (const name of ['observation-uuid', 'risk-uuid', 'subject-uuid', 'component-uuid', 'actor-uuid', 'activity-uuid']) {
      const references = Object.values(documents).flatMap((document) => all(document, name)) as string[];
      expect(references.length, name).toBeGreaterThan(0);
      expect(
        references.filter((uuid) => !known.has(uuid)),
        name,
      ).toEqual([]);
    }
    const ids = new Set(all(documents.catalog, 'id'));
    const targets = [
      ...all(documents['assessment-results'], 'target-id'),
      ...Object.values(documents).flatMap((document) => all(document, 'control-id')),
    ];
    expect(targets.filter((id) => !ids.has(id))).toEqual([]);
    const anchors = Object.values(documents).flatMap((document) => all(document, 'href')) as string[];
    const unresolved = anchors.filter((href) => href.startsWith('#') && !known.has(href.slice(1)) && !ids.has(href.slice(1)));
    expect(unresolved).toEqual([]);
    expect(anchors).toContain('../controls/AC%2002/workpaper.html');
  });
});

describe('a finding', () => {
  it('is satisfied for "no failures observed" and for nothing else', () => {
    const states = (['DP-01', 'AC 02', 'OP-01', 'PR-01'] as const).map((id) => findingOf(`${id}: `)?.target.status);
    expect(states.map((status) => [status?.state, status?.reason])).toEqual([
      ['not-satisfied', 'fail'],
      ['satisfied', 'pass'],
      ['not-satisfied', 'other'],
      ['not-satisfied', 'other'],
    ]);
    fc.assert(
      fc.property(fc.constantFrom(...periodStates), fc.boolean(), (state, uncovered) => {
        const [first] = toyHistory.topics;
        if (first === undefined) throw new Error('no topic');
        const { findings } = resultOf(read({ ...toyFacts, history: { ...toyHistory, topics: [{ ...first, state, uncovered }] } }));
        expect(findings[0]?.target.status.state === 'satisfied').toBe(state === 'no-failures-observed' && !uncovered);
      }),
      { numRuns: 30 },
    );
  });
  it('of a criterion that only supporting controls speak to is not satisfied', () => {
    expect(findingOf('CC6.3')?.target.status).toMatchObject({ state: 'not-satisfied', reason: 'other' });
  });
  it('of a deviation says when, how long, what was allowed and what was said of it', () => {
    const { props } = findingOf('D-DP-01') ?? { props: [] };
    const values = Object.fromEntries(props.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      duration: 'PT20H30M',
      allowed: 'PT2H',
      late: 'true',
      disposition: 'confirmed',
      cause: 'person',
      marker: 'persists',
    });
  });
});

describe('observations and risks', () => {
  it('of what was never read have no method but unknown', () => {
    expect(result.observations.find(({ title }) => title === 'The trail is on')).toMatchObject({
      methods: ['UNKNOWN'],
      collected: toyHistory.through,
    });
  });
  it('are one per series however many controls use it, and one per episode', () => {
    expect(result.observations).toHaveLength(3);
  });
  it('keep a waiver that covers no deviation, with who asked and who approved', () => {
    expect(result.risks.map(({ status }) => status)).toEqual(['closed', 'deviation-approved']);
    expect(result.risks[1]?.['risk-log'].entries[0]?.title).toBe('W-01234567 requested by alice, approved by bob');
    expect(result.risks[0]?.['risk-log'].entries.map(({ title }) => title)).toContain('Decided by alice (identity not authenticated)');
  });
});

describe('words', () => {
  it('show what a source said and never obey it', () => {
    expect(lineOf('  <b>a</b>\n*b* [c](d)  ')).toBe('\\<b\\>a\\</b\\> \\*b\\* \\[c\\](d)');
    expect(lineOf(' \n')).toBe('(empty)');
  });
  it('make a token of any id, and different ones of different ids', () => {
    const token = /^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(tokenOf(a)).toMatch(token);
        expect(tokenOf(a) === tokenOf(b)).toBe(a === b);
      }),
    );
  });
  it('give a name-based UUID of version 5', () => {
    expect(uuidOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidOf('a', 'b')).toBe(uuidOf('a', 'b'));
    expect(uuidOf('ab')).not.toBe(uuidOf('a', 'b'));
  });
});
