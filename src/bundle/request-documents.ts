import type { AnsweredRequest, BundleContent, RenderedDocument } from '../model/bundle-content.ts';
import type { Block, Text } from './documents/blocks.ts';
import { renderHtml } from './documents/html/render-html.ts';
import { pageFrame } from './documents/pages/page-frame.ts';

/**
 * A folder for each request of the auditor's list, named as he numbers it, with a page that leads to what answers it: nothing is copied, so
 * that there is one place for each thing. Also for what nothing here answers, so that no request is without a folder.
 */
export function* requestDocuments(content: BundleContent): Iterable<RenderedDocument> {
  const frame = pageFrame(content);
  for (const request of content.requests) {
    const page = frame.page({
      path: `${request.folder}/index.html`,
      kicker: 'Your request list',
      title: `Request ${request.id}`,
      lead: request.description,
      blocks: blocks(request),
    });
    yield { path: page.path, bytes: renderHtml(page) };
  }
}

const states: Readonly<Record<AnsweredRequest['state'], string>> = {
  submitted: 'Answered by the files below.',
  'nothing-collected': 'There is a paper for it, and nothing was collected that would be its evidence.',
  'unknown-reference': 'Nothing in this bundle answers it: a person has to.',
};

function* blocks(request: AnsweredRequest): Generator<Block> {
  const none: Text = { muted: 'none named' };
  yield {
    kind: 'facts',
    rows: [
      ['State', states[request.state]],
      ['Control', request.control ?? none],
      ['Evidence', request.evidence ?? none],
      ...(request.note === '' ? [] : [['Note', request.note] as const]),
    ],
  };
  if (request.files.length > 0) yield { kind: 'list', items: request.files.map((file): Text => ({ href: file, text: file })) };
  yield { kind: 'fields', fields: [{ label: 'Accepted on' }, { label: 'By' }, { label: 'Comment', tall: true }] };
}
