import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comment, Review } from '../../../../contract/review.ts';
import { call } from '../../../store/bridge.ts';
import { failureOf } from '../../../store/live.ts';
import { useTimes } from '../../../store/time.ts';
import { type Problem, problemOf } from '../../../store/use-audit.ts';
import { positionText } from '../position.ts';
import styles from './Review.module.css';

/** A comment: where, by whom, when, and what it says. Its author can withdraw it, and is asked once whether that is meant. */
export function CommentRow({
  sessionId,
  comment: { id, atMs, author, text, createdAt, mine, withdrawnAt },
  current,
  onSeek,
  onReview,
}: {
  sessionId: string;
  comment: Comment;
  current: boolean;
  onSeek: ((ms: number) => void) | null;
  onReview: (review: Review) => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const at = positionText(atMs);
  async function withdraw(): Promise<void> {
    setAsking(false);
    try {
      onReview(await call('review.withdraw', { sessionId, commentId: id }));
    } catch (error) {
      setProblem(problemOf(failureOf(error).code));
    }
  }
  return (
    <li className={styles.comment} aria-current={current ? 'true' : undefined}>
      <div className={styles.byline}>
        {onSeek ? (
          <button type="button" className={styles.at} aria-label={t('review.goTo', { at })} onClick={() => onSeek(atMs)}>
            {at}
          </button>
        ) : (
          <span className={styles.at}>{at}</span>
        )}
        <strong title={author.userName}>{author.displayName}</strong>
        <span className={styles.when}>{times.moment(createdAt)}</span>
      </div>
      {withdrawnAt === null ? (
        <p>{text}</p>
      ) : (
        <p className={styles.withdrawn}>{t('review.withdrawn', { at: times.said(withdrawnAt) })}</p>
      )}
      {mine && withdrawnAt === null && !asking && (
        <button
          type="button"
          className={styles.plain}
          aria-label={t('review.withdrawLabel', { at })}
          onClick={() => {
            setProblem(null);
            setAsking(true);
          }}
        >
          {t('review.withdraw')}
        </button>
      )}
      {asking && (
        <div className={styles.sure} role="alert">
          <p>{t('review.withdrawSure')}</p>
          <button type="button" className={styles.button} onClick={() => void withdraw()}>
            {t('review.yes')}
          </button>
          <button type="button" className={styles.button} onClick={() => setAsking(false)}>
            {t('review.no')}
          </button>
        </div>
      )}
      {problem && (
        <p className={styles.problem} role="alert">
          {t(`review.failed.${problem}`)}
        </p>
      )}
    </li>
  );
}
