import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run against workspace sources, so a stale dist can't make them lie.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: './libs/testing/src/global-setup.ts',
    include: ['{libs,services}/*/{src,test}/**/*.test.ts', 'sandbox/{src,test}/**/*.test.ts', 'e2e/**/*.test.ts'],
    // Tests mostly wait for servers: as many workers as cores would leave the cores idle.
    maxWorkers: 3,
    // Loading the libraries anew for each file took a sixth of the time.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
