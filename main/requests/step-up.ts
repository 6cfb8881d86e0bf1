import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';

/** So long before it ends a proof is not used any more: it has to arrive while it is good. */
const marginMs = 5_000;

export interface StepUp {
  /** Proves afresh who is signed in. What was typed goes to the gateway once and is kept nowhere. Rejects with STEP_UP_FAILED. */
  prove(given: { password: string } | { oneTimeCode: string }): Promise<void>;
  /** The proof as a call to the gateway carries it; nothing while there is none that is good. */
  proof(): { proof?: string };
  forget(): void;
}

/** The fresh proof that deciding may need: only in the memory of main, bound to one sign-in, for as long as the gateway says. */
export function createStepUp(gateway: () => Gateway, clock: Pick<Clock, 'monotonic'>): StepUp {
  let held: { by: Gateway; proof: string; untilMs: number } | null = null;
  const forget = () => {
    held = null;
  };
  return {
    async prove(given) {
      const by = gateway();
      const asked = clock.monotonic();
      const { proof, expiresInMs } = await by.calls.identity.stepUp(given);
      held = { by, proof, untilMs: asked + expiresInMs - marginMs };
    },
    proof() {
      if (held && (clock.monotonic() >= held.untilMs || held.by !== gateway())) forget();
      return held ? { proof: held.proof } : {};
    },
    forget,
  };
}
