import { type Failure, FailureError, fail } from '../../contract/failure.ts';
import type { ChangeRecord } from '../../contract/history.ts';
import type { AccessRequest, Policy, RequestQuery } from '../../contract/request.ts';
import type { Gateway } from '../../main/gateway/client.ts';
import { createFeedPages } from './feed-pages.ts';
import { sampleRequest } from './samples.ts';

/** What a gateway has, how it fails, and what it was asked; tests change it as they go. */
export type Listed = {
  there: AccessRequest[];
  policy: Policy;
  failure: Failure | null;
  asked: string[];
  /** Happens after each page of requests or of changes was read. */
  between: () => Promise<void> | void;
};

/** A gateway with the requests of a list, two on a page, and a feed of what has changed in it. Another one knows no cursor of this one. */
export function listedGateway(listed: Listed): Gateway {
  const answer = async <T>(name: string, value: () => T): Promise<T> => {
    listed.asked.push(name);
    if (listed.failure) throw new FailureError(listed.failure);
    return value();
  };
  const change = (name: string) => (input: { id: string }) =>
    answer(name, () => {
      const changed = { ...(listed.there.find(({ id }) => id === input.id) ?? sampleRequest(1)), version: 2 };
      listed.there = listed.there.map((one) => (one.id === input.id ? changed : one));
      return changed;
    });
  const feed = createFeedPages();
  /** What was told up to each cursor: id and JSON. */
  const told = new Map<string, Map<string, string>>();
  const mark = Math.random().toString(36).slice(2);
  const changes = {
    async list({ cursor }: { cursor?: string }) {
      const page = await answer('changes', () => {
        const before = told.get(cursor ?? '');
        const known = new Map(before ?? []);
        const changed = listed.there.filter((one) => known.get(one.id) !== JSON.stringify(one));
        const gone = [...known.keys()].filter((id) => !listed.there.some((one) => one.id === id));
        const all: ChangeRecord[] = [
          ...changed.map((request) => ({ what: 'request', request }) as const),
          ...gone.map((id) => ({ what: 'gone', of: 'request', id }) as const),
        ];
        const records = all.slice(0, 2);
        for (const record of records) {
          if (record.what === 'request') known.set(record.request.id, JSON.stringify(record.request));
          if (record.what === 'gone') known.delete(record.id);
        }
        const after = records.length === 0 && before ? (cursor ?? '') : `${mark}.${told.size}`;
        told.set(after, known);
        const more = { reset: !before, remaining: all.length - records.length, notKept: listed.policy.notKept };
        return feed.page(records, before ? (cursor ?? '') : '', after, more);
      });
      await listed.between();
      return page;
    },
  };
  const calls = {
    policy: () => answer('policy', () => listed.policy),
    changes,
    requests: {
      async list({ cursor }: RequestQuery) {
        const from = Number(cursor ?? 0);
        const page = await answer('list', () => ({
          items: listed.there.slice(from, from + 2),
          nextCursor: from + 2 < listed.there.length ? String(from + 2) : null,
        }));
        await listed.between();
        return page;
      },
      get: ({ id }: { id: string }) =>
        answer('get', () => listed.there.find((one) => one.id === id) ?? fail('NOT_FOUND', { what: 'request' })),
      create: () => answer('create', () => sampleRequest(9)),
      decide: change('decide'),
      cancel: change('cancel'),
      revoke: change('revoke'),
    },
  };
  return { calls, receiptKey: () => feed.key } as unknown as Gateway;
}
