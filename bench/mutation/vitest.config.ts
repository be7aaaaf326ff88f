import { defineConfig } from 'vitest/config'

const [folder] = (process.env.MUTATED ?? 'sinks').split('/')

/** The tests of the mutated folder. */
export default defineConfig({ test: { include: [`test/${folder}/**/*.test.ts`], testTimeout: 30_000 } })
