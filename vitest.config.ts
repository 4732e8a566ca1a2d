import { defineConfig } from 'vitest/config'

const tally = process.env.SLUIS_TEST_TALLY ? ['./scripts/tally.mjs'] : []

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'demo/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    // A suite may start servers, a database or a browser; a single test has no reason to be slow.
    testTimeout: 45_000,
    // A browser on a busy machine may miss a click once; what fails twice is broken. Never at a developer's desk.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
    globalSetup: ['test/support/postgres-broker.ts'],
    reporters: ['default', ...tally],
    env: { TZ: 'UTC', NODE_ENV: 'test' },
    restoreMocks: true,
  },
})
