import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Most of the time goes by in waiting for other processes. */
const maxWorkers = Math.max(2, Math.floor(availableParallelism() / 2));
// Loaded machines are slow machines: these limits stop what hangs, they measure nothing.
const part = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', testTimeout: 60_000, hookTimeout: 180_000, maxWorkers, ...more },
});
const alone = { testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false, maxWorkers: 1 };
const packaged = 'test/e2e/packaged.test.ts';

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      part('laws', ['test/laws.test.ts']),
      part('unit', ['test/unit/**/*.test.{ts,tsx}']),
      part('integration', ['test/integration/**/*.test.ts'], { testTimeout: 240_000 }),
      // One file at a time: they look at what happens when, and drive up to three apps at once.
      part('e2e', ['test/e2e/**/*.test.ts'], { ...alone, exclude: [packaged] }),
      part('endurance', ['test/endurance/**/*.test.ts'], { ...alone, testTimeout: 3_600_000, hookTimeout: 600_000 }),
      part('packaged', [packaged], alone),
    ],
  },
});
