import { keyFileNames } from './key-files.ts';

/** What a person must keep, and what is lost without it; printed by `init`. One sentence per line. */
export function backupAdvice(keysDirectory: string, dataDirectory: string): readonly string[] {
  return [
    `Keys: ${keysDirectory} (${keyFileNames.sign}, ${keyFileNames.wrap}, ${keyFileNames.commit}). Copy them now to a place of their own, such as a password safe: proofline keys backup.`,
    `Without ${keyFileNames.wrap} the evidence cannot be read again, by anyone. Without ${keyFileNames.commit} new evidence no longer matches the old.`,
    `Without ${keyFileNames.sign} the log cannot be continued; what is recorded stays verifiable.`,
    `Whoever holds ${keyFileNames.sign} can sign another history: keep it from the people who are audited, and use anchors.`,
    `Data: ${dataDirectory}. Use \`proofline backup\`, which is consistent while collecting goes on; a copied file may not be.`,
    'Never keep keys and data in the same backup: together they hold everything the sources said, in the clear.',
  ];
}
