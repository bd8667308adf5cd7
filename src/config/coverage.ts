import type { Control } from '../model/control.ts';
import type { ReportKind, TrustService } from './configuration.ts';
import type { Frameworks } from './frameworks.ts';
import { linksOf } from './load-controls.ts';

/** What stands behind one criterion or objective. */
export interface Coverage {
  readonly id: string;
  readonly area: string;
  readonly text: string;
  /** Ids of adopted controls with a primary link: these cover it. */
  readonly adopted: readonly string[];
  /** Ids of proposed controls with a primary link: these would. */
  readonly proposed: readonly string[];
  /** Ids of controls that support it: alone they never cover it. */
  readonly supporting: readonly string[];
  readonly covered: boolean;
}

/** Per criterion in scope of the report, or per control objective, which controls speak to it. Retired controls do not count. */
export function coverageOf(
  report: ReportKind,
  options: { readonly controls: readonly Control[]; readonly frameworks: Frameworks; readonly trustServices: readonly TrustService[] },
): readonly Coverage[] {
  const wanted =
    report === 'soc2'
      ? options.frameworks.criteria.filter(({ trustService }) => options.trustServices.includes(trustService))
      : options.frameworks.objectives;
  const live = options.controls.filter(({ status }) => status !== 'retired');
  return wanted.map(({ id, area, text }) => {
    const linked = live.flatMap((control) =>
      linksOf(control, report).flatMap((link) => (link.id === id ? [{ control, as: link.as }] : [])),
    );
    const named = (test: (entry: (typeof linked)[number]) => boolean) => linked.filter(test).map(({ control }) => control.id);
    const adopted = named(({ control, as }) => as === 'primary' && control.status === 'adopted');
    return {
      id,
      area,
      text,
      adopted,
      proposed: named(({ control, as }) => as === 'primary' && control.status === 'proposed'),
      supporting: named(({ as }) => as === 'supporting'),
      covered: adopted.length > 0,
    };
  });
}
