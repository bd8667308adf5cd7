import type { LogReader } from '../../model/log-reader.ts';
import { readRegister } from './read-decisions.ts';
import { waiversOf } from './waivers-of.ts';

export interface RegisterFinding {
  readonly level: 'note' | 'warning' | 'problem';
  readonly message: string;
  readonly advice: string;
}
const soonMs = 14 * 86_400_000;

/** What of the decisions somebody should look after: those that do not count, that wait for a second person, waivers that end soon. */
export function registerFindings(reader: LogReader, now: string): readonly RegisterFinding[] {
  const { decisions, refused, persons } = readRegister(reader);
  const soon = new Date(Date.parse(now) + soonMs).toISOString();
  const waiting = decisions.filter(({ needsApproval, approval, ended }) => needsApproval && approval === null && ended === null);
  const ending = waiversOf(decisions).filter(({ inForce }) => inForce !== null && now < inForce.to && inForce.to <= soon);
  return [
    ...(persons.length === 0
      ? [
          {
            level: 'note' as const,
            message: 'nobody is registered: every decision is printed as "identity not authenticated"',
            advice: '`proofline person register` takes OpenSSH public keys',
          },
        ]
      : []),
    ...refused.map(({ index, decision, actor, problems }) => ({
      level: 'problem' as const,
      message: `entry ${index}, ${decision} by "${actor.name}", does not count: ${problems.join('; ')}`,
      advice: '`proofline decisions list` shows it; decide again with a key that is registered',
    })),
    ...waiting.map(({ index, payload, actor }) => ({
      level: 'note' as const,
      message: `entry ${index}, ${payload.type} by ${actor.name}, waits for a second person and is not in force`,
      advice: `\`proofline decisions approve ${index}\` or \`refuse\`, by somebody else`,
    })),
    ...ending.map(({ waiver, inForce }) => ({
      level: 'warning' as const,
      message: `the waiver ${waiver.id} ends at ${inForce?.to ?? ''}: what fails under it fails openly again`,
      advice: 'put it right, or ask again (`proofline waiver request`)',
    })),
  ];
}
