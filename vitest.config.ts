import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run against workspace sources, so a stale dist can't make them lie.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: './libs/testing/src/global-setup.ts',
    include: ['{libs,services}/*/{src,test}/**/*.test.ts', 'sandbox/{src,test}/**/*.test.ts', 'e2e/**/*.test.ts'],
    // Tests mostly wait for servers: one worker would leave the second core idle.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
