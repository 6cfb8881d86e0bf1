import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { useFailureTexts } from '../../ui/Failure.tsx';
import classes from './DecisionPanel.module.css';

/** Asks for the password or a one-time code again. What is typed goes to main once and is gone from here at once. */
export function StepUp({
  how,
  onProved,
  onGiveUp,
}: {
  how: 'password' | 'one-time-code';
  onProved: () => void;
  onGiveUp: () => void;
}) {
  const { t } = useTranslation();
  const textOf = useFailureTexts();
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function prove(event: FormEvent) {
    event.preventDefault();
    if (secret === '') return;
    setBusy(true);
    setSecret('');
    setFailure(null);
    try {
      await call('account.stepUp', how === 'password' ? { how, password: secret } : { how, oneTimeCode: secret });
      onProved();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  }

  const { what, todo } = failure ? textOf(failure) : { what: null, todo: null };
  const shared = {
    label: t(`requests.stepUp.${how}`),
    value: secret,
    error: what && `${what} ${todo}`,
    autoFocus: true,
    'data-autofocus': true,
    onChange: (event: { currentTarget: HTMLInputElement }) => setSecret(event.currentTarget.value),
  };
  return (
    <form className={classes.prove} onSubmit={prove} aria-label={t('requests.stepUp.label')}>
      {how === 'password' ? (
        <PasswordInput {...shared} autoComplete="off" maxLength={1000} />
      ) : (
        <TextInput {...shared} inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
      )}
      <Button type="submit" loading={busy} disabled={secret === ''}>
        {t('requests.stepUp.confirm')}
      </Button>
      <Button variant="default" onClick={onGiveUp}>
        {t('common.actions.cancel')}
      </Button>
    </form>
  );
}
