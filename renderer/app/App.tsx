import { MantineProvider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect } from 'react';
import { SignIn } from '../features/signin/SignIn.tsx';
import { showLanguage } from '../i18n/index.ts';
import { useAccount } from '../store/account.ts';
import { call } from '../store/bridge.ts';
import { languageOf } from '../store/language.ts';
import { requestsOf } from '../store/requests.ts';
import { useSettings, useSettingsStore } from '../store/settings.ts';
import { theme } from '../theme/theme.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

/** The signed-in part is another chunk: the sign-in form does not wait for it. It is fetched as soon as the form is there. */
const importFrame = () => import('./Frame.tsx');
const Frame = lazy(async () => ({ default: (await importFrame()).Frame }));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

export function App() {
  const settings = useSettings();
  return (
    <MantineProvider theme={theme} forceColorScheme={useColorScheme(settings.theme)} getStyleNonce={() => nonce}>
      <ErrorBoundary>
        <Signed />
      </ErrorBoundary>
    </MantineProvider>
  );
}

function Signed() {
  const account = useAccount();
  useLanguageOfSettings();
  useEffect(() => {
    const idle = requestIdleCallback(() => void importFrame());
    return () => cancelIdleCallback(idle);
  }, []);
  const person = account.state === 'ready' && account.value.state === 'signed-in' ? account.value.user.id : '';
  useEffect(() => requestsOf(person), [person]);

  if (account.state !== 'ready' || account.value.state === 'starting') return null;
  if (account.value.state === 'signed-out') return <SignIn account={account.value} />;
  return (
    <Suspense fallback={<Waiting />}>
      <Frame account={account.value} />
    </Suspense>
  );
}

/** The scheme that holds: the chosen one, or the system's, as it changes. */
function useColorScheme(choice: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  const dark = useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false });
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice;
}

function useLanguageOfSettings(): void {
  const { language } = useSettings();
  const live = useSettingsStore();
  useEffect(() => {
    if (live.state !== 'ready') return;
    if (language !== 'system') void showLanguage(language);
    else void call('app.about').then(({ locale }) => showLanguage(languageOf('system', locale)));
  }, [language, live.state]);
}
