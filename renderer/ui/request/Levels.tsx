import { useTranslation } from 'react-i18next';
import { type AccessRequest, approvalsAt, type Level, type RequesterContext } from '../../../contract/request.ts';
import { useTimes } from '../../store/time.ts';
import { Badge } from '../Badge.tsx';
import classes from './RequestDetails.module.css';

/** How far the approval has come, level by level: who has decided, who may still decide, how it ended. */
export function Levels({
  request,
  mayDecide,
}: {
  request: AccessRequest;
  mayDecide?: RequesterContext['mayDecide'] | undefined;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const { state, levels } = request;
  const end = state.status === 'expired' || state.status === 'canceled' || state.status === 'revoked' ? state : null;
  return (
    <ol className={classes.levels}>
      {levels.map((level) => (
        <li key={level.level}>
          <div className={classes.level}>
            <span>
              {levels.length > 1 && <strong>{t('requests.levelName', { level: level.level })} </strong>}
              {level.group.name}
            </span>
            <Standing request={request} level={level} />
          </div>
          {request.decisions
            .filter((one) => one.level === level.level)
            .map(({ by, verdict, comment, at }) => (
              <div key={by.id} className={classes.decision}>
                <strong>{t(`requests.decided.${verdict}`, { name: by.displayName })}</strong>{' '}
                <span className={classes.quiet}>{times.moment(at)}</span>
                {comment && <p>{comment}</p>}
              </div>
            ))}
          <MayDecide people={mayDecide?.find((one) => one.level === level.level)?.people} request={request} level={level} />
        </li>
      ))}
      {end && (
        <li>
          <strong>{t(`requests.ended.${end.status}`, { name: 'by' in end ? end.by.displayName : '' })}</strong>{' '}
          <span className={classes.quiet}>{times.moment(end.at)}</span>
          {'comment' in end && end.comment && <p className={classes.said}>{end.comment}</p>}
        </li>
      )}
    </ol>
  );
}

function MayDecide({
  people,
  request,
  level,
}: {
  people: RequesterContext['mayDecide'][number]['people'] | undefined;
  request: AccessRequest;
  level: Level;
}) {
  const { t } = useTranslation();
  if (!people || request.state.status !== 'pending') return null;
  const names = people.map(({ displayName }) => displayName).join(', ');
  const now = request.state.level === level.level;
  return (
    <div className={classes.quiet}>
      {names === '' ? t('requests.mayDecide.nobody') : t(now ? 'requests.mayDecide.now' : 'requests.mayDecide.later', { names })}
    </div>
  );
}

/** Where a level stands, in a word and a tone. */
function Standing({ request, level }: { request: AccessRequest; level: Level }) {
  const { t } = useTranslation();
  const counts = { given: approvalsAt(request, level.level), needed: level.needed };
  const { state } = request;
  if (request.decisions.some((one) => one.level === level.level && one.verdict === 'reject'))
    return <Badge tone="bad" text={t('requests.standing.rejected')} />;
  if (counts.given >= counts.needed) return <Badge tone="good" text={t('requests.standing.granted', counts)} />;
  if (state.status !== 'pending') return <Badge tone="chip" text={t('requests.standing.never', counts)} />;
  if (state.level === level.level) return <Badge tone="warn" text={t('requests.standing.waiting', counts)} />;
  return <Badge tone="chip" text={t('requests.standing.later')} />;
}
