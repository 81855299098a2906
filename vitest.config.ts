import { defineConfig } from 'vitest/config'

/** What runs beside real processes and real links is easily late; it gets the machine to itself, one file at a time. */
const real = ['test/platform/**', 'test/programs/**', 'test/sandbox/**', 'test/e2e/**'].map(
  (folder) => `${folder}/*.test.ts`,
)

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
          globalSetup: 'test/support/tools.ts',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
