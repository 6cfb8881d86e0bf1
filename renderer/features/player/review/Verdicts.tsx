import { useTranslation } from 'react-i18next';
import { maxCommentLength, objects, type Review } from '../../../../contract/review.ts';
import { auditVerdicts } from '../../../../contract/session.ts';
import { useTimes } from '../../../store/time.ts';
import { useAudit } from '../../../store/use-audit.ts';
import styles from './Review.module.css';

/** The verdicts that count, and the way to give one's own. */
export function Verdicts({
  sessionId,
  review,
  onReview,
  onOpen,
}: {
  sessionId: string;
  review: Review;
  onReview: (review: Review) => void;
  /** What one may do is asked anew: the record has grown meanwhile. */
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const audit = useAudit(sessionId, onReview);
  const { mark } = review.may;
  const never = !mark.allowed && mark.why !== 'NOT_WATCHED';
  const counting = review.marks.filter((one) => one.counts);
  if (never && counting.length === 0) return null;
  return (
    <section className={styles.verdicts} aria-label={t('review.audited')}>
      {counting.map(({ id, verdict, auditor, at, text }) => (
        <div key={id} className={styles.mark} data-verdict={verdict}>
          <span className={styles.verdict}>{t(`review.verdicts.${verdict}`)}</span>
          <strong title={auditor.userName}>{auditor.displayName}</strong>
          <span className={styles.when}>{times.moment(at)}</span>
          {text && <p>{text}</p>}
        </div>
      ))}
      {!never && !audit.open && (
        <button
          type="button"
          className={styles.button}
          onClick={() => {
            onOpen();
            audit.begin();
          }}
        >
          {t(counting.some((one) => one.mine) ? 'review.markAgain' : 'review.mark')}
        </button>
      )}
      {!never && audit.open && (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void audit.save();
          }}
        >
          <fieldset>
            <legend>{t('review.verdict')}</legend>
            {auditVerdicts.map((verdict) => (
              <label key={verdict}>
                <input
                  type="radio"
                  name="verdict"
                  checked={audit.verdict === verdict}
                  onChange={() => audit.setVerdict(verdict)}
                />
                {t(`review.verdicts.${verdict}`)}
              </label>
            ))}
          </fieldset>
          <textarea
            rows={3}
            value={audit.text}
            maxLength={maxCommentLength}
            aria-label={t(audit.verdict && objects(audit.verdict) ? 'review.why' : 'review.whyOptional')}
            placeholder={t(audit.verdict && objects(audit.verdict) ? 'review.why' : 'review.whyOptional')}
            onChange={(event) => audit.setText(event.currentTarget.value)}
          />
          {audit.problem && (
            <p className={styles.problem} role="alert">
              {t(`review.failed.${audit.problem}`)}
            </p>
          )}
          <div className={styles.sending}>
            <button type="button" className={styles.button} onClick={audit.cancel}>
              {t('review.cancel')}
            </button>
            <button type="submit" className={styles.primary} aria-disabled={audit.busy}>
              {t('review.save')}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
