import { defineConfig } from 'vitest/config'

const testsIn = (...folders: readonly string[]): string[] => folders.map((folder) => `${folder}/*.test.ts`)

/** What runs beside real processes and real links. */
const real = testsIn(
  'test/platform/**',
  'test/programs/**',
  'test/sandbox/**',
  'test/e2e/**',
  'test/chart/**',
)

/** Of the tests of a speaker these wait for seconds and minutes to pass; all others look at parts of a second. */
const patient = ['answered-twice', 'floods', 'foreign', 'million-frames', 'pod', 'self-test', 'two-clusters']
const speaker = `test/programs/speaker/!(${patient.join('|')}).test.ts`

const swift = [
  'asked-moves',
  'candidates',
  'cluster/rollout',
  'dual-stack',
  'moves',
  'new-addresses',
  'nodes',
  'outages',
  'rebalance',
  'wrong-announcing',
].map((name) => `test/e2e/${name}.test.ts`)

/** Beside a real Kubernetes that starts, a speaker may be so late that another stands in for it: here nothing may move. */
const unmoved = 'test/e2e/self-test.test.ts'

/** What only a real Kubernetes can answer. */
const clusterOnly = testsIn('test/e2e/cluster/**', 'test/sandbox/kubernetes', 'test/sandbox/api-server/same')

/** What holds for the embedded API server holds for a real one: there, these files ask a real one. */
const contract = ['custom-resources', 'deletion', 'events', 'kubectl', 'objects', 'services', 'watch'].map(
  (name) => `test/sandbox/api-server/${name}.test.ts`,
)

/** What looks at parts of a second is easily late: it gets the machine to itself, one file at a time. */
const alone = (order: number) => ({
  fileParallelism: false,
  maxWorkers: 1,
  sequence: { groupOrder: order },
})

/** The rest mostly waits; to start a real Kubernetes takes both cores, though. */
const sideBySide = (order: number, maxWorkers: 2 | 3) => ({ maxWorkers, sequence: { groupOrder: order } })

const tools = 'test/support/tools.ts'

const onCluster = {
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
        // They wait for nothing but the processor, of which a busy machine has little.
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: real,
          maxWorkers: 2,
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: [speaker, ...swift],
          exclude: clusterOnly,
          globalSetup: tools,
          ...alone(1),
        },
      },
      {
        extends: true,
        test: {
          name: 'real-side-by-side',
          include: real,
          exclude: [...clusterOnly, speaker, ...swift],
          globalSetup: tools,
          ...sideBySide(2, 3),
        },
      },
      {
        extends: true,
        test: { name: 'cluster', include: [...swift, unmoved], ...onCluster, ...alone(1) },
      },
      {
        extends: true,
        test: {
          name: 'cluster-side-by-side',
          include: [...testsIn('test/e2e/**'), ...contract, ...clusterOnly],
          exclude: [...swift, unmoved],
          ...onCluster,
          ...sideBySide(2, 2),
        },
      },
    ],
  },
})
