import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../contract/failure.ts';
import type { AccessRequest, SeenRequest } from '../../../contract/request.ts';
import type { Window } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { type Difference, differencesOf, seenOf } from './differences.ts';

export type Verdict = 'approve' | 'reject' | 'revoke';
/** Where a decision stands. `proving` waits for the fresh proof that the policy asks for. */
export type Step =
  | { name: 'open' }
  | { name: 'sending'; verdict: Verdict }
  | { name: 'proving'; verdict: Verdict; how: 'password' | 'one-time-code' }
  | { name: 'done'; verdict: Verdict; after: AccessRequest };

export type Deciding = {
  comment: string;
  setComment(text: string): void;
  /** The window that is wished for instead; null keeps the whole. */
  narrowed: Window | null;
  setNarrowed(window: Window | null): void;
  step: Step;
  failure: Failure | null;
  fail(failure: Failure | null): void;
  /** What changed since the person looked; nothing may be decided before it is acknowledged. */
  differences: Difference[];
  acknowledge(): void;
  /** Decides about the version that was seen. Without a comment where one is needed it says so. */
  run(verdict: Verdict): Promise<void>;
  /** Gives up proving; what was typed stays. */
  giveUp(): void;
};

const draftMs = 300;

/** What somebody does about one request: typed words are kept as they are typed, and the version that was seen is the one decided. */
export function useDecision(request: AccessRequest): Deciding {
  const { id } = request;
  const [comment, setComment] = useState('');
  const [narrowed, setNarrowed] = useState<Window | null>(null);
  const [seen, setSeen] = useState<SeenRequest>(() => seenOf(request));
  const [step, setStep] = useState<Step>({ name: 'open' });
  const [failure, setFailure] = useState<Failure | null>(null);
  // One key for one decision about one version: sent twice by a broken line, it counts once.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const touched = useKeptDraft(id, { comment, narrowed, seen }, (draft) => {
    setComment(draft.comment);
    setNarrowed(draft.window);
    setSeen(draft.seen);
  });

  const done = step.name === 'done';
  const differences = done ? [] : differencesOf(seen, request);
  // Not every version changes what a decision rests on; and who has begun nothing looks at what is decided already with new eyes.
  const begun = comment !== '' || narrowed !== null || step.name !== 'open';
  useEffect(() => {
    if (done || seen.version === request.version) return;
    const decided = request.state.status !== 'pending' && !begun;
    if (decided || differencesOf(seen, request).length === 0) setSeen(seenOf(request));
  }, [done, seen, request, begun]);

  async function run(verdict: Verdict): Promise<void> {
    if (step.name === 'sending' || differences.length > 0) return;
    if (verdict !== 'approve' && comment.trim() === '') return setFailure({ code: 'COMMENT_REQUIRED', data: {} });
    setStep({ name: 'sending', verdict });
    setFailure(null);
    const { version } = seen;
    try {
      const after =
        verdict === 'revoke'
          ? await call('requests.revoke', { id, version, comment })
          : await call('requests.decide', {
              key,
              id,
              version,
              verdict,
              comment,
              ...(verdict === 'approve' && narrowed && { window: narrowed }),
            });
      touched.current = false;
      setComment('');
      setNarrowed(null);
      setSeen(seenOf(after));
      setKey(crypto.randomUUID());
      setStep({ name: 'done', verdict, after });
    } catch (error) {
      const why = failureOf(error);
      // Only what may have arrived without our knowing keeps its key.
      if (why.code !== 'UNREACHABLE' && why.code !== 'STEP_UP_NEEDED') setKey(crypto.randomUUID());
      if (why.code === 'STEP_UP_NEEDED') return setStep({ name: 'proving', verdict, how: why.data.how });
      setFailure(why);
      setStep({ name: 'open' });
    }
  }

  return {
    comment,
    setComment(text) {
      touched.current = true;
      setComment(text);
    },
    narrowed,
    setNarrowed(window) {
      touched.current = true;
      setNarrowed(window);
    },
    step,
    failure,
    fail: setFailure,
    differences,
    acknowledge() {
      setSeen(seenOf(request));
      setFailure(null);
      setKey(crypto.randomUUID());
    },
    run,
    giveUp() {
      setFailure(null);
      setStep({ name: 'open' });
    },
  };
}

type Typed = { comment: string; narrowed: Window | null; seen: SeenRequest };

/** Keeps what is typed where a crash does not reach it, and brings back what was typed before. The ref says whether anything was. */
function useKeptDraft(
  requestId: string,
  typed: Typed,
  restore: (draft: { comment: string; window: Window | null; seen: SeenRequest }) => void,
) {
  const touched = useRef(false);
  const latest = useRef(typed);
  latest.current = typed;
  const restoring = useRef(restore);
  restoring.current = restore;

  const keep = useCallback(() => {
    const { comment, narrowed, seen } = latest.current;
    const kept =
      comment === '' && narrowed === null
        ? call('decisionDrafts.drop', { requestId })
        : call('decisionDrafts.put', { requestId, seen, comment, window: narrowed });
    // What cannot be kept stays on the screen; the archive has said what is wrong with it.
    void kept.catch(() => undefined);
  }, [requestId]);

  useEffect(() => {
    call('decisionDrafts.get', { requestId }).then(
      ({ draft }) => draft && !touched.current && restoring.current(draft),
      () => undefined,
    );
    return () => {
      if (touched.current) keep();
    };
  }, [requestId, keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of what is typed is kept a moment later
  useEffect(() => {
    if (!touched.current) return;
    const timer = setTimeout(keep, draftMs);
    return () => clearTimeout(timer);
  }, [typed.comment, typed.narrowed, keep]);
  return touched;
}
