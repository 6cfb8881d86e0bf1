import { useCallback, useEffect, useRef, useState } from 'react';
import type { Review, ReviewDraft } from '../../contract/review.ts';
import { call, on } from './bridge.ts';
import { failureOf, type Live } from './live.ts';

/** What is said about a session, kept current. `take` shows an answer that is newer than what is shown. */
export function useReview(sessionId: string): { live: Live<Review>; load: () => void; take: (review: Review) => void } {
  const [live, setLive] = useState<Live<Review>>({ state: 'waiting' });
  const asked = useRef(0);
  const take = useCallback((value: Review) => {
    asked.current += 1;
    setLive({ state: 'ready', value });
  }, []);
  const load = useCallback(() => {
    asked.current += 1;
    const mine = asked.current;
    call('review.get', { sessionId }).then(
      (value) => mine === asked.current && setLive({ state: 'ready', value }),
      (error: unknown) =>
        mine === asked.current &&
        setLive((now) => (now.state === 'ready' ? now : { state: 'failed', failure: failureOf(error) })),
    );
  }, [sessionId]);
  useEffect(() => {
    setLive({ state: 'waiting' });
    const stop = on('review', (told) => {
      if (told.sessionId === null || told.sessionId === sessionId) load();
    });
    load();
    return () => {
      // An answer that is on its way is none of whoever comes next.
      asked.current += 1;
      stop();
    };
  }, [sessionId, load]);
  return { live, load, take };
}

type Of<W extends ReviewDraft['what']> = Extract<ReviewDraft, { what: W }>;

const keptAfterMs = 300;

/**
 * What is being typed about a session: kept where a crash does not reach it, and brought back. Null while nothing is begun. `sent` forgets
 * it without a word to main, which has dropped it already.
 */
export function useReviewDraft<W extends ReviewDraft['what']>(
  sessionId: string,
  what: W,
): { draft: Of<W> | null; change: (draft: Of<W> | null) => void; sent: () => void } {
  const [draft, setDraft] = useState<Of<W> | null>(null);
  const latest = useRef<Of<W> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const touched = useRef(false);

  const keep = useCallback(() => {
    timer.current = null;
    // What cannot be kept stays on the screen; the archive has said what is wrong with it.
    const kept =
      latest.current && isBegun(latest.current)
        ? call('reviewDrafts.put', latest.current)
        : call('reviewDrafts.drop', { sessionId, what });
    void kept.catch(() => undefined);
  }, [sessionId, what]);

  useEffect(() => {
    call('reviewDrafts.get', { sessionId, what }).then(
      (answer) => {
        if (touched.current || answer.draft?.what !== what) return;
        latest.current = answer.draft as Of<W>;
        setDraft(latest.current);
      },
      () => undefined,
    );
    return () => {
      if (timer.current === null) return;
      clearTimeout(timer.current);
      keep();
    };
  }, [sessionId, what, keep]);

  const change = useCallback(
    (next: Of<W> | null) => {
      touched.current = true;
      latest.current = next;
      setDraft(next);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(keep, keptAfterMs);
    },
    [keep],
  );
  const sent = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    latest.current = null;
    setDraft(null);
  }, []);
  return { draft, change, sent };
}

/** Whether there is something in a draft that a person would miss. */
function isBegun(draft: ReviewDraft): boolean {
  return draft.text !== '' || (draft.what === 'mark' && draft.verdict !== null);
}
