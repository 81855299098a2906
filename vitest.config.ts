import { defineConfig } from 'vitest/config'

const testsIn = (...folders: readonly string[]): string[] => folders.map((folder) => `${folder}/*.test.ts`)

/** What runs beside real processes and real links is easily late; it gets the machine to itself, one file at a time. */
const real = testsIn(
  'test/platform/**',
  'test/programs/**',
  'test/sandbox/**',
  'test/e2e/**',
  'test/chart/**',
)

/** What only a real Kubernetes can answer. */
const clusterOnly = testsIn('test/e2e/cluster/**', 'test/sandbox/kubernetes', 'test/sandbox/api-server/same')

/** What holds for the embedded API server holds for a real one: there, these files ask a real one. */
const contract = ['custom-resources', 'deletion', 'events', 'kubectl', 'objects', 'services', 'watch'].map(
  (name) => `test/sandbox/api-server/${name}.test.ts`,
)

const tools = 'test/support/tools.ts'

const oneByOne = { fileParallelism: false, maxWorkers: 1 }

/** On a real cluster these need the machine to themselves: they look at what happens within parts of a second. */
const strict = [
  'addresses',
  'asked-moves',
  'candidates',
  'conflicts',
  'dual-stack',
  'moves',
  'new-addresses',
  'nodes',
  'outages',
  'rebalance',
  'self-test',
  'serving-pods',
  'strict-arp',
  'wrong-announcing',
  'cluster/rollout',
].map((name) => `test/e2e/${name}.test.ts`)

/** What only a real cluster can say, and what it is to say as the embedded one does. */
const onCluster = [...testsIn('test/e2e/**'), ...contract, ...clusterOnly]

const cluster = {
  env: { LANLORD_GROUND: 'cluster' },
  testTimeout: 300_000,
  hookTimeout: 300_000,
  globalSetup: [tools, 'test/e2e/cluster-setup.ts'],
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/core/**'] },
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: ['test/**/*.test.ts'], exclude: real, maxWorkers: 2 },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: real,
          exclude: clusterOnly,
          globalSetup: tools,
          ...oneByOne,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'cluster', include: strict, ...cluster, ...oneByOne, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          name: 'cluster-side-by-side',
          include: onCluster,
          exclude: strict,
          ...cluster,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
