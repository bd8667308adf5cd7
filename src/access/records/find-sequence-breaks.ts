import type { ExaminationOf } from './examination.ts';
import { columnOf, columnsOf, keyIn, shownIn, textIn, Undecided } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';

interface Numbered {
  readonly key: string;
  readonly at: number | null;
  readonly number: bigint;
}

/**
 * Numbers that are missing from a sequence, and numbers that were given twice. What stands before the digits (INV-2026-) belongs to the
 * group: each group has a sequence of its own. Numbers before the first or after the last cannot be missed, unless it says where it begins.
 */
export function findSequenceBreaks(examination: ExaminationOf<'sequence'>, over: Selection, findings: Findings): void {
  const number = columnOf(over.table, examination.number);
  const group = columnsOf(over.table, examination.group);
  const groups = new Map<
    string,
    { readonly name: string; readonly prefix: string; readonly width: number; readonly members: Numbered[] }
  >();
  over.each((row, at) => {
    const text = textIn(row, number);
    const digits = /\d{1,30}$/.exec(text ?? '')?.[0];
    if (text === null || digits === undefined) throw new Undecided(`${number.name} is no number of a sequence`);
    const prefix = text.slice(0, text.length - digits.length);
    const inGroup = group.length === 0 ? '' : keyIn(row, group);
    if (inGroup === null) throw new Undecided(`${examination.group.join(', ')}: empty, so it cannot be told which sequence it belongs to`);
    const key = `${inGroup}\u0000${prefix}`;
    const known = groups.get(key) ?? {
      name: group.length === 0 ? '' : shownIn(row, group),
      prefix,
      width: digits.startsWith('0') ? digits.length : 0,
      members: [],
    };
    groups.set(key, known);
    known.members.push({ key: row.key, at, number: BigInt(digits) });
  });

  for (const { name, prefix, width, members } of groups.values()) {
    members.sort((left, right) => (left.number < right.number ? -1 : left.number > right.number ? 1 : left.key < right.key ? -1 : 1));
    const written = (value: bigint) => `${prefix}${String(value).padStart(width, '0')}`;
    const of = name === '' ? '' : ` of ${name}`;
    let last: Numbered | undefined;
    let reached = examination.startsAt === undefined ? undefined : BigInt(examination.startsAt) - 1n;
    for (const member of members) {
      if (last?.number === member.number) {
        findings.fail(
          over.table.name,
          member.key,
          over.shown(member.at),
          `${written(member.number)}${of} was given before, to ${last.key}`,
        );
        continue;
      }
      if (reached !== undefined && member.number > reached + 1n) {
        const [from, to] = [written(reached + 1n), written(member.number - 1n)];
        const range = from === to ? from : `${from} to ${to}`;
        const missing = member.number - reached - 1n;
        findings.miss(
          over,
          over.table.name,
          `${name === '' ? '' : `${name}/`}${from === to ? from : `${from}..${to}`}`,
          over.shown(member.at),
          `${range}${of} ${missing === 1n ? 'is' : 'are'} missing: ${written(member.number)} follows ${last === undefined ? 'the beginning' : written(last.number)}`,
        );
      }
      reached = member.number;
      last = member;
    }
  }
}
