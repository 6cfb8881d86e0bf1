import { Policy } from '../../contract/request.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import { isCurrent, isOutOfReach, type Publish } from '../sessions/service.ts';

export interface PolicyService {
  /** The policy as last heard; of the archive while the gateway is out of reach. */
  get(): Promise<Policy>;
  /** The gateway says that it has changed. */
  changed(policy: Policy): Promise<void>;
  /** Events were missed: asks for it again. */
  refresh(): Promise<void>;
}

/** What the gateway's rules are for whoever is signed in. */
export function createPolicy(options: { gateway: () => Gateway; archive: Archive; publish: Publish }): PolicyService {
  const { gateway, archive, publish } = options;
  let known: { from: Gateway; policy: Policy } | null = null;

  async function keep(from: Gateway, policy: Policy): Promise<Policy> {
    if (isCurrent(gateway, from)) {
      known = { from, policy };
      // Only for when the gateway is out of reach: what is known stands without it.
      await archive.call('meta.put', { name: 'policy', value: JSON.stringify(policy) }).catch(() => undefined);
    }
    return policy;
  }

  async function ask(): Promise<Policy> {
    const asked = gateway();
    return keep(asked, await asked.calls.policy());
  }

  async function kept(): Promise<Policy | null> {
    const { value } = await archive.call('meta.get', { name: 'policy' });
    const policy = Policy.safeParse(JSON.parse(value ?? 'null'));
    return policy.success ? policy.data : null;
  }

  const service: PolicyService = {
    async get() {
      if (known?.from === gateway()) return known.policy;
      try {
        return await ask();
      } catch (error) {
        const policy = isOutOfReach(error) ? await kept() : null;
        if (policy === null) throw error;
        return policy;
      }
    },
    async changed(policy) {
      publish('policy', await keep(gateway(), policy));
    },
    refresh: async () => publish('policy', await ask()),
  };
  return service;
}
