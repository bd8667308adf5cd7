import { defaultRuler } from '../../config/engagements.ts';
import { allowedOf } from '../../history/control-rules.ts';
import { dueBy } from '../../history/due-by.ts';
import type { Control } from '../../model/control.ts';
import type { Severity } from '../../model/outcome.ts';
import type { PeriodRecord } from '../decisions/read-periods.ts';

/**
 * By when what is untrue since then is to be put right: the least that an adopted control allows; where none says anything, the SLA of the
 * severity by the ruler of each period that is open then, the strictest of them, or by the ruler of the house.
 */
export function dueOf(severity: Severity, controls: readonly Control[], since: string, periods: readonly PeriodRecord[]): string {
  const from = Date.parse(since);
  const allowed = controls.flatMap((control) => allowedOf(control) ?? []);
  if (allowed.length > 0) return new Date(from + Math.min(...allowed)).toISOString();
  const open = periods.filter(({ state, period }) => state === 'open' && period.from <= since && since < period.to);
  const rulers =
    open.length === 0 ? [{ ruler: defaultRuler, zone: 'UTC' }] : open.map(({ ruler, period }) => ({ ruler, zone: period.zone }));
  const dues = rulers.map(({ ruler, zone }) => dueBy(from, ruler.sla[severity], ruler.calendar, zone));
  return new Date(Math.min(...dues)).toISOString();
}
