import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Files share a worker: to load Effect for each of them took longer than the tests. Nothing may live in a module.
    isolate: false,
    // Half of a test is waiting: two share even two cores well.
    maxWorkers: 2,
    // `npm run samples`: tests store a sample of every event they see that has none yet.
    // `STRATA_TEST_ROUNDS=200`: more rounds of the property test of stored events, for who looks for more.
    provide: {
      storeEventSamples: mode === "samples",
      propertyRounds: Number(process.env["STRATA_TEST_ROUNDS"] ?? 6)
    },
    globalSetup: [
      "test/support/PostgresGlobalSetup.ts",
      ...mode === "samples" ? ["test/support/EventSampleManifest.ts", "test/support/ClientTableWriter.ts"] : []
    ],
    setupFiles: ["test/support/ClientCalls.ts", "test/support/SharedPrototypes.ts"]
  }
}))
