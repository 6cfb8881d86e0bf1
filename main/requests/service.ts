import type { ServerEvent } from '../../contract/gateway.ts';
import type { Failure } from '../../contract/failure.ts';
import {
  type AccessRequest, type Cancellation, type Draft, type NewDecision, type NewRequest, Policy, type Preflight, type PreflightQuery, type RequesterContext,
  type RequestPage, type RequestQuery, type Revocation,
} from '../../contract/request.ts';
import type { Kind } from '../../contract/session.ts';
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { isOutOfReach, type Publish } from '../sessions/service.ts';

export interface RequestService {
  list(query: RequestQuery): Promise<RequestPage>;
  get(id: string): Promise<AccessRequest>;
  preflight(query: PreflightQuery): Promise<Preflight>;
  create(input: NewRequest): Promise<AccessRequest>;
  decide(input: NewDecision): Promise<AccessRequest>;
  cancel(input: Cancellation): Promise<AccessRequest>;
  revoke(input: Revocation): Promise<AccessRequest>;
  context(id: string): Promise<RequesterContext>;
  policy(): Promise<Policy>;
  draft(sessionId: string, kind: Kind): Promise<Draft | null>;
  putDraft(draft: Draft): Promise<void>;
  dropDraft(sessionId: string, kind: Kind): Promise<void>;
  /** Brings the archive up to date: after signing in, and when the gateway says that events were missed. */
  synchronise(): Promise<void>;
  heard(event: ServerEvent): Promise<void>;
}

const pageSize = 200;

/** Requests: kept in the archive as they change and read from there, online or offline; written at the gateway alone. */
export function createRequests(options: { gateway: () => Gateway; archive: Archive; clock: Clock; personId: () => string; publish: Publish }): RequestService {
  const { gateway, archive, clock, personId, publish } = options;

  /** Puts what the gateway answered into the archive, and tells the windows at once. */
  async function changed(request: AccessRequest): Promise<AccessRequest> {
    await archive.call('requests.put', { items: [request] });
    publish('requests', { changed: [request] });
    return request;
  }

  const service: RequestService = {
    list: (query) => archive.call('requests.list', { query, personId: personId(), nowMs: clock.now() }),
    async get(id) {
      const { request } = await archive.call('requests.get', { id });
      return request ?? changed(await gateway().calls.requests.get({ id }));
    },
    async preflight(query) {
      const answer = await gateway().calls.requests.preflight(query);
      return { ...answer, problem: answer.problem as Failure | null };
    },
    async create(input) {
      const request = await gateway().calls.requests.create(input);
      await archive.call('drafts.drop', { sessionId: input.sessionId, kind: input.kind });
      return changed(request);
    },
    decide: async (input) => changed(await gateway().calls.requests.decide(input)),
    cancel: async (input) => changed(await gateway().calls.requests.cancel(input)),
    revoke: async (input) => changed(await gateway().calls.requests.revoke(input)),
    context: (id) => gateway().calls.requests.context({ id }),
    async policy() {
      try {
        const policy = await gateway().calls.policy();
        await archive.call('meta.put', { name: 'policy', value: JSON.stringify(policy) });
        return policy;
      } catch (error) {
        const { value } = await archive.call('meta.get', { name: 'policy' });
        if (value === null || !isOutOfReach(error)) throw error;
        return Policy.parse(JSON.parse(value));
      }
    },
    draft: async (sessionId, kind) => (await archive.call('drafts.get', { sessionId, kind })).draft,
    putDraft: async (draft) => void (await archive.call('drafts.put', draft)),
    dropDraft: async (sessionId, kind) => void (await archive.call('drafts.drop', { sessionId, kind })),
    async synchronise() {
      const items: AccessRequest[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await gateway().calls.requests.list({ scope: 'all', limit: pageSize, ...(cursor !== undefined && { cursor }) });
        items.push(...page.items);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      await archive.call('requests.replace', { items });
      await archive.call('meta.put', { name: 'synchronised', value: toInstant(clock.now()) });
      publish('requests', { changed: items });
    },
    async heard(event) {
      if (event.type === 'request') await changed(event.request);
      if (event.type === 'reset') await service.synchronise();
      if (event.type === 'policy') {
        await archive.call('meta.put', { name: 'policy', value: JSON.stringify(event.policy) });
        publish('policy', event.policy);
      }
      if (event.type !== 'hello') await archive.call('meta.put', { name: 'synchronised', value: toInstant(clock.now()) });
    },
  };
  return service;
}
