import { expect, it } from 'vitest';
import { plain } from '../../src/cli/cli.ts';
import { renderUpgrade } from '../../src/cli/render-upgrade.ts';
import { UpgradeOutput } from '../../src/cli/shapes.ts';
import { preparePlan } from '../../src/run/prepare-plan.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { previewUpgrade } from '../../src/run/upgrade/preview-upgrade.ts';
import { Toys } from '../run/toy-source.ts';
import { laterRelease, neverGood } from '../run/upgrade/later-release.ts';

it('shows how much changes, what, why, and where the rest of a long list is', async () => {
  const toys = new Toys();
  toys.answers['toy:Doors'] = () => ({ Doors: Array.from({ length: 40 }, (_, n) => ({ Name: `door-${n + 10}`, Locked: true })) });
  const app = toys.composition();
  const trigger = { name: 'test', authentication: 'none' } as const;
  await runCollection(app, { trigger, onProgress: () => {}, signal: new AbortController().signal });
  const next = await laterRelease(app, { [neverGood.id]: neverGood });
  const store = await app.openStore({ readOnly: true });
  const preview = await previewUpgrade(next, store, await preparePlan(next));
  await store.close();
  const whole = {
    v: 1,
    preview: true,
    schema: { from: 2, to: 2 },
    recorded: false,
    planIndex: null,
    total: preview.changes.length,
    ...preview,
  };
  const output = UpgradeOutput.parse(structuredClone(whole));
  const view = { colours: plain, limit: 10, call: { program: 'proofline', options: ' --config x.yaml' } };
  const text = renderUpgrade(output, view);
  expect(text).toContain('Preview of the upgrade from 0.0.0 to 0.1.0');
  expect(text).toContain('40 of 42 verdicts of the newest evidence would change\n  high: 40 begin to fail');
  expect(text).toContain('toy/door-is-locked (high): pass -> fail, 40 subjects\n  why: the check is another');
  expect(text.match(/never good enough/g)).toHaveLength(10);
  expect(text).toContain('and 30 more: proofline upgrade --preview --check toy/door-is-locked --config x.yaml');
  expect(renderUpgrade(output, { ...view, limit: Number.POSITIVE_INFINITY }).match(/never good enough/g)).toHaveLength(40);
});

it('says what was recorded and what is left to do where the version is the same', async () => {
  const toys = new Toys();
  const app = toys.composition();
  const trigger = { name: 'test', authentication: 'none' } as const;
  await runCollection(app, { trigger, onProgress: () => {}, signal: new AbortController().signal });
  const store = await app.openStore({ readOnly: true });
  const preview = await previewUpgrade(app, store, await preparePlan(app));
  await store.close();
  const whole = { v: 1, preview: true, schema: { from: 2, to: 2 }, recorded: false, planIndex: null, total: 0, ...preview };
  const output = UpgradeOutput.parse(structuredClone(whole));
  const view = { colours: plain, limit: 10, call: { program: 'proofline', options: '' } };
  expect(renderUpgrade(output, view)).toMatch(/nothing is to be upgraded: this plan is in force already\.$/);
  const replanned = { ...output, preview: false, planIndex: 12, plan: { ...output.plan, changes: true } };
  expect(renderUpgrade(replanned, view)).toContain('The new plan is recorded in the log (entry 12)');
  expect(renderUpgrade(replanned, view)).not.toContain('Nothing new was to be recorded');
});
