/** Bundles the command line and the library to dist/ (chunks load lazily, which keeps `zonefall --help` fast), then emits the types. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'sim/cli/main.ts', index: 'sim/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // jsdom cannot be bundled; it is loaded only when an SVG is drawn.
  external: ['d3-node'],
  banner: {
    js: "import { createRequire as zonefallCreateRequire } from 'node:module'; const require = zonefallCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
