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

const oneByOne = { fileParallelism: false, maxWorkers: 1 }
const tools = 'test/support/tools.ts'

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
        test: {
          name: 'cluster',
          include: [...testsIn('test/e2e/**'), ...contract, ...clusterOnly],
          env: { LANLORD_GROUND: 'cluster' },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          globalSetup: [tools, 'test/e2e/cluster-setup.ts'],
          ...oneByOne,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
