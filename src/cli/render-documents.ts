import { notAuthenticated } from '../model/decision.ts';
import type { Colours } from './cli.ts';
import type { EvidenceDocumentsOutput, EvidenceRequestsOutput } from './shapes.ts';

type Row = EvidenceRequestsOutput['requests'][number];

export function renderRequests({ requests, unasked }: EvidenceRequestsOutput, colours: Colours, openOnly: boolean): string {
  const { bold, yellow } = colours;
  const lines = requests.flatMap((row) => [
    `${bold(row.request)}  ${row.title}, ${row.occasion.to === null ? `once, from ${row.occasion.from}` : `${row.occasion.from} to ${row.occasion.to}`}`,
    `    from ${row.from}, due ${row.due}, for ${row.controls.join(', ')}`,
    `    ${standingText(row, colours)}`,
  ]);
  if (lines.length === 0) lines.push(openOnly ? 'Nothing is open.' : 'Nothing is asked of anybody yet.');
  for (const { control, what } of unasked) {
    lines.push(`${yellow('not asked for')}  ${control}: ${what}. No request of the documents file names this control: it has no evidence.`);
  }
  return lines.join('\n');
}

function standingText(row: Row, { green, red, yellow, dim }: Colours): string {
  const unmet = row.unmet.length === 0 ? '' : red(` but states ${row.unmet.join('; ')}`);
  switch (row.standing) {
    case 'handed-in': {
      const late = (row.approvedOn ?? '') > row.due ? red(`late, ${row.approvedOn}`) : green(`approved ${row.approvedOn}`);
      return `${late} by ${row.approvedBy}: ${row.document} from ${row.providedBy}${unmet} ${dim(row.grade)}`;
    }
    case 'unapproved':
      return `${yellow('waits for a second person')}: ${row.document} from ${row.providedBy}${row.isDue ? red(', overdue: no evidence') : ''}`;
    case 'stale':
      return row.isDue ? red('overdue: only an earlier one is there, which says nothing of this stretch') : soon(row, yellow);
    case 'missing':
      return row.isDue ? red('overdue: not there, no evidence') : soon(row, yellow);
  }
}

function soon({ isDueSoon, due }: Row, yellow: (text: string) => string): string {
  return isDueSoon ? yellow(`due soon: by ${due}`) : 'not there yet, and not due';
}

export function renderDocuments({ documents }: EvidenceDocumentsOutput, { bold, green, red, yellow, dim }: Colours): string {
  if (documents.length === 0) return 'No document was handed in yet: proofline evidence add';
  return documents
    .map((one) => {
      const covers = one.covers === null ? '' : `, covers ${one.covers.from} to ${one.covers.to}`;
      const approved =
        one.approved !== null
          ? green(`approved ${one.approved.at.slice(0, 10)} by ${one.approved.by}`)
          : one.refused
            ? red('refused or withdrawn')
            : yellow('waits for a second person: no evidence yet');
      const replaced = one.supersededBy === null ? '' : yellow(` (${one.supersededBy} has taken its place)`);
      const facts = Object.entries(one.facts)
        .map(([name, value]) => `${name}: ${value}`)
        .join('; ');
      return [
        `${bold(one.id)}  ${one.title} ${dim(one.type)}, effective ${one.effective}${covers}${replaced}`,
        `    from ${one.providedBy}, ${one.obtained}; for ${one.controls.join(', ') || 'no control'}; upload: entry ${one.upload}`,
        ...(facts === '' ? [] : [`    ${facts}`]),
        `    handed in ${one.addedAt.slice(0, 10)} by ${one.addedBy.replaceAll(notAuthenticated, yellow(notAuthenticated))}; ${approved}`,
      ].join('\n');
    })
    .join('\n');
}
