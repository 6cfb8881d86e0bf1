import '@fontsource-variable/inter/index.css';
import './page.css';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { create } from 'zustand';
import type { Viewing, ViewingEnd } from '../../../contract/viewing.ts';
import { player as en } from '../../i18n/en/player.ts';
import { player as ptBR } from '../../i18n/pt-BR/player.ts';
import { call, on } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { languageOf, setLanguage } from '../../store/language.ts';
import { useSettingsStore } from '../../store/settings.ts';
import { setGatewayOffset } from './clock.ts';
import type { Engine } from './engine.ts';
import { Opening, Player, Unstarted } from './Player.tsx';

type Shown = { state: 'waiting' } | { state: 'failed' } | { state: 'ready'; viewing: Viewing; engine: Engine | null };

const useShown = create<{ shown: Shown; end: ViewingEnd | null }>(() => ({ shown: { state: 'waiting' }, end: null }));

/** Draws the page: first that it opens, then what it is told. */
export function mount(root: HTMLElement): void {
  void i18next.use(initReactI18next).init({
    lng: languageOf('system', navigator.language),
    fallbackLng: 'en',
    resources: { en: { translation: { player: en } }, 'pt-BR': { translation: { player: ptBR } } },
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
  speak(languageOf('system', navigator.language));
  createRoot(root).render(
    <I18nextProvider i18n={i18next}>
      <main>
        <Page />
      </main>
    </I18nextProvider>,
  );
}

export function showViewing(viewing: Viewing, engine: Engine | null, end: ViewingEnd | null): void {
  useShown.setState((before) => ({ shown: { state: 'ready', viewing, engine }, end: end ?? before.end }));
}

export function showEnd(end: ViewingEnd): void {
  useShown.setState({ end });
}

export function showFailure(): void {
  useShown.setState({ shown: { state: 'failed' } });
}

function Page() {
  const { shown, end } = useShown();
  switch (shown.state) {
    case 'waiting':
      return <Opening />;
    case 'failed':
      return <Unstarted />;
    case 'ready':
      return (
        <Player
          viewing={shown.viewing}
          engine={shown.engine}
          end={end}
          onBack={() => void call('viewings.close', { viewingId: shown.viewing.viewingId }).catch(() => undefined)}
        />
      );
    default:
      return shown satisfies never;
  }
}

function speak(language: 'en' | 'pt-BR'): void {
  setLanguage(language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
