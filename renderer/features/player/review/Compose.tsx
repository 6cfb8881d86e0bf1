import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maxCommentLength, type Review } from '../../../../contract/review.ts';
import { call } from '../../../store/bridge.ts';
import { failureOf } from '../../../store/live.ts';
import { useReviewDraft } from '../../../store/review.ts';
import { type Problem, problemOf } from '../../../store/use-audit.ts';
import type { Engine } from '../engine.ts';
import { commentBoxId } from '../panel.ts';
import { positionText } from '../position.ts';
import { usePlayback } from '../use-playback.ts';
import styles from './Review.module.css';

/**
 * Where a comment is written. The time is the one at which writing began; a recording waits meanwhile and goes on afterwards, a stream
 * runs on.
 */
export function Compose({
  engine,
  sessionId,
  onReview,
}: {
  engine: Engine;
  sessionId: string;
  onReview: (review: Review) => void;
}) {
  const { t } = useTranslation();
  const { draft, change, sent } = useReviewDraft(sessionId, 'comment');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [writing, setWriting] = useState(false);
  const goesOn = useRef(false);
  const begun = useRef(false);
  const box = useRef<HTMLTextAreaElement>(null);
  // Drawn anew as the picture moves, as long as nothing is begun.
  const nowMs = usePlayback(engine, (playback) => Math.floor(playback.positionMs / 1000) * 1000);
  const isLive = usePlayback(engine, (playback) => playback.live !== null);
  const atMs = draft?.atMs ?? (isLive ? engine.recordedMs() : nowMs);
  const at = positionText(atMs);
  const here = () => Math.max(0, Math.round(engine.recordedMs()));

  function begin(): void {
    setWriting(true);
    if (begun.current) return;
    begun.current = true;
    goesOn.current = !isLive && engine.playback.getState().playing;
    if (goesOn.current) engine.pause();
    if (!draft) change({ what: 'comment', sessionId, key: crypto.randomUUID(), text: '', atMs: here() });
  }
  function goOn(): void {
    if (begun.current && goesOn.current) engine.play();
    begun.current = false;
    goesOn.current = false;
  }
  /** Who wrote nothing has changed nothing. */
  function leave(): void {
    setWriting(false);
    if (draft && draft.text.trim() === '') change(null);
    if (!draft || draft.text.trim() === '') goOn();
  }
  async function send(): Promise<void> {
    if (busy || !draft || draft.text.trim() === '') return;
    setBusy(true);
    setProblem(null);
    try {
      const { key, text } = draft;
      onReview(await call('review.comment', { sessionId, key, atMs: draft.atMs, text }));
      sent();
      box.current?.blur();
      goOn();
    } catch (error) {
      setProblem(problemOf(failureOf(error).code));
    } finally {
      setBusy(false);
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      box.current?.blur();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className={styles.compose}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={box}
        id={commentBoxId}
        rows={writing || draft?.text ? 3 : 1}
        value={draft?.text ?? ''}
        maxLength={maxCommentLength}
        placeholder={t('review.writePlaceholder')}
        aria-label={t('review.write', { at })}
        title={t('review.keys')}
        onFocus={begin}
        onBlur={leave}
        onChange={(event) => {
          setProblem(null);
          change({
            what: 'comment',
            sessionId,
            key: draft?.key ?? crypto.randomUUID(),
            atMs: draft?.atMs ?? here(),
            text: event.currentTarget.value,
          });
        }}
        onKeyDown={onKeyDown}
      />
      {(writing || draft) && (
        <div className={styles.sending}>
          <button
            type="button"
            className={styles.at}
            title={t('review.retime')}
            aria-label={t('review.retimeFrom', { at })}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => draft && change({ ...draft, atMs: here() })}
          >
            {at}
          </button>
          <button
            type="submit"
            className={styles.primary}
            aria-disabled={busy || !draft?.text.trim()}
            onPointerDown={(event) => event.preventDefault()}
          >
            {t('review.send')}
          </button>
        </div>
      )}
      {problem && (
        <p className={styles.problem} role="alert">
          {t(`review.failed.${problem}`)}
        </p>
      )}
    </form>
  );
}
