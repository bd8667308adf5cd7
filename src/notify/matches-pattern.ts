/** `aws/s3-*`: a star stands for any text, slashes too; everything else for itself. */
export function matchesPattern(id: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(id);
}
