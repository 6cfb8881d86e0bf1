import { type Failure, FailureError, fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type {
  AccessRequest,
  Cancellation,
  DecisionDraft,
  DecisionResults,
  NewDecision,
  NewDecisions,
  NewRequest,
  Policy,
  Preflight,
  PreflightQuery,
  RequesterContext,
  RequestPage,
  RequestQuery,
  Revocation,
} from '../../contract/request.ts';
import { keptDecisionDraft } from '../../contract/seal.ts';
import type { Archive } from '../archive/archive.ts';
import { fromCursor, isArchiveCursor } from '../archive/cursor.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Keeping } from '../history/keeping.ts';
import type { Sync } from '../history/sync.ts';
import { isCurrent, isOutOfReach, type Publish } from '../sessions/service.ts';
import type { Drafts } from './drafts.ts';
import type { PolicyService } from './policy.ts';

export interface RequestService {
  list(query: RequestQuery): Promise<RequestPage>;
  get(id: string): Promise<AccessRequest>;
  preflight(query: PreflightQuery): Promise<Preflight>;
  /** Writes down what is sent before it is sent. Drops the draft once the gateway has the request; before that it stays, whatever happens. */
  create(input: NewRequest): Promise<AccessRequest>;
  /** Tells how many wait for this person now. */
  counts(): Promise<{ waiting: number }>;
  decide(input: NewDecision): Promise<AccessRequest>;
  decideMany(input: NewDecisions): Promise<DecisionResults>;
  cancel(input: Cancellation): Promise<AccessRequest>;
  revoke(input: Revocation): Promise<AccessRequest>;
  context(id: string): Promise<RequesterContext>;
  policy(): Promise<Policy>;
  decisionDraft(requestId: string): Promise<DecisionDraft | null>;
  putDecisionDraft(draft: DecisionDraft): Promise<void>;
  dropDecisionDraft(requestId: string): Promise<void>;
  /** Rejects when the event could not be followed; whatever is heard next makes that good. */
  heard(event: ServerEvent): Promise<void>;
}

/** Failures that say that the request, or what the person may do with it, is not as they saw it. */
const outdated: ReadonlySet<Failure['code']> = new Set([
  'STALE_VERSION',
  'NOT_PENDING',
  'DEADLINE_PASSED',
  'WINDOW_OVER',
  'NOT_AN_APPROVER',
  'ALREADY_DECIDED',
  'KEY_REUSED',
  'NOT_REVOCABLE',
  'NOT_A_REVOKER',
]);

/** What of a request the policy can want on no disk. */
const ofRequests: ReadonlySet<Policy['notKept'][number]> = new Set(['justification', 'governanceCode', 'comments', 'credential']);

/** Requests: kept in the archive as they change and read from there, online or offline; written at the gateway alone. */
export function createRequests(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  personId: () => string;
  policy: PolicyService;
  keeping: Keeping;
  sync: Pick<Sync, 'isComplete' | 'missed'>;
  publish: Publish;
  drafts: Pick<Drafts, 'sending' | 'failed' | 'arrived'>;
  /** The fresh proof of step-up, while there is one that is good. */
  proof?: () => { proof?: string };
}): RequestService {
  const { gateway, archive, clock, personId, policy, keeping, sync, publish, drafts, proof = () => ({}) } = options;

  /** Keeps what `from` said and tells the windows of what is new in it. */
  async function take(from: Gateway, request: AccessRequest): Promise<void> {
    if (!isCurrent(gateway, from)) fail('SIGNED_OUT');
    const items = await keeping.requests([request]);
    const { changed } = await archive.call('requests.put', { items });
    if (changed.length > 0 && isCurrent(gateway, from)) publish('requests', { changed: [request], removed: [] });
  }

  async function told(from: Gateway, request: AccessRequest): Promise<AccessRequest> {
    try {
      await take(from, request);
    } catch (error) {
      if (!isCurrent(gateway, from)) throw error;
      // The archive fails, but what the gateway has done is done.
      sync.missed();
      publish('requests', { changed: [request], removed: [] });
    }
    return request;
  }

  /** Whether a list or a request in the archive lacks what the policy wants on no disk: then the gateway is asked while it can be. */
  const lacks = async () => (await keeping.notKept().catch(() => [])).some((field) => ofRequests.has(field));

  /**
   * What was refused because the request is not as it was seen is asked for again before the failure is passed on, so that the person
   * reads the failure together with what has changed. Always rejects, with the failure that there was.
   */
  async function seenAnew(asked: Gateway, id: string, error: unknown): Promise<never> {
    if (error instanceof FailureError && outdated.has(error.failure.code)) {
      await asked.calls.requests.get({ id }).then(
        (request) => told(asked, request),
        () => undefined,
      );
    }
    throw error;
  }

  /** What was typed about a request has done its work. The gateway has decided: a draft that cannot be dropped is no failure. */
  const dropDecided = (requestId: string) => archive.call('decisionDrafts.drop', { requestId }).catch(() => undefined);

  const listKept = (query: RequestQuery) => archive.call('requests.list', { query, personId: personId(), nowMs: clock.now() });

  const service: RequestService = {
    async list(query) {
      const asked = gateway();
      const { cursor } = query;
      if (cursor !== undefined) {
        if (!isArchiveCursor(cursor)) return asked.calls.requests.list(query);
        return fromCursor(cursor) === null ? fail('INVALID_INPUT', { issues: ['cursor: not one of ours'] }) : listKept(query);
      }
      // Until the first synchronisation has ended the gateway knows more; so it does when the archive fails.
      const whole = (await sync.isComplete().catch(() => false)) && !(await lacks());
      if (whole) return listKept(query).catch(() => asked.calls.requests.list(query));
      return asked.calls.requests.list(query).catch((error) => (isOutOfReach(error) ? listKept(query) : Promise.reject(error)));
    },
    async get(id) {
      const asked = gateway();
      const { request } = await archive.call('requests.get', { id }).catch(() => ({ request: null }));
      if (request === null) return told(asked, await asked.calls.requests.get({ id }));
      if (!(await lacks())) return request;
      return asked.calls.requests.get({ id }).catch((error) => (isOutOfReach(error) ? request : Promise.reject(error)));
    },
    async preflight(query) {
      const answer = await gateway().calls.requests.preflight(query);
      return { ...answer, problem: answer.problem as Failure | null };
    },
    async create(input) {
      const asked = gateway();
      const sent = await drafts.sending(input);
      // What becomes of the draft is no reason to keep from the person what the gateway said.
      const ifStill = (write: () => Promise<void>) => (isCurrent(gateway, asked) ? write().catch(() => undefined) : undefined);
      const request = await asked.calls.requests.create(sent).catch(async (error) => {
        await ifStill(() => drafts.failed(sent, error));
        throw error;
      });
      await ifStill(() => drafts.arrived(sent));
      return told(asked, request);
    },
    counts: () => archive.call('requests.count', { nowMs: clock.now() }),
    async decide(input) {
      const asked = gateway();
      const decided = await told(
        asked,
        await asked.calls.requests.decide({ ...input, ...proof() }).catch((error) => seenAnew(asked, input.id, error)),
      );
      await dropDecided(input.id);
      return decided;
    },
    async decideMany(input) {
      const asked = gateway();
      const { results } = await asked.calls.requests.decideMany({ ...input, ...proof() });
      for (const result of results) {
        if (!result.decided) {
          await seenAnew(asked, result.id, new FailureError(result.failure as Failure)).catch(() => undefined);
          continue;
        }
        await told(asked, result.request);
        await dropDecided(result.id);
      }
      return { results };
    },
    async cancel(input) {
      const asked = gateway();
      return told(asked, await asked.calls.requests.cancel(input));
    },
    async revoke(input) {
      const asked = gateway();
      const revoked = await told(
        asked,
        await asked.calls.requests.revoke({ ...input, ...proof() }).catch((error) => seenAnew(asked, input.id, error)),
      );
      await dropDecided(input.id);
      return revoked;
    },
    context: (id) => gateway().calls.requests.context({ id }),
    policy: () => policy.get(),
    decisionDraft: async (requestId) => (await archive.call('decisionDrafts.get', { requestId })).draft,
    putDecisionDraft: async (draft) =>
      void (await archive.call('decisionDrafts.put', keptDecisionDraft(draft, await keeping.notKept()))),
    dropDecisionDraft: async (requestId) => void (await archive.call('decisionDrafts.drop', { requestId })),
    async heard(event) {
      if (event.type === 'request') await told(gateway(), event.request);
      if (event.type === 'policy') await policy.changed(event.policy);
    },
  };
  return service;
}
