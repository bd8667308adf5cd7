import { notAuthenticated } from '../model/decision.ts';
import type { Colours } from './cli.ts';
import type {
  DecisionRow,
  DecisionsListOutput,
  DecisionsShowOutput,
  PeriodListOutput,
  PeriodRow,
  PersonListOutput,
  WaiverListOutput,
} from './shapes.ts';

/** Puts the words that nobody authenticated an identity where the eye finds them. */
const marked = (text: string, { yellow }: Colours): string => text.replaceAll(notAuthenticated, yellow(notAuthenticated));

export function renderPeriods({ periods }: PeriodListOutput, colours: Colours): string {
  if (periods.length === 0) return 'No period is open yet: proofline period create';
  return periods.map((row) => headOf(row, colours)).join('\n');
}
function headOf(row: PeriodRow, colours: Colours): string {
  const { bold, dim, yellow } = colours;
  const kind = `${row.report === 'soc1' ? 'SOC 1' : 'SOC 2'} Type ${row.type}`;
  const days = row.start === row.end ? `as of ${row.start}` : `${row.start} to ${row.end}`;
  const amended = row.amendments.map(({ decision, at, loosens, inForceFrom }) => {
    const what = loosens.length > 0 ? yellow('loosened') : 'tightened';
    const force = inForceFrom === null ? yellow(' (not in force: no second person)') : '';
    return `\n    ${what} on ${at.slice(0, 10)}, entry ${decision}${force}`;
  });
  return `${bold(row.id)}  ${kind}, ${days} (${row.zone}), ${row.state}  ${dim(`entry ${row.decision}`)}${amended.join('')}`;
}
export function renderPeriod(row: PeriodRow, colours: Colours): string {
  const { bold, dim, yellow } = colours;
  const lines = [
    headOf({ ...row, amendments: [] }, colours),
    `  from ${row.from} to before ${row.to}${row.cutOff === null ? '' : `; cut-off ${row.cutOff}`}`,
    marked(`  opened ${row.openedAt} by ${row.openedBy}; plan: entry ${row.plan}`, colours),
  ];
  if (row.closed !== null) {
    const report = row.closed.reportDate === null ? '' : `; report ${row.closed.reportDate}`;
    lines.push(marked(`  closed ${row.closed.at} by ${row.closed.by}; cut-off ${row.closed.cutOff}${report}`, colours));
  }
  lines.push(bold('  Ruler'));
  for (const [kind, { lateAfter, gapAfter, materialAfter }] of Object.entries(row.ruler.thresholds))
    lines.push(`    ${kind.padEnd(9)} late after ${lateAfter}, a gap after ${gapAfter}, material after ${materialAfter}`);
  lines.push(`    flapping within ${row.ruler.flappingWithin} is one episode; grace for new subjects: ${row.ruler.graceForNew ?? 'none'}`);
  lines.push(
    `    to be put right within: ${Object.entries(row.ruler.sla)
      .map(([severity, sla]) => `${severity} ${'hours' in sla ? `${sla.hours} h` : `${sla.businessDays} business days`}`)
      .join(', ')}`,
  );
  if (row.amendments.length > 0) lines.push(bold('  Amendments'));
  for (const amendment of row.amendments) {
    lines.push(marked(`    entry ${amendment.decision}, ${amendment.at}, by ${amendment.by}: ${amendment.reason}`, colours));
    for (const sentence of amendment.loosens) lines.push(`      ${yellow('loosens')}  ${sentence}`);
    for (const sentence of amendment.tightens) lines.push(`      tightens ${sentence}`);
    lines.push(
      amendment.inForceFrom === null
        ? `      ${yellow('not in force: no second person approved it')}`
        : marked(
            `      in force from ${amendment.inForceFrom}${amendment.approvedBy === null ? '' : `, approved by ${amendment.approvedBy}`}`,
            colours,
          ),
    );
  }
  if (row.missing.length > 0) lines.push(bold('  Still missing'));
  for (const sentence of row.missing) lines.push(`    ${sentence}`);
  lines.push(dim(`  proofline decisions show ${row.decision}`));
  return lines.join('\n');
}

export function renderPersons({ persons }: PersonListOutput, colours: Colours, now: string): string {
  if (persons.length === 0)
    return 'Nobody is registered: every decision is printed as "identity not authenticated" (proofline person register)';
  const { bold, dim, red } = colours;
  return persons
    .flatMap(({ id, name, email, roles, keys, registeredAt, registeredBy, decision }) => [
      `${bold(id)}  ${name}${email === null ? '' : ` <${email}>`}  ${roles.join(', ')}`,
      ...keys.map(({ fingerprint, from, revokedFrom }) => {
        const state =
          revokedFrom === null ? '' : red(revokedFrom <= now ? `  revoked from ${revokedFrom}` : `  revoked as of ${revokedFrom}`);
        return `  ${fingerprint}  ${dim(`from ${from}`)}${state}`;
      }),
      marked(dim(`  registered ${registeredAt} by ${registeredBy}, entry ${decision}`), colours),
    ])
    .join('\n');
}

export function renderWaivers({ waivers }: WaiverListOutput, colours: Colours): string {
  if (waivers.length === 0) return 'No waiver was asked for.';
  const { bold, dim, yellow } = colours;
  return waivers
    .flatMap((row) => {
      const scope = row.scope.slice(0, 5).map(({ check, source, subjects }) => {
        const about = subjects === null ? 'every subject' : subjects.length > 3 ? `${subjects.length} subjects` : subjects.join(', ');
        return `    ${check ?? 'every check'} · ${source ?? 'every source'} · ${about}`;
      });
      return [
        `${bold(row.id)}  ${row.state === 'in-force' ? yellow('in force') : row.state}${row.kind === 'waiver' ? '' : ', known at onboarding'}  ${row.from} to before ${row.expires}`,
        ...scope,
        ...(row.scope.length > 5 ? [`    and ${row.scope.length - 5} more: --json lists all`] : []),
        `  ${row.reason}${row.compensatingControl === null ? '' : `; meanwhile: ${row.compensatingControl}`}`,
        marked(
          dim(
            `  asked for by ${row.requestedBy}, entry ${row.decision}; ${row.approvedBy === null ? 'approved by nobody' : `approved by ${row.approvedBy}`}`,
          ),
          colours,
        ),
        ...(row.approvedBy !== null && !row.authenticated
          ? [yellow('  that requester and approver are two people was not authenticated')]
          : []),
      ];
    })
    .join('\n');
}

export function renderDecisions({ decisions, refused }: DecisionsListOutput, colours: Colours): string {
  if (decisions.length === 0 && refused.length === 0) return 'Nobody has decided anything yet.';
  const { bold, red } = colours;
  const lines = decisions.map((row) => lineOf(row, colours));
  if (refused.length > 0) lines.push('', bold(red('These stand in the log and do not count')));
  for (const row of refused) {
    lines.push(`${String(row.index).padStart(6)}  ${row.at}  ${row.decision}  by ${row.by}`);
    for (const problem of row.problems) lines.push(`        ${red(problem)}`);
  }
  return lines.join('\n');
}
function lineOf(row: DecisionRow, colours: Colours): string {
  const { dim, yellow } = colours;
  const about =
    row.subjects.length > 4 ? `${row.subjects.slice(0, 4).join(', ')} and ${row.subjects.length - 4} more` : row.subjects.join(', ');
  const state =
    row.ended !== null
      ? yellow(`  ended by entry ${row.ended}`)
      : !row.needsApproval
        ? ''
        : row.approval === null
          ? yellow('  waits for a second person')
          : marked(`  approved by ${row.approval.by}, entry ${row.approval.index}`, colours);
  return `${String(row.index).padStart(6)}  ${row.at}  ${row.decision}  ${about}\n        ${marked(`by ${row.by}`, colours)}: ${dim(row.reason)}${state}`;
}

export function renderDecision({ decision, payload, signature }: DecisionsShowOutput, colours: Colours): string {
  const lines = [lineOf(decision, colours), '', JSON.stringify(payload, null, 2)];
  if (signature === null)
    lines.push('', colours.yellow(`${notAuthenticated}: anybody with access to this log could have recorded it under that name`));
  else {
    lines.push('', `Signed with ${signature.key}. To verify it without Proofline:`);
    lines.push(`  proofline decisions export-signature ${decision.index} --out DIR`);
    lines.push(
      `  ssh-keygen -Y verify -f DIR/allowed_signers -I ${decision.person ?? ''} -n proofline-decision -s DIR/decision.json.sig < DIR/decision.json`,
    );
  }
  return lines.join('\n');
}
