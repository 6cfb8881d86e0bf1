import '../theme/signed-in.css';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../contract/identity.ts';
import { useConnection } from '../store/connection.ts';
import { useAsking } from '../store/justification.ts';
import { requestsOf } from '../store/requests.ts';
import { type Route, useRoute } from '../store/route.ts';
import { useViewings } from '../store/watch.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import classes from './Frame.module.css';
import { Sidebar } from './Sidebar.tsx';
import { StatusBar } from './StatusBar.tsx';

const SessionsScreen = lazy(async () => ({ default: (await import('../features/sessions/SessionsScreen.tsx')).SessionsScreen }));
const SessionScreen = lazy(async () => ({ default: (await import('../features/sessions/SessionScreen.tsx')).SessionScreen }));
const MyRequestsScreen = lazy(async () => ({
  default: (await import('../features/requests/MyRequestsScreen.tsx')).MyRequestsScreen,
}));
const ApprovalsScreen = lazy(async () => ({
  default: (await import('../features/approvals/ApprovalsScreen.tsx')).ApprovalsScreen,
}));
const HistoryScreen = lazy(async () => ({ default: (await import('../features/history/HistoryScreen.tsx')).HistoryScreen }));
const SettingsScreen = lazy(async () => ({ default: (await import('../features/settings/SettingsScreen.tsx')).SettingsScreen }));
const PlayerSlot = lazy(async () => ({ default: (await import('../features/player/PlayerSlot.tsx')).PlayerSlot }));
const Justification = lazy(async () => ({
  default: (await import('../features/justification/Justification.tsx')).Justification,
}));

/** What surrounds every screen of somebody who is signed in. */
export function Frame({ account }: { account: Extract<Account, { state: 'signed-in' }> }) {
  const { t } = useTranslation();
  const { route } = useRoute();
  const { asking } = useAsking();
  useEffect(() => void useConnection.load(), []);
  useEffect(() => void useViewings.load(), []);
  useEffect(() => requestsOf(account.user.id), [account.user.id]);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t('common.nav.skip')}
      </a>
      <Sidebar account={account} route={route} />
      <div className={classes.content}>
        <ConnectionBanner gatewayName={account.gatewayName} />
        <main id="content" className={classes.main} tabIndex={-1}>
          <ErrorBoundary key={route.name === 'session' ? route.id : route.name}>
            <Suspense fallback={<Waiting />}>
              <Screen route={route} />
            </Suspense>
          </ErrorBoundary>
        </main>
        <StatusBar />
      </div>
      <Suspense>{asking && <Justification />}</Suspense>
    </div>
  );
}

function Screen({ route }: { route: Route }) {
  switch (route.name) {
    case 'sessions':
      return <SessionsScreen />;
    case 'session':
      return <SessionScreen key={route.id} id={route.id} />;
    case 'history':
      return <HistoryScreen />;
    case 'my-requests':
      return <MyRequestsScreen requestId={route.requestId} />;
    case 'approvals':
      return <ApprovalsScreen requestId={route.requestId} />;
    case 'settings':
      return <SettingsScreen />;
    case 'watch':
      return <PlayerSlot key={route.viewingId} viewingId={route.viewingId} />;
    default:
      return route satisfies never;
  }
}
