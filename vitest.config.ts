import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Most of the time goes by in waiting for other processes. Every file has its own gateway, display, bus and keyring. */
const maxWorkers = Math.max(2, Math.floor(availableParallelism() / 2));
// Loaded machines are slow machines: these limits stop what hangs, they measure nothing.
const part = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, environment: 'node', testTimeout: 30_000, hookTimeout: 60_000, maxWorkers, ...more },
});
const long = { testTimeout: 180_000, hookTimeout: 180_000 };
const alone = { ...long, fileParallelism: false, maxWorkers: 1 };
/** Tests that measure how long something takes, follow a picture, or drive three apps at once: nothing else of ours runs meanwhile. */
const timed = ['at-rest', 'decide', 'live', 'main-job', 'playback', 'receipts', 'viewings'].map(
  (name) => `test/e2e/${name}.test.ts`,
);
const packaged = 'test/e2e/packaged.test.ts';

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      part('laws', ['test/laws.test.ts']),
      part('unit', ['test/unit/**/*.test.{ts,tsx}']),
      part('integration', ['test/integration/**/*.test.ts'], { testTimeout: 60_000 }),
      part('e2e', ['test/e2e/**/*.test.ts'], { ...long, exclude: [packaged, ...timed] }),
      part('e2e-timed', timed, alone),
      part('endurance', ['test/endurance/**/*.test.ts'], { ...alone, testTimeout: 3_600_000, hookTimeout: 600_000 }),
      part('packaged', [packaged], alone),
    ],
  },
});
