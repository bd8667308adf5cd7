import { withholdSecrets } from '../config/secret.ts';
import type { Notice } from '../model/notification.ts';

/** Control characters, and what turns the direction of writing. */
const unseen = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text of a source or a file as one may show it: line breaks stay, what is not seen goes, and no secret of a known kind is in it. */
export function plain(text: string): string {
  return withholdSecrets(text.replaceAll(unseen, (character) => (character === '\n' ? '\n' : ' '))).trim();
}

/** At most `length` characters, the last of them an ellipsis where something was cut. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** In one line. */
export function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, ' ');
}

/** A notice whose texts are as one may show them; ids and times stay as they are. */
export function plainNotice(notice: Notice): Notice {
  return {
    ...notice,
    subject: { ...notice.subject, display: plain(notice.subject.display) },
    message: plain(notice.message),
    owner: { ...notice.owner, name: notice.owner.name === null ? null : plain(notice.owner.name) },
  };
}
