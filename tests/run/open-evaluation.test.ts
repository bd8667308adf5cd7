import { expect, test } from 'vitest';
import { openEvaluation } from '../../src/run/open-evaluation.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { Toys } from './toy-source.ts';

test('an evaluation is opened with what did not pass, and with the collections in which each subject was seen', async () => {
  const app = new Toys().composition();
  const trigger = { name: 'test', authentication: 'none' as const };
  await runCollection(app, { trigger, onProgress: () => {}, signal: new AbortController().signal });
  const store = await app.openStore({ readOnly: true });
  try {
    const { results, reads } = openEvaluation(store, store.latest('evaluation')!.statement);
    const failing = results?.filter(({ outcome }) => outcome === 'fail') ?? [];
    expect(failing).toMatchObject([{ check: 'toy/door-is-locked', message: expect.stringMatching(/./) }]);
    const doors = reads.filter(({ collector }) => collector === 'toy/doors').map(({ index }) => index);
    expect(doors.length).toBeGreaterThan(0);
    // The plan of the toys names no collectors: then it may be any of them, and never none.
    expect(failing[0]?.entries).toEqual(expect.arrayContaining(doors));
    expect(openEvaluation({ entry: (index) => store.entry(index), blob: () => undefined }, store.latest('evaluation')!.statement)).toEqual({
      results: null,
      reads: [],
    });
  } finally {
    await store.close();
  }
});
