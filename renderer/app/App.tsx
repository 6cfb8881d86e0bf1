import { lazy, Suspense, useEffect, useState } from 'react';
import { SignIn } from '../features/signin/SignIn.tsx';
import { useAccount } from '../store/account.ts';
import { Failure } from '../ui/Failure.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import classes from './App.module.css';
import { Closing } from './Closing.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Messages } from './Messages.tsx';
import { Themed } from './Themed.tsx';
import { useIntents } from './use-intents.ts';
import { useLanguageOfSettings } from './use-language.ts';
import { useStorageNotices } from './use-storage-notices.ts';

/** The signed-in part is in chunks of its own: the sign-in form does not wait for it. It is fetched as soon as the form is there. */
async function importSignedIn() {
  const [{ Frame: frame }] = await Promise.all([import('./Frame.tsx'), import('../features/sessions/SessionsScreen.tsx')]);
  return { default: frame };
}
const Frame = lazy(importSignedIn);

export function App() {
  return (
    <Themed>
      <ErrorBoundary>
        <SignedInOrNot />
        <Messages />
        <Closing />
      </ErrorBoundary>
    </Themed>
  );
}

function SignedInOrNot() {
  const account = useAccount();
  const languageShown = useLanguageOfSettings();
  useStorageNotices(languageShown);
  const signedIn = account.state === 'ready' && account.value.state === 'signed-in';
  useIntents(signedIn);
  const leaving = useCleanLeave(signedIn);
  useEffect(() => {
    const idle = requestIdleCallback(() => void importSignedIn());
    return () => cancelIdleCallback(idle);
  }, []);

  if (account.state === 'failed') return <Failure failure={account.failure} onRetry={() => void useAccount.load()} />;
  if (account.state === 'waiting' || account.value.state === 'starting' || !languageShown || leaving) return <Starting />;
  if (account.value.state === 'signed-out') return <SignIn account={account.value} />;
  return (
    <Suspense fallback={<Starting />}>
      <Frame account={account.value} />
    </Suspense>
  );
}

/** Whoever signs out takes everything along: the page begins anew, and nothing that was seen stays in its memory. */
function useCleanLeave(signedIn: boolean): boolean {
  const [wasSignedIn, setWasSignedIn] = useState(false);
  if (signedIn && !wasSignedIn) setWasSignedIn(true);
  const leaving = wasSignedIn && !signedIn;
  useEffect(() => {
    if (leaving) window.location.reload();
  }, [leaving]);
  return leaving;
}

/** Nothing at first, so that a quick start does not flicker; after a while that it is still going on. */
function Starting() {
  return (
    <div className={classes.starting}>
      <Waiting />
    </div>
  );
}
