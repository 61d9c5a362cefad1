import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files that take long: vitest, knowing no times in a fresh clone, would begin them last and wait for them alone. */
const long =
  /(bus\/test\/.*|limiter\/test\/.*|histories|lost-answers|schedules|e2e\/(processes|troubles|flow|new-service))\.test\.ts$/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => Number(long.test(b.moduleId)) - Number(long.test(a.moduleId)))
  }
}

export default defineConfig({
  // Tests run against workspace sources, so a stale dist can't make them lie.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: './libs/testing/src/global-setup.ts',
    include: ['{libs,services}/*/{src,test}/**/*.test.ts', 'sandbox/{src,test}/**/*.test.ts', 'e2e/**/*.test.ts'],
    // Tests mostly wait for servers: as many workers as cores would leave the cores idle, many more would starve what waits. Runs of several clones share them.
    maxWorkers: Math.ceil(3 / Number(process.env.TEST_RUNS ?? 1)),
    sequence: { sequencer: LongFirst },
    // Loading the libraries anew for each file took a sixth of the time.
    isolate: false,
    // For what hangs: beside other work a test takes several times as long as alone.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
