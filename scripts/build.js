// Bundles each process into dist/: one file each, so that a program starts fast and small.
// Usage: node scripts/build.js [program …]; without names, all of them.
import { existsSync } from 'node:fs'
import { build } from 'esbuild'

const programs = {
  lanlord: 'src/programs/cli/main.ts',
  controller: 'src/programs/controller/main.ts',
  speaker: 'src/programs/speaker/main.ts',
  'speaker-wire': 'src/programs/speaker/wire/main.ts',
  plan: 'src/programs/plan/main.ts',
  demo: 'src/programs/demo/main.ts',
  sandbox: 'src/sandbox/main.ts',
  'api-server': 'src/sandbox/api-server/main.ts',
  'control-agent': 'src/sandbox/kubernetes/control-agent/main.ts',
  'node-agent': 'src/sandbox/node-agent/main.ts',
  probe: 'src/sandbox/probe/main.ts',
  generate: 'src/programs/generate/main.ts',
  bench: 'bench/main.ts',
  simulate: 'test/simulation/main.ts',
  planted: 'test/simulation/planted/main.ts',
}

const wanted = process.argv.slice(2)
const chosen = Object.entries(programs).filter(
  ([name, source]) => existsSync(source) && (wanted.length === 0 || wanted.includes(name)),
)

await build({
  entryPoints: Object.fromEntries(chosen),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['koffi'],
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  legalComments: 'none',
  // CommonJS dependencies inside an ES module bundle still call require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
