import { expect, it } from 'vitest';
import { requestDocuments } from '../../src/bundle/request-documents.ts';
import type { AnsweredRequest } from '../../src/model/bundle-content.ts';
import { fixtureContent } from './fixture-content.ts';

const request = (id: string, more: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  id,
  description: 'All users <and> their second factors',
  control: 'AC-02',
  evidence: null,
  folder: `requests/${id}`,
  files: ['controls/AC-02/workpaper.pdf'],
  state: 'submitted',
  note: '',
  ...more,
});

it('every request has a folder of its own that leads to what answers it, also one that nothing answers', () => {
  const requests = [
    request('R-1'),
    request('R-2', { state: 'unknown-reference', control: null, files: [], note: 'Nothing here is called "X".' }),
  ];
  const documents = new Map(
    [...requestDocuments({ ...fixtureContent(), requests })].map(({ path, bytes }) => [
      path,
      Buffer.concat([...(bytes as Iterable<Uint8Array>)]).toString('utf8'),
    ]),
  );
  expect([...documents.keys()]).toEqual(['requests/R-1/index.html', 'requests/R-2/index.html']);
  const answered = documents.get('requests/R-1/index.html') ?? '';
  expect(answered).toContain('href="../../controls/AC-02/workpaper.pdf"');
  expect(answered).toContain('All users &lt;and');
  const open = documents.get('requests/R-2/index.html') ?? '';
  expect(open).toContain('a person has to');
  expect(open).toContain('Nothing here is called');
  expect(open).not.toContain('../../controls/');
});
