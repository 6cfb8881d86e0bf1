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
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import { fromCursor, isArchiveCursor } from '../archive/cursor.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { isCurrent, isOutOfReach, type Publish } from '../sessions/service.ts';
import type { Drafts } from './drafts.ts';
import { createPolicy } from './policy.ts';

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
  /** Reads every request that this person may see into the archive. */
  synchronise(): Promise<void>;
  /** Rejects when the event could not be followed; whatever is heard next makes that good. */
  heard(event: ServerEvent): Promise<void>;
}

const pageSize = 200;

/** Failures that say that the request, or what the person may do with it, is not as they saw it. */
const outdated: ReadonlySet<Failure['code']> = new Set([
  'STALE_VERSION',
  'NOT_PENDING',
  'DEADLINE_PASSED',
  'WINDOW_OVER',
  'NOT_AN_APPROVER',
  'ALREADY_DECIDED',
  'NOT_REVOCABLE',
  'NOT_A_REVOKER',
]);

/** Requests: kept in the archive as they change and read from there, online or offline; written at the gateway alone. */
export function createRequests(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  personId: () => string;
  publish: Publish;
  drafts: Pick<Drafts, 'sending' | 'failed' | 'arrived'>;
  /** The fresh proof of step-up, while there is one that is good. */
  proof?: () => { proof?: string };
}): RequestService {
  const { gateway, archive, clock, personId, publish, drafts, proof = () => ({}) } = options;
  const policy = createPolicy({ gateway, archive, publish });
  /** The sign-in whose requests are all in the archive. Null after anything that may have left a gap. */
  let inStep: Gateway | null = null;
  let synchronising: Promise<void> = Promise.resolve();
  let catchingUp = 0;
  /** What came otherwise while the pages of a synchronisation were read. */
  const meanwhile = new Set<string>();

  /** Keeps what `from` said and tells the windows of what is new in it. */
  async function take(from: Gateway, items: AccessRequest[]): Promise<void> {
    if (!isCurrent(gateway, from)) fail('SIGNED_OUT');
    const { changed } = await archive.call('requests.put', { items });
    if (changed.length > 0 && isCurrent(gateway, from))
      publish('requests', { changed: items.filter(({ id }) => changed.includes(id)), removed: [] });
  }

  async function told(from: Gateway, request: AccessRequest): Promise<AccessRequest> {
    meanwhile.add(request.id);
    try {
      await take(from, [request]);
    } catch (error) {
      if (!isCurrent(gateway, from)) throw error;
      // The archive fails, but what the gateway has done is done.
      inStep = null;
      publish('requests', { changed: [request], removed: [] });
    }
    return request;
  }

  async function readAll(): Promise<void> {
    const asked = gateway();
    inStep = null;
    meanwhile.clear();
    const ids: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await asked.calls.requests.list({ scope: 'all', limit: pageSize, ...(cursor !== undefined && { cursor }) });
      await take(asked, page.items);
      ids.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    if (!isCurrent(gateway, asked)) return;
    const { removed } = await archive.call('requests.keep', { ids: [...ids, ...meanwhile] });
    if (removed.length > 0 && isCurrent(gateway, asked)) publish('requests', { changed: [], removed });
    await archive.call('meta.put', { name: 'requests-complete', value: 'yes' });
    await synchronisedNow();
    inStep = asked;
  }

  async function synchronisedNow(): Promise<void> {
    await archive.call('meta.put', { name: 'synchronised', value: toInstant(clock.now()) });
  }

  /** Whether the archive holds all there is to see, or once did. */
  async function isComplete(): Promise<boolean> {
    if (inStep === gateway()) return true;
    return (await archive.call('meta.get', { name: 'requests-complete' })).value !== null;
  }

  /** After signing in, and after a gap in the events. */
  async function catchUp(): Promise<void> {
    inStep = null;
    catchingUp += 1;
    try {
      await policy.refresh();
      await service.synchronise();
    } finally {
      catchingUp -= 1;
    }
  }

  /** Whether something was missed that nobody is reading again yet: a synchronisation or a write to the archive failed. */
  const isBehind = () => inStep !== gateway() && catchingUp === 0;

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
      if (await isComplete().catch(() => false)) return listKept(query).catch(() => asked.calls.requests.list(query));
      return asked.calls.requests.list(query).catch((error) => (isOutOfReach(error) ? listKept(query) : Promise.reject(error)));
    },
    async get(id) {
      const asked = gateway();
      const { request } = await archive.call('requests.get', { id }).catch(() => ({ request: null }));
      return request ?? told(asked, await asked.calls.requests.get({ id }));
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
    putDecisionDraft: async (draft) => void (await archive.call('decisionDrafts.put', draft)),
    dropDecisionDraft: async (requestId) => void (await archive.call('decisionDrafts.drop', { requestId })),
    synchronise() {
      // One after the other: one that has begun may have read pages before what the next one is for.
      synchronising = synchronising.catch(() => undefined).then(readAll);
      return synchronising;
    },
    async heard(event) {
      const wasBehind = isBehind();
      switch (event.type) {
        case 'hello':
          break;
        case 'reset':
          await catchUp();
          return;
        case 'request':
          await told(gateway(), event.request);
          break;
        case 'policy':
          await policy.changed(event.policy);
          break;
        case 'user':
          // Other rights, other requests: those that were hidden have no event of their own.
          await catchUp();
          return;
        case 'session':
        case 'review':
        case 'viewing-ended':
        case 'changed':
        case 'wipe':
          break;
        default:
          event satisfies never;
      }
      if (wasBehind && isBehind()) await catchUp();
      else if (inStep === gateway()) await synchronisedNow().catch(() => undefined);
    },
  };
  return service;
}
