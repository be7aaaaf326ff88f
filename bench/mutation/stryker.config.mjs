/** Which folder of `shared/` is mutated, or a folder in it (`iam/trust`); its tests are those of the whole folder. */
const folder = process.env.MUTATED ?? 'sinks'

export default {
  plugins: [new URL('./node_modules/@stryker-mutator/vitest-runner/dist/src/index.js', import.meta.url).pathname],
  testRunner: 'vitest',
  vitest: { configFile: 'bench/mutation/vitest.config.ts', related: false },
  mutate: [`shared/${folder}/**/*.ts`, '!shared/**/*.json'],
  coverageAnalysis: 'perTest',
  ignorePatterns: [
    'dist',
    'cdk.out',
    '.venv',
    'bench/oracle/node_modules',
    'bench/mutation/node_modules',
    'examples/**/node_modules',
  ],
  // Texts that people read are asserted where they matter; each word of them is not.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  reporters: ['clear-text', 'json', 'progress'],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: `bench/mutation/reports/${folder.replaceAll('/', '-')}.json` },
  thresholds: { high: 90, low: 85, break: 85 },
  concurrency: Number(process.env.CONCURRENCY ?? 2),
  timeoutMS: 20_000,
  // The compiler here has no programming interface for Stryker to rewrite configurations with; nothing here needs them rewritten.
  tsconfigFile: 'bench/mutation/no-tsconfig.json',
  tempDirName: '.stryker-tmp',
}
