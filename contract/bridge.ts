import { z } from 'zod';
import { type CallInput, type CallName, type CallOutput, type CallParsed, calls, type Page } from './calls.ts';
import { type EventName, type EventPayload, events } from './events.ts';
import { type Answer, type Failure, FailureError } from './failure.ts';

/**
 * The bridge between a page and main: two message forms over one port. Both ends and the test double stand here, derived from
 * `calls` and `events`, so that they cannot differ.
 */
const Ask = z.object({ id: z.number().int(), call: z.string(), input: z.unknown() });
type Told = { id: number; answer: Answer<unknown> } | { id: number; json: string } | { event: EventName; payload: unknown };

/**
 * An answer that is JSON text already and stays it on the way to the page: long lists from the archive, where copying objects costs
 * more than anything else. Only text made of values that were parsed by the contract before they were kept may become one.
 */
export class JsonText<T> {
  readonly text: string;
  /** What the text holds; there for the compiler alone. */
  declare readonly value: T;

  constructor(text: string) {
    this.text = text;
  }
}

/** A MessagePort of either side, as far as the bridge needs it. */
export interface BridgePort {
  send(message: unknown): void;
  /** Returns the way to stop. */
  receive(listener: (message: unknown) => void): () => void;
}

/** What main does for each call. The input is parsed already; a FailureError becomes the failure that the page gets. */
export type Handlers = {
  [N in CallName]: (
    input: CallParsed<N>,
    page: PageContext,
  ) => Promise<CallOutput<N> | JsonText<CallOutput<N>>> | CallOutput<N> | JsonText<CallOutput<N>>;
};

/** The page that calls. `viewingId` is set for the player page alone, `requestId` for a decision page alone. */
export type PageContext = { page: Page; viewingId: string | null; requestId?: string };

export type MainEnd = { publish<N extends EventName>(name: N, payload: EventPayload<N>): void; close(): void };

/**
 * Main's end. Denies first: an unknown call, a call of another page, or input that does not parse never reaches a handler, and an answer
 * leaves only after it was parsed, so that no field leaks. `report` hears of what nobody foresaw and answers with its log reference.
 */
export function serveBridge(
  port: BridgePort,
  context: PageContext,
  handlers: Partial<Handlers>,
  report: (error: unknown, callName: string) => string,
): MainEnd {
  const answerTo = async (name: string, input: unknown): Promise<Answer<unknown> | JsonText<unknown>> => {
    try {
      const call = Object.hasOwn(calls, name) ? calls[name as CallName] : undefined;
      const handler = handlers[name as CallName];
      if (!call || !handler || !call.pages.includes(context.page)) return failed({ code: 'FORBIDDEN_CALL', data: {} });
      const parsed = call.input.safeParse(input);
      if (!parsed.success) return failed({ code: 'INVALID_INPUT', data: { issues: issuesOf(parsed.error) } });
      const value = await (handler as (input: unknown, page: PageContext) => unknown)(parsed.data, context);
      return value instanceof JsonText ? value : { ok: true, value: call.output.parse(value) };
    } catch (error) {
      if (error instanceof FailureError) return failed(error.failure);
      return failed({ code: 'INTERNAL', data: { reference: report(error, name) } });
    }
  };
  const stop = port.receive((message) => {
    const ask = Ask.safeParse(message);
    if (!ask.success) return;
    void answerTo(ask.data.call, ask.data.input).then((answer) => {
      const { id } = ask.data;
      port.send((answer instanceof JsonText ? { id, json: answer.text } : { id, answer }) satisfies Told);
    });
  });
  return {
    publish(name, payload) {
      const event = events[name];
      if (event.pages.includes(context.page)) port.send({ event: name, payload: event.payload.parse(payload) } satisfies Told);
    },
    close: stop,
  };
}

/** What a page holds: `call` rejects with a FailureError, `on` returns the way to stop. */
export interface Bridge {
  call<N extends CallName>(
    name: N,
    ...[input]: {} extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>]
  ): Promise<CallOutput<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** The page's end. Main's words are typed, not parsed again: main parsed them before it sent them. */
export function connectBridge(port: BridgePort): Bridge {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  let lastId = 0;
  port.receive((message) => {
    const told = message as Told;
    if ('event' in told) {
      for (const listener of listeners.get(told.event) ?? []) listener(told.payload as never);
      return;
    }
    const waiter = waiting.get(told.id);
    waiting.delete(told.id);
    if ('json' in told) waiter?.resolve(JSON.parse(told.json) as never);
    else if (told.answer.ok) waiter?.resolve(told.answer.value as never);
    else waiter?.reject(new FailureError(told.answer.failure));
  });
  return {
    call(name, ...[input]) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        port.send({ id, call: name, input: input ?? {} });
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (payload: never) => void));
      return () => set.delete(listener as (payload: never) => void);
    },
  };
}

/** The test double: a page's end joined to handlers in the same process, with the same parsing as in the app. */
export function bridgeDouble(context: PageContext, handlers: Partial<Handlers>): { bridge: Bridge; main: MainEnd } {
  const [page, main] = portPair();
  const end = serveBridge(main, context, handlers, (error) => {
    throw error;
  });
  return { bridge: connectBridge(page), main: end };
}

function portPair(): [BridgePort, BridgePort] {
  const heard: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [new Set(), new Set()];
  const port = (own: 0 | 1): BridgePort => ({
    send(message) {
      void Promise.resolve().then(() => {
        for (const listener of heard[own === 0 ? 1 : 0]) listener(message);
      });
    },
    receive: (listener) => {
      heard[own].add(listener);
      return () => heard[own].delete(listener);
    },
  });
  return [port(0), port(1)];
}

function failed(failure: Failure): Answer<never> {
  return { ok: false, failure };
}

/** The issues of a parse as short lines: path and message, never the value. */
export function issuesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 10).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}
