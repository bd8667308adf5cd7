import { glob, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import { graphOf } from '../run/logic-digests.ts';

/**
 * Makes a package of what the compiler wrote to `folder`: the list that logic digests are computed from in place of the sources, and
 * imports of packages that were bundled into `vendor/` pointed there, with the licences of those packages beside them.
 */
export async function finishBuild(root: string, folder: string): Promise<void> {
  await writeFile(path.join(folder, 'digests.json'), `${JSON.stringify(await graphOf(root))}\n`);
  const vendor = path.join(folder, 'vendor');
  const bundled = (await readdir(vendor)).filter((file) => /^[a-z-]+\.js$/.test(file)).map((file) => file.slice(0, -'.js'.length));
  await init();
  for await (const file of glob('{src,collectors,checks}/**/*.js', { cwd: folder }))
    await pointToVendor(path.join(folder, file), vendor, new Set(bundled));
  const licences = await Promise.all(bundled.sort().map((name) => licenceOf(path.join(root, 'node_modules', name), name)));
  await writeFile(path.join(vendor, 'LICENCES.txt'), licences.join('\n'));
}

async function pointToVendor(file: string, vendor: string, bundled: ReadonlySet<string>): Promise<void> {
  const text = await readFile(file, 'utf8');
  let pointed = text;
  // Backwards, so that what was found before still lies where it was found.
  for (const found of parse(text, file)[0].toReversed()) {
    if (found.type === 'import-meta' || typeof found.specifier !== 'string' || !bundled.has(found.specifier)) continue;
    const target = path
      .relative(path.dirname(file), path.join(vendor, `${found.specifier}.js`))
      .split(path.sep)
      .join('/');
    // The quotes are part of a dynamic import's specifier, and not of a static one's.
    pointed = pointed.slice(0, found.start) + (found.type === 'dynamic' ? `'${target}'` : target) + pointed.slice(found.end);
  }
  if (pointed !== text) await writeFile(file, pointed);
}

async function licenceOf(folder: string, name: string): Promise<string> {
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
  return `== ${name}\n\n${(await readFile(path.join(folder, file), 'utf8')).trim()}\n`;
}
