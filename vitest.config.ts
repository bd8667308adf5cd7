import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node';

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

/** What takes minutes begins first: begun last, it would keep everybody waiting for one worker. The longest stands last here. */
const long = ['verify/export-tampering', 'cli/demonstration', 'cli/command-line', 'package/', 'readme/commands'];
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const length = ({ moduleId }: TestSpecification) => long.findIndex((part) => moduleId.includes(`/tests/${part}`));
    return (await super.sort(files)).toSorted((one, other) => length(other) - length(one));
  }
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // A bound against hanging, not on speed: machines that test are slow and shared.
    testTimeout: 240_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', closingLine],
  },
});
