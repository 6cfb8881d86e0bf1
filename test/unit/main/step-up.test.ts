import { expect, it } from 'vitest';
import { fail } from '../../../contract/failure.ts';
import type { Gateway } from '../../../main/gateway/client.ts';
import { createStepUp } from '../../../main/requests/step-up.ts';

it('holds a proof while it is good, for the sign-in that it was made in, and nothing of what was typed', async () => {
  let nowMs = 0;
  const given: unknown[] = [];
  const gatewayOf = (name: string) =>
    ({
      calls: {
        identity: {
          stepUp: async (input: { password?: string }) => {
            given.push(input);
            return input.password === 'wrong' ? fail('STEP_UP_FAILED') : { proof: `proof of ${name}`, expiresInMs: 120_000 };
          },
        },
      },
    }) as unknown as Gateway;
  const first = gatewayOf('first');
  let current = first;
  const stepUp = createStepUp(() => current, { monotonic: () => nowMs });
  expect(stepUp.proof()).toEqual({});
  await expect(stepUp.prove({ password: 'wrong' })).rejects.toMatchObject({ failure: { code: 'STEP_UP_FAILED' } });
  expect(stepUp.proof()).toEqual({});
  await stepUp.prove({ password: 'secret' });
  expect(stepUp.proof()).toEqual({ proof: 'proof of first' });
  expect(JSON.stringify(stepUp)).not.toContain('secret');
  current = gatewayOf('second');
  expect(stepUp.proof(), 'another sign-in').toEqual({});
  current = first;
  await stepUp.prove({ oneTimeCode: '123456' });
  nowMs = 114_999;
  expect(stepUp.proof()).toEqual({ proof: 'proof of first' });
  nowMs = 115_000;
  expect(stepUp.proof()).toEqual({});
  await stepUp.prove({ password: 'secret' });
  stepUp.forget();
  expect(stepUp.proof()).toEqual({});
  expect(given).toHaveLength(4);
});
