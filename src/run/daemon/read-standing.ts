import type { Composition } from '../composition.ts';
import { describeStatus } from '../describe-status.ts';
import type { Standing } from './figures/show-standing.ts';

/**
 * What the log says now, for figures: the same that `proofline status` says, so that the two never differ.
 * @throws ProoflineError `store-*`
 */
export async function readStanding(app: Composition): Promise<Standing> {
  const { at, summary, controls } = await describeStatus(app);
  return {
    at,
    results: summary.checks,
    resources: summary.sources.map(({ source, evaluation }) => ({ source, count: evaluation?.population ?? 0 })),
    controls: controls.flatMap(({ control: { id, status, checks }, state, evidenceAsOf }) =>
      // Of what does not exist here there is no evidence to be had, and none is missing.
      status === 'retired' || checks.length === 0 || (evidenceAsOf === null && state === 'did-not-operate')
        ? []
        : [{ control: id, status, evidenceAsOf }],
    ),
    anchors: app.configuration.anchors.map(({ name }) => ({
      anchor: name,
      at: summary.anchors.find(({ anchor }) => anchor === name)?.at ?? null,
    })),
  };
}
