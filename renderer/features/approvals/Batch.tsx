import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import type { AccessRequest } from '../../../contract/request.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { useFailureTexts } from '../../ui/Failure.tsx';
import classes from './Batch.module.css';
import { StepUp } from './StepUp.tsx';

type Verdict = 'approve' | 'reject';
type Result = { name: 'done' } | { name: 'failed'; failure: Failure };

/** Several requests decided in one go, where the policy allows it: a comment each, a result each. `onClose` hears which are done. */
export function Batch({
  requests,
  onClose,
}: {
  requests: readonly AccessRequest[];
  onClose: (done: ReadonlySet<string>) => void;
}) {
  const { t } = useTranslation();
  const textOf = useFailureTexts();
  // As they were chosen: what is decided leaves the list behind, not this one.
  const [shown] = useState(() => requests.map((request) => ({ request, key: crypto.randomUUID() as string })));
  const [comments, setComments] = useState<Record<string, string>>({});
  const [results, setResults] = useState<Record<string, Result>>({});
  const [busy, setBusy] = useState<Verdict | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [proving, setProving] = useState<{ verdict: Verdict; how: 'password' | 'one-time-code' } | null>(null);
  const [lacking, setLacking] = useState(false);
  const left = shown.filter(({ request }) => results[request.id]?.name !== 'done');
  const commentOf = (id: string) => comments[id] ?? '';
  const done = new Set(Object.keys(results).filter((id) => results[id]?.name === 'done'));

  async function run(verdict: Verdict) {
    setLacking(verdict === 'reject');
    if (verdict === 'reject' && left.some(({ request }) => commentOf(request.id).trim() === '')) return;
    setBusy(verdict);
    setFailure(null);
    setProving(null);
    try {
      const { results: told } = await call('requests.decideMany', {
        decisions: left.map(({ request, key }) => ({
          key,
          id: request.id,
          version: request.version,
          verdict,
          comment: commentOf(request.id),
        })),
      });
      setResults((before) => ({
        ...before,
        ...Object.fromEntries(
          told.map((one): [string, Result] => [
            one.id,
            one.decided ? { name: 'done' } : { name: 'failed', failure: one.failure as Failure },
          ]),
        ),
      }));
    } catch (error) {
      const why = failureOf(error);
      if (why.code === 'STEP_UP_NEEDED') setProving({ verdict, how: why.data.how });
      else setFailure(why);
    } finally {
      setBusy(null);
    }
  }

  return (
    <Modal
      opened
      onClose={() => onClose(done)}
      title={t('requests.batch.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.actions.close') }}
    >
      <p className={classes.text}>{t('requests.batch.text')}</p>
      <ul className={classes.rows}>
        {shown.map(({ request }) => {
          const result = results[request.id];
          const { session, requester } = request;
          return (
            <li key={request.id} className={classes.row}>
              <div className={classes.who}>
                <strong>{requester.displayName}</strong>
                <span>{[t(`common.kind.${request.kind}`), session.id, session.device].join(' · ')}</span>
                <span className={classes.why}>{request.justification}</span>
              </div>
              {result?.name === 'done' ? (
                <Badge tone="good" text={t('requests.batch.done')} />
              ) : (
                <TextInput
                  aria-label={t('requests.batch.comment', { name: requester.displayName, session: session.id })}
                  placeholder={t('requests.comment')}
                  maxLength={2000}
                  value={commentOf(request.id)}
                  error={
                    result?.name === 'failed'
                      ? textOf(result.failure).what
                      : lacking && commentOf(request.id).trim() === '' && t('requests.batch.commentNeeded')
                  }
                  onChange={(event) => {
                    const text = event.currentTarget.value;
                    setComments((before) => ({ ...before, [request.id]: text }));
                  }}
                />
              )}
            </li>
          );
        })}
      </ul>
      {failure && <ActionFailure failure={failure} />}
      {proving && <StepUp how={proving.how} onProved={() => void run(proving.verdict)} onGiveUp={() => setProving(null)} />}
      <Group mt="md" justify="flex-end">
        {left.length === 0 ? (
          <Button onClick={() => onClose(done)}>{t('common.actions.close')}</Button>
        ) : (
          <>
            <Button variant="default" c="var(--bad-text)" loading={busy === 'reject'} onClick={() => run('reject')}>
              {t('requests.batch.reject')}
            </Button>
            <Button loading={busy === 'approve'} onClick={() => run('approve')}>
              {t('requests.batch.approve')}
            </Button>
          </>
        )}
      </Group>
    </Modal>
  );
}
