/**
 * Packages of many files each, which would be most of what a verb waits for when it starts: the built package carries them in one file
 * each, and src/cli/finish-build.ts points its imports there. Everything else is found where npm puts it.
 */
export default {
  input: {
    commander: 'commander',
    kysely: 'kysely',
    'temporal-polyfill': 'temporal-polyfill',
    // The same code as modules: what yaml gives to Node is CommonJS, of which a bundle exports no names.
    yaml: './node_modules/yaml/browser/index.js',
    zod: 'zod',
  },
  platform: 'node',
  output: { dir: 'dist/vendor', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
};
