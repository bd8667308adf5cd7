export type SqlDialect = 'postgresql' | 'mysql' | 'sqlite';

/** What only reads uses none of these words, but in names that are quoted. */
const writing = new Set(
  (
    'insert update delete merge into truncate drop alter create grant revoke call copy lock attach detach pragma vacuum reindex execute ' +
    'prepare deallocate commit rollback savepoint begin handler outfile dumpfile listen notify refresh'
  ).split(' '),
);
/** Functions that do more than read; a transaction that only reads does not stop them all. */
const acting =
  /^(?:pg_(?:terminate|cancel)_backend|pg_(?:reload_conf|rotate_logfile|switch_wal|promote|sleep(?:_for|_until)?|notify)|pg_(?:try_)?advisory_\w+|pg_(?:read|write|ls)_\w+|lo_\w+|dblink\w*|set_config|setval|nextval|query_to_xml\w*|load_extension|load_file|writefile|readfile|edit|sleep|benchmark|get_lock|release_lock)$/;

/**
 * Why a query is not sent: it is not one single statement that only reads. undefined: it may be sent, in a transaction that can only read.
 * Words are looked for outside of strings, quoted names and comments, as the dialect reads them; what cannot be told apart is refused.
 */
export function refusedQuery(query: string, dialect: SqlDialect): string | undefined {
  const words = wordsOf(query, dialect);
  if (typeof words === 'string') return words;
  const end = words.indexOf(';');
  if (end !== -1 && end < words.length - 1) return 'holds more than one statement: expected one SELECT';
  const [first] = words;
  if (first === undefined || first === ';') return 'is empty: expected one SELECT';
  if (first !== 'select' && first !== 'with') return `begins with ${first.toUpperCase()}: expected one SELECT or WITH`;
  for (const [at, word] of words.entries()) {
    if (writing.has(word)) return `holds ${word.toUpperCase()}: expected a statement that only reads`;
    if (acting.test(word) && words[at + 1] === '(') return `calls ${word}: expected a statement that only reads`;
    if (word === 'for' && /^(?:update|share|no|key)$/.test(words[at + 1] ?? '')) return 'locks rows: expected a statement that only reads';
  }
  return undefined;
}

/** Bare words in small letters, semicolons and opening brackets; or what is wrong with the text. */
function wordsOf(query: string, dialect: SqlDialect): readonly string[] | string {
  const words: string[] = [];
  const mysql = dialect === 'mysql';
  for (let at = 0; at < query.length; ) {
    const rest = query.slice(at, at + 2);
    const char = rest[0] ?? '';
    if (char === '\0') return 'holds a NUL character';
    if ((rest === '--' && (!mysql || /^--(?:\s|$)/.test(query.slice(at, at + 3)))) || (mysql && char === '#')) {
      const end = query.slice(at).search(/[\r\n]/);
      at = end === -1 ? query.length : at + end;
    } else if (rest === '/*') {
      // MySQL executes what stands in some of its comments.
      if (mysql && /^\/\*[!+M]/.test(query.slice(at, at + 3))) return 'holds a comment that is executed';
      const end = afterComment(query, at, dialect);
      if (end === undefined) return 'holds a comment without an end';
      at = end;
    } else if (char === "'" || char === '"' || (char === '`' && dialect !== 'postgresql') || (char === '[' && dialect === 'sqlite')) {
      const escapes =
        char !== '`' && char !== '[' && (mysql || (dialect === 'postgresql' && words.at(-1) === 'e' && /e$/i.test(query.slice(0, at))));
      const end = afterQuoted(query, at, char === '[' ? ']' : char, escapes);
      if (end === undefined) return 'holds a quotation without an end';
      at = end;
      // Stands for whatever was quoted: no word of the language.
      words.push('""');
    } else if (char === '$' && dialect === 'postgresql' && /^\$(?:[A-Za-z_]\w*)?\$/.test(query.slice(at, at + 70))) {
      const tag = /^\$\w*\$/.exec(query.slice(at, at + 70))?.[0] ?? '$$';
      const end = query.indexOf(tag, at + tag.length);
      if (end === -1) return 'holds a quotation without an end';
      at = end + tag.length;
      words.push('""');
    } else if (/[\p{L}_]/u.test(char)) {
      const word = /^[\p{L}\p{N}_$]+/u.exec(query.slice(at))?.[0] ?? char;
      words.push(word.toLowerCase());
      at += word.length;
    } else {
      if (char === ';' || char === '(') words.push(char);
      at += 1;
    }
  }
  return words;
}

function afterComment(query: string, from: number, dialect: SqlDialect): number | undefined {
  let depth = 0;
  for (let at = from; at < query.length; ) {
    const two = query.slice(at, at + 2);
    if (two === '/*' && (depth === 0 || dialect === 'postgresql')) {
      depth += 1;
      at += 2;
    } else if (two === '*/') {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return undefined;
}

function afterQuoted(query: string, from: number, quote: string, escapes: boolean): number | undefined {
  for (let at = from + 1; at < query.length; at += 1) {
    if (escapes && query[at] === '\\') at += 1;
    else if (query[at] === quote) {
      if (query[at + 1] !== quote || quote === ']') return at + 1;
      at += 1;
    }
  }
  return undefined;
}
