import { toMs } from '../contract/time.ts';
import type { ViewingEnd } from '../contract/viewing.ts';
import type { Engine } from './features/player/engine.ts';
import { startOf } from './features/player/window/continue.ts';
import { call, on } from './store/bridge.ts';

// The source is asked for while the parts that play and draw it are loading: the first frame waits for the slowest, not for the sum.
const asked = call('viewings.current');
// The page's policy allows no style that a script writes, and video.js needs none here.
(window as { VIDEOJS_NO_DYNAMIC_STYLE?: boolean }).VIDEOJS_NO_DYNAMIC_STYLE = true;
const engineModule = import('./features/player/engine.ts');
const pageModule = import('./features/player/page.tsx');
const recorderModule = import('./features/player/recording.ts');

let engine: Engine | null = null;
let end: ViewingEnd | null = null;
let visible: boolean | null = null;

on('viewing-visible', (told) => {
  visible = told.visible;
  engine?.setVisible(told.visible);
});

on('viewing-ended', (ended) => {
  end = ended.end;
  engine?.blank();
  void recorderModule.then(({ reportNow }) => reportNow());
  void pageModule.then(({ showEnd }) => showEnd(ended.end));
  void recorderModule.then(() => call('viewings.blanked')).catch(() => undefined);
});

document.addEventListener('contextmenu', (event) => event.preventDefault());
document.addEventListener('dragstart', (event) => event.preventDefault());

const root = document.getElementById('root');
if (root) void pageModule.then(({ mount }) => mount(root));

async function begin(): Promise<void> {
  const [viewing, { createEngine }, { recorder, reportWhile, gatewayNow }] = await Promise.all([
    asked,
    engineModule,
    recorderModule,
  ]);
  end ??= viewing.end;
  if (!end) {
    engine = createEngine({
      source: viewing.source,
      live: viewing.kind === 'livestream' ? { startedMs: toMs(viewing.session.startedAt), now: gatewayNow } : null,
      idle: viewing.recording?.idle ?? [],
      startAtMs: startOf(viewing),
      visible: visible ?? viewing.visible,
      recorder,
    });
    reportWhile(engine.playback);
  }
  const { showViewing } = await pageModule;
  showViewing(viewing, engine, end);
}

begin().catch(() => pageModule.then(({ showFailure }) => showFailure()));
