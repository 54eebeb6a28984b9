/**
 * Bundles the command line and the library to dist/ (chunks load lazily, which keeps `zonefall --help` fast), then emits the
 * types. `node build.mjs FOLDER` bundles to another folder, for tests, without types.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** yargs measures help text, which is plain, with a package that is slow to load. */
const plainWidth = {
  name: 'plain-width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer)
        ? { path: resolve('sim/cli/plain-width.ts') }
        : undefined,
    );
  },
};

const folder = process.argv[2] ?? 'dist';
rmSync(folder, { recursive: true, force: true });
await build({
  entryPoints: {
    cli: 'sim/cli/main.ts',
    index: 'sim/index.ts',
    thread: 'sim/experiments/engines/thread.ts',
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // jsdom cannot be bundled; it is loaded only when an SVG is drawn. piscina finds its own files beside itself. The others are
  // installed by those who want them.
  external: ['d3-node', 'piscina', 'bullmq', 'ioredis'],
  plugins: [plainWidth],
  banner: {
    js: "import { createRequire as zonefallCreateRequire } from 'node:module'; const require = zonefallCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
if (folder === 'dist') {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}
