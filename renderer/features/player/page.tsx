import '@fontsource-variable/inter/index.css';
import './page.css';
import i18next from 'i18next';
import { useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { create } from 'zustand';
import type { SessionEvent } from '../../../contract/session.ts';
import type { Viewing, ViewingEnd } from '../../../contract/viewing.ts';
import { player as en } from '../../i18n/en/player.ts';
import { review as enReview } from '../../i18n/en/review.ts';
import { player as ptBR } from '../../i18n/pt-BR/player.ts';
import { review as ptBRReview } from '../../i18n/pt-BR/review.ts';
import { call, on } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { languageOf, setLanguage } from '../../store/language.ts';
import { useSettingsStore } from '../../store/settings.ts';
import { bringChinese } from '../../theme/chinese.ts';
import { setGatewayOffset } from './clock.ts';
import { useCoverage } from './coverage.ts';
import type { Engine } from './engine.ts';
import type { Aftermath } from './live/LiveOver.tsx';
import { Opening, Player, Unstarted } from './Player.tsx';
import { nothing } from './use-playback.ts';
import { useFrame } from './window/frame.ts';

type Shown = { state: 'waiting' } | { state: 'failed' } | { state: 'ready'; viewing: Viewing; engine: Engine | null };

type Page = {
  shown: Shown;
  end: ViewingEnd | null;
  /** What has happened in the session of a stream since it was opened. */
  added: SessionEvent[];
  after: Aftermath | null;
};
const useShown = create<Page>(() => ({ shown: { state: 'waiting' }, end: null, added: [], after: null }));

/** Draws the page: first that it opens, then what it is told. */
export function mount(root: HTMLElement): void {
  void i18next.use(initReactI18next).init({
    lng: languageOf('system', navigator.language),
    fallbackLng: 'en',
    resources: {
      en: { translation: { player: en, review: enReview } },
      'pt-BR': { translation: { player: ptBR, review: ptBRReview } },
    },
    interpolation: { escapeValue: false },
  });
  useSettingsStore.subscribe((live) => live.state === 'ready' && speak(languageOf(live.value.language, navigator.language)));
  useConnection.subscribe(
    (live) => live.state === 'ready' && live.value.state !== 'signed-out' && setGatewayOffset(live.value.offsetMs),
  );
  void useSettingsStore.load();
  void useConnection.load();
  on('viewing-window', ({ accessEnd }) => {
    const { shown } = useShown.getState();
    if (shown.state === 'ready') useShown.setState({ shown: { ...shown, viewing: { ...shown.viewing, accessEnd } } });
  });
  on('viewing-events', ({ added }) => useShown.setState((before) => ({ added: [...before.added, ...added] })));
  on('viewing-session', ({ state, recording }) => useShown.setState({ after: { state, recording } }));
  speak(languageOf('system', navigator.language));
  createRoot(root).render(
    <I18nextProvider i18n={i18next}>
      <main>
        <Page />
      </main>
    </I18nextProvider>,
  );
  bringChinese();
}

export function showViewing(viewing: Viewing, engine: Engine | null, end: ViewingEnd | null): void {
  useCoverage.setState({ before: viewing.coverage });
  useFrame.setState({ frame: viewing.frame, fullScreen: viewing.fullScreen });
  useShown.setState((before) => ({ shown: { state: 'ready', viewing, engine }, end: end ?? before.end }));
}

export function showEnd(end: ViewingEnd): void {
  useShown.setState({ end });
}

export function showFailure(): void {
  useShown.setState({ shown: { state: 'failed' } });
}

function Page() {
  const { shown, end, added, after } = useShown();
  const known = shown.state === 'ready' ? shown.viewing.events : nothing;
  const events = useMemo(() => inOrder(known, added), [known, added]);
  switch (shown.state) {
    case 'waiting':
      return <Opening />;
    case 'failed':
      return <Unstarted />;
    case 'ready':
      return (
        <Player
          viewing={{ ...shown.viewing, events }}
          engine={shown.engine}
          end={end}
          after={after}
          onGo={(go) => void call('viewings.toRecording', { go }).catch(() => undefined)}
          onBack={() => void call('viewings.close', { viewingId: shown.viewing.viewingId }).catch(() => undefined)}
        />
      );
    default:
      return shown satisfies never;
  }
}

/** Events in the order of time. */
function inOrder(known: readonly SessionEvent[], added: readonly SessionEvent[]): SessionEvent[] {
  return [...known, ...added].toSorted((one, other) => one.atMs - other.atMs);
}

function speak(language: 'en' | 'pt-BR'): void {
  setLanguage(language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
