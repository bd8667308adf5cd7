import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Elements, not text: whatever is put into `html` becomes a text node or the value of an attribute, and is escaped as such. */
export { html };
export const printNode = (node: VNode): string => renderToString(node);
