import type { ServerEvent } from '../../contract/gateway.ts';
import type { NewComment, NewMark, Review, ReviewDraft } from '../../contract/review.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';

export interface ReviewService {
  get(sessionId: string): Promise<Review>;
  /** Drops the draft once the gateway has the comment; before that it stays, whatever happens. */
  comment(input: NewComment): Promise<Review>;
  withdraw(sessionId: string, commentId: string): Promise<Review>;
  mark(input: NewMark): Promise<Review>;
  draft(sessionId: string, what: ReviewDraft['what']): Promise<ReviewDraft | null>;
  putDraft(draft: ReviewDraft): Promise<void>;
  dropDraft(sessionId: string, what: ReviewDraft['what']): Promise<void>;
  heard(event: ServerEvent): void;
}

/** After these one may read more, or less, of what was said about any session. */
const touchesAll: readonly ServerEvent['type'][] = ['reset', 'user', 'policy'];

/** Comments and "audited" marks. The gateway keeps them; here are only the words that were typed and not sent. */
export function createReviews(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  archive: Pick<Archive, 'call'>;
  /** Pages that show what is said about a session ask anew; null is any session. */
  tell(sessionId: string | null): void;
}): ReviewService {
  const { gateway, archive, tell } = options;
  const dropDraft = async (sessionId: string, what: ReviewDraft['what']) =>
    void (await archive.call('reviewDrafts.drop', { sessionId, what }));

  return {
    get: async (sessionId) => gateway().calls.reviews.get({ id: sessionId }),
    async comment(input) {
      const review = await gateway().calls.reviews.comment(input);
      await dropDraft(input.sessionId, 'comment').catch(() => undefined);
      return review;
    },
    withdraw: async (sessionId, id) => gateway().calls.reviews.withdraw({ sessionId, id }),
    async mark(input) {
      const review = await gateway().calls.reviews.mark(input);
      await dropDraft(input.sessionId, 'mark').catch(() => undefined);
      return review;
    },
    draft: async (sessionId, what) => (await archive.call('reviewDrafts.get', { sessionId, what })).draft,
    putDraft: async (draft) => void (await archive.call('reviewDrafts.put', draft)),
    dropDraft,
    heard(event) {
      if (event.type === 'review') tell(event.sessionId);
      // What may be read and written changes with one's access.
      if (event.type === 'session') tell(event.session.id);
      if (touchesAll.includes(event.type)) tell(null);
    },
  };
}
