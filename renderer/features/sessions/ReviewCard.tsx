import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditMark, Comment, Review } from '../../../contract/review.ts';
import type { Session } from '../../../contract/session.ts';
import { useReview } from '../../store/review.ts';
import { useTimes } from '../../store/time.ts';
import { useAudit } from '../../store/use-audit.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { AuditForm } from './AuditForm.tsx';
import classes from './ReviewCard.module.css';
import { useSteps } from './steps.ts';

const tones: Record<AuditMark['verdict'], Tone> = { 'nothing-to-object': 'good', 'follow-up': 'warn', violation: 'bad' };

/** What is said about a session: verdicts and comments, who and when; and the way to give a verdict of one's own. */
export function ReviewCard({ session }: { session: Session }) {
  const { t } = useTranslation();
  const sessionId = session.id;
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
        <Said session={session} review={live.value} onReview={take} />
      )}
    </section>
  );
}

function Said({ session, review, onReview }: { session: Session; review: Review; onReview: (review: Review) => void }) {
  const { t } = useTranslation();
  const steps = useSteps();
  const audit = useAudit(session.id, onReview);
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
              <Row key={comment.id} comment={comment} onGo={() => steps.go(session, comment.atMs)} />
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

type RowProps = { comment: Comment; onGo: () => void };

function Row({ comment: { atMs, author, text, createdAt, withdrawnAt }, onGo }: RowProps) {
  const { t } = useTranslation();
  const { duration, moment, said } = useTimes();
  return (
    <li>
      <button type="button" className={classes.at} aria-label={t('review.watchFrom', { at: duration(atMs) })} onClick={onGo}>
        {duration(atMs)}
      </button>
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
