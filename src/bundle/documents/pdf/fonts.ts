import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/** Faces that have Latin Extended, Greek and Cyrillic, embedded as subsets: a PDF looks the same wherever it is opened. */
export const faces = ['regular', 'semibold', 'code'] as const;
export type Face = (typeof faces)[number];
const files: Readonly<Record<Face, string>> = {
  regular: '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  semibold: '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf',
  code: '@expo-google-fonts/source-code-pro/400Regular/SourceCodePro_400Regular.ttf',
};
const parsed = new Map<Face, Font>();

/** Parsed once and shared by every document: a bundle has hundreds. */
export function fontOf(face: Face): Font {
  let font = parsed.get(face);
  if (font === undefined) {
    font = create(readFileSync(createRequire(import.meta.url).resolve(files[face]))) as Font;
    parsed.set(face, font);
  }
  return font;
}
