import { Counter, Histogram, type Registry } from 'prom-client';
import { conditionKinds, noticeKinds } from '../../../model/notification.ts';
import { severities } from '../../../model/outcome.ts';
import type { NotifierEvent, OpenConditions } from '../../notify/notifier-contract.ts';
import { gaugeOf } from './gauge-of.ts';

/** What was found to have changed, what is untrue now, and how soon somebody was told. What is not known is absent, never zero. */
export function countNotices(registry: Registry): { event(event: NotifierEvent): void } {
  const registers = [registry];
  const notices = new Counter({
    name: 'proofline_notices_total',
    help: 'Changes of state that were found in the log, by kind',
    labelNames: ['kind'],
    registers,
  });
  let open: readonly OpenConditions[] | undefined;
  let waiting: number | undefined;
  let telling: boolean | undefined;
  gaugeOf(
    registry,
    {
      name: 'proofline_conditions_open',
      help: 'What is untrue now and was told or waits to be told, by kind and severity; what lies under a waiver is not in it',
      labels: ['kind', 'severity'],
    },
    () => {
      const known = open;
      if (known === undefined) return [];
      return conditionKinds.flatMap((kind) =>
        severities.map((severity) => {
          const found = known.filter((one) => one.kind === kind && one.severity === severity);
          return [{ kind, severity }, found.reduce((sum, one) => sum + one.count - one.waived, 0)] as const;
        }),
      );
    },
  );
  gaugeOf(registry, { name: 'proofline_conditions_waived', help: 'What is untrue now and lies under a waiver' }, () =>
    open === undefined ? [] : [[{}, open.reduce((sum, one) => sum + one.waived, 0)]],
  );
  gaugeOf(registry, { name: 'proofline_messages_waiting', help: 'Messages that are still to be delivered' }, () =>
    waiting === undefined ? [] : [[{}, waiting]],
  );
  gaugeOf(registry, { name: 'proofline_notifier_telling', help: '1: this process tells people; 0: another one does' }, () =>
    telling === undefined ? [] : [[{}, telling ? 1 : 0]],
  );
  const delay = new Histogram({
    name: 'proofline_delivery_delay_seconds',
    help: 'From the sealing of what is told to the first attempt to tell it; batching and quiet hours are in it',
    buckets: [0.5, 1, 2, 5, 15, 60, 300, 600, 1800, 3600, 21_600, 86_400],
    registers,
  });
  const warnings = new Counter({
    name: 'proofline_notifier_warnings_total',
    help: 'Times that the notifier had to put something off',
    registers,
  });
  for (const kind of noticeKinds) notices.inc({ kind }, 0);

  return {
    event(event) {
      switch (event.kind) {
        case 'followed':
          for (const kind of noticeKinds) notices.inc({ kind }, event.notices[kind] ?? 0);
          return;
        case 'conditions':
          open = event.open;
          return;
        case 'waiting':
          waiting = event.dispatches;
          return;
        case 'attempt':
          if (event.attempt === 1 && event.sinceSealedMs !== null) delay.observe(event.sinceSealedMs / 1000);
          return;
        case 'telling':
          telling = true;
          return;
        case 'standing-by':
          telling = false;
          open = undefined;
          waiting = undefined;
          return;
        case 'warning':
          warnings.inc();
          return;
        default:
      }
    },
  };
}
