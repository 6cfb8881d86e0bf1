import { app, type BrowserWindow } from 'electron';
import type { EventPayload } from '../../contract/events.ts';
import type { Intent } from '../../contract/intent.ts';
import { phaseOf } from '../../contract/request.ts';
import { pauseEndMs } from '../../contract/settings.ts';
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Bridges } from '../ipc.ts';
import type { Log } from '../log.ts';
import type { DecisionWindows } from '../requests/decision-windows.ts';
import type { RequestService } from '../requests/service.ts';
import { languageOf } from '../settings/language.ts';
import type { SettingsStore } from '../settings/store.ts';
import { createAttention } from './attention.ts';
import { isTrayThere } from './desktop-bus.ts';
import { createLinks, type Links } from './links.ts';
import { createNotifier } from './notify.ts';
import { en, type ShellTexts } from './texts/en.ts';
import { ptBR } from './texts/pt-BR.ts';
import { createTray } from './tray.ts';
import { type TrayAction, trayModel } from './tray-model.ts';

/** The app outside its window: tray, badge, notices, and the ways that lead back in. */
export interface Presence {
  links: Links;
  /** Somebody is signed in. */
  begin(): void;
  /** Nobody is any more. */
  end(): void;
  heard(change: EventPayload<'requests'>): void;
  /** Clocks, settings or the line have changed. */
  recheck(): void;
  /** The window went out of sight and the app goes on. */
  hidden(): Promise<void>;
  stop(): void;
}

export function createPresence(roles: {
  window(): BrowserWindow;
  personId(): string | null;
  clock: Clock;
  settings: Pick<SettingsStore, 'get' | 'change'>;
  requests: Pick<RequestService, 'list' | 'get'>;
  decisions: Pick<DecisionWindows, 'open'>;
  archive: Pick<Archive, 'call'>;
  bridges: Pick<Bridges, 'publish'>;
  log: Log;
}): Presence {
  const { window, personId, clock, settings, requests, decisions, archive, bridges, log } = roles;
  let begun = false;

  const texts = (): ShellTexts => {
    return languageOf(settings.get(), app.getLocale()) === 'pt-BR' ? ptBR : en;
  };

  function showWindow(): void {
    if (window().isDestroyed()) return;
    if (window().isMinimized()) window().restore();
    window().show();
    window().focus();
  }

  async function showRequest(id: string): Promise<Intent | null> {
    const request = await requests.get(id).catch(() => null);
    if (request?.requester.id === personId()) return { go: 'my-requests', requestId: id };
    if (request === null || !request.may.decide.allowed || phaseOf(request, clock.now()) !== 'pending')
      return { go: 'approvals', requestId: id };
    decisions.open({ requestId: id, intent: 'open' });
    return null;
  }

  const links = createLinks({
    signedIn: () => personId() !== null,
    showWindow,
    publish: (intent) => bridges.publish('intent', intent),
    showRequest,
    report: log.unforeseen,
  });
  const notifier = createNotifier({
    texts,
    settings: settings.get,
    open: (target) => links.follow('requestId' in target ? { go: 'request', id: target.requestId } : { go: target.screen }),
  });

  function act(action: TrayAction): void {
    switch (action.do) {
      case 'decide':
        decisions.open(action);
        break;
      case 'show-approvals':
        links.follow({ go: 'approvals' });
        break;
      case 'show':
        showWindow();
        break;
      case 'settings':
        links.follow({ go: 'settings' });
        break;
      case 'pause':
        settings
          .change({ noticesPausedUntil: action.until === 'now' ? null : toInstant(pauseEndMs(action.until, clock.now())) })
          .catch((error) => log.unforeseen(error, 'tray.pause'));
        break;
      case 'quit':
        app.quit();
        break;
      default:
        action satisfies never;
    }
  }

  let tray: ReturnType<typeof createTray> | null = null;
  const attention = createAttention({
    list: requests.list,
    personId: () => personId() ?? '',
    clock,
    settings: settings.get,
    told: {
      async read() {
        const { value } = await archive.call('meta.get', { name: 'told' });
        return value === null ? null : (JSON.parse(value) as string[]);
      },
      write: async (keys) => void (await archive.call('meta.put', { name: 'told', value: JSON.stringify(keys) })),
    },
    show: notifier.show,
    changed(state, nowMs) {
      tray ??= createTray(act, window);
      tray.show(trayModel(state, texts(), nowMs));
      void notifier
        .keepOnly(state.signedIn ? new Set(state.waiting.map(({ id }) => id)) : null)
        .catch((error) => log.unforeseen(error, 'notifier.keepOnly'));
    },
    report: log.unforeseen,
  });

  function begin(): void {
    begun = true;
    void attention.begin().catch((error) => {
      // Out of reach: as soon as the line is back.
      begun = false;
      log.info('what waits is not known yet', { why: error instanceof Error ? error.message : 'unknown' });
    });
  }

  return {
    links,
    begin,
    end() {
      begun = false;
      attention.end();
    },
    heard: attention.heard,
    recheck() {
      if (personId() !== null && !begun) begin();
      else attention.recheck();
    },
    async hidden() {
      if ((await isTrayThere()) === false) await notifier.say(texts().inBackground);
    },
    stop: () => tray?.destroy(),
  };
}
