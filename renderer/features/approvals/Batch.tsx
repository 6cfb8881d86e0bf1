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
import { seenOf } from './differences.ts';
import { StepUp } from './StepUp.tsx';

type Verdict = 'approve' | 'reject';
type Result = { name: 'done' } | { name: 'failed'; failure: Failure };

/** What may still be decided here: the rest is as it was seen no more, or nothing is left to decide. */
const isLeft = (result: Result | undefined) =>
  result === undefined || (result.name === 'failed' && ['COMMENT_REQUIRED', 'INTERNAL'].includes(result.failure.code));

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
  const left = shown.filter(({ request }) => isLeft(results[request.id]));
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
      for (const one of told) if (!one.decided && one.failure.code === 'STALE_VERSION') keepForCard(one.id);
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

  /** What changed is shown by the request's own card, which finds there what was seen and typed here. */
  function keepForCard(requestId: string): void {
    const request = shown.find((one) => one.request.id === requestId)?.request;
    if (!request) return;
    const draft = { requestId, seen: seenOf(request), comment: commentOf(requestId), window: null };
    void call('decisionDrafts.put', draft).catch(() => undefined);
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
              ) : result?.name === 'failed' && !isLeft(result) ? (
                <p className={classes.refused} role="status">
                  {textOf(result.failure).what} {result.failure.code === 'STALE_VERSION' && t('requests.batch.look')}
                </p>
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
