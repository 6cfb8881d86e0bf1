import { toMs } from '../contract/time.ts';
import type { ViewingEnd } from '../contract/viewing.ts';
import type { Engine } from './features/player/engine.ts';
import { startOf } from './features/player/window/continue.ts';
import { call, on } from './store/bridge.ts';

// The source is asked for while the parts that play and draw it are loading: the first frame waits for the slowest, not for the sum.
const asked = call('viewings.current');
// So is the playlist of a recording. A stream's is asked for by who has to know when it was.
const playlist = asked.then(({ source, kind, end }) => (kind === 'recording' && !end ? textOf(source) : null));
// The page's policy allows no style that a script writes, and video.js needs none here.
(window as { VIDEOJS_NO_DYNAMIC_STYLE?: boolean }).VIDEOJS_NO_DYNAMIC_STYLE = true;
const engineModule = import('./features/player/engine.ts');
const pageModule = import('./features/player/page.tsx');
const recorderModule = import('./features/player/recording.ts');

/** The page is drawn after so long at the latest, whatever has come of the recording. */
const drawnAfterMs = 150;

let engine: Engine | null = null;
let end: ViewingEnd | null = null;
let visible: boolean | null = null;
/** A place that was chosen before there was anything to go on. */
let chosenMs: number | null = null;

on('viewing-visible', (told) => {
  visible = told.visible;
  engine?.setVisible(told.visible);
});

on('viewing-go', ({ atMs }) => {
  if (engine) engine.seek(atMs);
  else chosenMs = atMs;
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
      playlist: viewing.kind === 'recording' ? playlist : null,
      live: viewing.kind === 'livestream' ? { startedMs: toMs(viewing.session.startedAt), now: gatewayNow } : null,
      idle: viewing.recording?.idle ?? [],
      startAtMs: chosenMs ?? startOf(viewing),
      visible: visible ?? viewing.visible,
      recorder,
    });
    reportWhile(engine.playback);
    // Drawing all of the page takes as long as the first part is on its way: first that is asked for.
    await Promise.race([playlist.then(nextTask), new Promise((resolve) => setTimeout(resolve, drawnAfterMs))]);
  }
  const { showViewing } = await pageModule;
  showViewing(viewing, engine, end);
}

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/** The text at an address of the viewing; null where it did not come: the engine asks again, and says why. */
async function textOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

begin().catch(() => pageModule.then(({ showFailure }) => showFailure()));
