import type { SeparationSettings, SettledRule } from '../../access/separation/settings.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { ListedSeparation, OpenedSeparation } from './open-separation.ts';

/** @throws ProoflineError `not-found` */
export function refuseUnknownRule({ rules, disabled }: Pick<SeparationSettings, 'rules' | 'disabled'>, id: string): SettledRule {
  const rule = rules.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (rule !== undefined) return rule;
  const off = disabled.find((one) => one.id.toLowerCase() === id.toLowerCase());
  const why = off === undefined ? `there is no rule "${id}"` : `the rule "${off.id}" is disabled here: ${off.because}`;
  const ids = rules.map((one) => one.id);
  throw new ProoflineError('not-found', `${why}${off === undefined ? didYouMean(id, ids) : ''} (proofline sod rules)`);
}

/**
 * What a rule came to for whoever somebody means: by id, number or name.
 * @throws ProoflineError `not-found`
 */
export function separationNamed(
  { settings, separations, totals }: Pick<OpenedSeparation, 'settings' | 'separations' | 'totals'>,
  id: string,
  name: string,
): { readonly rule: SettledRule; readonly separation: ListedSeparation } {
  const rule = refuseUnknownRule(settings, id);
  const of = separations.filter((separation) => separation.rule === rule.id);
  const same = (text: string) => text.toLowerCase() === name.toLowerCase();
  const exact = of.filter(({ holder }) => holder === name);
  const found = exact.length > 0 ? exact : of.filter((one) => same(one.holder.slice(one.holder.indexOf(':') + 1)) || same(one.name));
  const [separation] = found;
  if (separation !== undefined && found.length === 1) return { rule, separation };
  if (found.length > 1) throw new ProoflineError('not-found', `"${name}" is several: ${found.map(({ holder }) => holder).join(', ')}`);
  const holders = of.map(({ holder }) => holder);
  const isKnown = separations.some(({ holder, name: called }) => [holder, holder.slice(holder.indexOf(':') + 1), called].some(same));
  if (rule.canDo && !isKnown)
    throw new ProoflineError(
      'not-found',
      `nobody known to hold a duty is "${name}"${didYouMean(name, [...new Set(separations.map(({ name: called }) => called))])}: give the id, number or name on the roster (proofline people show "${name}" says who it is)`,
    );
  const { notConnected = [], notSeenWhole = [] } = totals.find((total) => total.rule === rule.id) ?? {};
  const unseen = [...notConnected.map((what) => `nothing reads ${what}`), ...notSeenWhole].map((what) => `; ${what}`).join('');
  throw new ProoflineError(
    'not-found',
    rule.canDo
      ? `${rule.id} does not concern "${name}": he holds none of its duties, as far as was seen${didYouMean(name, holders)}${unseen}`
      : `${rule.id} looks at what was done and not at what can be: proofline sod conflicts --rule ${rule.id} --acts`,
  );
}
