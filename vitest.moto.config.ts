import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: the test runner reads the default export
export default defineConfig({
  test: { include: ['test/moto/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
