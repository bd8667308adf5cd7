import { severities } from '../model/outcome.ts';
import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { NotifyListOutput, NotifyPreviewOutput } from './shapes.ts';
import { ageOf, counted } from './words.ts';

/** Messages one after the other as they would be read, and what nobody would be told. */
export function renderPreview({ messages, untold, invented }: NotifyPreviewOutput, colours: Colours): string {
  const parts = messages.map(({ channel, channelKind, route, because, notices, text }) => {
    const why = because === null ? '' : `, ${because.replaceAll('-', ' ')}`;
    const head = `To ${channel} (${channelKind}), route ${route ?? 'none'}${why}: ${counted(notices, 'notice')}`;
    return `${colours.bold(head)}\n\n${indented(text)}`;
  });
  if (messages.length === 0) parts.push('Nothing is untrue that anybody would be told of.');
  parts.push(...untold.map(({ reason, count }) => colours.dim(`Told to nobody: ${counted(count, 'condition')} (${reason})`)));
  if (invented) {
    parts.push(
      colours.yellow(
        'The configuration names no channel: this is what one would say. Name some under `notify.channels`, then try one with `proofline notify test`.',
      ),
    );
  }
  parts.push(colours.dim('Nothing was sent.'));
  return parts.join('\n\n');
}
const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

export function renderNotifyList(
  { at, followed, conditions, held, dispatches, channels }: NotifyListOutput,
  { colours, columns }: { readonly colours: Colours; readonly columns: number },
): string {
  const parts: string[] = [];
  if (followed === null) parts.push('No process has notified yet: `proofline serve` does, once the configuration names channels.');
  else parts.push(colours.dim(`The log was followed up to entry ${followed}.`));
  const ordered = conditions.toSorted((left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity));
  parts.push(
    conditions.length === 0
      ? followed === null
        ? 'So nothing is known here of what is untrue: `proofline results --outcome fail` and `proofline status` say what the log knows.'
        : 'Nothing is known to be untrue.'
      : renderTable(
          [
            { title: 'severity' },
            { title: 'kind' },
            { title: 'what', flexible: true },
            { title: 'where' },
            { title: 'owner' },
            { title: 'since', align: 'right' },
            { title: 'due' },
          ],
          ordered.map(({ severity, kind, check, subject, message, source, owner, since, due, waiver }) => [
            severity,
            kind,
            `${check === null ? subject.display : `${check}: ${subject.display}`}${waiver === null ? '' : ` (waiver ${waiver})`}: ${message}`,
            source ?? '-',
            owner ?? '-',
            ageOf(since, at),
            due ?? '-',
          ]),
          columns,
        ),
  );
  parts.push(
    dispatches.length === 0
      ? 'No message waits.'
      : renderTable(
          [
            { title: 'message' },
            { title: 'channel' },
            { title: 'notices', align: 'right' },
            { title: 'state' },
            { title: 'attempts', align: 'right' },
            { title: 'next' },
            { title: 'last failure', flexible: true },
          ],
          dispatches.map(({ message, channel, notices, state, attempts, next, reason }) => [
            message,
            channel,
            String(notices),
            state,
            String(attempts),
            next,
            reason ?? '',
          ]),
          columns,
        ),
  );
  if (held > 0) parts.push(`${counted(held, 'notice')} waiting for a batch, a digest or the end of quiet hours.`);
  if (channels.length === 0) parts.push('The configuration names no channel.');
  else {
    parts.push(
      renderTable(
        [
          { title: 'channel' },
          { title: 'kind' },
          { title: 'last delivered' },
          { title: 'failing since' },
          { title: 'why', flexible: true },
        ],
        channels.map(({ name, kind, lastDelivered, failingSince, reason }) => [
          name,
          kind,
          lastDelivered ?? 'never',
          failingSince === null ? '-' : colours.red(failingSince),
          reason ?? '',
        ]),
        columns,
      ),
    );
  }
  return parts.join('\n\n');
}
