import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Faces that have Latin Extended, Greek and Cyrillic, embedded as subsets: a PDF looks the same wherever it is opened. */
export const faces = ['regular', 'semibold', 'code'] as const;
export type Face = (typeof faces)[number];
const files: Readonly<Record<Face, string>> = {
  regular: '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  semibold: '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf',
  code: '@expo-google-fonts/source-code-pro/400Regular/SourceCodePro_400Regular.ttf',
};
const read = new Map<Face, Buffer>();

export function fontBytes(face: Face): Buffer {
  let bytes = read.get(face);
  if (bytes === undefined) {
    bytes = readFileSync(createRequire(import.meta.url).resolve(files[face]));
    read.set(face, bytes);
  }
  return bytes;
}
