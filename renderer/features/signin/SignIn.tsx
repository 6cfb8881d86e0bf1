import { Button, Checkbox, CloseButton, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import type { Account, RememberedAccount } from '../../../contract/identity.ts';
import { useAccount } from '../../store/account.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { useTimes } from '../../store/time.ts';
import { useFailureTexts } from '../../ui/Failure.tsx';
import { FailureDetail } from '../../ui/FailureDetail.tsx';
import type { FailureText } from '../../ui/failure-text.ts';
import classes from './SignIn.module.css';

type SignedOut = Extract<Account, { state: 'signed-out' }>;

/** The way in. The password is in its box and nowhere else; what was typed stays when it did not work. */
export function SignIn({ account }: { account: SignedOut }) {
  const { t } = useTranslation();
  const [gateway, setGateway] = useState(account.suggestedGateway);
  const [userName, setUserName] = useState(
    account.remembered.find((one) => one.gateway === account.suggestedGateway)?.userName ?? '',
  );
  const [password, setPassword] = useState('');
  const [oneTimeCode, setOneTimeCode] = useState('');
  const [codeNeeded, setCodeNeeded] = useState(false);
  const [remember, setRemember] = useState(true);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const textOf = useFailureTexts();
  const times = useTimes();
  const codeBox = useRef<HTMLInputElement>(null);
  const passwordBox = useRef<HTMLInputElement>(null);
  const canRemember = account.keychain === 'ok';

  useEffect(() => {
    if (codeNeeded) codeBox.current?.focus();
  }, [codeNeeded]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const input = {
        gateway,
        userName,
        password,
        remember: remember && canRemember,
        ...(codeNeeded && oneTimeCode ? { oneTimeCode } : {}),
      };
      const signedIn = await call('account.signIn', input);
      setPassword('');
      setOneTimeCode('');
      useAccount.set(signedIn);
    } catch (error) {
      const found = failureOf(error);
      if (found.code === 'ONE_TIME_CODE_NEEDED' && !codeNeeded) setCodeNeeded(true);
      else setFailure(found);
      if (found.code === 'SIGN_IN_FAILED') (codeNeeded ? codeBox : passwordBox).current?.select();
      setBusy(false);
    }
  }

  async function change(...[name, input]: ['account.retryKeychain', input?: undefined] | ['account.forget', { id: string }]) {
    try {
      useAccount.set(name === 'account.forget' ? await call(name, input) : await call(name));
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  function take({ gateway: address, userName: name }: RememberedAccount) {
    setGateway(address);
    setUserName(name);
    setCodeNeeded(false);
    setFailure(null);
    passwordBox.current?.focus();
  }

  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <span className={classes.mark} aria-hidden />
          <div>
            <h1 className={classes.title}>{t('common.product')}</h1>
            <p className={classes.lead}>{t('signin.lead')}</p>
          </div>
        </div>
        <form className={classes.fields} onSubmit={submit} aria-label={t('signin.title')}>
          {account.why === 'sign-in-ended' && !failure && <p className={classes.notice}>{t('signin.ended')}</p>}
          {account.unsentMs > 0 && !failure && (
            <p className={classes.notice}>{t('signin.unsent', { length: times.length(account.unsentMs) })}</p>
          )}
          {account.why === 'wiped' && !failure && <p className={classes.notice}>{t('signin.wiped')}</p>}
          <TextInput
            label={t('signin.gateway')}
            placeholder={t('signin.gatewayHint')}
            value={gateway}
            onChange={(event) => setGateway(event.currentTarget.value)}
            spellCheck={false}
            autoFocus={gateway === ''}
          />
          <TextInput
            label={t('signin.userName')}
            value={userName}
            onChange={(event) => setUserName(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            autoFocus={gateway !== '' && userName === ''}
          />
          <PasswordInput
            ref={passwordBox}
            label={t('signin.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="off"
            autoFocus={gateway !== '' && userName !== ''}
            visibilityToggleButtonProps={{ 'aria-hidden': true, tabIndex: -1 }}
          />
          {codeNeeded && (
            <TextInput
              ref={codeBox}
              label={t('signin.oneTimeCode')}
              description={t('signin.oneTimeCodeHint')}
              value={oneTimeCode}
              onChange={(event) => setOneTimeCode(event.currentTarget.value)}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={10}
            />
          )}
          <Checkbox
            label={t('signin.stay')}
            checked={remember && canRemember}
            disabled={!canRemember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
            size="xs"
          />
          {!canRemember && <Keychain account={account} onRetry={() => change('account.retryKeychain')} />}
          {failure && <Problem text={textOf(failure)} />}
          <Button
            type="submit"
            fullWidth
            loading={busy}
            disabled={gateway.trim() === '' || userName.trim() === '' || password === ''}
          >
            {t('signin.submit')}
          </Button>
        </form>
        {account.remembered.length > 0 && (
          <ul className={classes.accounts} aria-label={t('signin.remembered')}>
            {account.remembered.map((one) => (
              <li key={one.id}>
                <button type="button" className={classes.account} onClick={() => take(one)}>
                  {one.displayName}
                  <small>
                    {one.userName} · {one.gateway}
                  </small>
                </button>
                <CloseButton
                  aria-label={t('signin.forget', { name: one.displayName })}
                  onClick={() => change('account.forget', { id: one.id })}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

/** Why nothing can be remembered, and the way to try again where that may help. */
function Keychain({ account: { keychain, why }, onRetry }: { account: SignedOut; onRetry: () => void }) {
  const { t } = useTranslation();
  if (keychain === 'ok') return null;
  return (
    <div className={classes.notice}>
      <p>{why === 'keychain-locked' ? t('signin.keychainWaits') : t(`signin.keychain.${keychain}`)}</p>
      {keychain !== 'absent' && keychain !== 'restarted' && (
        <Button size="compact-xs" variant="default" onClick={onRetry}>
          {t('common.actions.retry')}
        </Button>
      )}
    </div>
  );
}

function Problem({ text: { what, todo, detail } }: { text: FailureText }) {
  return (
    <div className={classes.problem} role="alert">
      <p>{what}</p>
      <p>{todo}</p>
      <FailureDetail detail={detail} />
    </div>
  );
}
