import { expect, it } from 'vitest';
import { openMutated } from '../support/damage.ts';
import { workOnFaultyDisk } from '../support/faulty-disk.ts';
import { killWhileMigrating, killWhileWiping, killWhileWorking } from '../support/kills.ts';

// The long forms are in test/endurance/at-rest.test.ts.
it('25 mutations of the files: they open, drafts are kept, no row is silently wrong', async () => {
  expect((await openMutated(25, 7)).mutations).toBe(25);
});

it.runIf(process.platform === 'linux')(
  'a write or flush that fails once: no crash, nothing acknowledged is lost, it heals',
  async () => {
    const { runs, failed } = await workOnFaultyDisk([1, 30, 61, 120, 151], 'ENOSPC');
    expect(runs).toBe(5);
    expect(failed, 'steps that failed once').toBeGreaterThan(2);
  },
);

it('12 kills at random moments: nothing acknowledged is lost', async () => {
  expect(await killWhileWorking(6, 3)).toMatchObject({ kills: 6 });
  expect(await killWhileMigrating(3, 3)).toMatchObject({ kills: 3 });
  expect(await killWhileWiping(3, 3)).toMatchObject({ kills: 3 });
});
