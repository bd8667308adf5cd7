#!/usr/bin/env node
// Nothing is imported above this check: on an older Node the imports themselves would fail, in words nobody understands.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(`proofline: needs Node 24.15 or newer, this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // A reader that has seen enough (| head) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const { processCli } = await import('./cli.ts');
  const { run } = await import('./program.ts');
  const { cli, exitCode } = processCli();
  await run(process.argv.slice(2), cli);
  process.exitCode = exitCode();
}
