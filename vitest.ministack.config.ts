import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: the test runner reads the default export
export default defineConfig({
  test: {
    include: ['test/ministack/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file has a MiniStack of its own, and each of those runs functions in processes of their own.
    fileParallelism: false,
  },
})
