import { useTranslation } from 'react-i18next';
import type { Review } from '../../../../contract/review.ts';
import type { Live } from '../../../store/live.ts';
import type { Engine } from '../engine.ts';
import { usePlayback } from '../use-playback.ts';
import { CommentRow } from './CommentRow.tsx';
import { Compose } from './Compose.tsx';
import styles from './Review.module.css';
import { Verdicts } from './Verdicts.tsx';

/** What is said about the session: verdicts, comments in step with the picture, and a place to write one. */
export function CommentPane({
  engine,
  sessionId,
  seekable,
  live,
  onLoad,
  onReview,
}: {
  engine: Engine;
  sessionId: string;
  seekable: boolean;
  live: Live<Review>;
  onLoad: () => void;
  onReview: (review: Review) => void;
}) {
  const { t } = useTranslation();
  const review = live.state === 'ready' ? live.value : null;
  const current = usePlayback(engine, (playback) =>
    seekable && review ? (review.comments.findLast(({ atMs }) => atMs <= playback.positionMs + 2)?.id ?? null) : null,
  );
  if (live.state === 'failed')
    return (
      <div className={styles.quiet} role="alert">
        <p>{t('review.loadFailed')}</p>
        <button type="button" className={styles.button} onClick={onLoad}>
          {t('review.retry')}
        </button>
      </div>
    );
  if (!review) return <div className={styles.list} aria-busy="true" />;
  const mayWrite = review.may.comment.allowed;
  return (
    <>
      <div className={styles.list}>
        <Verdicts sessionId={sessionId} review={review} onReview={onReview} onOpen={onLoad} />
        {review.comments.length === 0 && (
          <p className={styles.quiet}>
            {t('review.none')} {mayWrite && t('review.noneHint')}
          </p>
        )}
        <ol className={styles.comments}>
          {review.comments.map((comment) => (
            <CommentRow
              key={comment.id}
              sessionId={sessionId}
              comment={comment}
              current={comment.id === current}
              onSeek={seekable ? engine.seek : null}
              onReview={onReview}
            />
          ))}
        </ol>
        {review.hidden > 0 && <p className={styles.quiet}>{t('review.hidden', { count: review.hidden })}</p>}
      </div>
      {review.may.comment.allowed ? (
        <Compose engine={engine} sessionId={sessionId} onReview={onReview} />
      ) : (
        <p className={styles.quiet}>{t(review.may.comment.why === 'RECORDED_PERSON' ? 'review.mayNotOwn' : 'review.mayNot')}</p>
      )}
    </>
  );
}
