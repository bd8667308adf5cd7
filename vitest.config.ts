import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** The last line of a run, in a form that any log reader knows. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      // A file that could not even be loaded has no tests to count.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
    }
    const skipped = counts.skipped + counts.pending;
    // After the default reporter's own summary, which is printed in the same hook.
    setImmediate(() => console.log(`${counts.passed} passed, ${counts.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`));
  },
};

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // A bound against hanging, not on speed: machines that test are slow and shared.
    testTimeout: 240_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', closingLine],
  },
});
