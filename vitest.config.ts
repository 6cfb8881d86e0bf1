import { defineConfig } from 'vitest/config';

// Loaded machines are slow machines: these limits stop what hangs, they measure nothing.
const part = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', testTimeout: 30_000, hookTimeout: 60_000, ...more },
});
const alone = { fileParallelism: false, maxWorkers: 1, testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      part('laws', ['test/laws.test.ts']),
      part('unit', ['test/unit/**/*.test.{ts,tsx}']),
      part('integration', ['test/integration/**/*.test.ts'], { testTimeout: 60_000 }),
      part('e2e', ['test/e2e/**/*.test.ts'], { ...alone, exclude: ['test/e2e/packaged.test.ts'] }),
      part('endurance', ['test/endurance/**/*.test.ts'], { ...alone, testTimeout: 3_600_000, hookTimeout: 600_000 }),
      part('packaged', ['test/e2e/packaged.test.ts'], alone),
    ],
  },
});
