import { expect, it } from 'vitest';
import { openMutated } from '../support/damage.ts';

// The long forms are in test/endurance/at-rest.test.ts.
it('25 mutations of the files: they open, drafts are kept, no row is silently wrong', async () => {
  expect((await openMutated(25, 7)).mutations).toBe(25);
});
