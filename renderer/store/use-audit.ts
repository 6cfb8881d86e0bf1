import { useState } from 'react';
import type { FailureCode } from '../../contract/failure.ts';
import { objects, type Review } from '../../contract/review.ts';
import type { AuditVerdict } from '../../contract/session.ts';
import { call } from './bridge.ts';
import { failureOf } from './live.ts';
import { useReviewDraft } from './review.ts';

/** What keeps a comment or a verdict from being sent, in the words of `review.failed`. */
export type Problem = 'offline' | 'needsWords' | 'needsVerdict' | 'notWatched' | 'access' | 'other';

export function problemOf(code: FailureCode): Problem {
  switch (code) {
    case 'UNREACHABLE':
    case 'GATEWAY_FAILED':
      return 'offline';
    case 'COMMENT_REQUIRED':
      return 'needsWords';
    case 'NOT_WATCHED':
      return 'notWatched';
    case 'WINDOW_OVER':
    case 'WINDOW_NOT_OPEN':
    case 'REVOKED':
    case 'APPROVAL_NEEDED':
    case 'ROLE_MISSING':
    case 'PERMISSION_MISSING':
      return 'access';
    default:
      return 'other';
  }
}

/** Giving a verdict about a session: what is chosen and typed survives a crash, and one wish is one mark. */
export function useAudit(sessionId: string, take: (review: Review) => void) {
  const { draft, change, sent } = useReviewDraft(sessionId, 'mark');
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const put = (more: { verdict?: AuditVerdict; text?: string }) => {
    setProblem(null);
    const empty = { what: 'mark' as const, sessionId, key: crypto.randomUUID(), text: '', verdict: null };
    change({ ...(draft ?? empty), ...more });
  };

  async function save(): Promise<void> {
    if (busy) return;
    if (!draft?.verdict) return setProblem('needsVerdict');
    if (objects(draft.verdict) && draft.text.trim() === '') return setProblem('needsWords');
    setBusy(true);
    setProblem(null);
    try {
      take(await call('review.mark', { sessionId, key: draft.key, verdict: draft.verdict, text: draft.text }));
      sent();
      setOpened(false);
    } catch (error) {
      setProblem(problemOf(failureOf(error).code));
    } finally {
      setBusy(false);
    }
  }

  return {
    /** Somebody who has begun to write finds it open. */
    open: opened || draft !== null,
    verdict: draft?.verdict ?? null,
    text: draft?.text ?? '',
    busy,
    problem,
    begin: () => setOpened(true),
    setVerdict: (verdict: AuditVerdict) => put({ verdict }),
    setText: (text: string) => put({ text }),
    save,
    cancel() {
      change(null);
      setOpened(false);
      setProblem(null);
    },
  };
}

export type Audit = ReturnType<typeof useAudit>;
