import type { Colours } from './cli.ts';
import type { VerifyOutput } from './shapes.ts';

/** Claim by claim what was recomputed, and what no verification can show. */
export function renderVerify(output: VerifyOutput, { bold, red, green, yellow, dim }: Colours): string {
  const marks = { PASS: green('PASS'), WARN: yellow('WARN'), FAIL: red('FAIL') };
  const lines = [bold(`Verified ${output.what}`), ''];
  const width = Math.max(0, ...output.claims.map(({ claim }) => claim.length));
  for (const { claim, result, detail, findings } of output.claims) {
    lines.push(`${marks[result]}  ${claim.padEnd(width)}  ${detail}`);
    if (result === 'PASS' || findings.length <= 1) continue;
    for (const finding of findings) lines.push(`        ${finding.entry === null ? '' : `entry ${finding.entry}: `}${finding.message}`);
  }
  const failed = output.claims.filter(({ result }) => result === 'FAIL').length;
  const warned = output.claims.filter(({ result }) => result === 'WARN').length;
  const recomputed = output.claims.length - failed - warned;
  lines.push(
    '',
    output.ok ? `${recomputed} claims hold, ${warned} with a warning.` : red(`${failed} of ${output.claims.length} claims do not hold.`),
  );
  lines.push('', 'What no verification shows:', ...output.notes.map((note) => dim(`  ${note}`)));
  return lines.join('\n');
}
