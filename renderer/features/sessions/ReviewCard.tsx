import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditMark, Comment, Review } from '../../../contract/review.ts';
import { useReview } from '../../store/review.ts';
import { useTimes } from '../../store/time.ts';
import { useAudit } from '../../store/use-audit.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { AuditForm } from './AuditForm.tsx';
import classes from './ReviewCard.module.css';

const tones: Record<AuditMark['verdict'], Tone> = { 'nothing-to-object': 'good', 'follow-up': 'warn', violation: 'bad' };

/** What is said about a session: verdicts and comments, who and when; and the way to give a verdict of one's own. */
export function ReviewCard({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const { live, load, take } = useReview(sessionId);
  if (live.state === 'waiting') return null;
  return (
    <section className={classes.card} aria-label={t('sessions.details.review')}>
      {live.state === 'failed' ? (
        <>
          <h2>{t('sessions.details.review')}</h2>
          <div className={classes.failed} role="alert">
            <p>{t('review.loadFailed')}</p>
            <Button variant="default" size="compact-sm" onClick={load}>
              {t('review.retry')}
            </Button>
          </div>
        </>
      ) : (
        <Said sessionId={sessionId} review={live.value} onReview={take} />
      )}
    </section>
  );
}

function Said({ sessionId, review, onReview }: { sessionId: string; review: Review; onReview: (review: Review) => void }) {
  const { t } = useTranslation();
  const audit = useAudit(sessionId, onReview);
  const { marks, comments, hidden, may } = review;
  return (
    <>
      <header className={classes.head}>
        <h2>{t('sessions.details.review')}</h2>
        {may.mark.allowed && !audit.open && (
          <Button variant="default" size="compact-sm" onClick={audit.begin}>
            {t(marks.some((mark) => mark.mine) ? 'review.markAgain' : 'review.mark')}
          </Button>
        )}
      </header>
      {!may.mark.allowed && may.mark.why === 'RECORDED_PERSON' && <p className={classes.quiet}>{t('review.mayNotOwn')}</p>}
      {may.mark.allowed && audit.open && <AuditForm audit={audit} />}
      {marks.length === 0 ? (
        (may.mark.allowed || may.mark.why === 'NOT_WATCHED') && <p className={classes.quiet}>{t('review.notAudited')}</p>
      ) : (
        <ul className={classes.marks}>
          {marks.map((mark) => (
            <Mark key={mark.id} mark={mark} />
          ))}
        </ul>
      )}
      {comments.length > 0 && (
        <>
          <h3>{t('review.comments')}</h3>
          <ol className={classes.comments}>
            {comments.map((comment) => (
              <Row key={comment.id} comment={comment} />
            ))}
          </ol>
        </>
      )}
      {hidden > 0 && <p className={classes.quiet}>{t('review.hidden', { count: hidden })}</p>}
      {comments.length === 0 && hidden === 0 && may.comment.allowed && <p className={classes.quiet}>{t('review.none')}</p>}
    </>
  );
}

function Mark({ mark: { verdict, auditor, at, text, counts } }: { mark: AuditMark }) {
  const { t } = useTranslation();
  const { moment } = useTimes();
  return (
    <li data-counts={counts}>
      <Badge tone={counts ? tones[verdict] : 'chip'} text={t(`review.verdicts.${verdict}`)} />
      <strong title={auditor.userName}>{auditor.displayName}</strong>
      <span className={classes.when}>
        {moment(at)}
        {!counts && ` · ${t('review.replaced')}`}
      </span>
      {text === null ? <p className={classes.quiet}>{t('review.reasonHidden')}</p> : text !== '' && <p>{text}</p>}
    </li>
  );
}

function Row({ comment: { atMs, author, text, createdAt, withdrawnAt } }: { comment: Comment }) {
  const { t } = useTranslation();
  const { duration, moment, said } = useTimes();
  return (
    <li>
      <span className={classes.at}>{duration(atMs)}</span>
      <div>
        <strong title={author.userName}>{author.displayName}</strong>
        <span className={classes.when}>{moment(createdAt)}</span>
        {withdrawnAt === null ? (
          <p>{text}</p>
        ) : (
          <p className={classes.withdrawn}>{t('review.withdrawn', { at: said(withdrawnAt) })}</p>
        )}
      </div>
    </li>
  );
}
